# title: With numpy, the states beside them
# verdict: correct
# fraction: 1

import numpy as np
U, W, b = np.array([[0.8], [-0.5]]), np.array([[0.4, -0.9], [0.7, 0.3]]), np.array([0.1, -0.2])
h, hs = np.zeros(2), []
for x in [1, -0.5, 2]:
    h = np.tanh(U[:, 0] * x + W @ h + b)
    hs.append(h)
trace = dict(h=np.array(hs), y=np.array(hs) @ np.array([1.5, -1.2]) + 0.3)
