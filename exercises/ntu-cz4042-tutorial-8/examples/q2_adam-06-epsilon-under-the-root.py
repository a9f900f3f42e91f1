# title: Epsilon under the root
# verdict: partial
# fraction: 1/2
# codes: wrong-step
# diagnoses: eps-inside-root

import numpy as np

def adam_step(params, grads, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for name, g in grads.items():
        m[name] = beta1 * m[name] + (1 - beta1) * g
        v[name] = beta2 * v[name] + (1 - beta2) * g ** 2
        m_hat = m[name] / (1 - beta1 ** t)
        v_hat = v[name] / (1 - beta2 ** t)
        params[name] = params[name] - lr * m_hat / (np.sqrt(v_hat + eps))
    return params, m, v
