"""Forms in which programs print a table, and what each says: server and script read all of them."""

from __future__ import annotations

from fractions import Fraction

Rows = list[list[Fraction]]


def rows(*texts: str) -> Rows:
    """Rows of exact numbers."""
    return [[Fraction(one) for one in text.split()] for text in texts]


TABLE = rows("1.5 -2 1/4", "0 30 -0.001")
"""What all forms of FORMS say."""

FORMS = {
    "numpy repr": "array([[ 1.5e+00, -2.0e+00,  2.5e-01],\n       [ 0.0e+00,  3.0e+01, -1.0e-03]])",
    "numpy str": "[[ 1.5   -2.     0.25 ]\n [ 0.    30.    -0.001]]",
    "numpy with a dtype": "np.array([[1.5, -2, .25], [0, 30, -.001]], dtype=float32)",
    "lists": "[[1.5, -2, 0.25], [0, 30, -0.001]]",
    "tuples": "((1.5, -2, 0.25), (0, 30, -0.001))",
    "a list of tuples": "[(1.5, -2, 0.25), (0, 30, -0.001)]",
    "JSON on several lines": "[\n  [1.5, -2, 0.25],\n  [0, 30, -0.001]\n]\n",
    "texts in lists": "[['1.5', '-2', '1/4'], ['0', '30', '-0.001']]",
    "JSON with texts": '[["1.5", "-2", "1/4"], ["0", "30", "-0.001"]]',
    "Excel": "1.5\t-2\t0.25\r\n0\t30\t-0.001\r\n",
    "Excel with decimal commas": "1,5\t-2\t0,25\r\n0\t30\t-0,001\r\n",
    "CSV": "1.5,-2,0.25\n0,30,-0.001\n",
    "CSV with semicolons and decimal commas": "1,5;-2;0,25\n0;30;-0,001\n",
    "CSV with semicolons": "1.5; -2; 0.25\n0; 30; -0.001",
    "MATLAB": "[1.5 -2 1/4; 0 30 -0.001]",
    "MATLAB with commas": "[1.5, -2, 0.25; 0, 30, -0.001];",
    "MATLAB on two lines": "W = [1.5 -2 0.25\n     0 30 -0.001];",
    "decimal commas in brackets": "[1,5 -2 0,25; 0 30 -0,001]",
    "MATLAB transposed": "[1.5 0; -2 30; 0.25 -0.001]'",
    "torch": "tensor([[ 1.5000, -2.0000,  0.2500],\n        [ 0.0000, 30.0000, -0.0010]], dtype=float64)",
    "torch with a gradient": "tensor([[1.5, -2.0, 0.25],\n        [0, 30, -1e-3]], grad_fn=<MmBackward0>)",
    "sympy": "Matrix([\n[3/2, -2, 1/4],\n[0, 30, -1/1000]])",
    "rows in brackets": "[1.5, -2, 0.25], [0, 30, -0.001]",
    "a row in brackets on each line": "[1.5, -2, 0.25]\n[0, 30, -0.001]",
    "tuples on two lines": "(1.5, -2, 0.25)\n(0, 30, -0.001)",
    "a name in front": "W_hh = np.array([[1.5, -2, 0.25], [0, 30, -0.001]])",
    "minus signs of a word processor": "[1.5 \u22122 0.25; 0 30 \u22120.001]",
    "no-break spaces": "1.5\u00a0-2\u00a00.25\n0\u00a030\u00a0-0.001",
    "numbers of numpy in lists": "[[np.float64(1.5), -2.0, 0.25], [np.int64(0), 30, np.float64(-0.001)]]",
    "an array of JAX": "Array([[ 1.5  , -2.   ,  0.25 ],\n       [ 0.   , 30.   , -0.001]], dtype=float32)",
    "numpy transposed": "np.array([[1.5, 0], [-2, 30], [0.25, -0.001]]).T",
    "LaTeX": r"\begin{pmatrix} 1.5 & -2 & 0.25 \\ 0 & 30 & -0.001 \end{pmatrix}",
    "words of numbers on two lines": "  1.5  -2  0.25\n  0    30  -0.001",
}

VECTOR = rows("1.5 -2 1/3")
VECTORS = {
    "a row": "[1.5 -2 1/3]",
    "a column of MATLAB": "[1.5; -2; 1/3]",
    "a list": "[1.5, -2, '1/3']",
    "a column of numpy": "[[1.5], [-2], ['1/3']]",
    "lines": "1.5\n-2\n1/3\n",
    "a row of Excel with a decimal comma": "1,5\t-2\t1/3",
    "semicolons and decimal commas": "1,5; -2; 1/3",
    "a transposed row": "[1.5 -2 1/3]'",
    "a row with a T": "[1.5 -2 1/3]^T",
    "a tuple": "(1.5, -2, 1/3)",
    "a tuple with a T": "(1.5, -2, 1/3)^T",
    "a name in front": "v = [1.5, -2, 1/3]",
}

REFUSED = {
    "a number too few": "[1 2 3; 4 5]",
    "a row too many": "1 2 3\n4 5 6\n7 8 9",
    "the transpose": "[1 2; 3 4; 5 6]",
    "a word": "1 2 three\n4 5 6",
    "an empty cell of Excel": "1\t\t3\n4\t5\t6",
    "words": "the second row is zero",
    "what numpy leaves out": "[[1 2 ... 9]\n [1 2 ... 9]]",
}
"""Into a table of 2 x 3: nothing is filled in."""
