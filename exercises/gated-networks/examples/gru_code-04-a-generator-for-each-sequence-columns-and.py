# title: A generator for each sequence, columns, and the last state beside all of them
# verdict: correct
# fraction: 1
# codes: returns-pair

import numpy as np

def states(x, h, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    for x_t in x:
        z = 1 / (1 + np.exp(-(Wz.T @ x_t + Uz.T @ h + bz)))
        r = 1 / (1 + np.exp(-(Wr.T @ x_t + Ur.T @ h + br)))
        h = z * h + (1 - z) * np.tanh(Wn.T @ x_t + Un.T @ (r * h) + bn)
        yield h

def gru(x, h0, *weights):
    out = np.array([list(states(one, h, *weights)) for one, h in zip(x, h0)])
    return out, out[:, -1]
