"""Answers to tiny questions of kind `trajectory`, which are its tests."""

from grader.model.kind import KindExample
from grader.training.calls import examples_of

PARAMS = {"inputs": 3, "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "x[2]"], "hidden": 4, "n_epochs": 40}
TRAIN = """import numpy as np
def train(x, y, params, n_epochs, lr):
    p = {k: a.copy() for k, a in params.items()}
    m = {k: 0 * a for k, a in p.items()}
    v = {k: 0 * a for k, a in p.items()}
    n, T, _ = x.shape
    losses = []
    for t in range(1, n_epochs + 1):
        h = np.zeros((T + 1, n, len(p["b"])))
        for s in range(T):
            h[s + 1] = np.tanh(x[:, s] @ p["U"] + h[s] @ p["W"] + p["b"])
        e = h[1:] @ p["V"] + p["c"] - y.swapaxes(0, 1)
        losses.append((e ** 2).sum() / (n * T))
        e = 2 * e / (n * T)
        g = {k: 0 * a for k, a in p.items()}
        later = 0
        for s in reversed(range(T)):
            later = (1 - h[s + 1] ** 2) * (e[s] @ p["V"].T + later)
            g["U"] += x[:, s].T @ later
            g["W"] += h[s].T @ later
            g["b"] += later.sum(0)
            later = later @ p["W"].T
        g["V"] = np.einsum("snh,sno->ho", h[1:], e)
        g["c"] = e.sum((0, 1))
        for k in p:
            m[k] = 0.9 * m[k] + 0.1 * g[k]
            v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2
            p[k] = p[k] - lr * m[k] / (1 - 0.9 ** t) / (np.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8)
    return p, losses
"""
MOMENTS = "    m = {k: 0 * a for k, a in p.items()}\n    v = {k: 0 * a for k, a in p.items()}\n"
DEFAULTS = "    for k in p:\n        m.setdefault(k, 0.0), v.setdefault(k, 0.0)\n"
KEEPS_MOMENTS = TRAIN.replace("n_epochs, lr)", "n_epochs, lr, m={}, v={})").replace(MOMENTS, DEFAULTS)
ADAM = "m[k] / (1 - 0.9 ** t) / (np.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8)"
COPY = "    p = {k: a.copy()"
OTHER_LR = f"    lr = lr if n_epochs > 9 else 3 * lr\n{COPY}"
MADE_UP = "return params, [losses[0] * 0.97**k for k in range(n_epochs)]"
SUM, LOGGED_SUM = "(e ** 2).sum() / (n * T)", "(e ** 2).sum()"
example = examples_of(PARAMS, TRAIN)

EXAMPLES = (
    KindExample("Losses before each step", PARAMS, TRAIN, "correct"),
    example("Losses first", "return p, losses", "return losses, p", "correct"),
    example("Half the cost is logged", "/ (n * T))", "/ (2 * n * T))", "partial", "other-scale"),
    example("Plain gradient descent", ADAM, "g[k]", "partial", "wrong-losses"),
    example("Weights of its own", "a.copy()", "0.3 + 0 * a", "incorrect", "starts-elsewhere"),
    example(
        "The data changed in place",
        "    return p",
        "    x *= 0\n    return p",
        "partial",
        "changes-inputs",
    ),
    example(
        "Another training where there are few epochs", COPY, OTHER_LR, "partial", "short-training-differs"
    ),
    example("Made-up losses", "return p, losses", MADE_UP, "incorrect", "wrong-losses"),
    example("lr ignored", "    n, T", "    lr = 0.01\n    n, T", "partial", "ignores-lr"),
    KindExample("m and v kept from call to call", PARAMS, KEEPS_MOMENTS, "partial", "keeps-state"),
    example("The sum is logged", SUM, LOGGED_SUM, "partial", "other-scale"),
    example("Nothing returned", "return p", "p", "invalid", "returns-none"),
    example("An argument more", "n_epochs, lr)", "n_epochs, lr, batch)", "invalid", "does-not-run-exception"),
)
