# title: Computed, with all its digits, as columns
# verdict: correct
# fraction: 1

import numpy as np
x = np.array([[1, -.5], [.5, 1.5], [-1, .5], [1.5, 1]])
W = np.array([[.7, -1.2], [-.4, 1.1], [1.4, .3], [1.2, .8]])
U = np.array([.9, -1.3, .6, -.7]); b = np.array([.2, .5, -.1, .1])
c = h = 0.
C, H = [], []
for row in x:
    u = W @ row + U * h + b
    i, f, o = 1 / (1 + np.exp(-u[:3]))
    c = f * c + i * np.tanh(u[3])
    h = o * np.tanh(c)
    C.append([c]); H.append([h])
lstm_hand = {"c": np.array(C), "h": np.array(H)}
