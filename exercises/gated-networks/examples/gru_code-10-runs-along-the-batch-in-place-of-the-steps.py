# title: Runs along the batch in place of the steps
# verdict: incorrect
# fraction: 0
# codes: counterexample
# diagnoses: steps-and-sequences-exchanged

import numpy as np

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    s = lambda u: 1 / (1 + np.exp(-u))
    h, out = np.zeros((x.shape[1], len(bz))), []
    for x_t in x:
        z, r = s(x_t @ Wz + h @ Uz + bz), s(x_t @ Wr + h @ Ur + br)
        h = z * h + (1 - z) * np.tanh(x_t @ Wn + (r * h) @ Un + bn)
        out.append(h)
    return np.array(out)
