# title: Four units, two of which share the carry, as arrays
# verdict: correct
# fraction: 1

import numpy as np
W = np.zeros((4, 4))
W[:, [1, 3]] = 0.5
adder = dict(U=np.ones((4, 2)), W=W, b=np.array([-1, -2, -3, -2]), V=np.array([[1, -0.5, 1, -0.5]]), c=np.array([-1]))
