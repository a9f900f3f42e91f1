# title: Computed, one column a step
# verdict: correct
# fraction: 1

import numpy as np
s = lambda u: 1 / (1 + np.exp(-u))
Wz, Wr, Wn = np.array([.8, -.6]), np.array([-.7, .9]), np.array([1.2, -.9])
Uz, Ur, Un = np.array([[.5, -.3], [1.1, .4]]), np.array([[.6, .2], [-.4, 1.2]]), np.array([[.7, -1.1], [.9, .5]])
h, rows = np.zeros(2), []
for x in (1, -.5, 2):
    z = s(Wz * x + Uz @ h + [.1, -.2])
    r = s(Wr * x + Ur @ h + [.3, .1])
    n = np.tanh(Wn * x + Un @ (r * h) + [-.1, .2])
    h = (1 - z) * n + z * h
    rows.append(h)
gru_hand = {"h": np.array(rows).T}
