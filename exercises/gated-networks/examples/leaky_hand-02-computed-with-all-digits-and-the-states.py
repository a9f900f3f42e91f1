# title: Computed, with all digits and the states
# verdict: correct
# fraction: 1

import numpy as np
h, H, Y = np.zeros(2), [], []
for x in (1, 0, -2, 1):
    h = 0.6 * h + 0.4 * np.tanh(np.array([.8, -.5]) * x + np.array([[.3, -.9], [.7, .2]]) @ h + [.1, -.1])
    H.append(h); Y.append([1.5 * h[0] - h[1] + 0.5 * x])
leaky_hand = dict(h=np.array(H), y=np.array(Y))
