# title: The old state and the input kept, the update left for the read-out
# verdict: correct
# fraction: 1

import numpy as np

class c_iii_general:
    def to_rnn_a(s0, Wssx, Wox):
        # q_t = [s_{t-1}; x_t], so s_t = Wssx q_t and g_t = Wox [Wssx; 0 I] q_t
        n, k = Wssx.shape
        m = k - n
        Wss = np.vstack([Wssx, np.zeros((m, k))])
        Wsx = np.vstack([np.zeros((n, m)), np.eye(m)])
        Wo = Wox @ np.vstack([Wssx, np.hstack([np.zeros((m, n)), np.eye(m)])])
        # q_1's upper part must be s0: it is Wssx q_0, so q_0 has to be some q with Wssx q = s0
        # that need not exist; carry s0 in an extra state that is 1 at first and then 0
        Wss = np.block([[Wss, np.concatenate([s0, np.zeros(m)])[:, None]], [np.zeros((1, k + 1))]])
        Wsx = np.vstack([Wsx, np.zeros((1, m))])
        Wo = np.hstack([Wo, np.zeros((len(Wo), 1))])
        q0 = np.zeros(k + 1)
        q0[-1] = 1
        return q0, Wss, Wsx, Wo
