# title: Both directions read forwards
# verdict: incorrect
# fraction: 0
# codes: counterexample
# diagnoses: both-forwards

import numpy as np

def direction(x, U, W, b):
    h, out = np.zeros((x.shape[1], len(b))), []
    for x_t in x:
        h = np.tanh(x_t @ U.T + h @ W.T + b)
        out.append(h)
    return np.array(out)

def bidirectional(x, U_f, W_f, b_f, U_b, W_b, b_b):
    f, b = direction(x, U_f, W_f, b_f), direction(x, U_b, W_b, b_b)
    return np.concatenate([f, b], axis=-1), f[-1], b[0]
