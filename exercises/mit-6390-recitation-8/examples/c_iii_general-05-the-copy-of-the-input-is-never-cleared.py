# title: The copy of the input is never cleared
# verdict: partial
# fraction: 3/20
# codes: counterexample

import numpy as np
def to_rnn_a(s0, Wssx, Wox):
    n, k = Wssx.shape
    m = k - n
    Wss = np.eye(k)
    Wss[:n, :n] = Wssx[:, :n]
    return np.r_[s0, np.zeros(m)], Wss, np.vstack([Wssx[:, n:], np.eye(m)]), Wox
