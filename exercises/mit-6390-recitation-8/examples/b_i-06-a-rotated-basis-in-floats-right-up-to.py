# title: A rotated basis in floats: right up to rounding
# verdict: correct
# fraction: 1
# codes: right-up-to-rounding

import numpy as np
c, s = np.cos(0.3), np.sin(0.3)
T = np.array([[c, -s], [s, c]])
b_i = dict(
    s0=np.zeros(2),
    Wss=T @ np.diag([0.0, 1.0]) @ T.T,
    Wsx=T @ np.array([[1.0, 0, 0], [1, 1, 1]]),
    Wo=np.array([[1.0, 0], [0, 0], [0, 0], [0, 1]]) @ T.T,
)
