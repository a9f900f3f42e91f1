# title: With sympy
# verdict: correct
# fraction: 1

import sympy
n_in, n_1, n_2, n_out = sympy.symbols("n_in n_1 n_2 n_out")
total, below = 0, n_in
for units in (n_1, n_2):
    total += units * (below + units + 1)
    below = units
stacked_count = total + n_out * (below + 1)
