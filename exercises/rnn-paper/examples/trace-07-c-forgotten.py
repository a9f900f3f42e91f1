# title: c forgotten
# verdict: partial
# diagnoses: y-without-c

import numpy as np
U, W, b = np.array({U}), np.array({W}), np.array({b})
h, y = np.zeros(2), []
for one in {x}:
    h = np.tanh(U[:, 0] * one + W @ h + b)
    y.append(round(float(np.array({V}[0]) @ h), 2))
trace = dict(y=y)
