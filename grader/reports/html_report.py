"""The report as a page in one file: it loads nothing, runs nothing, and prints well."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from grader.model.outcome import Feedback, Verdict
from grader.model.report import QuestionReport, Report
from grader.reports import PLAIN, View
from grader.reports.html.elements import Child, element, list_of, prose, table
from grader.reports.html.evidence import evidence_blocks
from grader.reports.html.figures import share_bar
from grader.reports.html.page import page
from grader.reports.printable import printable
from grader.reports.terminal_style import UNICODE
from grader.reports.wording import (
    UNDECIDED_MESSAGE,
    addressed_to,
    basis_text,
    cause_text,
    common_notices,
    earned_text,
    hints_given,
    sentence,
    share_text,
    total_text,
    verdict_counts,
    what_next,
)

FORMAT = "html"
SUFFIX = ".html"
OUTPUT_CHARACTERS = 20_000


def render(report: Report, view: View = PLAIN) -> str:
    """The report as a page.

    Args:
        report: The report.
        view: Who reads it, and how many hints to show.
    """
    return page(f"{report.title or report.exercise}: {report.student}", *body(report, view))


def body(report: Report, view: View) -> list[Child]:
    """What stands on the page, block by block.

    Args:
        report: The report.
        view: Who reads it, and how many hints to show.
    """
    notices = common_notices(report)
    sections = (_section(question, notices, view) for question in report.questions)
    return [_head(report, notices), *sections, _printed(report), _foot(report)]


def _head(report: Report, notices: tuple[Feedback, ...]) -> ET.Element:
    total = total_text(report) + share_text(report)
    advice = what_next(report)
    rows = (_row(question) for question in report.questions)
    return element(
        "header",
        {},
        element("h1", {}, report.title or report.exercise),
        element("p", {}, f"{report.student}: {verdict_counts(report)}"),
        element("p", {"class": "total"}, total),
        share_bar(report.marked_fraction, total),
        list_of(report.counted.reasons) if report.counted else None,
        element("p", {}, advice) if advice else None,
        *(element("p", {}, element("strong", {}, notice.message)) for notice in notices),
        list_of(report.notes),
        table(["question", "", "verdict", "points"], rows, "All questions"),
    )


def _row(question: QuestionReport) -> list[Child]:
    verdict = question.outcome.verdict
    return [
        element("a", {"href": f"#{_anchor(question)}"}, question.label),
        question.id,
        element("span", {"class": verdict.value}, f"{UNICODE.verdicts[verdict]} {verdict.value}"),
        earned_text(question),
    ]


def _anchor(question: QuestionReport) -> str:
    return f"question-{question.id}"


def _section(question: QuestionReport, notices: tuple[Feedback, ...], view: View) -> ET.Element:
    verdict = question.outcome.verdict
    heading = element(
        "h2",
        {"id": _anchor(question)},
        element("span", {"class": verdict.value}, f"{UNICODE.verdicts[verdict]} {verdict.value}"),
        " ",
        element("span", {}, question.label),
        " ",
        element("code", {}, question.id),
        " ",
        element("span", {"class": "points"}, earned_text(question)),
    )
    return element(
        "section", {"aria-labelledby": _anchor(question)}, heading, *_outcome(question, notices, view)
    )


def _outcome(question: QuestionReport, notices: tuple[Feedback, ...], view: View) -> Iterator[ET.Element]:
    outcome = question.outcome
    if outcome.verdict is Verdict.UNDECIDED:
        yield element("p", {}, UNDECIDED_MESSAGE)
    for feedback in addressed_to(view.audience, outcome.feedback):
        if feedback not in notices:
            yield _paragraphs(sentence(feedback))
    yield from evidence_blocks(outcome.facts)
    for diagnosis in outcome.diagnoses:
        yield _paragraphs(cause_text(diagnosis))
    if basis := basis_text(outcome):
        yield element("p", {"class": "quiet"}, f"({basis})")
    for number, hint in enumerate(hints_given(question, view.hints), start=1):
        yield prose(f"Hint {number}: {hint}")


def _paragraphs(text: str) -> ET.Element:
    """A message; where it has several lines, such as a caret under its place, they stay as they are."""
    return element("pre" if "\n" in text.strip() else "p", {}, text)


def _printed(report: Report) -> ET.Element | None:
    text = printable(report.output).strip("\n")
    if not text.strip():
        return None
    more = len(text) - OUTPUT_CHARACTERS
    return element(
        "section",
        {"aria-labelledby": "printed"},
        element("h2", {"id": "printed"}, "What your code printed"),
        element("pre", {}, text[:OUTPUT_CHARACTERS]),
        element("p", {"class": "quiet"}, f"({more} more characters are left out)") if more > 0 else None,
    )


def _foot(report: Report) -> ET.Element:
    level = report.protection.level
    ran = "no code was run" if level == "no-code" else f"sandbox: {level}"
    parts = (
        ran,
        f"{report.usage.cpu_s:.2f} s of CPU",
        f"seed {report.seed}",
        *([f"variant {report.variant}"] if report.variant else []),
        f"rnngrade {report.grader_version}",
    )
    return element("footer", {"class": "quiet"}, element("p", {}, " · ".join(parts)))
