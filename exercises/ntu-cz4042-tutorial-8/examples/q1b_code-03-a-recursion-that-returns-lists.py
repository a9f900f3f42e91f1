# title: A recursion that returns lists
# verdict: correct
# fraction: 1

import numpy as np

def run(x, y, U, W, V, b, c):
    if not len(x):
        return []
    y = 1 / (1 + np.exp(-(np.tanh(x[0] @ U + y @ W + b) @ V + c)))
    return [y.tolist()] + run(x[1:], y, U, W, V, b, c)

jordan = lambda x, U, W, V, b, c: run(x, 0 * c, U, W, V, b, c)
