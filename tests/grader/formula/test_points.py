"""Where formulas are compared, and where one alone has no value."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

from grader.formula.marking.judge import excluded_point
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain, outer_points, points

NAMES = Names(("a", "b", "n"))
THREE_TO_SIX = (Fraction(3), Fraction(6))
ODD = (Fraction(-7, 2), Fraction(5, 2))


@pytest.mark.parametrize(
    "domain",
    [
        Domain(),
        Domain(whole=frozenset({"n"})),
        Domain((("n", THREE_TO_SIX), ("a", ODD)), frozenset({"n"})),
        Domain((("n", ODD), ("a", (Fraction(1, 10), Fraction(1, 9)))), frozenset({"n"})),
    ],
)
def test_points_lie_where_the_author_allows(domain: Domain) -> None:
    marks = [Fraction(n, 2) for n in range(-20, 20)]
    for point in itertools.islice(points(("a", "b", "n"), domain, 1), 200):
        assert point in domain
    for point in outer_points(("a", "b", "n"), domain, 1, marks):
        assert point in domain


@pytest.mark.parametrize(("interval", "values"), [(THREE_TO_SIX, {3, 4, 5, 6}), (ODD, {-3, -2, -1, 0, 1, 2})])
def test_a_short_range_of_whole_numbers_is_tried_wholly(interval: tuple, values: set[int]) -> None:
    domain = Domain((("n", interval),), frozenset({"n"}))
    assert {point["n"] for point in outer_points(("n",), domain, 1, [])} == values


@pytest.mark.parametrize(("names", "is_far"), [(("a", "b"), True), (("a",), False)])
def test_several_open_symbols_are_far_out_at_once(names: tuple[str, ...], is_far: bool) -> None:
    """Each by itself is tried beyond 3 in any case."""
    found = list(outer_points(names, Domain(), 1, []))
    assert all(any(abs(point[name]) > 3 for point in found) for name in names)
    assert (
        any(len(point) > 1 and all(abs(value) > 3 for value in point.values()) for point in found) is is_far
    )


@pytest.mark.parametrize(
    ("given", "right", "zero"),
    [
        ("(a - 5)*b/(a - 5)", "b", {"a": 5}),
        ("(2*a + 1)*b/(2*a + 1)", "b", {"a": Fraction(-1, 2)}),
        ("a*b/a", "b", {"a": 0}),
        ("a^2/a", "a", {"a": 0}),
        ("(a^2 - 1)*b/(a^2 - 1)", "b", {"a": -1}),
        ("b/a", "b/a", None),  # the right one has no value there, either
        ("b", "b", None),
        ("(a - 5)^0*b", "b", None),
        ("(a^2 + 1)*b/(a^2 + 1)", "b", None),
    ],
)
def test_where_a_formula_alone_has_no_value(given: str, right: str, zero: dict | None) -> None:
    found = excluded_point(parse_formula(given, NAMES), parse_formula(right, NAMES), Domain())
    assert (found is None) == (zero is None)
    assert zero is None or {name: found[name] for name in zero} == zero


def test_a_value_that_the_domain_forbids_is_none_to_name() -> None:
    domain = Domain((("a", (Fraction(-3), Fraction(4))),))
    pair = parse_formula("(a - 5)*b/(a - 5)", NAMES), parse_formula("b", NAMES)
    assert excluded_point(*pair, domain) is None
