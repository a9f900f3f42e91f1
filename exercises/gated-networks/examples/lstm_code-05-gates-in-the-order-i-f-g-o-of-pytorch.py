# title: Gates in the order i, f, g, o of PyTorch
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    i, f, g, o = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    s = lambda u: 1 / (1 + np.exp(-u))
    c = s(f) * prev_c + s(i) * np.tanh(g)
    return s(o) * np.tanh(c), c
