# title: The states swapped, in numpy columns and matrices
# verdict: correct
# fraction: 1

import numpy as np
class b_i:
    s0 = np.zeros((2, 1))
    Wss = np.diag([1, 0])                       # sum on top, x[1] below
    Wsx = np.vstack([np.ones(3), np.eye(3)[0]])
    Wo = np.matrix("0 1; 0 0; 0 0; 1 0")
