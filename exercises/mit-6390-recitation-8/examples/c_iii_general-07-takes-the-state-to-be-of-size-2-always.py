# title: Takes the state to be of size 2 always
# verdict: invalid
# fraction: 0

import numpy as np
def to_rnn_a(s0, Wssx, Wox):
    Wss = np.zeros((5, 5))
    Wss[:2, :2] = Wssx[:2, :2]
    return np.r_[s0, 0, 0, 0], Wss, np.vstack([Wssx[:, 2:], np.eye(3)]), Wox
