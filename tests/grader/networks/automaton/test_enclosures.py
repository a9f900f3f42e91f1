"""Ranges of real numbers: what holds for all of their numbers, for some, and where floats end."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton.enclosures import Enclosure

FUNCTIONS = {
    "step": lambda u: int(u >= 0),
    "positive": lambda u: int(u > 0),
    "sign": lambda u: (u > 0) - (u < 0),
    "relu": lambda u: max(u, 0),
    "abs": abs,
}
RANGES = [pair for pair in itertools.product((-1.0, 0.0, 1.0, 2.0), repeat=2) if pair[0] <= pair[1]]


@pytest.mark.parametrize(("one", "two"), list(itertools.product(RANGES, repeat=2)))
def test_ranges_are_compared_by_what_holds_for_some_and_for_all_of_their_numbers(one, two):
    """Their ends and what is half way between stand for all."""
    a, b = (Enclosure(np.array([[low]]), np.array([[high]])) for low, high in (one, two))
    twelfths = [[low + (high - low) * i / 12 for i in range(13)] for low, high in (one, two)]
    pairs = list(itertools.product(*twelfths))
    assert tuple(bool(x.item()) for x in a.compared(b)) == (
        all(x >= y for x, y in pairs),
        any(x >= y for x, y in pairs),
    )
    assert tuple(bool(x.item()) for x in a.same(b)) == (
        all(x == y for x, y in pairs),
        max(one[0], two[0]) <= min(one[1], two[1]),
    )
    assert a.inside(b).tolist() == [all(two[0] <= x <= two[1] for x in one)]
    hull = a.hull(b, 0.25)
    assert (hull.low.item(), hull.high.item()) == (min(*one, *two) - 0.25, max(*one, *two) + 0.25)
    assert (a.keys() == b.keys()) == (one == two)
    for name in FUNCTIONS:
        found, values = a.applied(name), [FUNCTIONS[name](x) for x in twelfths[0]]
        assert found.low.item() <= min(values) <= max(values) <= found.high.item()
        if name != "abs":
            assert (found.low.item(), found.high.item()) == (min(values), max(values))


def test_a_range_lies_in_another_only_with_every_entry():
    one = Enclosure(np.array([[0.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 1.0], [1.0, 3.0]]))
    two = Enclosure(np.zeros((2, 2)), np.full((2, 2), 2.0))
    assert one.inside(two).tolist() == [True, False]


def test_zero_stays_exact_and_minus_zero_is_zero():
    zero, pair = Enclosure.of((Fraction(0),)), Enclosure.of((Fraction(0), Fraction(0)))
    far = Enclosure.of((Fraction(10) ** 300, Fraction(-1, 10**300)))
    for one in (zero.plus(zero), zero.times(far), pair.product(far), zero.applied("tanh"), zero.negated()):
        assert not one.low.any()
        assert not one.high.any()
    assert zero.negated().keys() == zero.keys()
    both = zero.applied("sigmoid")
    assert both.low.item() <= 0.5 <= both.high.item()
    assert both.high.item() - both.low.item() < 1e-13


def test_numbers_that_no_float_holds_lie_between_two():
    values = [
        Fraction(1, 3),
        Fraction(10) ** 400,
        -(Fraction(10) ** 400),
        Fraction(1, 10**400),
        Fraction(1, 2),
    ]
    one = Enclosure.of(tuple(values))
    for low, high, value in zip(one.low[0].tolist(), one.high[0].tolist(), values, strict=True):
        assert low == -math.inf or Fraction(low) <= value
        assert high == math.inf or value <= Fraction(high)
        assert (low == high) == (value == Fraction(1, 2))
    assert np.isfinite(one.low[0][[0, 1, 3]]).all()
    assert np.isfinite(one.high[0][[0, 2, 3]]).all()
    assert one.high[0, 0] - one.low[0, 0] < 1e-15


def test_what_overflows_may_be_anything():
    large = Enclosure.of((Fraction(10) ** 308,))
    wide = Enclosure(np.array([[1.0]]), np.array([[1e308]]))
    for one in (
        large.plus(large),
        large.times(large),
        large.product(large),
        large.negated().times(large),
        wide.plus(wide),
        wide.negated().plus(wide.negated()),
    ):
        assert (one.low.item(), one.high.item()) == (-math.inf, math.inf)


def test_tanh_and_sigmoid_do_not_pass_their_limits():
    far = Enclosure(np.array([[-1000.0]]), np.array([[1000.0]]))
    for name, least in (("tanh", -1.0), ("sigmoid", 0.0)):
        found = far.applied(name)
        assert (found.low.item(), found.high.item()) == (least, 1.0)
