# title: The formula as printed: columns and transposes
# verdict: correct
# fraction: 1

import numpy as np

def elman(x, U, W, V, b, c):
    T, n_h = x.shape[0], U.shape[1]
    b, c = b.reshape(-1, 1), c.reshape(-1, 1)
    h = np.zeros((n_h, 1))
    y = np.empty((T, V.shape[1]))
    for t in range(T):
        h = np.tanh(U.T @ x[t].reshape(-1, 1) + W.T @ h + b)
        y[t] = (0.5 * (1 + np.tanh((V.T @ h + c) / 2))).ravel()
    return y
