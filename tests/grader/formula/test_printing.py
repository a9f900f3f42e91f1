"""Formulas as text: with the brackets that are needed and no others, and read again as the same value."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from grader.formula.condition import parse_condition
from grader.formula.evaluate import as_ball, evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.printing import printed, printed_condition

NAMES = Names(("a", "b", "c"))
POINT = {"a": Fraction(2), "b": Fraction(3, 5), "c": Fraction(7, 4)}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a + b - c", "a + b - c"),
        ("a - (b + c)", "a - (b + c)"),
        ("a*(b + c)", "a*(b + c)"),
        ("(a*b)*c", "a*b*c"),
        ("a/b", "a/b"),
        ("a/(b*c)", "a/(b*c)"),
        ("a/(b/c)", "a/(b/c)"),
        ("1/a", "1/a"),
        ("1/a/b", "1/a/b"),
        ("a^2", "a^2"),
        ("(-a)^2", "(-a)^2"),
        ("-a^2", "-a^2"),
        ("(a + b)^2", "(a + b)^2"),
        ("(a*b)^c", "(a*b)^c"),
        ("a^(b + 1)", "a^(b + 1)"),
        ("(a^2)^3", "(a^2)^3"),
        ("(1/2)^a", "(1/2)^a"),
        ("a*(-3)", "a*(-3)"),
        ("-3*a", "(-3)*a"),
        ("tanh(a + b)*2", "tanh(a + b)*2"),
        ("e^(a*b)", "exp(a*b)"),
        ("|a - b|", "abs(a - b)"),
    ],
)
def test_a_formula_is_printed_with_the_brackets_that_it_needs(written, text):
    found = parse_formula(written, NAMES)
    again = parse_formula(printed(found), NAMES)
    values = [as_ball(evaluate(one, POINT)).value for one in (found, again)]
    assert float(values[0]) == pytest.approx(float(values[1]), rel=1e-15)
    assert printed(found) == text


@pytest.mark.parametrize("text", ["a < 1", "-1 < a <= 1/2", "a > 1 or b != 2", "a >= b and b < 3"])
def test_a_condition_is_read_again_as_the_same(text):
    found = parse_condition(text, NAMES)
    assert parse_condition(printed_condition(found), NAMES) == found


def drawn(rng, depth):
    if depth == 0:
        return rng.choice(("a", "b", "c", "2", "1/3", "0.5", "10"))
    one, other = drawn(rng, depth - 1), drawn(rng, depth - 1)
    return rng.choice(
        (
            f"({one}) + ({other})",
            f"({one}) - ({other})",
            f"({one})*({other})",
            f"({one})/(1 + ({other})^2)",
            f"-({one})",
            f"({one})^{rng.choice('23')}",
            f"1/(1 + ({one})^2)",
            f"2^(({one})/10)".replace("^2", "*2").replace("^3", "*3"),
            f"tanh({one})",
            f"e^(-({one})/5)".replace("^2", "*2").replace("^3", "*3"),
        )
    )


@pytest.mark.parametrize("seed", range(10))
def test_what_is_printed_has_the_same_value(seed):
    rng = random.Random(seed)
    count = 0
    for _ in range(30):
        text = drawn(rng, rng.randint(1, 3))
        if text.count("e^") + text.count("2^((") > 1:
            continue  # no power stands in an exponent
        found = parse_formula(text, NAMES, 4000)
        again = parse_formula(printed(found), NAMES, 4000)
        values = [as_ball(evaluate(one, POINT)).value for one in (found, again)]
        assert float(values[0]) == pytest.approx(float(values[1]), rel=1e-12), printed(found)
        count += 1
    assert count > 10
