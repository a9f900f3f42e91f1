# title: h alone comes back
# verdict: incorrect
# fraction: 0
# codes: wrong-shape

import numpy as np

def lstm_step(x, prev_h, prev_c, Wx, Wh, b):
    i, f, o, g = np.split(x @ Wx + prev_h @ Wh + b, 4, axis=1)
    s = lambda u: 1 / (1 + np.exp(-u))
    return s(o) * np.tanh(s(f) * prev_c + s(i) * np.tanh(g))
