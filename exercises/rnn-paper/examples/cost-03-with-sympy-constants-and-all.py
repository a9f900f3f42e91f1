# title: With sympy, constants and all
# verdict: correct
# fraction: 1

import sympy
n_in, n_h, n_out, T, k = sympy.symbols("n_in n_h n_out T k")
step = 2 * (n_h * n_in + n_h * n_h + n_out * n_h) + n_h + n_out
cost = dict(
    parameters=sum((n_h * n_in, n_h * n_h, n_h, n_out * n_h, n_out)),
    time=T * step,
    kept=(T + 1) * n_h,
    pieces=n_h * T / k + n_h * k,
)
