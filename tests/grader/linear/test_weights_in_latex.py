"""Weights with symbols written in LaTeX are the weights that sympy writes that LaTeX of."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy

from grader.formula.evaluate import as_ball, evaluate
from grader.linear.symbolic.entries import read_formulas
from grader.model.value import Items, Number, Text

a, b, k1, lam = sympy.symbols("a b k_1 lambda_1", positive=True)
VALUES = {"a": 2, "b": 3, "k_1": 5, "lambda_1": 7}
MATRICES = [
    sympy.Matrix([[1 / a, 0], [b, a * b]]),
    sympy.Matrix([[k1 / 2, -lam], [sympy.sqrt(2) * a, (a + b) / lam]]),
    sympy.Matrix([[a**2, sympy.Rational(1, 3)], [-a / (b + 1), 1]]),
]


def value_of(entry, written):
    if isinstance(entry, Number) and entry.text in written.trees:
        point = {name: Fraction(value) for name, value in VALUES.items()}
        return float(as_ball(evaluate(written.trees[entry.text], point)).value)
    return float(sympy.Rational(entry.text))


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("style", [{"mat_str": "pmatrix", "mat_delim": ""}, {"mat_str": "array"}, {}])
def test_a_matrix_of_formulas_in_latex_is_read(matrix, style):
    written = read_formulas({"W": Text(sympy.latex(matrix, **style))})
    got = [[value_of(entry, written) for entry in row.items] for row in written.fields["W"].items]
    at = {symbol: VALUES[symbol.name] for symbol in matrix.free_symbols}
    wanted = [[float(entry) for entry in matrix.subs(at).row(i)] for i in range(2)]
    assert got[0] == pytest.approx(wanted[0], abs=1e-12)
    assert got[1] == pytest.approx(wanted[1], abs=1e-12)


def test_entries_in_latex_are_read_beside_others():
    written = read_formulas({"W": Items((Text(r"\frac{1}{a}"), Text("a"), Text("3")))})
    assert [value_of(entry, written) for entry in written.fields["W"].items] == [0.5, 2, 3]


def test_what_is_no_formula_in_latex_stays_as_it_is():
    value = Items((Text(r"\input{x}"), Text(r"\frac{1}")))
    assert read_formulas({"W": value}).fields["W"] == value
