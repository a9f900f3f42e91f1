# title: The whole batch at each step
# verdict: correct
# fraction: 1

import numpy as np

def sigmoid(u):
    return 1 / (1 + np.exp(-u))

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    h, states = h0, []
    for t in range(x.shape[1]):
        z = sigmoid(x[:, t] @ Wz + h @ Uz + bz)
        r = sigmoid(x[:, t] @ Wr + h @ Ur + br)
        n = np.tanh(x[:, t] @ Wn + (r * h) @ Un + bn)
        h = z * h + (1 - z) * n
        states.append(h)
    return np.stack(states, axis=1)
