"""Linear recurrent systems over the rational numbers: what they do, exactly.

s_t = A s_{t-1} + B x_t,    g_t = C s_t + D x_t,    t = 1, 2, ...

Unrolled, g_t = r_t + sum over k < t of M_k x_{t-k}, with the Markov parameters M_0 = D + C B, M_k = C A^k B
and the response to the initial state r_t = C A^t s0. There is no g_0: s0 is seen only through A.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Row: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = tuple[Row, ...]
Whole: TypeAlias = tuple[int, list[list[int]]]
"""A matrix as a common denominator and the numerators over it."""


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
        CX = _seen(C, X, system.n_inputs)
        parameters.append(tuple(tuple(Fraction(value, over) for value in row) for row in CX))
        X = _product(A, X)
    first = tuple(_add(row, feed) for row, feed in zip(parameters[0], system.D, strict=True))
    return (first, *parameters[1:])


def whole_responses(system: LinearSystem) -> Iterator[tuple[Whole, Whole]]:
    """M_0 and r_1, M_1 and r_2, and so on without end, each as a common denominator and numerators over it.

    What `markov` and `initial_response` give, without a Fraction: to compare two systems none is needed.
    """
    (a, A), (b, X), (c, C), (d, D) = map(_whole, system[:4])
    s, S = _whole(tuple((value,) for value in system.s0))
    over_input, over_start = c * b, c * a * s
    S = _product(A, S)
    first = [
        [value * d + feed * over_input for value, feed in zip(row, feeds, strict=True)]
        for row, feeds in zip(_seen(C, X, system.n_inputs), D, strict=True)
    ]
    yield (over_input * d, first), (over_start, _seen(C, S, 1))
    while True:
        X, S = _product(A, X), _product(A, S)
        over_input, over_start = over_input * a, over_start * a
        yield (over_input, _seen(C, X, system.n_inputs)), (over_start, _seen(C, S, 1))


def _seen(C: list[list[int]], X: list[list[int]], columns: int) -> list[list[int]]:
    """C X; zeros where there is no state."""
    return _product(C, X) if X else [[0] * columns] * len(C)


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


def _whole(matrix: Matrix) -> Whole:
    over = math.lcm(*(value.denominator for row in matrix for value in row))
    return over, [[value.numerator * (over // value.denominator) for value in row] for row in matrix]


def _product(left: list[list[int]], right: list[list[int]]) -> list[list[int]]:
    columns = list(zip(*right, strict=True))
    return [[sum(map(int.__mul__, row, column)) for column in columns] for row in left]
