# title: Time first
# verdict: invalid
# fraction: 0
# codes: shape

import numpy as np

def make_targets(x):
    y = np.zeros((x.shape[0], x.shape[1], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y.transpose(1, 0, 2)
