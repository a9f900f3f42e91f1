# title: The old cell is forgotten
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    s = lambda u: 1 / (1 + np.exp(-u))
    c = s(i) * np.tanh(g)
    return s(o) * np.tanh(c), c
