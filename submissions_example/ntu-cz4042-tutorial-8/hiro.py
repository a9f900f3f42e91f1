EXERCISE = "ntu-cz4042-tutorial-8"

# tanh twice
q1a = {"y": [-0.76, 0.76, 0.99, -0.97]}

# tanh twice
q1b = {"y": [-0.76, -0.89, 0.98, -0.93]}

import numpy as np


import sys


def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(b)), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        ys.append(np.tanh(h @ V + c))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    if W.shape[0] != 1:
        print("only one output supported")
        sys.exit(1)
    y, ys = 0.0, []
    for x_t in x:
        y = 1 / (1 + np.exp(-(np.tanh(x_t @ U + y * W[0] + b) @ V + c)))
        ys.append(y)
    return np.array(ys)
