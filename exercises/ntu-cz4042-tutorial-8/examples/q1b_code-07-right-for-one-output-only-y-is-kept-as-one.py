# title: Right for one output only: y is kept as one number
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def jordan(x, U, W, V, b, c):
    y, ys = 0.0, []
    for x_t in x:
        y_t = 1 / (1 + np.exp(-(np.tanh(x_t @ U + y * W[0] + b) @ V + c)))
        y = y_t[0]
        ys.append(y_t)
    return np.array(ys)
