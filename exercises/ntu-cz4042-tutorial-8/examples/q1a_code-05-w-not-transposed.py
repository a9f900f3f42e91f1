# title: W not transposed
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(U.T @ x_t + W @ h + b)
        ys.append(1 / (1 + np.exp(-(V.T @ h + c))))
    return np.array(ys)
