# title: One array at a time, float32, the epsilon of Keras
# verdict: correct
# fraction: 1
# codes: eps-of-keras

import numpy as np

def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    # one array at a time, in float32, with the epsilon of Keras
    param, grad, m, v = (np.asarray(a, dtype=np.float32) for a in (param, grad, m, v))
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    return param - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-7), m, v
