# title: No tanh
# verdict: partial
# diagnoses: h-linear

import numpy as np
U, W, b = np.array({U}), np.array({W}), np.array({b})
h, y = np.zeros(2), []
for one in {x}:
    h = U[:, 0] * one + W @ h + b
    y.append(round(float(np.array({V}[0]) @ h + {c}), 2))
trace = dict(y=y)
