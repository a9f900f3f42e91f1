# title: Inputs multiplied before the loop, gates in one product, an array filled in
# verdict: correct
# fraction: 1

import numpy as np

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    N, T, _ = x.shape
    n_h = h0.shape[1]
    drive = x @ np.hstack([Wz, Wr, Wn]) + np.hstack([bz, br, bn])
    U = np.hstack([Uz, Ur])
    out = np.empty((N, T, n_h))
    h = h0.copy()
    for t in range(T):
        gates = 0.5 * (1 + np.tanh(0.5 * (drive[:, t, :2 * n_h] + h @ U)))
        z, r = gates[:, :n_h], gates[:, n_h:]
        h += (1 - z) * (np.tanh(drive[:, t, 2 * n_h:] + (r * h) @ Un) - h)
        out[:, t] = h
    return out
