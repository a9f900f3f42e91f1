"""Conditions on symbols, up to which length they are said, and in which words; roots by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.exact import polynomial as poly
from grader.linear.symbolic import special_values as special
from grader.linear.symbolic.special_values import special_values

A, B = 1, 1 << poly.BITS
NAMES = ("a", "b")


def in_a(*coefficients: int) -> poly.Polynomial:
    """By rising power."""
    return {k: c for k, c in enumerate(coefficients) if c}


@pytest.mark.parametrize(
    ("coefficients", "phrase"),
    [
        ((0, 1), "for a = 0"),
        ((-2, 1), "for a = 2"),
        ((0, 1, 1), "where a = -1 or a = 0"),
        ((0, -1, 1), "for a = 0 or a = 1"),
        ((2, 3, 1), "for a = -2 or a = -1"),
        ((-2, 0, 1), "where a^2 - 2 = 0"),
        ((0, -2, 0, 1), "where a = 0 or a^2 - 2 = 0"),
        ((-3, 0, 2), "where 2*a^2 - 3 = 0"),
    ],
)
def test_a_condition_is_led_by_for_or_where(coefficients: tuple[int, ...], phrase: str) -> None:
    assert special_values([in_a(*coefficients)], [], NAMES).phrase == phrase


@pytest.mark.parametrize(("degree", "text"), [(24, "a = -1 or a = 1"), (25, "")])
def test_roots_are_looked_for_up_to_degree_24(degree: int, text: str) -> None:
    """Of a^24 - 1 and a^24 - a^2 they are 1 and -1; nothing is said of a^25 - 1 or what stands beside it."""
    p, q = {degree * A: 1, 0: -1}, in_a(-1, 0, 1)
    for differences in ([p, q], [q, p]):
        found = special_values(differences, [], NAMES)
        assert (found.text, found.is_never) == (text, False)


def sums(*signs: int) -> list[poly.Polynomial]:
    return [{A: 1, B: sign} for sign in signs]


@pytest.mark.parametrize(("count", "is_said"), [(1, True), (3, True), (4, False)])
def test_three_equations_are_said_at_once(count: int, is_said: bool) -> None:
    text = special_values(sums(2, 3, 5, 7)[:count], [], NAMES).text
    equations = [f"{sign}*b + a = 0" for sign in (2, 3, 5)[:count]]
    found = sorted(
        " + ".join(sorted(one.removesuffix(" = 0").split(" + "))) + " = 0" for one in text.split(" and ")
    )
    assert found == equations if is_said else text == ""


@pytest.mark.parametrize(("count", "is_said"), [(6, True), (7, False)])
def test_an_equation_of_six_terms_is_said(count: int, is_said: bool) -> None:
    p = {k * A + B: 1 for k in range(count - 1)} | {0: 1}
    text = special_values([p], [], NAMES).text
    assert (text.count(" + ") == count - 1) if is_said else text == ""


@pytest.mark.parametrize(("less", "is_said"), [(0, True), (1, False)])
def test_differences_of_many_terms_together_are_left_alone(
    less: int, is_said: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a + b and its multiples by a and by b; six terms."""
    monkeypatch.setattr(special, "MAX_TERMS_TRIED", 6 - less)
    p = [{A: 1, B: 1}, {2 * A: 1, A + B: 1}, {A + B: 1, 2 * B: 1}]
    assert bool(special_values(p, [], NAMES).text) is is_said


@pytest.mark.parametrize(
    ("q", "p", "divides"),
    [
        ({A: 1, 0: -1}, in_a(-1, 0, 1), True),
        ({A: 1, 0: -2}, in_a(-1, 0, 1), False),
        ({A: 2}, {A: 3}, False),
        ({A: 2}, {A: 4}, True),
        ({A: 1}, {B: 1}, False),
        ({A: 1}, {A + B: 5}, True),
        ({2 * A: 1}, {A: 1}, False),
        ({B: 1, A: 1}, {2 * B: 1, 2 * A: -1}, True),
        ({A: 1, 0: -1}, {}, True),
        # a^k - 1 over a - 1 takes k steps, and is given up at the 200th.
        ({A: 1, 0: -1}, {199 * A: 1, 0: -1}, True),
        ({A: 1, 0: -1}, {200 * A: 1, 0: -1}, False),
    ],
)
def test_one_polynomial_divides_another(q: poly.Polynomial, p: poly.Polynomial, divides: bool) -> None:
    assert special._divides(q, p) is divides


@pytest.mark.parametrize("p", [[6, -5, 1], [0, 0, 3], [1], [-2, 0, 0, 5], [1, 2, 3, 4, 5]])
@pytest.mark.parametrize("q", [[1], [0, 2], [-2, 1], [1, 0, 1], [3, 1, 4]])
def test_quotient_and_remainder_make_the_dividend(p: list[int], q: list[int]) -> None:
    """At many points p = q * quotient + remainder, and the remainder is of lower degree than q."""
    quotient, rest = special._divided([Fraction(c) for c in p], [Fraction(c) for c in q])
    assert len(rest) < len(q)
    for x in range(-4, 5):
        values = [sum(c * x**k for k, c in enumerate(one)) for one in (p, q, quotient, rest)]
        assert values[0] == values[1] * values[2] + values[3]


@pytest.mark.parametrize(
    ("number", "divisors"),
    [(1, [1]), (-1, [1]), (12, [1, 2, 3, 4, 6, 12]), (49, [1, 7, 49]), (-13, [1, 13]), (2, [1, 2])],
)
def test_the_divisors_of_a_number(number: int, divisors: list[int]) -> None:
    assert special._divisors(number) == divisors


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("coefficients", "has_one"),
    [
        ((-1, 1), True),
        ((1, 0, 1), False),
        ((-1, 0, 1), True),
        ((1, 1, 1), False),
        ((1, 3, 1), True),
        ((-5, 1, 0, 1), True),
        ((1, 0, 0, 0, 1), False),
        ((-2, 0, 0, 0, 1), True),
        ((1, 1, 0, 0, 1), False),
        ((1, -2, 0, 0, 1), True),
        ((2, 0, 3, 0, 1), False),  # (a^2 + 1)(a^2 + 2)
        ((-2, 0, -1, 0, 1), True),  # (a^2 + 1)(a^2 - 2)
    ],
)
def test_a_polynomial_has_a_real_root(coefficients: tuple[int, ...], has_one: bool, sign: int) -> None:
    assert special._has_real_root([Fraction(sign * c) for c in coefficients]) is has_one


def test_what_a_denominator_forbids_is_forbidden_in_its_own_symbol_only() -> None:
    """a (a - 1) = 0 with a + b not zero leaves both; with a a b not zero a = 1 is left, and with a^3, too."""
    p = in_a(0, -1, 1)
    assert special_values([p], [{A: 1, B: 1}], NAMES).text == "a = 0 or a = 1"
    assert special_values([p], [{2 * A + B: 1}], NAMES).text == "a = 1"
    assert special_values([p], [{3 * A: 1}], NAMES).text == "a = 1"
    # (a - 1)^2 (a - 2) is forbidden at 1 by (a - 1)(a - 3).
    cube = in_a(-2, 5, -4, 1)
    assert special_values([cube], [in_a(3, -4, 1)], NAMES).text == "a = 2"
    assert special_values([cube], [in_a(2, -3, 1)], NAMES).is_never
