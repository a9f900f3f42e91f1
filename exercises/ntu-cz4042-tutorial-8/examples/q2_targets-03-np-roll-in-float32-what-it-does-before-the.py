# title: np.roll in float32: what it does before the fourth step is left open
# verdict: correct
# fraction: 1

import numpy as np

def make_targets(x):
    x = x.astype(np.float32)
    return np.stack([5 * x[..., 0] - 0.2 * np.roll(x[..., 2], 1, axis=1),
                     25 * np.roll(x[..., 1], 1, axis=1) * np.roll(x[..., 2], 3, axis=1)], axis=-1)
