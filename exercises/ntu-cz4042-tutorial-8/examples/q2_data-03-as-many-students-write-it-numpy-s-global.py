# title: As many students write it, numpy's global generator
# verdict: partial
# fraction: 3/4
# codes: ignores-rng

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = np.random.rand(n_seqs, n_steps, 3)
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0.1 * np.random.randn(*y.shape)
    return x, y
