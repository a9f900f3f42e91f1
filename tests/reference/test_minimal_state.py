"""Ranks of parts of the Hankel matrix, on shift registers whose Markov parameters are chosen."""

from __future__ import annotations

from fractions import Fraction

import pytest

from reference.linear_system import LinearSystem, markov
from reference.minimal_state import minor_rank

ZERO = Fraction(0)


def register(*parameters: int) -> LinearSystem:
    """One input, one output, M_0, M_1, ... as given and 0 from then on: the state holds the last inputs."""
    direct, *later = map(Fraction, parameters)
    n = len(later)
    shift = tuple(tuple(Fraction(int(i == j + 1)) for j in range(n)) for i in range(n))
    first = tuple((Fraction(int(i == 0)),) for i in range(n))
    # The state is read after the input has come in: entry i holds x_{t-i}.
    read = ((direct, *later[:-1]),)
    return LinearSystem(shift, first, read, ((ZERO,),), (ZERO,) * n)


def test_a_register_has_the_parameters_that_it_was_made_of():
    assert [M[0][0] for M in markov(register(4, 3, 2, 0), 4)] == [4, 3, 2, 0, 0]


SQUARE = ([(0, 0), (1, 0)], [(0, 0), (1, 0)])


@pytest.mark.parametrize(
    ("parameters", "without", "with_direct_path"),
    [
        # [[M_0, M_1], [M_1, M_2]]; with a direct path M_0 is free, and [[M_1, M_2], [M_2, M_3]] counts.
        ((0, 1, 1, 1, 0), 2, 1),  # M_0 = 1 makes it [[1, 1], [1, 1]]
        ((5, 1, 1, 1, 0), 2, 1),
        ((1, 1, 1, 1, 0), 1, 1),
        ((0, 1, 0, 0, 0), 2, 2),  # [[d, 1], [1, 0]] is regular for every d
        ((0, 0, 1, 0, 0), 1, 2),  # d = 0 leaves one, but [[0, 1], [1, 0]] has two
        ((3, 0, 0, 0, 0), 1, 0),  # M_0 alone: a direct path does it all
        ((2, 4, 8, 16, 0), 1, 1),
        ((0, 2, 1, 1, 0), 2, 2),  # d = 4 leaves one, but [[2, 1], [1, 1]] has two
    ],
)
def test_the_rank_of_a_square_part(parameters, without, with_direct_path):
    assert minor_rank(register(*parameters), False, *SQUARE) == without
    assert minor_rank(register(*parameters), True, *SQUARE) == with_direct_path


def test_rows_and_columns_named_twice_count_once():
    twice = tuple(places * 2 for places in SQUARE)
    assert minor_rank(register(0, 1, 1, 1, 0), False, *twice) == 2


def test_parts_far_back_are_read_where_they_are():
    assert minor_rank(register(0, 0, 0, 7, 0), False, [(2, 0)], [(1, 0)]) == 1
    assert minor_rank(register(0, 0, 0, 7, 0), False, [(2, 0)], [(0, 0)]) == 0
    assert minor_rank(register(0, 0, 0, 7, 0), False, [], []) == 0
