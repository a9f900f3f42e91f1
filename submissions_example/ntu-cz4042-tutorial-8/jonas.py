EXERCISE = "ntu-cz4042-tutorial-8"

# h = U x + W h + b, no tanh (relu gives the same)
q1a = {"y": [0.02, 1.0, 1.0, 1.0]}

# h without tanh
q1b = {"y": [0.02, 0.07, 1.0, 0.02]}

import numpy as np


def elmann(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)


def Jordan(x, U, W, V, b, c):
    return elmann(x, U, W, V, b, c)
