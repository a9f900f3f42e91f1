"""Ranks of parts of the Hankel matrix, by trying the free entries of M_0 one after the other."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from reference.linear_system import LinearSystem, markov
from reference.minimal_state import minor_rank


def scalar_system(M_0: int, later: tuple[int, ...]) -> LinearSystem:
    """Markov parameters M_0, then `later`, then 0: a chain of delays that reads one entry at each."""
    n = len(later)
    A = tuple(tuple(Fraction(int(i == j + 1)) for j in range(n)) for i in range(n))
    B = tuple((Fraction(int(i == 0)),) for i in range(n))
    # s_t holds x_t, x_{t-1}, ...: C B is later[0] of a system that D then delays by none.
    C = (tuple(map(Fraction, (0, *later[: n - 1]))),) if n else ((),)
    return LinearSystem(A, B, C, ((Fraction(M_0),),), (Fraction(0),) * n)


def least_rank(M: list[int], rows: tuple[int, ...], columns: tuple[int, ...]) -> int:
    """Over M_0 in -4 ... 4 and quarters between, by numpy."""
    return min(
        int(np.linalg.matrix_rank(np.array([[[d, *M[1:]][i + j] for j in columns] for i in rows], float)))
        for d in np.arange(-16, 17) / 4
    )


@pytest.mark.parametrize(
    ("M", "rows", "columns", "rank"),
    [
        ((5, 1, 1, 1), (0, 1), (0, 1), 1),  # [[d, 1], [1, 1]] has rank 1 for d = 1
        ((5, 1, 0, 0), (0, 1), (0, 1), 2),  # [[d, 1], [1, 0]] for no d
        ((5, 1, 0, 0), (0,), (0, 1), 1),
        ((5, 1, 0, 0), (0, 1), (0,), 1),
        ((5, 2, 1, 0), (0, 1, 2), (0, 1), 2),
    ],
)
def test_the_free_corner_is_taken_as_it_makes_the_rank_least(
    M: tuple[int, ...], rows: tuple[int, ...], columns: tuple[int, ...], rank: int
) -> None:
    system = scalar_system(M[0], (*M[1:], 0))
    assert [int(m[0][0]) for m in markov(system, 3)] == list(M)
    found = minor_rank(system, True, [(i, 0) for i in rows], [(j, 0) for j in columns])
    assert found == least_rank(list(M), rows, columns) == rank


def test_ranks_of_parts_are_those_of_brute_force() -> None:
    """Every part of three delays a side; what its shift by one shows counts too, and no more than these."""
    sides = [side for size in (1, 2, 3) for side in combinations(range(3), size)]
    rng = random.Random(1)
    for _ in range(6):
        M = [rng.choice((-1, 0, 1, 2)) for _ in range(6)]
        system = scalar_system(M[0], (*M[1:], 0))
        for rows, columns in product(sides, sides):
            places = [(i, 0) for i in rows], [(j, 0) for j in columns]
            plain = np.array([[M[i + j] for j in columns] for i in rows], float)
            shifted = np.array([[M[i + j + 1] for j in columns] for i in rows], float)
            assert minor_rank(system, False, *places) == np.linalg.matrix_rank(plain)
            wanted = max(least_rank(M, rows, columns), np.linalg.matrix_rank(shifted))
            assert minor_rank(system, True, *places) == wanted


def test_rows_and_columns_named_twice_count_once() -> None:
    twice = [(0, 0), (1, 0)] * 2
    assert minor_rank(scalar_system(0, (1, 1, 1, 0)), False, twice, twice) == 2
    assert minor_rank(scalar_system(5, (1, 1, 1, 0)), True, twice, twice) == 1


def test_parts_far_back_are_read_where_they_are() -> None:
    late = scalar_system(0, (0, 0, 7, 0))
    assert minor_rank(late, False, [(2, 0)], [(1, 0)]) == 1
    assert minor_rank(late, False, [(2, 0)], [(0, 0)]) == 0
    assert minor_rank(late, False, [], []) == 0
