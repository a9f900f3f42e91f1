# title: The start state is thrown away
# verdict: partial
# fraction: 1/5
# codes: counterexample

import numpy as np
def to_rnn_a(s0, Wssx, Wox):
    n, k = Wssx.shape
    m = k - n
    Wss = np.zeros((k, k))
    Wss[:n, :n] = Wssx[:, :n]
    return np.zeros(k), Wss, np.vstack([Wssx[:, n:], np.eye(m)]), Wox
