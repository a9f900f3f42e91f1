"""Signs, colours and indents of the terminal report, and blocks of them as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from grader.model.outcome import Verdict
from grader.reports import View
from grader.reports.blocks import NARROW, Block, Paragraph, plain_lines

INDENT = 4
NARROWEST, WIDEST = 40, 100

STYLES = {
    Verdict.CORRECT: "bold green",
    Verdict.PARTIAL: "bold yellow",
    Verdict.INCORRECT: "bold red",
    Verdict.MISSING: "bold",
    Verdict.INVALID: "bold magenta",
    Verdict.SKIPPED: "bold",
    Verdict.UNDECIDED: "bold cyan",
    Verdict.PENDING: "bold cyan",
}


class Symbols(NamedTuple):
    """The signs of one character set; beside each stands a word that says the same."""

    verdicts: dict[Verdict, str]
    full: str
    empty: str
    notice: str
    here: str
    left_out: str
    dot: str
    quote: str
    rules: Literal["simple", "ascii"]


UNICODE = Symbols(
    verdicts=dict(zip(Verdict, "✓◐✗–!»?…", strict=True)),
    full="█",
    empty="░",
    notice="▲",
    here="→",
    left_out="⋮",
    dot="·",
    quote="│",
    rules="simple",
)
ASCII = Symbols(
    verdicts=dict(zip(Verdict, "+~x-!>?=", strict=True)),
    full="#",
    empty=".",
    notice="!",
    here=">",
    left_out=":",
    dot="-",
    quote="|",
    rules="ascii",
)


def report_width(view: View) -> int:
    """Columns of a report: it stays readable in a narrow terminal and in a very wide one."""
    return min(max(view.width, NARROWEST), WIDEST)


def as_text(blocks: Iterable[Block], width: int, *, has_color: bool = False) -> str:
    """The blocks as text, one below the other, without blanks at the ends of lines.

    Args:
        blocks: What is printed.
        width: Columns.
        has_color: Whether escape codes for colours are allowed.
    """
    text = "".join(_block_text(block, width, has_color) for block in blocks)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _block_text(block: Block, width: int, has_color: bool) -> str:
    lines = None if has_color else plain_lines(block, width)
    if lines is not None:
        return "".join(f"{line}\n" for line in lines)
    from grader.reports.rich_blocks import rich_text

    return rich_text(block, width, has_color=has_color)


def indented(text: str, style: str = "", indent: int = INDENT) -> Paragraph:
    """A wrapped paragraph.

    Args:
        text: Already printable.
        style: A rich style.
        indent: Columns to the left.
    """
    return Paragraph(((text, style),), indent)


def line(text: str = "", style: str = "") -> Paragraph:
    """A paragraph at the left edge.

    Args:
        text: Already printable.
        style: A rich style.
    """
    return Paragraph(((text, style),))


def quoted(text: str, width: int, mark: str) -> str:
    """What code has printed, each line behind a mark: none of it looks like a line of ours.

    Args:
        text: Already printable.
        width: Columns, mark and all; longer lines go on in the next.
        mark: Before each line.
    """
    room = width - len(mark) - 1
    parts = [part for line in text.split("\n") for part in _chopped(line, room) or [""]]
    return "\n".join(f"{mark} {part}".rstrip() for part in parts)


def _chopped(line: str, room: int) -> list[str]:
    if NARROW.fullmatch(line):
        return [line[start : start + room] for start in range(0, len(line), room)]
    from rich.cells import chop_cells

    return chop_cells(line, room)
