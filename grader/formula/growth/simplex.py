"""A direction in which given linear forms are all positive, or none: exact, by the simplex method."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Vector = tuple[Fraction, ...]


def separating(forms: Sequence[Vector]) -> Vector | None:
    """A direction w with entries > 0 in which every form is positive; None if there is none.

    There is none exactly if some weighted mean of the forms has no positive entry (Farkas). Largest t with
    t <= w . form for all forms, w >= 0 and sum of w <= 1; Bland's rule, so that it ends.

    Args:
        forms: At least one, all of one length.
    """
    n, zero, one = len(forms[0]), Fraction(0), Fraction(1)
    # Columns: w, t, a slack for each row, right side. Each row says t - w . form + slack = 0.
    rows = [
        [*(-entry for entry in form), one, *(one if i == j else zero for j in range(len(forms))), zero, zero]
        for i, form in enumerate(forms)
    ]
    rows.append([*[one] * n, zero, *[zero] * len(forms), one, one])
    gain = [*[zero] * n, one, *[zero] * (len(forms) + 2)]
    basis = [n + 1 + i for i in range(len(rows))]
    while (column := next((j for j, value in enumerate(gain[:-1]) if value > 0), None)) is not None:
        fitting = [i for i, row in enumerate(rows) if row[column] > 0]
        i = min(fitting, key=lambda i: (rows[i][-1] / rows[i][column], basis[i]))
        pivot = [value / rows[i][column] for value in rows[i]]
        rows[i], basis[i] = pivot, column
        for j, row in enumerate(rows):
            if j != i and row[column]:
                rows[j] = _without(row, pivot, column)
        gain = _without(gain, pivot, column)
    most = -gain[-1]
    if most <= 0:
        return None
    values = dict(zip(basis, (row[-1] for row in rows), strict=True))
    largest = max(abs(entry) for form in forms for entry in form)
    # Every size has to grow: so little more of each leaves all forms positive.
    more = most / (2 * n * largest)
    return tuple(values.get(j, zero) + more for j in range(n))


def _without(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    factor = row[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]
