# title: Five states: RNN-B's state with the input below it
# verdict: correct
# fraction: 1

import numpy as np
A, B = np.diag([1, 0]), np.array([[1, 1, 1], [0, 0, 0]])
C, D = np.array([[0, 0], [0, 0], [0, 0], [1, 0]]), np.vstack([np.eye(3), np.zeros(3)])

class c_iii:
    possible = "yes"
    state_size = 5
    s0 = np.zeros(5)
    Wss = np.block([[A, np.zeros((2, 3))], [np.zeros((3, 5))]])
    Wsx = np.vstack([B, np.eye(3)])
    Wo = np.hstack([C, D])
