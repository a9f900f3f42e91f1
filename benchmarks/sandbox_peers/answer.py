import numpy as np

EXERCISE = "ntu-cz4042-tutorial-8"
b_i = dict(s0=[0, 0], Wss=[[0, 0], [0, 1]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]])


def sigmoid(u):
    return 1 / (1 + np.exp(-u))


def elman(x, U, W, V, b, c):
    h, outputs = np.zeros(W.shape[0]), []
    for x_t in x:
        h = np.tanh(x_t @ U + h @ W + b)
        outputs.append(sigmoid(h @ V + c))
    return np.array(outputs)


def jordan(x, U, W, V, b, c):
    y, outputs = np.zeros(V.shape[1]), []
    for x_t in x:
        h = np.tanh(x_t @ U + y @ W + b)
        y = sigmoid(h @ V + c)
        outputs.append(y)
    return np.array(outputs)
