# title: Columns and transposes, one array filled in
# verdict: correct
# fraction: 1

import numpy as np

def jordan(x, U, W, V, b, c):
    y = np.zeros((len(x) + 1, len(c)))
    for t in range(1, len(x) + 1):
        h = np.tanh(U.T @ x[t - 1] + W.T @ y[t - 1] + b)
        y[t] = np.exp(V.T @ h + c) / (1 + np.exp(V.T @ h + c))
    return y[1:]
