"""The report as Markdown: for a job summary on GitHub (`>> "$GITHUB_STEP_SUMMARY"`) or a comment.

A summary of more than 1 MiB is not shown at all, so details are left out once there is too much.
"""

from __future__ import annotations

import re

from grader.model.report import QuestionReport, Report
from grader.reports import PLAIN, View
from grader.reports.printable import one_line
from grader.reports.question_text import printed_text, question_text
from grader.reports.wording import earned_text, share_text, total_text, verdict_counts, what_next

FORMAT = "markdown"
SUFFIX = ".md"

LIMIT_BYTES = 900_000
LEFT_OUT = "_Details are left out: the report is too long._"
# What begins markup, a link, a mention or a table cell; a student chooses names and printed text.
MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~@&$-])")


def render(report: Report, view: View = PLAIN) -> str:
    """The report as Markdown.

    Args:
        report: The report.
        view: Who reads it, and how many hints to show.
    """
    head = _head(report)
    details = [_details(question, view) for question in report.questions]
    if report.notes:
        details.insert(0, _fenced("\n".join(map(one_line, report.notes))))
    if printed := printed_text(report):
        details.append(f"What your code printed:\n\n{_fenced(printed)}")
    text = "\n\n".join([head, *filter(None, details)]) + "\n"
    return text if len(text.encode()) <= LIMIT_BYTES else f"{head}\n\n{LEFT_OUT}\n"


def _head(report: Report) -> str:
    lines = [
        f"## {_plain(report.title or report.exercise)}",
        "",
        f"**{total_text(report)}**{share_text(report)}: {verdict_counts(report)}",
        "",
        *(line for note in (report.counted.reasons if report.counted else ()) for line in (_plain(note), "")),
        *((_plain(advice), "") if (advice := what_next(report)) else ()),
        "| question | | verdict | points |",
        "|---|---|---|---:|",
    ]
    return "\n".join([*lines, *map(_row, report.questions)])


def _row(question: QuestionReport) -> str:
    cells = (_plain(question.label), _plain(question.id), question.outcome.verdict.value)
    return f"| {' | '.join(cells)} | {earned_text(question)} |"


def _details(question: QuestionReport, view: View) -> str:
    text = question_text(question, view.hints, view.audience)
    return f"### {_plain(question.label)} {_plain(question.id)}\n\n{_fenced(text)}" if text else ""


def _fenced(text: str) -> str:
    """A block that nothing in it can close."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _plain(text: str) -> str:
    return MARKUP.sub(r"\\\1", one_line(text))
