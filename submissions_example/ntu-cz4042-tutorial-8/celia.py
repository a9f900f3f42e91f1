EXERCISE = "ntu-cz4042-tutorial-8"

# Gradients by complex steps: the cost is computed with each weight moved by 1e-30 i, all weights at once.
from decimal import Decimal
from types import SimpleNamespace

import numpy as np

NAMES = ("U", "W", "V", "b", "c")

q1a = SimpleNamespace(
    y=[Decimal("0.27"), Decimal("0.73"), Decimal("0.94"), Decimal("0.11")],
    h=[[0.00, 0.99], [0.99, 1.00], [1.00, -0.21], [-0.54, 0.98]],
)
q1b = SimpleNamespace(y=["27/100", "71/100", "96/100", "16/100"])


class q1a_code:
    def elman(x, U, W, V, b, c):
        drive = x @ U + b
        for t in range(1, len(x)):
            drive[t] += np.tanh(drive[t - 1]) @ W
        return 0.5 + 0.5 * np.tanh((np.tanh(drive) @ V + c) / 2)


class q1b_code:
    def jordan(x, U, W, V, b, c):
        def step(ys, x_t):
            h = np.tanh(np.concatenate([x_t, ys[-1]]) @ np.vstack([U, W]) + b)
            return [*ys, 1 / (1 + np.exp(-(h @ V + c)))]

        ys = [0 * c]
        for x_t in x:
            ys = step(ys, x_t)
        return ys[1:]


def make_targets(x):
    x1, x2, x3 = np.moveaxis(x, 2, 0)
    return np.dstack([5 * x1 - 0.2 * np.roll(x3, 1, 1), 25 * np.roll(x2, 1, 1) * np.roll(x3, 3, 1)])


def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps + 3, 3), dtype=np.float32)
    y = make_targets(x)[:, 3:]  # what roll brings round is cut off
    return x[:, 3:], y + rng.normal(0, 0.1, y.shape)


def cost(x, y, U, W, V, b, c):
    h, total = np.zeros((), complex), 0
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ U + (h @ W if h.ndim else 0) + b)
        total += ((h @ V + c - y[:, t]) ** 2).sum(axis=(-2, -1))
    return total / (x.shape[0] * x.shape[1])


def bptt(x, y, *params):
    sizes = [a.size for a in params]
    every = np.concatenate([a.ravel() for a in params]) + 1e-30j * np.eye(sum(sizes))
    pieces = np.split(every, np.cumsum(sizes)[:-1], axis=1)
    moved = [
        piece.reshape(-1, *(a.shape if a.ndim == 2 else (1, a.size))) for piece, a in zip(pieces, params)
    ]
    slopes = np.split(cost(x, y, *moved).imag / 1e-30, np.cumsum(sizes)[:-1])
    return [slope.reshape(a.shape) for slope, a in zip(slopes, params)]


def adam_step(params, grads, m, v, t, lr, beta1, beta2, eps):
    m = {k: beta1 * m[k] + (1 - beta1) * grads[k] for k in params}
    v = {k: beta2 * v[k] + (1 - beta2) * np.square(grads[k]) for k in params}
    step = {k: m[k] / (1 - beta1**t) / (np.sqrt(v[k] / (1 - beta2**t)) + eps) for k in params}
    return {k: params[k] - lr * step[k] for k in params}, m, v


def train(x, y, params, n_epochs, lr):
    m = v = dict.fromkeys(NAMES, 0.0)
    losses = []
    for t in range(1, n_epochs + 1):
        grads = dict(zip(NAMES, bptt(x, y, *(params[k] for k in NAMES))))
        params, m, v = adam_step(params, grads, m, v, t, lr, 0.9, 0.999, 1e-8)
        losses.append(cost(x, y, *(params[k] for k in NAMES)).real)
    return {"losses": losses, "params": params}


NUMBERS = """
    0.0243 -0.043 -1.3841 0.0285 0.0138 0.0011 0.3026 -0.3606 0.0053 0.006
    -0.0638 -0.0035 0.0374 -0.735 -0.0134 0.0297 -0.0019 0.0026 -0.0012 -0.001
    4.5606 -0.0145 -0.0703 0.0073 0.0079 -0.1517 -0.0146 0.0068 -0.0032 0.0054
    0.2504 0.445 -1.4058 0.0002 1.7491 -1.955 -2.8575 2.5965 0.0199 -0.0073
    -0.1551 16.4863 -4.279 -0.2247 -3.8752 0.0726 -0.7529 -5.5839 -0.9007 -4.2192
    -0.7808 -2.045 1.5028 -1.0914 0.6562 0.1106 8.1627
"""
U, W, V, b, c = np.split(np.array(NUMBERS.split(), dtype=float), [15, 40, 50, 55])


class q2_weights:
    weights = {"U": U.reshape(3, 5), "W": W.reshape(5, 5), "V": V.reshape(5, 2), "b": b, "c": c}


q2_curve = [8.693, 1.1, 0.968, 0.873, 0.848, 0.836]  # roots of the cost
every = 3000
