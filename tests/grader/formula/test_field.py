"""What algebra knows of functions: values of one argument are one generator."""

from __future__ import annotations

import pytest

from grader.formula.field import FunctionField, Picture
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("a", "b"))


@pytest.mark.parametrize(
    "text",
    [
        "tanh(a) - tanh(a)",
        "tanh(a) + tanh(-a)",
        "sech(a) - sech(-a)",
        "tanh(a - b) + tanh(b - a)",
    ],
)
def test_tanh_of_one_argument_is_one_and_the_same(text: str) -> None:
    assert not FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize("picture", ["tanh", "exp"])
@pytest.mark.parametrize(
    "text",
    ["tanh(a - a)", "sinh(0)", "sech(0) - 1", "cosh(a - a) - 1", "exp(0) - 1", "2 * sigmoid(a - a) - 1"],
)
def test_functions_of_zero_are_numbers(text: str, picture: Picture) -> None:
    assert not FunctionField(picture).quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize("text", ["tanh(a) - sech(a)", "tanh(a) - tanh(2*a)", "tanh(a) + sech(a)"])
def test_what_differs_is_no_zero(text: str) -> None:
    assert FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator


@pytest.mark.parametrize(
    ("text", "is_zero"),
    [
        ("log(a) - log(a)", True),
        ("log(a) - log(b)", False),
        ("log(a) - log(-a)", False),
        ("log(a) - log(2*a)", False),
        ("abs(a) - abs(-a)", True),
        ("abs(a - b) - abs(b - a)", True),
        ("abs(a) - abs(b)", False),
        ("abs(a) - log(a)", False),
    ],
)
def test_logarithms_are_one_for_one_argument_and_absolute_values_for_either_sign(
    text: str, is_zero: bool
) -> None:
    assert (not FunctionField("tanh").quotient(parse_formula(text, NAMES)).numerator) == is_zero
