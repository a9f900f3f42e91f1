# title: What is fed back has not been through the sigmoid
# verdict: incorrect
# fraction: 0
# codes: counterexample

import numpy as np

def jordan(x, U, W, V, b, c):
    u, ys = np.zeros(len(c)), []
    for x_t in x:
        u = np.tanh(x_t @ U + u @ W + b) @ V + c
        ys.append(1 / (1 + np.exp(-u)))
    return np.array(ys)
