# title: Squared, with sympy
# verdict: correct
# fraction: 1

import sympy
a, b, x, s = sympy.symbols("a b x s")
steady = dict(rest=sympy.solve(sympy.Eq(s, a * s + b * x), s)[0], stable="a^2 < 1")
