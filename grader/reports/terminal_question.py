"""One question of the terminal report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from grader.model.outcome import Feedback, Verdict
from grader.model.report import QuestionReport
from grader.reports.printable import one_line, printable
from grader.reports.terminal_evidence import counterexample_block
from grader.reports.terminal_pictures import pictures
from grader.reports.terminal_style import STYLES, Symbols, indented
from grader.reports.view import View
from grader.reports.wording import UNDECIDED_WORDS, basis_text, points_text, sentence, told_to


def question_block(
    question: QuestionReport, notices: tuple[Feedback, ...], view: View, symbols: Symbols
) -> Iterator[RenderableType]:
    """Verdict, points, what is wrong, the smallest input that shows it, and on what that rests.

    Args:
        question: The question.
        notices: What was already said of all questions.
        view: Who reads it, and how many hints to show.
        symbols: The alphabet.
    """
    outcome = question.outcome
    yield _headline(question, symbols)
    if outcome.verdict is Verdict.UNDECIDED:
        yield indented(UNDECIDED_WORDS)
    for feedback in told_to(view.audience, outcome.feedback):
        if feedback not in notices:
            yield indented(printable(sentence(feedback)))
    yield from _shown(outcome.evidence, view, symbols)
    for diagnosis in outcome.diagnoses:
        yield indented(f"Likely cause: {printable(diagnosis.message)}")
    if basis := basis_text(outcome):
        yield indented(f"({printable(basis)})", "dim")
    if outcome.verdict is not Verdict.CORRECT:
        for number, hint in enumerate(question.hints[: view.hints], start=1):
            yield indented(f"Hint {number}: {printable(hint)}")


def _shown(evidence: dict[str, Any], view: View, symbols: Symbols) -> list[RenderableType]:
    """What shows it: values of a student's in any form, so that they must not cost the rest of the report."""
    try:
        return [*counterexample_block(evidence.get("counterexample"), symbols), *pictures(evidence, view)]
    except Exception:
        return [indented("What shows it cannot be drawn here; it is whole in the report of --format json.")]


def _headline(question: QuestionReport, symbols: Symbols) -> Table:
    verdict = question.outcome.verdict
    earned = "open" if verdict is Verdict.UNDECIDED else points_text(question.points)
    line = Table.grid(expand=True)
    line.add_column(ratio=1)
    line.add_column(justify="right", no_wrap=True)
    line.add_row(
        Text.assemble(
            (f"{symbols.verdicts[verdict]} {verdict.value}", STYLES[verdict]),
            f"  {one_line(question.label)}",
            (f"  {one_line(question.id)}", "dim"),
        ),
        f"{earned} / {points_text(question.max_points)}",
    )
    return line
