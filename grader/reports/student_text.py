"""What one question's report says, as plain text; to the student unless staff read it."""

from __future__ import annotations

import io
import textwrap

from rich.console import Console

from grader.model.outcome import Audience
from grader.model.report import QuestionReport, Report
from grader.reports.printable import printable
from grader.reports.terminal_question import question_block
from grader.reports.terminal_style import UNICODE, quoted
from grader.reports.view import View

WIDTH = 90
OUTPUT_CHARACTERS = 4000


def question_text(question: QuestionReport, hints: int = 0, audience: Audience = "student") -> str:
    """What is wrong, what shows it, and on what that rests.

    Args:
        question: The question.
        hints: How many hints to show.
        audience: Who reads it.
    """
    written = io.StringIO()
    console = Console(
        file=written,
        width=WIDTH,
        no_color=True,
        color_system=None,
        highlight=False,
        markup=False,
        emoji=False,
        force_jupyter=False,
    )
    view = View(hints=hints, width=WIDTH, audience=audience)
    _headline, *parts = question_block(question, (), view, UNICODE)
    for part in parts:
        console.print(part)
    lines = (line.rstrip() for line in written.getvalue().split("\n"))
    return textwrap.dedent("\n".join(lines)).strip("\n")


def printed_text(report: Report) -> str:
    """What the student's code printed, marked as that, safe to show and not too long.

    Args:
        report: The report.
    """
    text = printable(report.output).strip("\n")
    if not text:
        return ""
    shown = quoted(text[:OUTPUT_CHARACTERS], WIDTH, UNICODE.quote)
    more = len(text) - OUTPUT_CHARACTERS
    return f"{shown}\n({more} more characters are left out)" if more > 0 else shown
