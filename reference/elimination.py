"""Exact linear algebra on matrices of fractions: rank, independent rows, products, inverses."""

from __future__ import annotations

from fractions import Fraction

from reference.linear_system import Matrix


def rank(matrix: Matrix) -> int:
    """Rank over the rational numbers."""
    return len(independent_rows(matrix))


def independent_rows(matrix: Matrix) -> list[int]:
    """Indices of the rows that are no linear combination of the rows before them."""
    reduced: list[tuple[int, list[Fraction]]] = []
    found = []
    for index, row in enumerate(matrix):
        rest = list(row)
        for column, other in reduced:
            if rest[column]:
                factor = rest[column] / other[column]
                rest = [value - factor * above for value, above in zip(rest, other, strict=True)]
        column_or_none = next((j for j, value in enumerate(rest) if value), None)
        if column_or_none is not None:
            reduced.append((column_or_none, rest))
            found.append(index)
    return found


def multiplied(left: Matrix, right: Matrix) -> Matrix:
    """The product of two matrices, neither empty."""
    columns = tuple(zip(*right, strict=True))
    return tuple(
        tuple(
            sum((a * b for a, b in zip(row, column, strict=True) if a and b), Fraction(0))
            for column in columns
        )
        for row in left
    )


def inverted(matrix: Matrix) -> Matrix:
    """The inverse of a square matrix, by elimination.

    Raises:
        ZeroDivisionError: If it is singular.
    """
    n = len(matrix)
    rows = [[*row, *(Fraction(i == j) for j in range(n))] for i, row in enumerate(matrix)]
    for column in range(n):
        pivot = next((i for i in range(column, n) if rows[i][column]), None)
        if pivot is None:
            raise ZeroDivisionError("a singular matrix")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        top = rows[column][column]
        rows[column] = [value / top for value in rows[column]]
        for i in range(n):
            factor = rows[i][column]
            if i != column and factor:
                rows[i] = [value - factor * above for value, above in zip(rows[i], rows[column], strict=True)]
    return tuple(tuple(row[n:]) for row in rows)
