# title: y(0) is one half, the sigmoid of zero
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def jordan(x, U, W, V, b, c):
    y, ys = np.full(len(c), 0.5), []
    for x_t in x:
        y = 1 / (1 + np.exp(-(np.tanh(x_t @ U + y @ W + b) @ V + c)))
        ys.append(y)
    return np.array(ys)
