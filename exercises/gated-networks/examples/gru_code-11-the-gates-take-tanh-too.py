# title: The gates take tanh, too
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    h, out = h0, []
    for t in range(x.shape[1]):
        z, r = np.tanh(x[:, t] @ Wz + h @ Uz + bz), np.tanh(x[:, t] @ Wr + h @ Ur + br)
        h = z * h + (1 - z) * np.tanh(x[:, t] @ Wn + (r * h) @ Un + bn)
        out.append(h)
    return np.stack(out, 1)
