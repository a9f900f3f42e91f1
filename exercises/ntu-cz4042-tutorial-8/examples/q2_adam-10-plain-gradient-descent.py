# title: Plain gradient descent
# verdict: incorrect
# fraction: 0
# codes: wrong-step
# diagnoses: gradient-descent

import numpy as np

def adam_step(params, grads, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    for name, g in grads.items():
        m[name] = m[name]
        v[name] = v[name]
        m_hat = m[name] / (1 - beta1 ** t)
        v_hat = v[name] / (1 - beta2 ** t)
        params[name] = params[name] - lr * g
    return params, m, v
