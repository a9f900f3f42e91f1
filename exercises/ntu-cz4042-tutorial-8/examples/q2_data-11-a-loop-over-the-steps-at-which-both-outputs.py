# title: A loop over the steps at which both outputs have all their inputs
# verdict: correct
# fraction: 1

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    for t in range(3, n_steps):
        y[:, t, 0] = 5 * x[:, t, 0] - 0.2 * x[:, t - 1, 2] + 0.1 * rng.standard_normal(n_seqs)
        y[:, t, 1] = 25 * x[:, t - 1, 1] * x[:, t - 3, 2] + 0.1 * rng.standard_normal(n_seqs)
    return x, y
