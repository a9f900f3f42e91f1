"""Writing grades into a downloaded sheet: what was written, and what was left alone and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.platforms.grades import Grade
from grader.platforms.sheet import Cell, Sheet
from grader.reports.wording import points_text

WITH_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
WITH_POINT = re.compile(r"\s*-?\d+\.\d+\s*")


@dataclass(frozen=True)
class Filled:
    """A sheet with grades in it.

    Args:
        data: Its bytes; all but the written cells are as they were.
        written: How many grades were written.
        notes: What was left alone or changed on the way, one line each.
    """

    data: bytes
    written: int
    notes: tuple[str, ...]


def uses_decimal_comma(sheet: Sheet) -> bool:
    """Whether the sheet writes 7,5 for seven and a half.

    Args:
        sheet: The sheet; one between semicolons does, unless a number in it has a point.
    """
    texts = [cell.text for row in sheet.rows[1:] for cell in row]
    if any(map(WITH_POINT.fullmatch, texts)):
        return False
    return sheet.delimiter == ";" or any(map(WITH_COMMA.fullmatch, texts))


def number_in(text: str) -> Fraction | None:
    """A number as a sheet writes it, with point or comma; None where it is none.

    Args:
        text: Of a cell.
    """
    text = text.strip().replace(",", ".")
    return Fraction(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def scaled_text(grade: Grade, most: Fraction | None, *, comma: bool) -> str:
    """The points as they go into the sheet.

    Args:
        grade: What stands.
        most: What the sheet gives for full marks; the exercise's own points where it does not say.
        comma: Whether to write a decimal comma.
    """
    points = grade.points
    if most is not None and grade.max_points and most != grade.max_points:
        points = grade.points * most / grade.max_points
    # Sheets show two decimals.
    text = points_text(points, 2)
    return text.replace(".", ",") if comma else text


def scale_note(grades: Sequence[Grade], most: Fraction | None) -> Iterable[str]:
    """The line that says that points are scaled, where they are.

    Args:
        grades: What stands.
        most: What the sheet gives for full marks.
    """
    own = {grade.max_points for grade in grades}
    if most is not None and own and own != {most}:
        said = ", ".join(points_text(one) for one in sorted(own))
        yield f"scaled from {said} points to the {points_text(most)} of the sheet"


def cell_at(row: Sequence[Cell], column: int) -> Cell | None:
    """A cell of a row; None where the row is shorter.

    Args:
        row: The row.
        column: Counted from 0.
    """
    return row[column] if column < len(row) else None
