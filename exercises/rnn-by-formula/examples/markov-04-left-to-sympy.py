# title: Left to sympy
# verdict: correct
# fraction: 1

import sympy
k = sympy.symbols("k", integer=True)
A, B, C = sympy.Matrix([["1/2", 1], [0, "1/4"]]), sympy.Matrix([1, 1]), sympy.Matrix([[1, 0]])
M = [(C * A**n * B)[0] for n in range(3)]
markov = dict(M0=M[0], M1=M[1], M2=M[2], Mk=(C * A**k * B)[0])
