"""The report for a person at a terminal; readable without colour and in ASCII."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from grader.model.outcome import Feedback, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.share import points_text
from grader.model.text import joined
from grader.reports import PLAIN, View
from grader.reports.blocks import Block, Notice
from grader.reports.printable import one_line, printable
from grader.reports.question_text import question_blocks
from grader.reports.terminal_style import (
    ASCII,
    INDENT,
    UNICODE,
    Symbols,
    as_text,
    indented,
    line,
    quoted,
    report_width,
)
from grader.reports.wording import (
    common_notices,
    how_it_ran,
    share_text,
    total_text,
    unsolved_questions,
    verdict_counts,
    what_next,
)

FORMAT = "terminal"
SUFFIX = ".txt"

BAR_CELLS = 24
OUTPUT_LINES = 20
OUTPUT_CHARACTERS = 2000


def render(report: Report, view: View = PLAIN) -> str:
    """The report as text, with escape codes only where colour is allowed.

    Args:
        report: The report.
        view: Width, colour, alphabet, hints, and who reads it.
    """
    symbols = UNICODE if view.unicode else ASCII
    return (
        as_text(_blocks(report, view, symbols), report_width(view), has_color=view.color).strip("\n") + "\n"
    )


def _blocks(report: Report, view: View, symbols: Symbols) -> Iterator[Block]:
    yield from _header(report, symbols)
    notices = common_notices(report)
    for notice in notices:
        yield line()
        yield Notice(symbols.notice, printable(notice.message), "bold")
    for note in report.notes:
        yield line()
        yield Notice(symbols.notice, printable(note))
    yield from _questions(report, notices, view, symbols)
    if not (notices and all(q.outcome.verdict is Verdict.INVALID for q in report.questions)):
        yield from _hints_offered(report, view)
    yield from _output(report, view, symbols)
    yield line()
    yield line(_quiet_line(report, symbols), "dim")


def _questions(
    report: Report, notices: tuple[Feedback, ...], view: View, symbols: Symbols
) -> Iterator[Block]:
    """The questions; those that need only a headline stand together in one list."""
    is_in_list = False
    for question in report.questions:
        blocks = list(question_blocks(question, notices, view, symbols))
        if len(blocks) > 1 or not is_in_list:
            yield line()
        yield from blocks
        is_in_list = len(blocks) == 1


def _header(report: Report, symbols: Symbols) -> Iterator[Block]:
    exercise = one_line(report.exercise)
    yield line(f"{one_line(report.title)} ({exercise})" if report.title else exercise, "bold")
    full = int(report.marked_fraction * BAR_CELLS)
    bar = symbols.full * full + symbols.empty * (BAR_CELLS - full)
    yield line(f"{bar} {total_text(report)}{share_text(report)}", _bar_style(report))
    for note in report.counted.reasons if report.counted else ():
        yield line(one_line(note))
    yield line(f"{one_line(report.student)}: {verdict_counts(report)}")
    if advice := what_next(report):
        yield line(one_line(advice))
    if report.is_undecided:
        still_open = sum(
            (q.max_points for q in report.questions if q.outcome.verdict is Verdict.UNDECIDED), Fraction(0)
        )
        yield line(f"{points_text(still_open)} more points are still open: see 'undecided' below.")


def _bar_style(report: Report) -> str:
    return "green" if report.marked_fraction == 1 else "yellow" if report.marked_fraction > 0 else "red"


def _hints_offered(report: Report, view: View) -> Iterator[Block]:
    unsolved = unsolved_questions(report)
    yield from _more_hints([question for question in unsolved if len(question.hints) > view.hints], view)
    if held := [one_line(question.id) for question in unsolved if question.held_hints]:
        more = f"More hints for {joined(held)} are to be earned or paid for"
        yield line()
        yield line(f"{more}: rnngrade hint ANSWER {held[0]} says how.")


def _more_hints(more: list[QuestionReport], view: View) -> Iterator[Block]:
    if not more:
        return
    names = ", ".join(one_line(question.id) for question in more)
    kind = "one more hint" if view.hints else "a first hint"
    yield line()
    each = " for each" if len(more) > 1 else ""
    yield line(f"There are hints for {names}: --hints {view.hints + 1} shows {kind}{each}.")


def _output(report: Report, view: View, symbols: Symbols) -> Iterator[Block]:
    text = printable(report.output).strip("\n")
    if not text.strip():
        return
    lines = text[:OUTPUT_CHARACTERS].split("\n")
    start = "\n".join(lines[:OUTPUT_LINES])
    yield line()
    yield line("What your code printed:")
    yield indented(quoted(start, report_width(view) - INDENT, symbols.quote), "dim")
    if len(start) < len(text):
        yield indented(f"({len(text) - len(start)} more characters are left out)", "dim")


def _quiet_line(report: Report, symbols: Symbols) -> str:
    parts = [
        one_line(how_it_ran(report.protection)),
        f"{report.usage.cpu_s:.2f} s of CPU",
        f"seed {report.seed}",
        *([f"variant {one_line(report.variant)}"] if report.variant else []),
        f"rnngrade {report.grader_version}",
    ]
    return f" {symbols.dot} ".join(parts)
