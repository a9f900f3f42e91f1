"""Each operation on many runs at once, against one entry after another in exact fractions."""

from __future__ import annotations

import math
import operator
import random
from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import DividesByZero, NoArithmetic
from grader.networks.automaton.whole_numbers import EXACT, Whole

SHAPES = {0: (), 1: (3,), 2: (2, 3)}
BY_ENTRY = {
    "plus": operator.add,
    "times": operator.mul,
    "larger": max,
    "smaller": min,
    "modulo": lambda a, b: a - b * math.floor(a / b),
}
FUNCTIONS = {
    "step": lambda u: int(u >= 0),
    "positive": lambda u: int(u > 0),
    "sign": lambda u: (u > 0) - (u < 0),
    "relu": lambda u: max(u, 0),
    "abs": abs,
}


def _number(rng, of=Fraction):
    """Zero, small, or about a power of two: some sums and products fit a float and others do not."""
    size = rng.choice((0, rng.randint(0, 9), 2 ** rng.randint(0, 56) + rng.randint(-2, 2)))
    return of(rng.choice((-1, 1)) * size) / rng.choice((1, 1, 2, 3, 10))


def _drawn(rng, shape):
    if not shape:
        return _number(rng)
    return tuple(_drawn(rng, shape[1:]) for _ in range(shape[0]))


def _entries(value):
    return [one for part in value for one in _entries(part)] if isinstance(value, tuple) else [value]


def _is(found, run, exact):
    """Whether a run holds exactly these numbers, or encloses them closely."""
    if isinstance(found, Whole):
        got = [Fraction(int(one), found.denominator) for one in np.atleast_1d(found.numerators[run]).ravel()]
        return got == exact
    ends = zip(found.low[run].ravel().tolist(), found.high[run].ravel().tolist(), exact, strict=True)
    size = max((abs(one) for one in exact), default=0)
    return all(low <= one <= high and high - low <= 1e-12 * size for low, high, one in ends)


def _both(rng, first, second, runs=(1, 3)):
    """Values of two ranks: as nested tuples by run; a matrix has one run."""
    counts = [1 if rank == 2 else rng.choice(runs) for rank in (first, second)]
    return [
        [_drawn(rng, SHAPES[rank]) for _ in range(count)]
        for rank, count in zip((first, second), counts, strict=True)
    ]


def _made(arithmetic, values):
    return arithmetic.joined([arithmetic.of(one) for one in values])


def _at(values, run):
    return values[run if len(values) > 1 else 0]


