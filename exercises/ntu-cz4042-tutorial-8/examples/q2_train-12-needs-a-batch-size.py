# title: Needs a batch size
# verdict: invalid
# fraction: 0
# codes: does-not-run-exception

import numpy as np

def train(x, y, params, n_epochs, lr, batch_size):
    p = {name: array.copy() for name, array in params.items()}
    m = {name: np.zeros_like(array) for name, array in p.items()}
    v = {name: np.zeros_like(array) for name, array in p.items()}
    n, T, _ = x.shape
    losses = []
    for epoch in range(1, n_epochs + 1):
        h = np.zeros((T + 1, n, len(p["b"])))
        for t in range(T):
            h[t + 1] = np.tanh(x[:, t] @ p["U"] + h[t] @ p["W"] + p["b"])
        error = h[1:] @ p["V"] + p["c"] - y.swapaxes(0, 1)
        losses.append(np.sum(error ** 2) / (n * T))
        e = 2 * error / (n * T)
        g = {name: np.zeros_like(array) for name, array in p.items()}
        dz = np.zeros_like(h[0])
        for t in reversed(range(T)):
            dz = (e[t] @ p["V"].T + dz @ p["W"].T) * (1 - h[t + 1] ** 2)
            g["U"] += x[:, t].T @ dz
            g["W"] += h[t].T @ dz
            g["V"] += h[t + 1].T @ e[t]
            g["b"] += dz.sum(axis=0)
            g["c"] += e[t].sum(axis=0)
        for name in p:
            m[name] = 0.9 * m[name] + 0.1 * g[name]
            v[name] = 0.999 * v[name] + 0.001 * g[name] ** 2
            p[name] -= lr * (m[name] / (1 - 0.9 ** epoch)) / (np.sqrt(v[name] / (1 - 0.999 ** epoch)) + 1e-8)
    return p, losses
