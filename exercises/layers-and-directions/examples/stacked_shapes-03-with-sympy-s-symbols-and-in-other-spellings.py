# title: With sympy's symbols, and in other spellings
# verdict: correct
# fraction: 1

import sympy
n_in, n_1, n_2, n_out = sympy.symbols("n_in n_1 n_2 n_out")
stacked_shapes = dict(U1=(n_1, n_in), W1=(n_1, n_1), b1=n_1, U2=(n_2, n_1), W2=[n_2, n_2], b2=(n_2,), V="n_{out} × n_{2}", c="(nout,)")
