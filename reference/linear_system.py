"""Linear recurrent systems over the rational numbers: what they do, exactly.

s_t = A s_{t-1} + B x_t,    g_t = C s_t + D x_t,    t = 1, 2, ...

Unrolled, g_t = r_t + sum over k < t of M_k x_{t-k}, with the Markov parameters M_0 = D + C B, M_k = C A^k B
and the response to the initial state r_t = C A^t s0. There is no g_0: s0 is seen only through A.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Row: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = tuple[Row, ...]


class LinearSystem(NamedTuple):
    """One system: A (n, n), B (n, m), C (p, n), D (p, m), s0 (n,); entries are exact."""

    A: Matrix
    B: Matrix
    C: Matrix
    D: Matrix
    s0: Row

    @property
    def n_states(self) -> int:
        """Size n of the state."""
        return len(self.s0)

    @property
    def n_inputs(self) -> int:
        """Size m of the input."""
        return len(self.D[0])

    @property
    def n_outputs(self) -> int:
        """Size p of the output."""
        return len(self.D)


def from_rnn_a(Wss: Matrix, Wsx: Matrix, Wo: Matrix, s0: Row) -> LinearSystem:
    """The system of an RNN-A: s_t = Wss s_{t-1} + Wsx x_t, g_t = Wo s_t."""
    n_inputs = len(Wsx[0]) if Wsx else 0
    return LinearSystem(Wss, Wsx, Wo, zeros(len(Wo), n_inputs), s0)


def from_rnn_b(Wssx: Matrix, Wox: Matrix, s0: Row) -> LinearSystem:
    """The system of an RNN-B: s_t = Wssx [s_{t-1}; x_t], g_t = Wox [s_t; x_t]."""
    n = len(s0)
    return LinearSystem(
        A=tuple(row[:n] for row in Wssx),
        B=tuple(row[n:] for row in Wssx),
        C=tuple(row[:n] for row in Wox),
        D=tuple(row[n:] for row in Wox),
        s0=s0,
    )


def zeros(rows: int, columns: int) -> Matrix:
    """A matrix of exact zeros."""
    return ((Fraction(0),) * columns,) * rows


def simulate(system: LinearSystem, x: Sequence[Sequence[Fraction | int]]) -> Matrix:
    """Outputs g_1..g_T for the inputs x_1..x_T, step by step and exactly."""
    state, outputs = system.s0, []
    for x_t in x:
        state = _add(_apply(system.A, state), _apply(system.B, x_t))
        outputs.append(_add(_apply(system.C, state), _apply(system.D, x_t)))
    return tuple(outputs)


def markov(system: LinearSystem, last: int) -> tuple[Matrix, ...]:
    """Markov parameters M_0..M_last, each (p, m).

    Powers of A are never formed: A acts on the columns of B, in whole numbers over common denominators,
    which is ten times faster than Fractions.
    """
    a, A = _whole(system.A)
    b, X = _whole(system.B)
    c, C = _whole(system.C)
    parameters = []
    for k in range(last + 1):
        over = c * a**k * b
        CX = _product(C, X) if X else [[0] * system.n_inputs] * system.n_outputs
        parameters.append(tuple(tuple(Fraction(value, over) for value in row) for row in CX))
        X = _product(A, X)
    first = tuple(_add(row, feed) for row, feed in zip(parameters[0], system.D, strict=True))
    return (first, *parameters[1:])


def initial_response(system: LinearSystem, last: int) -> Matrix:
    """What the initial state alone gives: r_1..r_last, each (p,)."""
    column = tuple((value,) for value in system.s0)
    at_start = LinearSystem(system.A, column, system.C, zeros(len(system.C), 1), system.s0)
    return tuple(tuple(row[0] for row in matrix) for matrix in markov(at_start, last)[1:])


def absolute(system: LinearSystem) -> LinearSystem:
    """The system with every entry replaced by its absolute value.

    Its Markov parameters are at least as large as those of the system, and what rounding of the entries does
    to the latter grows with them.
    """
    A, B, C, D = (tuple(tuple(map(abs, row)) for row in matrix) for matrix in system[:4])
    return LinearSystem(A, B, C, D, tuple(map(abs, system.s0)))


def bits(system: LinearSystem, limit: int) -> int:
    """Length in bits of the longest numerator together with its matrix's common denominator.

    Exact arithmetic starts from such numbers; how long they are says how long it takes.

    Args:
        system: Whose entries are counted.
        limit: In bits; counting stops at the first number that is longer.
    """
    longest = 0
    for matrix in (*system[:4], (system.s0,)):
        over = 1
        for value in (value for row in matrix for value in row):
            over = math.lcm(over, value.denominator)
            longest = max(longest, value.numerator.bit_length() + over.bit_length())
            if longest > limit:
                return longest
    return longest


def _apply(matrix: Matrix, vector: Sequence[Fraction | int]) -> Row:
    return tuple(sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in matrix)


def _add(left: Row, right: Row) -> Row:
    return tuple(a + b for a, b in zip(left, right, strict=True))


def _whole(matrix: Matrix) -> tuple[int, list[list[int]]]:
    """A common denominator, and the matrix of numerators over it."""
    over = math.lcm(*(value.denominator for row in matrix for value in row))
    return over, [[value.numerator * (over // value.denominator) for value in row] for row in matrix]


def _product(left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(map(int.__mul__, row, column)) for column in columns] for row in left]