def _combined(operation, one, two):
    """Entry by entry; a number goes with every entry."""
    if not isinstance(one, tuple) and not isinstance(two, tuple):
        return operation(one, two)
    count = len(one) if isinstance(one, tuple) else len(two)
    sides = [side if isinstance(side, tuple) else (side,) * count for side in (one, two)]
    return tuple(_combined(operation, a, b) for a, b in zip(*sides, strict=True))


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
@pytest.mark.parametrize("name", BY_ENTRY)
def test_two_values_are_combined_entry_by_entry(name, arithmetic):
    rng = random.Random(name)
    for ranks in [(0, 0), (1, 1), (0, 1), (1, 0), (2, 2), (0, 2), (2, 0)] * 12:
        sides = _both(rng, *ranks)
        one, two = (_made(arithmetic, values) for values in sides)
        if name == "modulo" and (arithmetic is Enclosure or 0 in _entries(tuple(sides[1]))):
            with pytest.raises((NoArithmetic, DividesByZero)):
                one.modulo(two)
            continue
        found = getattr(one, name)(two)
        for run in range(found.runs):
            exact = _entries(_combined(BY_ENTRY[name], *(_at(values, run) for values in sides)))
            if arithmetic is Whole or name != "plus":
                assert _is(found, run, exact), (sides, run)
            else:
                # What is left of two numbers that take each other away is known as well as they are.
                size = max(abs(x) for values in sides for x in _entries(_at(values, run)))
                for low, high, right in zip(
                    found.low[run].ravel().tolist(), found.high[run].ravel().tolist(), exact, strict=True
                ):
                    assert low <= right <= high
                    assert high - low <= 1e-14 * size


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
def test_products_are_sums_of_products(arithmetic):
    rng = random.Random(3)
    for _ in range(60):
        runs = rng.choice((1, 3))
        M, N = _drawn(rng, (2, 3)), _drawn(rng, (3, 2))
        threes, other = ([_drawn(rng, (3,)) for _ in range(runs)] for _ in range(2))
        twos = [_drawn(rng, (2,)) for _ in range(runs)]
        matrix, columns = arithmetic.of(M), tuple(zip(*M, strict=True))
        cases = [
            (matrix.product(_made(arithmetic, threes)), [[(row, v) for row in M] for v in threes]),
            (_made(arithmetic, twos).product(matrix), [[(v, column) for column in columns] for v in twos]),
            (
                matrix.transposed().product(_made(arithmetic, twos)),
                [[(column, v) for column in columns] for v in twos],
            ),
            (
                _made(arithmetic, threes).product(_made(arithmetic, other)),
                [[pair] for pair in zip(threes, other, strict=True)],
            ),
        ]
        if arithmetic is Whole:
            pairs = [(row, column) for row in M for column in zip(*N, strict=True)]
            cases.append((matrix.product(Whole.of(N)), [pairs]))
        for found, wanted in cases:
            assert found.runs == len(wanted)
            for run, rows in enumerate(wanted):
                exact = [sum(map(operator.mul, *pair)) for pair in rows]
                if arithmetic is Whole:
                    assert _is(found, run, exact)
                    continue
                # Rounding of each term counts, whatever is left of their sum.
                sizes = [sum(abs(a * b) for a, b in zip(*pair, strict=True)) for pair in rows]
                ends = found.low[run].ravel().tolist(), found.high[run].ravel().tolist(), exact, sizes
                for low, high, right, size in zip(*ends, strict=True):
                    assert low <= right <= high
                    assert high - low <= 1e-13 * size


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
def test_functions_quotients_and_signs_are_those_of_each_entry(arithmetic):
    rng = random.Random(4)
    for rank in (0, 1, 2) * 20:
        values = [_drawn(rng, SHAPES[rank]) for _ in range(1 if rank == 2 else 3)]
        one = _made(arithmetic, values)
        assert (one.rank, one.runs, one.size) == (rank, len(values), len(_entries(tuple(values))))
        for name, function in FUNCTIONS.items():
            found = one.applied(name)
            assert all(
                _is(found, run, [function(x) for x in _entries(value)]) for run, value in enumerate(values)
            )
        negated = one.negated()
        assert all(_is(negated, run, [-x for x in _entries(value)]) for run, value in enumerate(values))
        if 0 in _entries(tuple(values)):
            with pytest.raises(DividesByZero):
                one.inverted()
        else:
            inverted = one.inverted()
            assert all(_is(inverted, run, [1 / x for x in _entries(v)]) for run, v in enumerate(values))
    about_zero = tuple(map(Fraction, range(-2, 3)))
    for name, function in FUNCTIONS.items():
        assert _is(arithmetic.of(about_zero).applied(name), 0, list(map(function, about_zero)))
    with pytest.raises(NoArithmetic):
        arithmetic.of((Fraction(1),)).applied("exp")


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
def test_entries_and_runs_are_put_together_and_taken_apart(arithmetic):
    rng = random.Random(5)
    for _ in range(30):
        runs = rng.choice((1, 3))
        numbers, vectors = ([_drawn(rng, SHAPES[rank]) for _ in range(runs)] for rank in (0, 1))
        alone = _drawn(rng, SHAPES[1])
        parts = [_made(arithmetic, numbers), _made(arithmetic, vectors), arithmetic.of(alone)]
        stacked = arithmetic.stacked(parts)
        rows = [[number, *vector, *alone] for number, vector in zip(numbers, vectors, strict=True)]
        assert stacked.runs == runs
        places = np.array([False, True, True, False, True, True, False])
        for run, row in enumerate(rows):
            assert _is(stacked, run, row)
            assert _is(stacked.column(2, 5), run, row[2:5])
            assert _is(stacked.entry(4), run, row[4:5])
            kept = [x if is_kept else 0 for x, is_kept in zip(row, places, strict=True)]
            assert _is(stacked.masked(places), run, kept)
            assert _is(stacked.selected(np.array([run, 0])), 0, row)
            assert _is(stacked.selected(np.array([run, 0])), 1, rows[0])


def test_what_stands_just_beyond_what_floats_hold_is_exact():
    """Of odd numbers above 2^53 every other is no float."""
    top = Fraction(EXACT)
    cases = [
        (Whole.of((top - 1,)).plus(Whole.of((Fraction(2),))), top + 1),
        (Whole.of((top / 4 + 1,)).times(Whole.of((Fraction(5),))), (top / 4 + 1) * 5),
        (Whole.of(((top / 4 + 1) * 3,) * 3).product(Whole.of((Fraction(1),) * 3)), (top / 4 + 1) * 9),
        (Whole.of(((top / 4 + 1) * 3,) * 3).product(Whole.of(((Fraction(1),),) * 3)), (top / 4 + 1) * 9),
        (Whole.of((((top / 4 + 1) * 3,) * 3,)).product(Whole.of((Fraction(1),) * 3)), (top / 4 + 1) * 9),
        (Whole.of((top / 2 + 1,)).plus(Whole.of((Fraction(1, 3),))), top / 2 + 1 + Fraction(1, 3)),
        (Whole.of((Fraction(0),)).plus(Whole.of((Fraction(1, 2**60 + 1),))), Fraction(1, 2**60 + 1)),
        (Whole.of((top + 1,)), top + 1),
    ]
    assert all(_is(found, 0, [exact]) for found, exact in cases)


