# title: The states are left out
# verdict: incorrect
# fraction: 0
# codes: wrong-shape

import numpy as np

def direction(x, U, W, b):
    h, out = np.zeros((x.shape[1], len(b))), []
    for x_t in x:
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        out.append(h)
    return np.array(out)

def bidirectional(x, U_f, W_f, b_f, U_b, W_b, b_b):
    f = direction(x, U_f, W_f, b_f)
    b = direction(x[::-1], U_b, W_b, b_b)[::-1]
    return np.concatenate([f, b], axis=-1)
