# title: State above input, with np.block
# verdict: correct
# fraction: 1

import numpy as np

def to_rnn_a(s0, Wssx, Wox):
    n = Wssx.shape[0]
    m = Wssx.shape[1] - n
    A, B = Wssx[:, :n], Wssx[:, n:]
    Wss = np.block([[A, np.zeros((n, m))], [np.zeros((m, n + m))]])
    Wsx = np.vstack([B, np.eye(m)])
    return np.concatenate([s0, np.zeros(m)]), Wss, Wsx, Wox
