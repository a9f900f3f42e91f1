"""Signs, colours and indents of the terminal report, and blocks of them as text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from rich import box
from rich.cells import chop_cells
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.model.outcome import Verdict
from grader.reports import View

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


@dataclass(frozen=True)
class Symbols:
    """The signs of one character set; beside each stands a word that says the same."""

    verdicts: dict[Verdict, str]
    full: str
    empty: str
    notice: str
    here: str
    left_out: str
    dot: str
    quote: str
    box: box.Box


UNICODE = Symbols(
    verdicts=dict(zip(Verdict, "✓◐✗–!»?…", strict=True)),
    full="█",
    empty="░",
    notice="▲",
    here="→",
    left_out="⋮",
    dot="·",
    quote="│",
    box=box.SIMPLE_HEAD,
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
    box=box.ASCII2,
)


def report_width(view: View) -> int:
    """Columns of a report: it stays readable in a narrow terminal and in a very wide one.

    Args:
        view: With the columns of the terminal.
    """
    return min(max(view.width, NARROWEST), WIDEST)


def as_text(blocks: Iterable[RenderableType], width: int, *, has_color: bool = False) -> str:
    """The blocks as text, one below the other, without blanks at the ends of lines.

    Args:
        blocks: What is printed.
        width: Columns.
        has_color: Whether escape codes for colours are allowed.
    """
    written = io.StringIO()
    console = Console(
        file=written,
        width=width,
        force_terminal=has_color,
        color_system="standard" if has_color else None,
        no_color=not has_color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        # In a notebook rich would otherwise draw onto the page and not into this text.
        force_jupyter=False,
    )
    for block in blocks:
        console.print(block)
    return "\n".join(line.rstrip() for line in written.getvalue().split("\n"))


def indented(text: str, style: str = "", indent: int = INDENT) -> Padding:
    """A wrapped paragraph.

    Args:
        text: Already printable.
        style: A rich style.
        indent: Columns to the left.
    """
    return Padding(Text(text, style), (0, 0, 0, indent))


def noticed(symbol: str, text: str, style: str = "") -> Table:
    """A paragraph behind a sign. Its further lines are indented: none can look like a line of ours.

    Args:
        symbol: The sign.
        text: Already printable.
        style: A rich style.
    """
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row(Text(symbol, style), Text(text, style))
    return grid


def quoted(text: str, width: int, mark: str) -> str:
    """What code has printed, each line behind a mark: none of it looks like a line of ours.

    Args:
        text: Already printable.
        width: Columns, mark and all; longer lines go on in the next.
        mark: Before each line.
    """
    room = width - len(mark) - 1
    parts = [part for line in text.split("\n") for part in chop_cells(line, room) or [""]]
    return "\n".join(f"{mark} {part}".rstrip() for part in parts)
