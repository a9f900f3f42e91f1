# title: By central differences
# verdict: correct
# fraction: 1

import math
def loss(u, w):
    h = 0.0
    for x in [1, 0.5, -1]:
        h = math.tanh(u * x + w * h)
    return (h - 1) ** 2 / 2
slope = dict(
    du=(loss(0.8 + 1e-5, 0.6) - loss(0.8 - 1e-5, 0.6)) / 2e-5,
    dw=(loss(0.8, 0.6 + 1e-5) - loss(0.8, 0.6 - 1e-5)) / 2e-5,
)
