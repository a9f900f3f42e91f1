# title: Returns the hidden values
# verdict: incorrect
# fraction: 0

import numpy as np

def jordan(x, U, W, V, b, c):
    y, hs = np.zeros(len(c)), []
    for x_t in x:
        h = np.tanh(x_t @ U + y @ W + b)
        y = 1 / (1 + np.exp(-(h @ V + c)))
        hs.append(h)
    return np.array(hs)
