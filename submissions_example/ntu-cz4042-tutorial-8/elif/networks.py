import numpy as np


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def elman(x, U, W, V, b, c):
    h, ys = np.zeros(len(U[0])), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W)
        ys.append(sigmoid(h @ V + c))
    return np.array(ys)


def jordan(x, U, W, V, b, c):
    y, ys = np.zeros(len(c)), []
    for x_t in x:
        y = sigmoid(np.tanh(x_t @ U + y @ W) @ V + c)
        ys.append(y)
    return np.array(ys)
