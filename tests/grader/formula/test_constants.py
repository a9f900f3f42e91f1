"""Formulas without symbols count as numbers where numbers are asked."""

from __future__ import annotations

import sympy

from grader.formula.marking.reading import with_numbers
from grader.model.value import Formula, Items, Number

CONSTANTS = ["1/(1 + exp(9909/10000))", "sqrt(2)*2/3", "tanh(1/2) - log(3)", "2**(1/3)"]


def test_constants_have_the_digits_that_sympy_computes():
    for text in CONSTANTS:
        found = with_numbers(Formula(text))
        assert isinstance(found, Number)
        assert abs(sympy.Rational(found.text) - sympy.sympify(text).evalf(40)) < 1e-19


def test_numbers_are_found_inside_lists():
    found = with_numbers(Items((Items((Formula("sqrt(4)"),)), Number("1", "int"))))
    assert found == Items((Items((Number("2", "rational"),)), Number("1", "int")))


def test_what_has_a_symbol_or_no_real_value_stays_as_it_is():
    for text in ("exp(a)", "log(-1)", "2*I", "1/0", "not a formula"):
        assert with_numbers(Formula(text)) == Formula(text)
