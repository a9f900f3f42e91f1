# title: sympy matrices, exact, in another basis
# verdict: correct
# fraction: 1

import sympy
third = sympy.Rational(1, 3)
T = sympy.Matrix([[1, third], [0, 2]])
b_i = dict(
    s0=T * sympy.Matrix([7, 0]),
    Wss=T * sympy.diag(0, 1) * T.inv(),
    Wsx=T * sympy.Matrix([[1, 0, 0], [third, third, third]]),
    Wo=(sympy.Matrix([[1, 0], [0, 0], [0, 0], [0, 3]]) * T.inv()).tolist(),
)
