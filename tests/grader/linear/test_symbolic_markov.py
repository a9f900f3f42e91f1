"""Markov parameters with symbols, against those of the network at values of the symbols."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from grader.exact import polynomial as poly
from grader.exact.polynomial import Budget, value_at
from grader.exact.quotient import Quotient
from grader.linear.symbolic.entries import read_formulas
from grader.linear.symbolic.field import RootField
from grader.linear.symbolic.markov import SymbolicSystem, differences, whole
from grader.model.value import Items, Text
from reference.equivalence import deciding_steps, markov_entries
from reference.linear_system import LinearSystem

A, B = 1, 1 << poly.BITS
DENOMINATORS = [{0: 1}, {0: 6}, {0: 4}, {A: 2}, {2 * A: 3}, {A + B: 1}, {A: 1, 0: 1}, {B: 2, 0: -3}]
NUMERATORS = [{}, {}, {0: 1}, {0: -2}, {A: 1}, {B: 3, 0: 1}, {2 * A: -1, B: 1}, {0: 5, A + B: 2}]


def field_of(text: str = "a + b") -> RootField:
    return RootField(read_formulas({"W": Items((Text(text),))}), Budget(10**7))


def drawn(rng: random.Random, rows: int, columns: int) -> list[list[Quotient]]:
    return [
        [Quotient(rng.choice(NUMERATORS), rng.choice(DENOMINATORS)) for _ in range(columns)]
        for _ in range(rows)
    ]


def at(value: Quotient, point: list[Fraction]) -> Fraction:
    return value_at(value.numerator, point) / value_at(value.denominator, point)


def system_at(system: SymbolicSystem, point: list[Fraction]) -> LinearSystem:
    A, B, C, D = (
        tuple(tuple(at(value, point) for value in row) for row in rows)
        for rows in (system.A, system.B, system.C, system.D)
    )
    return LinearSystem(A, B, C, D, tuple(at(value, point) for value in system.s0))


POINTS = [[Fraction(3, 7), Fraction(-2, 5)], [Fraction(-5), Fraction(1, 3)], [Fraction(2), Fraction(7)]]


@pytest.mark.parametrize(
    ("n", "m", "p"), [(1, 1, 1), (2, 1, 1), (1, 2, 2), (2, 2, 1), (3, 1, 2), (2, 3, 2), (2, 1, 3)]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_difference_is_zero_where_the_network_there_is_right(n: int, m: int, p: int, seed: int) -> None:
    """Asked for is what the network does at one point; at others it does that in some places only."""
    rng = random.Random(f"{n} {m} {p} {seed}")
    system = SymbolicSystem(
        drawn(rng, n, n), drawn(rng, n, m), drawn(rng, p, n), drawn(rng, p, m), drawn(rng, 1, n)[0]
    )
    target = system_at(system, POINTS[0])
    found = differences(system, target, field_of())
    steps = deciding_steps(target, target)
    wanted = markov_entries(target, steps)
    assert found.keys() == wanted.keys()
    for point in POINTS:
        ours = markov_entries(system_at(system, point), steps)
        for place, difference in found.items():
            assert (value_at(difference, point) == 0) == (ours[place] == wanted[place])


@pytest.mark.parametrize("seed", range(12))
def test_a_matrix_over_a_common_denominator_has_the_same_entries(seed: int) -> None:
    rng = random.Random(seed)
    rows = drawn(rng, 3, 2)
    made = whole(rows, Budget(10**6))
    for point in POINTS:
        denominator = value_at(made.denominator, point)
        assert [[value_at(one, point) / denominator for one in row] for row in made.rows] == [
            [at(value, point) for value in row] for row in rows
        ]


def test_a_common_denominator_is_no_larger_than_it_must_be() -> None:
    """Of 2 a, 3 a^2, 4 and a b it is 12 a^2 b, and of a + 1, twice, and 2 a it is 2 a (a + 1)."""
    one = {0: 1}
    single = [Quotient(one, p) for p in ({A: 2}, {2 * A: 3}, {0: 4}, {A + B: 1})]
    assert whole([single], Budget(100)).denominator == {2 * A + B: math.lcm(2, 3, 4)}
    twice = [Quotient(one, {A: 1, 0: 1}), Quotient(one, {A: 2}), Quotient({B: 1}, {A: 1, 0: 1})]
    made = whole([twice], Budget(100))
    assert made.denominator == {2 * A: 2, A: 2}
    assert made.rows == [[{A: 2}, {A: 1, 0: 1}, {A + B: 2}]]


@pytest.mark.parametrize(("root", "is_right"), [("sqrt(2)", True), ("sqrt(3)", False)])
def test_known_squares_are_replaced_before_it_is_told_whether_a_difference_is_zero(
    root: str, is_right: bool
) -> None:
    """The state takes in r x and the output shows r s: r^2 x, which is 2 x for the root of 2."""
    written = read_formulas({"W": Items((Text(root),))})
    field = RootField(written, Budget(10**4))
    (tree,) = written.trees.values()
    r, half, nothing = field.quotient(tree), Quotient({0: 1}, {0: 2}), Quotient({}, {0: 1})
    system = SymbolicSystem([[half]], [[r]], [[r]], [[nothing]], [r])
    f = Fraction
    target = LinearSystem(((f(1, 2),),), ((f(2),),), ((f(1),),), ((f(0),),), (f(2),))
    assert (not any(differences(system, target, field).values())) is is_right
