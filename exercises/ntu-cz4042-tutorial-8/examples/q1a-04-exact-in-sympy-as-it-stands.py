# title: Exact in sympy, as it stands
# verdict: correct
# fraction: 1

import sympy as sp
u = [sp.Rational(9909, -10000), sp.Rational(98647, 100000), sp.log(sp.Rational(94, 6)), -2 - sp.Rational(642, 10000)]
q1a = {"y": [1 / (1 + sp.exp(-value)) for value in u]}
