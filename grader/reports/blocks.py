"""The blocks of a terminal report, and their lines where they have no colour and no wide character.

The lines equal what rich prints (`rich_blocks`), without the 25 ms that rich takes to load.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

Style: TypeAlias = str
"""A style of rich, such as "bold red"; "" is none."""

# Signs that are one column wide in every terminal: Latin, Greek, punctuation, arrows, mathematics, blocks,
# braille. Others may be two wide or none: CJK, emoji, what goes on top of another.
NARROW = re.compile(
    "[\n -~\xa1-\xac\xae-\u02ff\u0370-\u03ff\u1d00-\u1dbf\u2010-\u2027\u2030-\u205e\u2070-\u209f\u20a0-\u20bf"
    "\u2100-\u22ff\u2500-\u25fc\u25ff\u2713\u2717\u2800-\u28ff\u2c7c]*"
)
WORD = re.compile(r"\s*\S+\s*")
RULES = {"simple": (" ", "─", "─"), "ascii": ("|", "-", "+")}
"""Between columns, below the headings, and there between columns."""


class Paragraph(NamedTuple):
    """Text that goes on in the next line where it is longer than the report is wide.

    Args:
        parts: Text and style, one behind the other; already printable.
        indent: Columns to the left.
        is_wrapped: False for what is cut off instead.
    """

    parts: tuple[tuple[str, Style], ...] = ()
    indent: int = 0
    is_wrapped: bool = True


class Headline(NamedTuple):
    """Text with styles, and other text at the right edge."""

    parts: tuple[tuple[str, Style], ...]
    right: str


class Notice(NamedTuple):
    """A paragraph behind a sign. Its further lines are indented: none can look like a line of ours."""

    symbol: str
    text: str
    style: Style = ""


class HeadedTable(NamedTuple):
    """A table with headings.

    Args:
        rules: Between columns and below the headings.
        headings: One a column.
        rows: Cells.
        bold: Numbers of the rows, from 0, that are bold.
        indent: Columns to the left.
        to_the_right: Numbers of the columns, from 0, that are aligned to the right.
    """

    rules: Literal["simple", "ascii"]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: frozenset[int]
    indent: int
    to_the_right: frozenset[int] = frozenset()


Block: TypeAlias = Paragraph | Headline | Notice | HeadedTable


def plain_lines(block: Block, width: int) -> list[str] | None:
    """The lines of a block without colours; None where only rich knows how wide its characters are.

    Args:
        block: What is printed.
        width: Columns.
    """
    match block:
        case Paragraph(parts=parts, indent=indent, is_wrapped=is_wrapped):
            return _paragraph("".join(text for text, _ in parts), width, indent, is_wrapped)
        case Headline(parts=parts, right=right):
            return _headline("".join(text for text, _ in parts), right, width)
        case Notice(symbol=symbol, text=text):
            lines = _wrapped(text, width - len(symbol) - 1) if _is_narrow(symbol + text) else None
            return lines and _beside(symbol, lines)
        case HeadedTable():
            return _grid(block, width)


def _is_narrow(text: str) -> bool:
    return NARROW.fullmatch(text) is not None


def _paragraph(text: str, width: int, indent: int, is_wrapped: bool) -> list[str] | None:
    if not _is_narrow(text):
        return None
    room = width - indent
    lines = _wrapped(text, room) if is_wrapped else [line[:room] for line in text.split("\n")]
    return [" " * indent + line for line in lines]


def _headline(left: str, right: str, width: int) -> list[str] | None:
    # Where the right side takes much of the line, rich finds a width for both.
    if not _is_narrow(left + right) or "\n" in right or len(right) > width // 3:
        return None
    first, *more = _wrapped(left, width - len(right))
    return [f"{first:{width - len(right)}}{right}", *more]


def _beside(symbol: str, lines: list[str]) -> list[str]:
    return [f"{symbol if number == 0 else ' ' * len(symbol)} {line}" for number, line in enumerate(lines)]


def _grid(grid: HeadedTable, width: int) -> list[str] | None:
    columns = list(zip(grid.headings, *grid.rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    text = "".join(map("".join, columns))
    # A table that is too wide is cut by rich, which shares the room out.
    if not _is_narrow(text) or "\n" in text or sum(widths) + 3 * len(widths) > width - grid.indent:
        return None
    between, rule, crossing = RULES[grid.rules]

    def line(cells: tuple[str, ...]) -> str:
        placed = (
            cell.rstrip().rjust(size) if number in grid.to_the_right else cell.ljust(size)
            for number, (cell, size) in enumerate(zip(cells, widths, strict=True))
        )
        return f" {between} ".join(placed)

    below = (rule + crossing + rule).join(rule * size for size in widths)
    return [" " * grid.indent + one for one in (line(grid.headings), below, *map(line, grid.rows))]


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines; a word that is longer than a line is cut."""
    return [part for line in text.split("\n") for part in _divided(line, width)]


def _divided(line: str, width: int) -> list[str]:
    starts, used = [0], 0
    for found in WORD.finditer(line):
        word, start = found[0], found.start()
        length = len(word.rstrip())
        if length <= width - used:
            used += len(word)
        elif length > width:
            starts += range(start, found.end(), width)
            used = (len(word) - 1) % width + 1
        elif used and start:
            starts.append(start)
            used = len(word)
    starts = list(dict.fromkeys(starts))
    # Blanks behind the last word of a line may reach beyond it.
    return [line[start:end][:width] for start, end in zip(starts, [*starts[1:], len(line)], strict=True)]
