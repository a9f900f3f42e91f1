# title: Left to sympy
# verdict: correct
# fraction: 1

import sympy
u, w, h0, x1, x2, y = sympy.symbols("u w h0 x1 x2 y")
h = sympy.tanh(w * sympy.tanh(w * h0 + u * x1) + u * x2)
L = (h - y) ** 2 / 2
bptt = dict(dL_dw=sympy.diff(L, w), dL_du=sympy.diff(L, u))
