# title: np.roll brings the end to the start
# verdict: partial
# fraction: 3/4
# codes: wraps-around

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = (5 * x[..., 0] - 0.2 * np.roll(x[..., 2], 1, 1))[:, 1:]
    y[..., 1] = 25 * np.roll(x[..., 1], 1, 1) * np.roll(x[..., 2], 3, 1)
    y += 0.1 * rng.standard_normal(y.shape)
    return x, y
