EXERCISE = "ntu-cz4042-tutorial-8"

import numpy as np


def make_targets(x):
    y = np.zeros((x.shape[0], x.shape[1], 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - x[:, :-1, 2]  # as the sheet's code has it
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y


def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = make_targets(x)
    return x, y + 0.1 * rng.standard_normal(y.shape)


def forward(x, U, W, V, b, c):
    n, T, _ = x.shape
    h = np.zeros((T + 1, n, len(b)))
    for t in range(T):
        h[t + 1] = np.tanh(x[:, t] @ U + h[t] @ W + b)
    return h, h[1:] @ V + c


def bptt(x, y, U, W, V, b, c):
    n, T, _ = x.shape
    h, guess = forward(x, U, W, V, b, c)
    e = 2 * (guess - y.swapaxes(0, 1)) / (n * T)
    g = {name: np.zeros_like(a) for name, a in zip("UWVbc", (U, W, V, b, c))}
    dz = np.zeros((n, len(b)))
    for t in reversed(range(T)):
        dz = (e[t] @ V.T + dz @ W.T) * (1 - h[t + 1] ** 2)
        g["U"] += x[:, t].T @ dz
        g["W"] += h[t].T @ dz
        g["V"] += h[t + 1].T @ e[t]
        g["b"] += dz.sum(axis=0)
        g["c"] += e[t].sum(axis=0)
    return g


def adam_step(params, grads, m, v, t, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
    for name, g in grads.items():
        m[name] = beta1 * m[name] + (1 - beta1) * g
        v[name] = beta2 * v[name] + (1 - beta2) * g**2
        m_hat, v_hat = m[name] / (1 - beta1**t), v[name] / (1 - beta2**t)
        params[name] = params[name] - lr * m_hat / (np.sqrt(v_hat) + eps)
    return params, m, v


def train(x, y, params, n_epochs, lr):
    params = {name: a.copy() for name, a in params.items()}
    m = {name: np.zeros_like(a) for name, a in params.items()}
    v = {name: np.zeros_like(a) for name, a in params.items()}
    losses = []
    for t in range(1, n_epochs + 1):
        _, guess = forward(x, **params)
        losses.append(((guess - y.swapaxes(0, 1)) ** 2).sum(axis=2).mean())
        params, m, v = adam_step(params, bptt(x, y, **params), m, v, t, lr=lr)
    return params, losses


q2_weights = {
    "U": [
        [0.0339, -1.2239, -0.0134, -0.0035, 0.0125],
        [-0.038, -0.394, -0.0052, 0.0065, -0.3559],
        [0.0753, 0.0745, -0.573, -0.0451, 0.0404],
    ],
    "W": [
        [-0.0135, -0.0063, 0.0043, 0.0019, -0.0039],
        [0.0418, 0.0033, -0.0074, -0.0041, -0.0002],
        [0.5324, -2.3908, 0.0768, 2.2468, -0.4872],
        [1.1322, 3.2605, 0.0012, -0.0212, 3.026],
        [4.3897, 0.087, 0.0051, 0.0065, 0.0058],
    ],
    "V": [
        [0.1385, -14.3997],
        [-4.4654, -0.4258],
        [-0.6037, -5.128],
        [-0.628, -3.61],
        [5.0093, 1.4364],
    ],
    "b": [0.7471, 1.3269, -0.9201, 0.8599, 2.4238],
    "c": [-0.3406, 6.4449],
}

q2_curve = {"losses": [64.16, 1.429, 1.187, 0.857, 0.804], "every": 2000}
