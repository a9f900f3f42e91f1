# title: One noise for both outputs, as the formula can be read
# verdict: correct
# fraction: 1
# codes: shared-noise

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0.1 * rng.standard_normal((n_seqs, n_steps, 1))
    return x, y
