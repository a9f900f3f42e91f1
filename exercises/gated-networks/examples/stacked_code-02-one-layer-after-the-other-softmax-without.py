# title: One layer after the other, softmax without overflow
# verdict: correct
# fraction: 1

import numpy as np

def layer(x, U, W, b):
    h = np.zeros((len(x) + 1, len(b)))
    for t, row in enumerate(x @ U.T + b):
        h[t + 1] = np.tanh(row + W @ h[t])
    return h[1:]

def stacked(x, U1, W1, b1, U2, W2, b2, V, c):
    u = layer(layer(x, U1, W1, b1), U2, W2, b2) @ V.T + c
    e = np.exp(u - u.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
