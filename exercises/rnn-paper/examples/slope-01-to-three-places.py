# title: To three places
# verdict: correct
# fraction: 1

import math
inputs, h = {s}, [0.0]
for one in inputs:
    h.append(math.tanh({u} * one + {w} * h[-1]))
back, du, dw = h[3] - {d}, 0.0, 0.0
for t in (3, 2, 1):
    inside = back * (1 - h[t] ** 2)
    du += inside * inputs[t - 1]
    dw += inside * h[t - 1]
    back = inside * {w}
slope = dict(du=round(du, 3), dw=round(dw, 3))
