"""How many states a linear behaviour needs at least, and certificates that fewer cannot do.

Theorem. A behaviour with zero initial response needs exactly rank H states, H = [M_{i+j}] the block Hankel
matrix (the construction of Ho and Kalman attains it). Without a direct path from input to output (RNN-A)
all of H is given. With one (RNN-B), D = M_0 - C B is free, and with it the corner M_0 of H: the least rank
over all corners counts. With H1 = [M_{i+j+1}] and H2 = [M_{i+j+2}] that is 2 rank H1 - rank H2, for H1 is
both what lies below the corner's rows and what lies right of its columns, H2 what these share. Rank H1
alone is too few where something is only delayed: x_{t-1} has rank H1 = 1, but no single state gives C A B = 1
and C A^2 B = 0. Blocks up to the state size of any system that does it are enough (Cayley-Hamilton).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reference.elimination import independent_rows, inverted, multiplied, rank
from reference.linear_system import LinearSystem, Matrix, markov, simulate, zeros


def minimal_states(system: LinearSystem, has_direct_path: bool) -> int:
    """The least state size of an RNN-A (no direct path) or RNN-B (direct path) that does the same.

    Args:
        system: Any system that shows the behaviour; its response to s0 is taken as zero.
        has_direct_path: Whether the output may see the current input.
    """
    return rank(hankel(system, has_direct_path))


def hankel(system: LinearSystem, has_direct_path: bool) -> Matrix:
    """The block Hankel matrix H whose rank is the least state size.

    Block (i, j) is M_{i+j}, for i, j = 0..n with n the system's states, at least 1. With a direct path the
    corner M_0 is replaced by C B of a network with the least state.
    """
    # A system without a state has one in a network that sees its input through the state only.
    size = max(system.n_states, 1) + 1
    M = list(markov(system, 2 * size))
    if has_direct_path:
        M[0] = _corner(_blocks(M, size), system.n_outputs, system.n_inputs)
    return _blocks(M, size)


def _blocks(M: Sequence[Matrix], size: int) -> Matrix:
    return tuple(
        tuple(value for j in range(size) for value in M[i + j][row])
        for i in range(size)
        for row in range(len(M[0]))
    )


def _corner(H: Matrix, n_outputs: int, n_inputs: int) -> Matrix:
    """The corner of the matrix that makes its rank smallest.

    With R right of it, S below it and H2 between, that is R G S for a G with H2 G H2 = H2 and G H2 G = G:
    the inverse of a largest regular part of H2, in its place.
    """
    R, lower = [row[n_inputs:] for row in H[:n_outputs]], H[n_outputs:]
    S, H2 = [row[:n_inputs] for row in lower], tuple(row[n_inputs:] for row in lower)
    rows = independent_rows(H2)
    if not rows:
        return zeros(n_outputs, n_inputs)
    columns = independent_rows(tuple(zip(*(H2[row] for row in rows), strict=True)))
    G = inverted(tuple(tuple(H2[row][column] for column in columns) for row in rows))
    left = tuple(tuple(row[column] for column in columns) for row in R)
    return multiplied(multiplied(left, G), tuple(S[row] for row in rows))


def minor_rank(
    system: LinearSystem,
    has_direct_path: bool,
    rows: Sequence[tuple[int, int]],
    columns: Sequence[tuple[int, int]],
) -> int:
    """A lower bound of the state size: the rank of a part of the Hankel matrix H.

    With a direct path the entries of M_0 are free: they are chosen so that the rank is least. The same part
    of H1, which has no M_0 in it, gives another lower bound; the larger of both is taken.

    Args:
        system: What the network is to do.
        has_direct_path: Whether the network's output may see the current input.
        rows: Rows of H as (delay, output), both from 0.
        columns: Columns of H as (delay, input), both from 0.
    """
    rows, columns = tuple(dict.fromkeys(rows)), tuple(dict.fromkeys(columns))
    last = max((i for i, _ in rows), default=0) + max((j for j, _ in columns), default=0) + 1
    M = markov(system, last)

    def part(lower: bool = False, right: bool = False, shift: int = 0) -> Matrix:
        return tuple(
            tuple(M[i + j + shift][p][q] for j, q in columns if j or not right)
            for i, p in rows
            if i or not lower
        )

    if not has_direct_path:
        return rank(part())
    least = rank(part(lower=True)) + rank(part(right=True)) - rank(part(lower=True, right=True))
    return max(least, rank(part(shift=1)))


def futures_rank(
    system: LinearSystem, sequences: Sequence[Sequence[Sequence[Fraction]]], steps: int, has_direct_path: bool
) -> int:
    """How many dimensions the outputs span from each sequence's last step on, with no input after it.

    They are a fixed linear map of the state at that time, so this is at most the state size. With a direct
    path D x_T is added to the outputs of the last step, and the D that makes it least counts.

    Args:
        system: What the network is to do.
        sequences: Input sequences, each (T, m) with T >= 1.
        steps: How many zero inputs follow.
        has_direct_path: Whether the network's output may see the current input.
    """
    silence = ((Fraction(0),) * system.n_inputs,) * steps
    last, now, later = [], [], []
    for sequence in sequences:
        outputs = simulate(system, (*sequence, *silence))[len(sequence) - 1 :]
        last.append(tuple(sequence[-1]))
        now.append(tuple(outputs[0]))
        later.append(tuple(value for g_t in outputs[1:] for value in g_t))
    if not has_direct_path:
        return rank(_side_by_side(now, later))
    # Combinations of sequences whose last inputs cancel have outputs that D does not reach.
    unreached = rank(_side_by_side(last, now, later)) - rank(_side_by_side(last, later))
    return rank(tuple(later)) + unreached


def _side_by_side(*parts: Sequence[tuple[Fraction, ...]]) -> Matrix:
    return tuple(tuple(value for part in rows for value in part) for rows in zip(*parts, strict=True))
