"""The queue as a sheet to be marked in a spreadsheet, and what was typed into one. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import msgspec

from grader.errors import CannotDo
from grader.gradebook.export import defused
from grader.gradebook.hand_marks import last_of
from grader.gradebook.queue import Entry
from grader.gradebook.sheets import read_rows

COLUMNS = ("entry", "student", "exercise", "question", "text", "max_points", "points", "items", "comment")
NEEDED = ("entry", "points", "items", "comment")


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed for one answer.

    Args:
        line: The row in the sheet, its header being the first.
        entry: The answer's id.
        points: As typed; None where only items are given.
        items: Ids of the rubric's items.
        comment: For the student.
    """

    line: int
    entry: str
    points: str | None
    items: tuple[str, ...]
    comment: str


def as_sheet(found: Sequence[Entry], *, is_anonymous: bool) -> str:
    """The answers as CSV, with the first marks that are there.

    Args:
        found: In the order to be written.
        is_anonymous: Whether to leave out who wrote them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        first = last_of("first", one.marks)
        given = ("", "", "") if first is None else (first.points, " ".join(first.items), first.comment)
        whose = "" if is_anonymous else one.student
        cells = (one.id, whose, one.exercise, one.question, one.text, str(one.max_points), *given)
        writer.writerow([defused(cell) for cell in cells])
    return text.getvalue()


def read_sheet(data: bytes, where: str) -> list[SheetRow]:
    """The rows of a sheet in which anything was given; columns in any order, others are not read.

    Args:
        data: CSV in UTF-8, with commas, semicolons or tabs.
        where: The file's name in errors.

    Raises:
        CannotDo: If it is no such sheet, or two rows are of one answer.
    """
    rows = read_rows(data, where, NEEDED, "write it with: rnngrade queue export")
    found = [_row(line, cells) for line, cells in rows]
    given = [row for row in found if row.points is not None or row.items]
    ids = [row.entry for row in given]
    if twice := next((row for row in given if ids.count(row.entry) > 1), None):
        raise CannotDo(f"row {twice.line}: {twice.entry} is there more than once", "keep one of them", where)
    return given


def _row(line: int, cells: dict[str, str]) -> SheetRow:
    items = tuple(cells["items"].replace(",", " ").replace(";", " ").split())
    return SheetRow(
        line=line, entry=cells["entry"], points=cells["points"] or None, items=items, comment=cells["comment"]
    )
