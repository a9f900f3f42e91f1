# title: All sequences at once
# verdict: correct
# fraction: 1

import numpy as np

def tagger_bptt(x, d, U, W, b, V, c):
    N, T, _ = x.shape
    h = np.zeros((T + 1, N, len(b)))
    p = np.zeros((T, N, len(c)))
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ U + h[t] @ W + b)
        s = np.exp(h[t + 1] @ V + c)
        p[t] = s / s.sum(axis=1, keepdims=True)
    g = {"U": np.zeros_like(U), "W": np.zeros_like(W), "b": np.zeros_like(b), "V": np.zeros_like(V), "c": np.zeros_like(c)}
    dz = np.zeros((N, len(b)))
    for t in reversed(range(T)):
        # The targets of a step sum to 1.
        e = (p[t] - d[:, t]) / (N * T)
        dh = e @ V.T + dz @ W.T
        dz = dh * (1 - h[t + 1] ** 2)
        g["V"] += h[t + 1].T @ e
        g["c"] += e.sum(axis=0)
        g["U"] += x[:, t].T @ dz
        g["W"] += h[t].T @ dz
        g["b"] += dz.sum(axis=0)
    return g
