# title: A class with its cell, a namedtuple comes back
# verdict: correct
# fraction: 1

import numpy as np
from collections import namedtuple

State = namedtuple("State", "h c")

class lstm_code:
    def sigmoid(self, u):
        return np.where(u > 0, 1 / (1 + np.exp(-np.abs(u))), 1 - 1 / (1 + np.exp(-np.abs(u))))

    def lstm_step(self, x, prev_h, prev_c, Wx, Wh, b):
        H = prev_h.shape[1]
        a = np.concatenate([x, prev_h], axis=1) @ np.concatenate([Wx, Wh]) + b
        a[:, :3 * H] = self.sigmoid(a[:, :3 * H])
        prev_c *= a[:, H:2 * H]
        prev_c += a[:, :H] * np.tanh(a[:, 3 * H:])
        return State(a[:, 2 * H:3 * H] * np.tanh(prev_c), prev_c)
