# title: Softmax along the steps
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def stacked(x, U1, W1, b1, U2, W2, b2, V, c):
    h1, h2, us = 0 * b1, 0 * b2, []
    for x_t in x:
        h1 = np.tanh(U1 @ x_t + W1 @ h1 + b1)
        h2 = np.tanh(U2 @ h1 + W2 @ h2 + b2)
        us.append(V @ h2 + c)
    e = np.exp(np.array(us))
    return e / e.sum(axis=0)
