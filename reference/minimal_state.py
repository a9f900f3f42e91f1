"""How many states a linear behaviour needs at least, and certificates that fewer cannot do.

Theorem. A behaviour with zero initial response needs exactly rank H0 states without a direct path from
input to output (RNN-A), H0 = [M_{i+j}], and exactly rank H1 states with one (RNN-B), H1 = [M_{i+j+1}],
because there D = M_0 - C B is free. Blocks up to the state size of any system that does it are enough
(Cayley-Hamilton; the construction of Ho and Kalman attains the rank).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from reference.linear_system import LinearSystem, Matrix, markov, simulate


def minimal_states(system: LinearSystem, has_direct_path: bool) -> int:
    """The least state size of an RNN-A (no direct path) or RNN-B (direct path) that does the same.

    Args:
        system: Any system that shows the behaviour; its response to s0 is taken as zero.
        has_direct_path: Whether the output may see the current input.
    """
    return rank(hankel(system, has_direct_path))


def hankel(system: LinearSystem, has_direct_path: bool) -> Matrix:
    """The block Hankel matrix whose rank is the least state size; block (i, j) is M_{i+j} or M_{i+j+1}."""
    size, shift = system.n_states + 1, int(has_direct_path)
    M = markov(system, 2 * size + shift)
    return tuple(
        tuple(value for j in range(size) for value in M[i + j + shift][row])
        for i in range(size)
        for row in range(system.n_outputs)
    )


def minor(
    system: LinearSystem,
    has_direct_path: bool,
    rows: Sequence[tuple[int, int]],
    columns: Sequence[tuple[int, int]],
) -> Matrix:
    """The part of the Hankel matrix in the given (delay, output) rows and (delay, input) columns, from 0."""
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


def rank(matrix: Matrix) -> int:
    """Rank over the rational numbers, by elimination."""
    rows = [list(row) for row in matrix]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        top = rows[found]
        for i in range(found + 1, len(rows)):
            if rows[i][column]:
                factor = rows[i][column] / top[column]
                rows[i] = [value - factor * above for value, above in zip(rows[i], top, strict=True)]
        found += 1
    return found
