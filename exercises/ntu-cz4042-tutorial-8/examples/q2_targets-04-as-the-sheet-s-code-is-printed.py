# title: As the sheet's code is printed
# verdict: partial
# fraction: 3/4
# codes: other-formula
# diagnoses: coefficient-dropped

import numpy as np

def make_targets(x):
    y = np.zeros((x.shape[0], x.shape[1], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y