def test_what_may_come_to_the_first_whole_number_that_floats_miss_is_kept_in_python_s_own():
    """2^53 is the first after which a float is missing."""
    half, root = Fraction(2**52), Fraction(2**26)
    for found in (
        Whole.of((half,)).plus(Whole.of((half,))),
        Whole.of((half,)).plus(Whole.of((Fraction(1, 2),))),
        Whole.of((root,)).times(Whole.of((2 * root,))),
        Whole.of((root, root)).product(Whole.of((root, root))),
    ):
        assert found.numerators.dtype == object
    assert Whole.of((half,)).plus(Whole.of((half - 1,))).numerators.dtype == np.float64


def test_short_numbers_beside_long_ones_stay_exact_when_they_are_multiplied():
    long = Fraction(2**60 + 1)
    for both in (
        Whole.stacked([Whole.of((long,)), Whole.of((Fraction(3),))]),
        Whole.stacked([Whole.of((Fraction(3),)), Whole.of((long,))]),
        Whole.of((Fraction(3), Fraction(3))).plus(Whole.of((long - 3, Fraction(0)))),
    ):
        found = both.times(Whole.of((long, long))).fractions()
        assert set(found) == {long * long, 3 * long}


def test_whole_numbers_are_kept_as_floats_as_long_as_those_hold_them():
    small, large = Whole.of((Fraction(EXACT - 1),)), Whole.of((Fraction(EXACT),))
    assert small.numerators.dtype == np.float64
    assert large.numerators.dtype == object
    assert Whole.stacked([large.plus(large.negated()), small]).numerators.dtype == np.float64
    one = Whole.of((Fraction(1, 3),))
    for found in (
        one.plus(one),
        one.times(one),
        one.larger(Whole.of((Fraction(2),))),
        one.product(one),
        one.applied("relu"),
    ):
        assert found.numerators.dtype == np.float64
    assert [Whole.of((Fraction(x),)).bits for x in (0, 1, 7, 8, -8, EXACT)] == [1, 1, 3, 4, 4, 54]
    assert Whole.of((Fraction(1, 9), Fraction(1, 3))).bits == 4


def test_vectors_share_a_key_exactly_if_they_are_equal():
    """In floats or not, over a denominator that cancels or not, about where a key is one byte an entry."""
    by_key = {}
    for value in range(-300, 301):
        forms = [
            Whole(np.array([[float(value), 1.0]])),
            Whole(np.array([[2.0 * value, 2.0]]), 2),
            Whole(np.array([[value, 1]], dtype=object)),
            Whole(np.array([[6 * value, 6]], dtype=object), 6),
        ]
        keys = {one.keys()[0] for one in forms}
        keys |= {Whole(np.array([[float(value), 1.0], [7.0, 7.0]])).keys()[0]}
        assert len(keys) == 1
        halves = Whole(np.array([[float(value), 1.0]]), 2).keys()[0]
        assert by_key.setdefault(keys.pop(), (value, 1)) == (value, 1)
        assert by_key.setdefault(halves, (value, 2)) == (value, 2)


def test_sums_do_not_keep_a_denominator_that_they_do_not_need():
    third = Whole.of((Fraction(1, 3), Fraction(2, 3)))
    one = Whole.stacked([third.plus(Whole.of((Fraction(2, 3), Fraction(1, 3))))])
    assert (one.denominator, one.fractions()) == (1, (1, 1))
    long = Whole(np.array([[6 * 2**60, 9]], dtype=object), 12)
    assert (Whole.stacked([long]).denominator, Whole.stacked([long]).fractions()) == (
        4,
        (2**59, Fraction(3, 4)),
    )


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
def test_numbers_are_compared_as_they_are(arithmetic):
    rng = random.Random(6)
    for ranks in [(0, 0), (1, 1), (0, 1), (1, 0)] * 10:
        one, two = ([_drawn(rng, SHAPES[rank])] for rank in ranks)
        first, second = _made(arithmetic, one), _made(arithmetic, two)
        for found, operation in (
            (first.compared(second), operator.ge),
            (first.same(second), operator.eq),
            (first.same(first), None),
        ):
            exact = _entries(_combined(operation, one[0], two[0])) if operation else [True] * first.size
            surely, maybe = (side.ravel().tolist() for side in found)
            for sure, may, right in zip(surely, maybe, exact, strict=True):
                assert right or not sure
                assert may or not right
                assert arithmetic is Enclosure or sure == may == right
