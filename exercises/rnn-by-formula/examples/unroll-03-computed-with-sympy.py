# title: Computed with sympy
# verdict: correct
# fraction: 1

import sympy
u, v, w, s = sympy.symbols("u v w s0")
for x in sympy.symbols("x1:4"):
    s = w * s + u * x
unroll = dict(g3=v * s)
