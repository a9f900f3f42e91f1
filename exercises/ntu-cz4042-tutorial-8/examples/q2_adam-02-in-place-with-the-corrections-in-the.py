# title: In place, with the corrections in the learning rate
# verdict: correct
# fraction: 1

import numpy as np

def adam_step(params, grads, m, v, t, *, lr, beta1, beta2, eps):
    step = lr * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
    for name in params:
        m[name] += (1 - beta1) * (grads[name] - m[name])
        v[name] += (1 - beta2) * (grads[name] ** 2 - v[name])
        params[name] -= step * m[name] / (np.sqrt(v[name]) + eps)
