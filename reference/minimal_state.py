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
    """The block Hankel matrix whose rank is the least state size.

    Block (i, j) is M_{i+j}; with a direct path the corner is C B of a network with the least state.
    """
    size = system.n_states + 1
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
    """The corner that makes the rank least.

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


def minor(
    system: LinearSystem,
    has_direct_path: bool,
    rows: Sequence[tuple[int, int]],
    columns: Sequence[tuple[int, int]],
) -> Matrix:
    """The part of a Hankel matrix in the given (delay, output) rows and (delay, input) columns, from 0.

    Its rank is at most the state size: with a direct path it is of H1, which does not have the free corner.
    """
    shift = int(has_direct_path)
    last = max((i for i, _ in rows), default=0) + max((j for j, _ in columns), default=0) + shift
    M = markov(system, last)
    return tuple(tuple(M[i + j + shift][p][q] for j, q in columns) for i, p in rows)


def futures(
    system: LinearSystem, sequences: Sequence[Sequence[Sequence[Fraction]]], steps: int, has_direct_path: bool
) -> Matrix:
    """One row a sequence: the outputs from its last step on, with zero inputs for `steps` more steps.

    In a network without a direct path every such row is a fixed linear map of the state at that time, so
    their rank is at most the state size. With a direct path the last step itself is left out: the input
    adds to it.

    Args:
        system: What the network is to do.
        sequences: Input sequences, each (T, m) with T >= 1.
        steps: How many zero inputs follow.
        has_direct_path: Whether the network's output may see the current input.
    """
    silence = ((Fraction(0),) * system.n_inputs,) * steps
    rows = []
    for sequence in sequences:
        outputs = simulate(system, (*sequence, *silence))
        seen = outputs[len(sequence) - 1 + int(has_direct_path) :]
        rows.append(tuple(value for g_t in seen for value in g_t))
    return tuple(rows)
