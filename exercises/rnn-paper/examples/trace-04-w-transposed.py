# title: W transposed
# verdict: partial
# diagnoses: h-w-transposed

import numpy as np
U, W, b = np.array({U}), np.array({W}), np.array({b})
h, y = np.zeros(2), []
for one in {x}:
    h = np.tanh(U[:, 0] * one + W.T @ h + b)
    y.append(round(float(np.array({V}[0]) @ h + {c}), 2))
trace = dict(y=y)
