"""CSV tables that people fill in in a spreadsheet: reading any, and writing that of the queue. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence

import msgspec

from grader.errors import CannotDo
from grader.gradebook.export import FORMULA_STARTS, defused
from grader.gradebook.hand_marks import last_of
from grader.gradebook.queue import Entry

COLUMNS = ("entry", "student", "exercise", "question", "text", "max_points", "points", "items", "comment")
NEEDED = ("entry", "points", "items", "comment")


def read_rows(
    data: bytes, where: str, needed: Collection[str], hint: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table, each with its line (1 is the header); columns in any order.

    Args:
        data: CSV in UTF-8, with commas, semicolons or tabs.
        where: The file's name in errors.
        needed: Columns that must be there, in lower case.
        hint: How such a table is made.

    Raises:
        CannotDo: If it is no such table.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotDo("is not a text in UTF-8", "save it as CSV UTF-8", where) from None
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise CannotDo(f"is no CSV: {error}", hint, where) from None
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if missing := [name for name in needed if name not in names]:
        raise CannotDo(f"has no column {', '.join(missing)}", hint, where)
    for line, cells in enumerate(rows[1:], 2):
        plain = {name: _without_guard(cell).strip() for name, cell in zip(names, cells, strict=False)}
        yield line, {**dict.fromkeys(names, ""), **plain}


def _without_guard(cell: str) -> str:
    """A cell without the mark that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


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


def as_sheet(entries: Sequence[Entry], *, is_anonymous: bool) -> str:
    """The answers as CSV, with the first marks that are there.

    Args:
        entries: In the order to be written.
        is_anonymous: Whether to leave out who wrote them.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in entries:
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
