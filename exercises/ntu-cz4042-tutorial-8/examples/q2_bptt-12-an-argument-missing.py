# title: An argument missing
# verdict: invalid
# fraction: 0
# codes: does-not-run-exception

import numpy as np

def bptt(x, y, U, W, V, b):
    n, T, _ = x.shape
    h = np.zeros((T + 1, n, len(b)))
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ U + h[t] @ W + b)
    g = {"U": np.zeros_like(U), "W": np.zeros_like(W), "V": np.zeros_like(V), "b": np.zeros_like(b), "c": np.zeros_like(c)}
    dz = np.zeros((n, len(b)))
    for t in reversed(range(T)):
        e = 2 * (h[t + 1] @ V + c - y[:, t]) / (n * T)
        dz = (e @ V.T + dz @ W.T) * (1 - h[t + 1] ** 2)
        g["U"] += x[:, t].T @ dz
        g["W"] += h[t].T @ dz
        g["V"] += h[t + 1].T @ e
        g["b"] += dz.sum(axis=0)
        g["c"] += e.sum(axis=0)
    return g
