"""Tables that somebody fills in in a spreadsheet, read from CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator

from grader.errors import CannotDo
from grader.gradebook.export import FORMULA_STARTS


def read_rows(
    data: bytes, where: str, needed: Collection[str], hint: str
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their line, the header being the first; columns in any order.

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
        plain = {name: _armed(cell).strip() for name, cell in zip(names, cells, strict=False)}
        yield line, {**dict.fromkeys(names, ""), **plain}


def _armed(cell: str) -> str:
    """A cell without the mark that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
