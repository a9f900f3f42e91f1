# title: The sum shared out over both states, stacked with numpy
# verdict: correct
# fraction: 1

import numpy as np
class c_ii:
    possible = "yes"
    s0 = np.zeros((2, 1))
    Wssx = np.hstack([np.eye(2), np.array([[1, 0, 0], [0, 1, 1]])])
    Wox = np.block([[np.zeros((3, 2)), np.eye(3)], [np.ones((1, 2)), np.zeros((1, 3))]])
