# title: Arguments are overwritten as scratch space: they are copies
# verdict: correct
# fraction: 1

import numpy as np

def elman(x, U, W, V, b, c):
    drive = x @ U
    drive += b
    for t in range(1, len(x)):
        drive[t] += np.tanh(drive[t - 1]) @ W
    x[:] = 0
    return 1 / (1 + np.exp(-np.tanh(drive) @ V - c))
