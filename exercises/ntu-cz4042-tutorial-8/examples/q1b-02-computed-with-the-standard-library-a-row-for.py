# title: Computed with the standard library, a row for each step
# verdict: correct
# fraction: 1

from math import exp, tanh
from types import SimpleNamespace

U = [[-1, .5], [.5, .1], [.2, -2]]
y, ys, hs = 0.0, [], []
for x in [(1, 2, -1), (-1, 1, -2), (0, 3, 1), (2, -1, 0)]:
    h = [tanh(sum(U[i][k] * x[i] for i in range(3)) + (2.0, 1.3)[k] * y + .2) for k in (0, 1)]
    y = 1 / (1 + exp(-(2 * h[0] - 1.5 * h[1] + .5)))
    ys.append([y])
    hs.append(h)
q1b = SimpleNamespace(y=ys, h=hs)
