# title: numpy, rows of signals
# verdict: correct
# fraction: 1

import numpy as np

def jordan(x, U, W, V, b, c):
    y = np.zeros(len(c))
    ys = []
    for x_t in x:
        h = np.tanh(x_t @ U + y @ W + b)
        y = 1 / (1 + np.exp(-(h @ V + c)))
        ys.append(y)
    return np.stack(ys)
