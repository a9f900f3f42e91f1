# title: With sympy
# verdict: correct
# fraction: 1

import sympy
n_in, n_h, n_out = sympy.symbols("n_in n_h n_out")
cost = sum((n_h * n_in, n_h * n_h, n_h, n_out * n_h, n_out))
