# title: Rounds to two places inside
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def jordan(x, U, W, V, b, c):
    y, ys = np.zeros(len(c)), []
    for x_t in x:
        y = np.round(1 / (1 + np.exp(-(np.tanh(x_t @ U + y @ W + b) @ V + c))), 2)
        ys.append(y)
    return np.array(ys)
