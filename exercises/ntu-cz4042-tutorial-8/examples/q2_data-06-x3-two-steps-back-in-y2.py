# title: x3 two steps back in y2
# verdict: partial
# fraction: 3/4
# codes: other-formula

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, 1:-2, 2]
    y += 0.1 * rng.standard_normal(y.shape)
    return x, y
