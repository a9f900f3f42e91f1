# title: b is forgotten
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)
