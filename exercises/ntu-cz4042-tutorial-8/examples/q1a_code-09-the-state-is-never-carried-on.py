# title: The state is never carried on
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def elman(x, U, W, V, b, c):
    h = np.zeros(len(b))
    return 1 / (1 + np.exp(-(np.tanh(x @ U + h @ W + b) @ V + c)))
