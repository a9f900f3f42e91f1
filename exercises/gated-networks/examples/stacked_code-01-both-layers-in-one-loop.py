# title: Both layers in one loop
# verdict: correct
# fraction: 1

import numpy as np

def stacked(x, U1, W1, b1, U2, W2, b2, V, c):
    h1, h2, ys = 0 * b1, 0 * b2, []
    for x_t in x:
        h1 = np.tanh(U1 @ x_t + W1 @ h1 + b1)
        h2 = np.tanh(U2 @ h1 + W2 @ h2 + b2)
        e = np.exp(V @ h2 + c)
        ys.append(e / e.sum())
    return np.array(ys)
