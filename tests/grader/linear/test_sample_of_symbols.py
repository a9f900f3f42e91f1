"""Which values of the symbols a network is shown at, and what is shown of it there; by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.exact import polynomial as poly
from grader.exact.polynomial import Budget
from grader.exact.quotient import Quotient
from grader.linear.symbolic import decision
from grader.linear.symbolic.entries import read_formulas
from grader.linear.symbolic.field import RootField, Undecidable
from grader.model.value import Items, Text

A, B = 1, 1 << poly.BITS


def field_of(text: str) -> RootField:
    written = read_formulas({"W": Items((Text(text),))})
    field = RootField(written, Budget(10**6))
    for tree in written.trees.values():
        field.quotient(tree)
    return field


def product(*roots: int | Fraction) -> poly.Polynomial:
    """(a - r) for each root r, brought to whole coefficients."""
    made = {0: 1}
    for root in map(Fraction, roots):
        made = poly.multiply(made, {A: root.denominator} | poly.constant(-root.numerator), Budget())
    return made


def test_sixty_points_are_all_different_and_so_are_the_values_of_each() -> None:
    points = list(decision._points(("a", "b")))
    assert points[0] == {"a": 2, "b": 3}
    assert points[1] == {"a": 3, "b": 5}
    assert points[10] == {"a": 2, "b": 5}
    assert len({(point["a"], point["b"]) for point in points}) == len(points) == 60
    assert all(point["a"] != point["b"] for point in points)


# The first values of one symbol are 2, 3, 5, -1, 1, -2, 7, 0, 1/2 and 4.
ALL = product(2, 3, 5, -1, 1, -2, 7, 0, Fraction(1, 2), 4)


@pytest.mark.parametrize(
    ("excluded", "wrong", "value"),
    [
        ([], [], 2),
        ([], [{0: 1}], 2),
        ([product(2)], [], 3),
        ([product(2), product(3)], [], 5),
        ([product(2, 3), product(5)], [], -1),
        ([], [product(2)], 3),
        ([product(2)], [product(3)], 5),
        # Not both at 2 or 3.
        ([], [product(2), product(3)], 5),
        ([], [product(2, 5), product(3)], -1),
        # All are never seen at once: most are at first at 3.
        ([], [ALL, product(2), {0: 1}], 3),
        ([], [ALL, {0: 1}], 2),
        ([product(2, 3, 5, -1, 1, -2, 7, 0)], [], Fraction(1, 2)),
    ],
)
def test_the_sample_is_the_first_that_shows_the_most(excluded: Any, wrong: Any, value: Any) -> None:
    point, values = decision._sample(field_of("a"), tuple(excluded), wrong)
    assert (point, values) == ({"a": value}, [value])


def test_ten_values_come_in_turn() -> None:
    values = [2, 3, 5, -1, 1, -2, 7, 0, Fraction(1, 2), 4]
    for count, value in enumerate(values):
        assert decision._sample(field_of("a"), (product(*values[:count]),), [])[0] == {"a": value}


def test_where_every_sample_is_forbidden_there_is_none() -> None:
    with pytest.raises(Undecidable):
        decision._sample(field_of("a"), (ALL,), [])


def test_where_a_root_has_no_value_another_sample_is_taken() -> None:
    """sqrt(1 - a) is real at -1 first, and sqrt(1 - 4 a) at -1, too; at 1 the former is 0."""
    for text in ("sqrt(1 - a)", "sqrt(1 - 4*a)"):
        assert decision._sample(field_of(text), (), [])[0] == {"a": -1}


@pytest.mark.parametrize(
    ("limit", "most", "value"),
    [
        # (a - 2)(a - 3) has three terms, and four count for a point: it shows at the third.
        ("MAX_VALUES", 12, 5),
        ("MAX_VALUES", 11, 2),
        ("MAX_VALUES", 0, 2),
        ("MAX_POINTS", 3, 5),
        ("MAX_POINTS", 2, 2),
    ],
)
def test_only_so_many_points_are_looked_at(
    limit: str, most: int, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision, limit, most)
    assert decision._sample(field_of("a"), (), [product(2, 3)])[0] == {"a": value}


def test_two_points_are_looked_at_however_long_the_polynomials_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision, "MAX_VALUES", 0)
    assert decision._sample(field_of("a"), (product(2),), [])[0] == {"a": 3}
    with pytest.raises(Undecidable):
        decision._sample(field_of("a"), (product(2, 3),), [])


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(
    ("short", "off", "is_short"),
    [
        (Fraction(1, 3), Fraction(1, 10**30), True),
        (Fraction(1, 3), Fraction(-1, 10**30), True),
        (Fraction(1, 3), Fraction(1, 10**30) + Fraction(1, 10**40), False),
        (Fraction(1, 3), -Fraction(1, 10**30) - Fraction(1, 10**40), False),
        (Fraction(7, 1000), Fraction(1, 10**40), True),
        (Fraction(5, 1001), Fraction(1, 10**40), False),
        (Fraction(0), Fraction(1, 10**31), True),
    ],
)
def test_what_comes_out_is_shown_as_the_short_fraction_that_it_is(
    short: Fraction, off: Fraction, is_short: bool, sign: int
) -> None:
    value = sign * (short + off)
    assert decision._without_noise(value) == (sign * short if is_short else value)


def test_each_denominator_with_a_symbol_in_it_is_told_once() -> None:
    one = {0: 1}
    entries = [
        [
            [Quotient(one, {0: 3}), Quotient(one, {A: 1})],
            [Quotient({A: 2}, one), Quotient(one, {B: 1, 0: 1})],
        ],
        [[Quotient(one, {A: 1}), Quotient({}, {A: 1, B: 2})]],
    ]
    assert decision._excluded(entries) == ({A: 1}, {B: 1, 0: 1}, {A: 1, B: 2})
