# title: By central differences
# verdict: correct
# fraction: 1

import math
def loss(u, w):
    h = 0.0
    for one in {s}:
        h = math.tanh(u * one + w * h)
    return (h - {d}) ** 2 / 2
e = 1e-5
slope = dict(du=(loss({u} + e, {w}) - loss({u} - e, {w})) / (2 * e), dw=(loss({u}, {w} + e) - loss({u}, {w} - e)) / (2 * e))
