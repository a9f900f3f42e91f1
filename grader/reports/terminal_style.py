"""Signs, colours and indents of the terminal report."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.padding import Padding
from rich.text import Text

from grader.model.outcome import Verdict

INDENT = 4

STYLES = {
    Verdict.CORRECT: "bold green",
    Verdict.PARTIAL: "bold yellow",
    Verdict.INCORRECT: "bold red",
    Verdict.MISSING: "bold",
    Verdict.INVALID: "bold magenta",
    Verdict.SKIPPED: "bold",
    Verdict.UNDECIDED: "bold cyan",
}


@dataclass(frozen=True)
class Symbols:
    """The signs of one alphabet; every one stands beside a word that says the same."""

    verdicts: dict[Verdict, str]
    full: str
    empty: str
    notice: str
    here: str
    left_out: str
    dot: str
    box: box.Box


UNICODE = Symbols(
    verdicts=dict(zip(Verdict, "✓◐✗–!»?", strict=True)),
    full="█",
    empty="░",
    notice="▲",
    here="→",
    left_out="⋮",
    dot="·",
    box=box.SIMPLE_HEAD,
)
ASCII = Symbols(
    verdicts=dict(zip(Verdict, "+~x-!>?", strict=True)),
    full="#",
    empty=".",
    notice="!",
    here=">",
    left_out=":",
    dot="-",
    box=box.ASCII2,
)


def indented(text: str, style: str = "", indent: int = INDENT) -> Padding:
    """A wrapped paragraph.

    Args:
        text: Already printable.
        style: A rich style.
        indent: Columns to the left.
    """
    return Padding(Text(text, style), (0, 0, 0, indent))
