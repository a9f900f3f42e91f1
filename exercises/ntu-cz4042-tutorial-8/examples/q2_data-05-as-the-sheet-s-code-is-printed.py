# title: As the sheet's code is printed
# verdict: partial
# fraction: 3/4
# codes: other-formula
# diagnoses: coefficient-dropped

import numpy as np

def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0.1 * rng.standard_normal(y.shape)
    return x, y
