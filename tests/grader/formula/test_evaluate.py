"""Values against mpmath at 80 digits: the true value lies within the bound, and the bound is small."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.exact.ball import Ball, Undefined, Unsure
from grader.formula.evaluate import as_ball, evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("w", "x"))
FORMULAS = [
    "tanh(w)", "sigmoid(w*x)", "sech(w + x)", "sinh(w)^3", "cosh(w) - sinh(x)", "exp(w)^x", "exp(w)/exp(x)",
    "log(w^2 + 1)*x", "sqrt(w^2 + x^2 + 1)", "(w^2 + 1)^(x/3)", "(x^2 + 1)^-7", "abs(tanh(w) - 2)",
    "tanh(w*tanh(x)) - tanh(w*tanh(x) + 1/10^9)", "2^x - 2^w", "(1 - tanh(w)^2)*sech(x)^2",
]  # fmt: skip
FUNCTIONS = {
    "tanh": mpmath.tanh, "sech": mpmath.sech, "sinh": mpmath.sinh, "cosh": mpmath.cosh, "exp": mpmath.exp,
    "log": mpmath.log, "sqrt": mpmath.sqrt, "abs": abs, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u)),
}  # fmt: skip

numbers = st.fractions(min_value=-20, max_value=20, max_denominator=1000)


@given(formula=st.sampled_from(FORMULAS), w=numbers, x=numbers)
def test_true_value_lies_within_the_bound(formula: str, w: Fraction, x: Fraction) -> None:
    with mpmath.workdps(120):
        values = {name: mpmath.mpf(n.numerator) / n.denominator for name, n in (("w", w), ("x", x))}
        written = formula.replace("^", "**").replace("1/10**9", "mpf(10)**-9").replace("x/3", "x/mpf(3)")
        true = eval(written, {**FUNCTIONS, **values, "mpf": mpmath.mpf})
        ball = as_ball(evaluate(parse_formula(formula, NAMES), {"w": w, "x": x}))
        assert abs(mpmath.mpf(str(ball.value)) - true) <= mpmath.mpf(str(ball.error))
        assert ball.error <= Fraction(1, 10**40) * max(1, abs(Fraction(ball.value))) + Fraction(1, 10**30)


@pytest.mark.parametrize(
    "formula", ["1/w", "log(-1 - w^2)", "w^-1", "log(w)", "sqrt(w - 1)", "(w - 1)^(1/2)", "w^(-1/2)"]
)
def test_where_there_is_no_value_none_is_given(formula: str) -> None:
    with pytest.raises(Undefined):
        evaluate(parse_formula(formula, NAMES), {"w": Fraction(0)})


@pytest.mark.parametrize(
    "formula", ["exp(exp(exp(9)))", "1/(tanh(w)^2 + sech(w)^2 - 1)", "((exp(64)^64)^64)^64"]
)
def test_what_is_beyond_the_precision_is_not_guessed(formula: str) -> None:
    with pytest.raises(Unsure):
        evaluate(parse_formula(formula, NAMES), {"w": Fraction(1)})


def test_arithmetic_stays_exact() -> None:
    value = evaluate(parse_formula("(w + 1/3)^20 - w^20", NAMES), {"w": Fraction(1, 7)})
    assert value == (Fraction(1, 7) + Fraction(1, 3)) ** 20 - Fraction(1, 7) ** 20
    assert not isinstance(value, Ball)
