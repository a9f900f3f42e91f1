# title: A sign lost in the second state, the rest follows
# verdict: partial
# fraction: 2/3

import numpy as np
U, W, b = np.array({U}), np.array({W}), np.array({b})
h, hs = np.zeros(2), []
for t, one in enumerate({x}):
    h = np.tanh(U[:, 0] * one + W @ h + b)
    if t == 1:
        h = -h
    hs.append(h)
trace = dict(h=np.round(hs, 4), y=np.round(np.array(hs) @ np.array({V}[0]) + {c}, 2))
