# title: The upper layer is not fed back
# verdict: incorrect
# fraction: 0
# codes: counterexample, recurrence

import numpy as np

def stacked(x, U1, W1, b1, U2, W2, b2, V, c):
    h1, ys = 0 * b1, []
    for x_t in x:
        h1 = np.tanh(U1 @ x_t + W1 @ h1 + b1)
        e = np.exp(V @ np.tanh(U2 @ h1 + b2) + c)
        ys.append(e / e.sum())
    return np.array(ys)
