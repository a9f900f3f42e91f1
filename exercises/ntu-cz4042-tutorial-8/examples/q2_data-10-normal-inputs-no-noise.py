# title: Normal inputs, no noise
# verdict: partial
# fraction: 1/2
# codes: inputs, noise

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.normal(0, 1, (n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0 * rng.standard_normal(y.shape)
    return x, y
