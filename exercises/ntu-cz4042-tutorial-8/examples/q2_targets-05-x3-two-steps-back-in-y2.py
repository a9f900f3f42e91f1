# title: x3 two steps back in y2
# verdict: partial
# fraction: 1/2
# codes: other-formula

import numpy as np

def make_targets(x):
    y = np.zeros((x.shape[0], x.shape[1], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, 1:-2, 2]
    return y
