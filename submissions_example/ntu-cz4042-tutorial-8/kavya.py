EXERCISE = "ntu-cz4042-tutorial-8"

# h(0) = (1, 1)
q1a = {"y": [0.73, 0.73, 0.94, 0.11]}

# y(0) = sigma(0) = 0.5
q1b = {"y": [0.63, 0.73, 0.96, 0.16]}

import numpy as np


def elman(x, U, W, V, b, c):
    h, ys = np.ones(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    y, ys = 1 / (1 + np.exp(-c)), []
    for x_t in x:
        y = 1 / (1 + np.exp(-(np.tanh(x_t @ U + y @ W + b) @ V + c)))
        ys.append(y)
    return np.array(ys)
