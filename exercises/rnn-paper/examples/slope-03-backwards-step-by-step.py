# title: Backwards, step by step
# verdict: correct
# fraction: 1

import math
x, h = [1, 0.5, -1], [0.0]
for value in x:
    h.append(math.tanh(0.8 * value + 0.6 * h[-1]))
back, du, dw = h[3] - 1, 0.0, 0.0
for t in (3, 2, 1):
    inside = back * (1 - h[t] ** 2)
    du, dw, back = du + inside * x[t - 1], dw + inside * h[t - 1], inside * 0.6
slope = dict(du=du, dw=dw)
