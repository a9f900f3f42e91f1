# title: States kept to three places, and handed in
# verdict: correct
# fraction: 1

import numpy as np
U, W, b = np.array({U}), np.array({W}), np.array({b})
h, hs = np.zeros(2), []
for one in {x}:
    h = np.round(np.tanh(U[:, 0] * one + W @ h + b), 3)
    hs.append(h)
trace = dict(h=hs, y=np.round(np.array(hs) @ np.array({V}[0]) + {c}, 2))
