"""One question's report: its blocks for a terminal, and the same as plain text for files and platforms."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.model.outcome import Audience, Feedback, Verdict
from grader.model.report import QuestionReport, Report
from grader.reports import View
from grader.reports.counterexample import counterexample_block
from grader.reports.curves import pictures
from grader.reports.printable import one_line, printable
from grader.reports.terminal_style import STYLES, UNICODE, Symbols, as_text, indented, quoted
from grader.reports.wording import (
    UNDECIDED_MESSAGE,
    addressed_to,
    basis_text,
    cause_text,
    earned_text,
    hint_texts,
    sentence,
)

WIDTH = 90
OUTPUT_CHARACTERS = 4000


def question_text(question: QuestionReport, hints: int = 0, audience: Audience = "student") -> str:
    """What is wrong, the counterexample and the basis of the verdict, without verdict and points.

    Args:
        question: The question.
        hints: How many hints to give.
        audience: Who reads it.
    """
    view = View(hints=hints, width=WIDTH, audience=audience)
    _headline, *blocks = question_blocks(question, (), view, UNICODE)
    return textwrap.dedent(as_text(blocks, WIDTH)).strip("\n")


def printed_text(report: Report) -> str:
    """What the student's code printed, each line marked as such, safe to print and not too long."""
    text = printable(report.output).strip("\n")
    if not text:
        return ""
    start = quoted(text[:OUTPUT_CHARACTERS], WIDTH, UNICODE.quote)
    more = len(text) - OUTPUT_CHARACTERS
    return f"{start}\n({more} more characters are left out)" if more > 0 else start


def question_blocks(
    question: QuestionReport, notices: tuple[Feedback, ...], view: View, symbols: Symbols
) -> Iterator[RenderableType]:
    """Verdict and points, what is wrong, the smallest input that shows it, and the basis of the verdict.

    Args:
        question: The question.
        notices: Feedback that is printed once for all questions, and left out here.
        view: Who reads it, and how many hints to give.
        symbols: The signs of Unicode or of ASCII.
    """
    outcome = question.outcome
    yield _headline(question, symbols)
    if outcome.verdict is Verdict.UNDECIDED:
        yield indented(UNDECIDED_MESSAGE)
    for feedback in addressed_to(view.audience, outcome.feedback):
        if feedback not in notices:
            yield indented(printable(sentence(feedback)))
    yield from _evidence(outcome.facts, view, symbols)
    for diagnosis in outcome.diagnoses:
        yield indented(printable(cause_text(diagnosis)))
    if basis := basis_text(outcome):
        yield indented(f"({printable(basis)})", "dim")
    for hint in hint_texts(question, view.hints):
        yield indented(printable(hint))


def _evidence(evidence: dict[str, Any], view: View, symbols: Symbols) -> list[RenderableType]:
    """Counterexample and curves; if their values cannot be drawn, the rest of the report still is."""
    try:
        return [*counterexample_block(evidence.get("counterexample"), symbols), *pictures(evidence, view)]
    except Exception:
        return [indented("What shows it cannot be drawn here; it is whole in the report of --format json.")]


def _headline(question: QuestionReport, symbols: Symbols) -> Table:
    verdict = question.outcome.verdict
    line = Table.grid(expand=True)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(
        Text.assemble(
            (f"{symbols.verdicts[verdict]} {verdict.value}", STYLES[verdict]),
            f"  {one_line(question.label)}",
            (f"  {one_line(question.id)}", "dim"),
        ),
        earned_text(question),
    )
    return line
