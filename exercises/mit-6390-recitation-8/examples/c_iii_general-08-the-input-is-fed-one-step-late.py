# title: The input is fed one step late
# verdict: partial
# codes: counterexample

import numpy as np
def to_rnn_a(s0, Wssx, Wox):
    n, k = Wssx.shape
    m = k - n
    Wss = np.vstack([Wssx, np.zeros((m, k))])
    Wsx = np.vstack([np.zeros((n, m)), np.eye(m)])
    return np.r_[s0, np.zeros(m)], Wss, Wsx, Wox
