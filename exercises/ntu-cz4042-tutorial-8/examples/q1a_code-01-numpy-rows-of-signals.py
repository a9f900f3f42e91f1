# title: numpy, rows of signals
# verdict: correct
# fraction: 1

import numpy as np

def elman(x, U, W, V, b, c):
    h = np.zeros(len(b))
    ys = []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)
