# title: The reset gate after the product, as in cuDNN
# verdict: incorrect
# fraction: 0
# codes: counterexample
# diagnoses: reset-after-the-product

import numpy as np

def gru(x, h0, Wz, Uz, bz, Wr, Ur, br, Wn, Un, bn):
    s = lambda u: 1 / (1 + np.exp(-u))
    h, out = h0, []
    for t in range(x.shape[1]):
        z, r = s(x[:, t] @ Wz + h @ Uz + bz), s(x[:, t] @ Wr + h @ Ur + br)
        h = z * h + (1 - z) * np.tanh(x[:, t] @ Wn + r * (h @ Un) + bn)
        out.append(h)
    return np.stack(out, 1)
