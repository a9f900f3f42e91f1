"""Equal formulas in other forms are right, changed ones are not; sympy and mpmath are the other route."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from grader.formula.compare import Comparison, Sameness, compare
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain

OPEN = (Sameness.UNSURE, Sameness.UNCOMPUTABLE)
NAMES = Names(("w", "u", "x", "k"))
DOMAIN = Domain(whole=frozenset({"k"}))
W, U, X = sympy.symbols("w u x", real=True)
# Relative to the larger value, which is known to 60 digits.
CLOSE = mpmath.mpf(10) ** -45


def compared(given_text: str, right: str) -> Comparison:
    return compare(parse_formula(given_text, NAMES, 4000), parse_formula(right, NAMES, 4000), DOMAIN)


IDENTITIES = [
    ("(w + 1)^2", "w^2 + 2w + 1", True),
    ("tanh(w)", "(e^w - e^-w)/(e^w + e^-w)", True),
    ("tanh(w)", "(exp(2w) - 1)/(exp(2w) + 1)", True),
    ("tanh(w)", "1 - 2/(1 + e^(2w))", True),
    ("tanh(w)", "2*sigmoid(2w) - 1", True),
    ("tanh(w)", "sinh(w)/cosh(w)", True),
    ("tanh(-w)", "-tanh(w)", True),
    ("sigmoid(w)", "1/(1 + exp(-w))", True),
    ("sigmoid(w)", "e^w/(1 + e^w)", True),
    ("sigmoid(w)", "(1 + tanh(w/2))/2", True),
    ("sigmoid(-w)", "1 - sigmoid(w)", True),
    ("sigmoid(w)*(1 - sigmoid(w))", "exp(-w)/(1 + exp(-w))^2", True),
    ("1 - tanh(w)^2", "sech(w)^2", True),
    ("1 - tanh(w)^2", "1/cosh(w)^2", True),
    ("1 - tanh(w)^2", "4/(e^w + e^-w)^2", True),
    ("sech(w)*sech(w)", "1 - tanh(-w)^2", True),
    ("tanh(2w)", "2tanh(w)/(1 + tanh(w)^2)", True),
    ("tanh(w + x)", "(tanh(w) + tanh(x))/(1 + tanh(w)*tanh(x))", True),
    ("exp(w + x)", "exp(w)*exp(x)", True),
    ("exp(w/2)^6", "e^(3w)", True),
    ("exp(log(x^2 + 1))", "1 + x^2", True),
    ("tanh(w*tanh(u*x))", "tanh(x*u)*0 + tanh(w*(e^(2u*x) - 1)/(1 + e^(u*x*2)))", True),
    ("2^(k + 1)", "2*2^k", True),
    ("6^k", "2^k*3^k", True),
    ("(1/4)^k", "2^(-2k)", True),
    ("(-1)^(2k)", "1", True),
    ("(-w)^(2k)", "w^(2k)", True),
    ("w^(k + 2)/w", "w^(k + 1)", True),
    ("(w^k - 1)/(w - 1)*(w - 1)", "w^k - 1", True),
    ("(x^2 - x)/x", "x - 1", True),
    ("sqrt(w^2)", "|w|", False),
    ("exp(k*log(2))", "2^k", False),
    ("log(w^2*x^2)", "2*log(|w|) + 2*log(|x|)", False),
]


@pytest.mark.parametrize(("given_text", "right", "is_proved"), IDENTITIES)
def test_identity_is_right_both_ways(given_text: str, right: str, is_proved: bool) -> None:
    for pair in ((given_text, right), (right, given_text)):
        found = compared(*pair)
        assert found.sameness is Sameness.SAME
        assert found.is_proved is is_proved
        assert found.is_proved or found.agreeing >= 16


@pytest.mark.parametrize(
    ("given_text", "right"),
    [
        ("w", "-w"),
        ("sqrt(w^2)", "w"),
        ("tanh(w)", "tanh(w)*(1 + 1/10^12)"),
        ("tanh(w)", "tanh(w) + 10^-40"),
        ("w^2 + 1/10^12", "w^2"),
        ("sech(w)", "1 - tanh(w)^2"),
        ("sigmoid(w)", "(1 + tanh(w))/2"),
        ("2^(k+1)", "2^k + 1"),
        ("(-1)^k", "1"),
        ("(x - 2)*(x - 3)*(x - 5)*(x + 2)*(x + 3)*(x - 7)", "0"),
        ("3", "2"),
        ("w + |w + 3| - w - 3", "w"),
        ("w + |w + x + 9| - w - x - 9", "w"),
        ("w + |w - 7/2| + w - 7/2", "w"),
        ("k + |k - 9| + k - 9", "k"),
        ("k + |k - 1| - k + 1", "k"),
    ],
)
def test_other_formula_is_wrong_at_a_point(given_text: str, right: str) -> None:
    found = compared(given_text, right)
    assert found.sameness is Sameness.DIFFERENT
    assert found.is_proved
    assert found.point is not None


def test_turns_of_a_sign_come_to_the_same_for_whole_numbers_only() -> None:
    """With w = 1/2 they are -i and i."""
    assert compared("(-1)^(3k)", "(-1)^k").sameness is Sameness.SAME
    assert compared("(-1)^(3w)", "(-1)^w").sameness is not Sameness.SAME


@pytest.mark.parametrize(
    ("text", "right"), [("sqrt(w)^2", "w"), ("exp(log(w))", "w"), ("exp(4*log(w))", "w^4")]
)
def test_formula_without_values_on_half_of_the_numbers_is_another_one(text: str, right: str) -> None:
    found = compared(text, right)
    assert found.sameness is Sameness.UNDEFINED
    assert found.is_proved
    assert found.point == {"w": -2}


@pytest.mark.parametrize(
    "text",
    [
        "w*sqrt(w + 5/2)^2/(w + 5/2)",
        "w*sqrt(w + 9)^2/(w + 9)",
        "w*exp(log(w + x + 5))/(w + x + 5)",
        "w*(|w + 5/2| + w + 5/2)/(|w + 5/2| + w + 5/2)",
        "w*(|w - 5/2| - w + 5/2)/(|w - 5/2| - w + 5/2)",
    ],
)
def test_formula_without_values_on_some_of_the_numbers_is_another_one(text: str) -> None:
    found = compared(text, "w")
    assert found.sameness is Sameness.UNDEFINED
    assert found.point is not None


@pytest.mark.parametrize(
    "text",
    [
        "w*x/x",
        "w*(w - 2)*(x - 3)/((w - 2)*(x - 3))",
        "(w^3 - w*k)/(w^2 - k)",
        "w*|x|/|x|",
        "w*exp(log(x^2 + 1))/(x^2 + 1)",
        "w*(k - 5)/(k - 5)",
    ],
)
def test_cancelled_factor_leaves_a_formula_right(text: str) -> None:
    assert compared(text, "w").sameness is Sameness.SAME


@pytest.mark.parametrize("text", ["w/(x - x)", "log(-1 - w^2)", "w/(sech(w)^2 + tanh(w)^2 - 1)"])
def test_formula_without_values_is_never_right(text: str) -> None:
    assert compared(text, "w").sameness in (Sameness.UNDEFINED, Sameness.UNCOMPUTABLE)


def test_what_cannot_be_decided_is_not_called_wrong() -> None:
    huge = "exp(exp(exp(9 + w^2)))"
    assert compared(huge, huge).sameness is not Sameness.DIFFERENT
    assert compared("w", huge).sameness is Sameness.UNSURE


@pytest.mark.parametrize(
    "text",
    [
        "w/(sqrt(2)*sqrt(3) - sqrt(6))",
        "sqrt(sqrt(2)*sqrt(3) - sqrt(6)) + w",
        "w + tanh(exp(exp(10 + w^2))) - 1",
        "exp(exp(exp(9 + w^2)))",
    ],
)
def test_formula_without_computable_values_is_told_apart_from_an_open_one(text: str) -> None:
    assert compared(text, "w").sameness is Sameness.UNCOMPUTABLE


def test_a_derivative_multiplied_out_by_sympy_is_proved_the_same() -> None:
    """Some 550 characters, from two steps of a network."""
    loss = (sympy.tanh(W * sympy.tanh(W * X + U) + U * X) - X) ** 2 / 2
    slope = sympy.diff(loss, W)
    for form in (sympy.expand(slope), sympy.expand(slope * X) / X, slope.rewrite(sympy.exp)):
        assert len(str(form)) > 400
        found = compared(str(form), str(slope))
        assert (found.sameness, found.is_proved) == (Sameness.SAME, True)
    assert compared(str(sympy.expand(slope) + X / 1000), str(slope)).sameness is Sameness.DIFFERENT


def test_too_large_for_algebra_is_tested_at_points() -> None:
    found = compared("((w + u + x + k + 1)^16)^4", "((1 + k + x + u + w)^32)^2")
    assert found.sameness is Sameness.SAME
    assert not found.is_proved
    assert found.agreeing == 64


# Random formulas as sympy expressions: its rewrites are right, its values the other opinion.
leaves = st.sampled_from([W, U, X, *map(sympy.Integer, (1, 2, 3, -1)), sympy.Rational(1, 2)])
FUNCTIONS: list[Callable[[Any], Any]] = [sympy.tanh, sympy.exp, lambda e: 1 / (1 + sympy.exp(-e)), sympy.cosh]


def _grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] / (p[1] ** 2 + 1)),
        inner.map(lambda e: e**2),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda p: p[0](p[1])),
    )


rational = st.recursive(leaves, lambda s: st.one_of(*[_grow(s)]), max_leaves=6)
REWRITES: list[Callable[[Any], Any]] = [
    sympy.expand,
    sympy.factor,
    sympy.together,
    lambda e: e.rewrite(sympy.exp),
    lambda e: sympy.expand(e.rewrite(sympy.exp)),
    lambda e: e.rewrite(sympy.tanh),
    lambda e: sympy.cancel(e),
]


def in_bounds(*expressions: Any) -> bool:
    return all(len(str(e)) < 400 and not e.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I) for e in expressions)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(expression=rational, rewrites=st.lists(st.sampled_from(REWRITES), min_size=1, max_size=2))
def test_every_rewrite_of_a_formula_is_right(expression: Any, rewrites: list[Any]) -> None:
    assume(in_bounds(expression))
    other = functools.reduce(lambda e, rewrite: rewrite(e), rewrites, expression)
    assume(in_bounds(other))
    # As a power of e, sympy writes x^4 as exp(4 log(x)): complex for negative x.
    assume(not other.has(sympy.log) or expression.has(sympy.log))
    found = _compared(other, expression)
    assert found.sameness in (Sameness.SAME, *OPEN), (str(expression), str(other), found)
    # Open only where the values are out of all bounds.
    assert found.sameness is Sameness.SAME or _is_extreme(expression)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(expression=rational, change=st.randoms(use_true_random=False))
def test_changed_formula_is_right_only_if_its_values_are(expression: Any, change: random.Random) -> None:
    assume(in_bounds(expression) and expression.args)
    other = _changed(expression, change)
    assume(in_bounds(other))
    found = _compared(other, expression)
    differs = _differs_by_mpmath(other, expression)
    if differs:
        assert found.sameness in (Sameness.DIFFERENT, Sameness.UNDEFINED, *OPEN)
        assert found.sameness not in OPEN or _is_extreme(expression) or _is_extreme(other)
    else:
        assert found.sameness in (Sameness.SAME, *OPEN), (str(expression), str(other), found)


def _compared(given_expression: Any, right: Any) -> Comparison:
    try:
        return compared(str(given_expression), str(right))
    except Exception as error:
        # Towers of powers are not read, by design.
        assume(
            getattr(error, "code", "")
            not in ("power-tower", "exponent-too-large", "too-many-parts", "too-deep")
        )
        raise


def _changed(expression: Any, change: random.Random) -> Any:
    """One leaf or subexpression replaced by another."""
    places = [e for e in sympy.preorder_traversal(expression) if not e.is_Number]
    old = change.choice(places or [expression])
    new = change.choice([-old, 2 * old, old + 1, old * W, old**2, U, sympy.tanh(old), old - X])
    return expression.xreplace({old: new})


def _differs_by_mpmath(a: Any, b: Any) -> bool:
    rng = random.Random(7)
    with mpmath.workdps(60):
        for _ in range(12):
            values = {s: sympy.Rational(rng.randrange(-20, 21), 7) for s in (W, U, X)}
            left, right = (sympy.N(e.xreplace(values), 60) for e in (a, b))
            if not (left.is_Float or left.is_Rational) or not (right.is_Float or right.is_Rational):
                continue
            if abs(left - right) > CLOSE * max(1, abs(left), abs(right)):
                return True
    return False


def _is_extreme(expression: Any) -> bool:
    values = [dict.fromkeys((W, U, X), sympy.Rational(n)) for n in (3, -3)] + [{W: 3, U: -3, X: 2}]
    found = [sympy.N(e.xreplace(v)) for v in values for e in sympy.preorder_traversal(expression)]
    return any(not value.is_Float or abs(value) > 1000 for value in found if not value.is_Rational)


def test_points_are_where_the_domain_says() -> None:
    domain = Domain((("w", (Fraction(-9, 10), Fraction(9, 10))),), frozenset({"k"}))
    found = compare(parse_formula("w + k", NAMES), parse_formula("w + 2k", NAMES), domain)
    assert found.point is not None
    assert found.point in domain
