# title: Returns the new weights without the start state
# verdict: invalid
# fraction: 0

import numpy as np
def to_rnn_a(s0, Wssx, Wox):
    n, k = Wssx.shape
    m = k - n
    Wss = np.zeros((k, k))
    Wss[:n, :n] = Wssx[:, :n]
    return Wss, np.vstack([Wssx[:, n:], np.eye(m)]), Wox
