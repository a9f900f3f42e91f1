"""Answers to tiny questions of kind `optimizer`, its tests: a right one would answer one that comes along."""

from grader.model.kind import KindExample
from grader.training.calls import examples_of

ADAM = """import numpy as np
def adam_step(params, grads, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for k, g in grads.items():
        m[k] = beta1 * m[k] + (1 - beta1) * g
        v[k] = beta2 * v[k] + (1 - beta2) * g ** 2
        m_hat = m[k] / (1 - beta1 ** t)
        v_hat = v[k] / (1 - beta2 ** t)
        params[k] = params[k] - lr * m_hat / (np.sqrt(v_hat) + eps)
    return params, m, v
"""
ONE_ARRAY = """import numpy as np
def adam_step(p, g, m, v, t, lr, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g * g
    lr = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    return p - lr * m / (np.sqrt(v) + eps), m, v
"""
DIVIDES = """import math, numpy as np
def adam_step(p, g, m, v, t, lr, beta1, beta2, eps):
    lr = lr * math.sqrt(1 - beta2 ** (t - 1)) / (1 - beta1 ** (t - 1))
    for k in p:
        m[k] = beta1 * m[k] + (1 - beta1) * g[k]
        v[k] = beta2 * v[k] + (1 - beta2) * g[k] ** 2
        p[k] = p[k] - lr * m[k] / (np.sqrt(v[k]) + eps)
    return p, m, v
"""
NO_EFFECT = "def adam_step(params, grads, m, v, t, lr, beta1, beta2, eps):\n    pass"
NO_SETTINGS = "def adam_step(params, grads, m, v, t):\n    return params, m, v"
example = examples_of({}, ADAM)

EXAMPLES = (
    KindExample("Dicts, returned", {}, ADAM, "correct"),
    example("In place, nothing returned", "    return params, m, v\n", "", "correct"),
    KindExample("One array at a time, eps as in the paper's second form", {}, ONE_ARRAY, "correct"),
    example("The eps of Keras", "+ eps", "+ 1e-7", "correct", "eps-of-keras"),
    example("No corrections", " / (1 - beta1 ** t)", "", "partial", "wrong-step"),
    example("The power forgotten", " ** t", "", "partial", "wrong-step"),
    example("A fixed learning rate", "- lr *", "- 0.01 *", "partial", "ignores-settings"),
    KindExample("t - 1 in Python numbers", {}, DIVIDES, "partial", "division-by-zero"),
    example("t - 1 in place of t", "** t", "** (t - 1)", "partial", "wrong-step"),
    KindExample("Nothing comes back", {}, NO_EFFECT, "invalid", "no-effect"),
    KindExample("Settings not accepted", {}, NO_SETTINGS, "invalid", "does-not-run-exception"),
)
