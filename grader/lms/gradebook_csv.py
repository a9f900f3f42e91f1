"""A gradebook in CSV: its numbers, and single cells replaced while every other byte stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from grader.errors import SubmissionError
from grader.reports.printable import one_line

DELIMITERS = ",;\t"
LIMIT_BYTES = 64 * 2**20
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
WITH_COMMA = re.compile(r"\s*-?\d+,\d+\s*")
WITH_POINT = re.compile(r"\s*-?\d+\.\d+\s*")
# Canvas writes 1,000.00 or 1.000,00 and, where nothing follows, 1,000: no sign of a decimal comma.
THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:(?P<sign>[,.'\u2019 \u00a0\u202f])\d{3})(?:(?P=sign)\d{3})*")
GROUPED = re.compile(rf"(?P<whole>{THOUSANDS.pattern})(?:(?!(?P=sign))[.,](?P<rest>\d{{1,9}}))?")
NOTHING = ("", "-")


@dataclass(frozen=True)
class CsvCell:
    """One cell and where it stands.

    Args:
        text: Without its quotes.
        start: Of its first byte, the quote if it has one.
        end: Behind its last byte.
        is_quoted: Whether it has quotes.
    """

    text: str
    start: int
    end: int
    is_quoted: bool


Row = tuple[CsvCell, ...]


@dataclass(frozen=True)
class GradebookCsv:
    """A CSV file, read.

    Args:
        data: All its bytes.
        encoding: Of its text.
        delimiter: Between its cells.
        rows: The header first; empty lines are left out.
    """

    data: bytes
    encoding: str
    delimiter: str
    rows: tuple[Row, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns, without spaces around them."""
        return tuple(cell.text.strip() for cell in self.rows[0]) if self.rows else ()

    def replaced(self, cells: Mapping[CsvCell, str]) -> bytes:
        """The file with other text in some cells."""
        pieces, at = [], 0
        for cell in sorted(cells, key=lambda one: one.start):
            pieces += [self.data[at : cell.start], self._written(cells[cell], cell)]
            at = cell.end
        return b"".join([*pieces, self.data[at:]])

    def _written(self, text: str, cell: CsvCell) -> bytes:
        text = defused(text)
        if cell.is_quoted or any(letter in text for letter in f'{self.delimiter}"\r\n'):
            quoted = text.replace('"', '""')
            text = f'"{quoted}"'
        return text.encode(self.encoding, "replace")


def defused(text: str) -> str:
    """The text of a cell, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def read_gradebook_csv(data: bytes, where: str) -> GradebookCsv:
    """A CSV file with a header.

    Args:
        data: Its bytes.
        where: Its name in errors.

    Raises:
        SubmissionError: If it is no such file.
    """
    if len(data) > LIMIT_BYTES:
        raise SubmissionError(f"is larger than {LIMIT_BYTES // 2**20} MiB", where=where)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise SubmissionError(
            "is UTF-16 text", "download it again and do not save it in a spreadsheet", where
        )
    at = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    encoding = _encoding(data)
    # One letter a byte: positions in the text are positions in the file.
    text = data.decode("latin-1")
    delimiter = delimiter_of(text[at:])
    rows = _rows(text, at, delimiter, encoding)
    if not rows:
        raise SubmissionError("is empty", where=where)
    return GradebookCsv(data, encoding, delimiter, rows)


def _encoding(data: bytes) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The delimiter of the first line; characters within quotes do not count."""
    counts = dict.fromkeys(DELIMITERS, 0)
    is_quoted = False
    for letter in text:
        if letter == '"':
            is_quoted = not is_quoted
        elif letter in "\r\n" and not is_quoted:
            break
        elif letter in counts and not is_quoted:
            counts[letter] += 1
    return max(counts, key=lambda one: counts[one])


def _rows(text: str, at: int, delimiter: str, encoding: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    row: list[CsvCell] = []
    while at < len(text):
        cell = _cell(text, at, delimiter, encoding)
        row.append(cell)
        at = cell.end
        if at < len(text) and text[at] == delimiter:
            at += 1
            if at == len(text):
                row.append(CsvCell("", at, at, is_quoted=False))
            continue
        while at < len(text) and text[at] in "\r\n":
            at += 1
        rows.append(tuple(row))
        row = []
    return tuple(rows) if not row else (*rows, tuple(row))


def _cell(text: str, start: int, delimiter: str, encoding: str) -> CsvCell:
    end = start
    is_quoted = text.startswith('"', start)
    if is_quoted:
        end = start + 1
        while (end := text.find('"', end)) != -1 and text.startswith('""', end):
            end += 2
        end = len(text) if end == -1 else end + 1
    while end < len(text) and text[end] not in "\r\n" and text[end] != delimiter:
        end += 1
    raw = text[start:end].encode("latin-1").decode(encoding, "replace")
    unquoted = raw[1:].removesuffix('"').replace('""', '"') if is_quoted else raw
    return CsvCell(unquoted, start, end, is_quoted)


def cell_at(row: Sequence[CsvCell], column: int) -> CsvCell | None:
    """A cell of a row; None where the row is shorter."""
    return row[column] if column < len(row) else None


def is_blank(row: Row) -> bool:
    """Whether all cells of a row are empty."""
    return not any(cell.text.strip() for cell in row)


def uses_decimal_comma(csv: GradebookCsv, *columns: Iterable[int]) -> bool:
    """Whether the file writes 7,5 for seven and a half.

    Args:
        csv: The gradebook CSV.
        columns: Those that hold grades and what can be earned, the surest first; where none of them has a
            fraction, a file with semicolons between its cells does.
    """
    for group in columns:
        cells = [row[at].text.strip() for row in csv.rows[1:] for at in group if at < len(row)]
        cells = [text for text in cells if not THOUSANDS.fullmatch(text)]
        commas = sum(WITH_COMMA.fullmatch(text) is not None for text in cells)
        points = sum(WITH_POINT.fullmatch(text) is not None for text in cells)
        if commas != points:
            return commas > points
    return csv.delimiter == ";"


def number_in(text: str) -> Fraction | None:
    """A number as a gradebook CSV has it, with point or comma; None where it is none."""
    text = text.strip().replace(",", ".")
    return Fraction(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def most_in(cell: CsvCell | None, where: str, *, comma: bool) -> Fraction | None:
    """The points for full marks in a gradebook CSV, with thousands separators; None where it does not say.

    Args:
        cell: With the number; None where the row is too short.
        where: The file's name in errors.
        comma: Whether the file has decimal commas.

    Raises:
        SubmissionError: If something else stands there: points would be written as if it were the exercise's.
    """
    text = cell.text.strip() if cell is not None else ""
    grouped = GROUPED.fullmatch(text)
    if grouped and (grouped["rest"] is not None or grouped["sign"] != (",." if comma else ".,")[0]):
        whole = "".join(letter for letter in grouped["whole"] if letter.isdigit())
        return Fraction(f"{whole}.{grouped['rest'] or 0}")
    number = number_in(text)
    if number is None and text not in NOTHING:
        hint = "a number has to stand there, such as 10; grades on a scale of words cannot be filled in"
        raise SubmissionError(
            f"{one_line(text)!r} is what it gives for full marks, and no number", hint, where
        )
    return number or None
