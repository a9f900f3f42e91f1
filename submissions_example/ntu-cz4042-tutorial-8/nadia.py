EXERCISE = "ntu-cz4042-tutorial-8"

# the net input u(t-1) goes back, not tanh of it
q1a = {"y": [0.27, 0.73, 0.73, 0.73]}

# V h + c goes back, before the sigmoid
q1b = {"y": [0.27, 0.1, 0.51, 0.06]}

import numpy as np


def elman(x, U, W, V, b, c):
    before, last, ys = np.zeros(len(b)), np.zeros(len(b)), []
    for x_t in x:                       # h(t-2)
        h = np.tanh(x_t @ U + before @ W + b)
        before, last = last, h
        ys.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    u, ys = np.zeros(len(c)), []
    for x_t in x:
        u = np.tanh(x_t @ U + u @ W + b) @ V + c
        ys.append(1 / (1 + np.exp(-u)))
    return np.array(ys)
