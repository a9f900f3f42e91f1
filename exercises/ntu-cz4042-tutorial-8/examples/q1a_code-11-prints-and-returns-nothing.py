# title: Prints and returns nothing
# verdict: invalid
# fraction: 0

import numpy as np

def elman(x, U, W, V, b, c):
    h = np.zeros(len(b))
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        print(1 / (1 + np.exp(-(h @ V + c))))
