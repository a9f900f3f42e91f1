# title: A longer sequence is drawn and cut, float32, by name
# verdict: correct
# fraction: 1

import numpy as np

def generate(n_seqs, n_steps, rng):
    # three steps more than are returned, so that every target is complete
    x = rng.uniform(0, 1, size=(n_seqs, n_steps + 3, 3)).astype("float32")
    y1 = 5 * x[:, 3:, 0] - 0.2 * x[:, 2:-1, 2]
    y2 = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y = np.stack([y1, y2], axis=2)
    return {"x": x[:, 3:], "y": y + rng.normal(0, 0.1, y.shape)}
