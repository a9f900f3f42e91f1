# title: The output activation is missing
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(h @ V + c)
    return np.array(ys)
