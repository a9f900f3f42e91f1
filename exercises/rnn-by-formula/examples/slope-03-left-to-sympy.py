# title: Left to sympy
# verdict: correct
# fraction: 1

import sympy
u, v, w, s0, x1, x2, x3 = sympy.symbols("u v w s0 x1 x2 x3")
slope = sympy.diff(v * (w * (w * (w * s0 + u * x1) + u * x2) + u * x3), w)
