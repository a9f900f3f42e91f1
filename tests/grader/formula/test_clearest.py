"""A difference is shown where a person sees it; and what is said of formulas with few values."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.formula.compare import Sameness, clearest, compare, distance
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain

NAMES = Names(("w",))


def read(text):
    return parse_formula(text, NAMES, 4000)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("given", "right", "differs"),
    [
        # At 2 they agree, at 3 they differ by a thousandth, and close to 0 by any share.
        ("w + (w - 2)/1000", "w", lambda w: ((w - 2) / 1000, w)),
        ("w^3 + w/500", "w^3", lambda w: (w / 500, w**3)),
        ("(w - 2)*(w - 3)*(w + 2)/5000 + 1", "1", lambda w: ((w - 2) * (w - 3) * (w + 2) / 5000, 1)),
    ],
)
def test_a_point_is_looked_for_at_which_a_hundredth_of_the_value_is_off(given, right, differs, seed):
    first = compare(read(given), read(right), Domain(), seed)
    assert first.sameness is Sameness.DIFFERENT
    assert distance(first) < Fraction(1, 100)
    found = clearest(read(given), read(right), Domain(), seed, first)
    off, value = differs(found.point["w"])
    assert (found.sameness, found.wanted, found.got) == (Sameness.DIFFERENT, value, value + off)
    assert abs(off) >= max(abs(value), abs(value + off)) / 100
    assert found.agreeing == first.agreeing


@pytest.mark.parametrize(
    ("given", "right"),
    [("1001/1000", "1"), ("1 + 1/10^9", "1"), ("w + 1", "w"), ("w*1001/1000", "w"), ("w^2", "w*w")],
)
def test_where_no_point_shows_more_the_first_one_stays(given, right):
    first = compare(read(given), read(right), Domain())
    assert clearest(read(given), read(right), Domain(), 0, first) == first


def test_of_small_differences_the_largest_is_shown():
    """It grows with w, to 1/1000 at 100, the furthest that is tried."""
    given, right = f"1 + w{'/10' * 5}", "1"
    first = compare(read(given), read(right), Domain())
    found = clearest(read(given), read(right), Domain(), 0, first)
    assert abs(found.point["w"]) == 100
    assert distance(found) > distance(first)


def test_differences_that_nobody_sees_are_all_alike():
    given, right = f"1 + w{'/10' * 9}", "1"
    first = compare(read(given), read(right), Domain())
    assert clearest(read(given), read(right), Domain(), 0, first) == first


@pytest.mark.parametrize(
    ("given", "right"),
    [("log(-w - 5/2)", "log(-5/2 - w)"), ("sqrt(-w - 5/2)*sqrt(-w - 5/2)", "sqrt(-5/2 - w)^2")],
)
def test_formulas_with_values_at_few_points_are_proved_equal_at_one_of_them(given, right):
    """Of the first points 2, 3, -2 and -3 it has a value at the last."""
    found = compare(read(given), read(right), Domain())
    assert (found.sameness, found.is_proved) == (Sameness.SAME, True)
    assert found.agreeing >= 1


@pytest.mark.parametrize(
    ("factors", "sameness"),
    [(["w - 2"], Sameness.SAME), (["w - 2", "w - 3"], Sameness.SAME), (["w - 2", "w - 3", "w + 2"], None)],
)
def test_of_cancelled_factors_two_may_meet_the_first_points(factors, sameness):
    """At all three of the first points there is no value: a fourth alone says too little."""
    both = "*".join(f"({one})" for one in factors)
    found = compare(read(f"w*{both}/({both})"), read("w"), Domain())
    assert found.sameness is (sameness or Sameness.UNDEFINED)
