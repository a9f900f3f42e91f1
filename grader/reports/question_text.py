"""One question's report: its blocks for a terminal, and the same as plain text for files and platforms."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from grader.model.outcome import Audience, Feedback, Verdict
from grader.model.report import QuestionReport, Report
from grader.reports import View
from grader.reports.blocks import Block, HeadedTable, Headline
from grader.reports.curves import pictures
from grader.reports.facts import (
    StoredCounterexample,
    counterexample_of,
    first_different,
    row_texts,
    step_texts,
    steps_around,
)
from grader.reports.printable import literal, one_line, printable
from grader.reports.terminal_style import (
    ASCII,
    INDENT,
    STYLES,
    UNICODE,
    Symbols,
    as_text,
    indented,
    quoted,
    report_width,
)
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
    """The feedback, counterexample and basis of a question, without verdict and points.

    Args:
        question: The question.
        hints: How many hints to give.
        audience: Who reads it.
    """
    view = View(hints=hints, width=WIDTH, audience=audience)
    _headline, *blocks = question_blocks(question, (), view, UNICODE)
    return textwrap.dedent(as_text(blocks, WIDTH)).strip("\n")


def headline_and_details(question: QuestionReport, view: View) -> tuple[str, str]:
    """A question as the terminal report shows it: the line with its verdict and points, and all below it.

    Args:
        question: The question.
        view: Width, colour, alphabet, and who reads it.
    """
    symbols = UNICODE if view.unicode else ASCII
    headline, *details = question_blocks(question, (), view, symbols)
    width = report_width(view)
    shown = (as_text(blocks, width, has_color=view.color).rstrip("\n") for blocks in ((headline,), details))
    return next(shown), next(shown)


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
) -> Iterator[Block]:
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
    for hint in hint_texts(question, view.hints, is_ascii=not view.unicode):
        yield indented(printable(hint))


def _evidence(evidence: dict[str, Any], view: View, symbols: Symbols) -> list[Block]:
    """Counterexample and curves; if their values cannot be drawn, the rest of the report still is."""
    try:
        return [*counterexample_block(counterexample_of(evidence), symbols), *pictures(evidence, view)]
    except Exception:
        return [indented("What shows it cannot be drawn here; it is whole in the report of --format json.")]


def _headline(question: QuestionReport, symbols: Symbols) -> Headline:
    verdict = question.outcome.verdict
    return Headline(
        (
            (f"{symbols.verdicts[verdict]} {verdict.value}", STYLES[verdict]),
            (f"  {one_line(question.label)}", ""),
            (f"  {one_line(question.id)}", "dim"),
        ),
        earned_text(question),
    )


# What is to be copied is always whole, or only counted.
COPY_CHARACTERS = 1500
CELL_CHARACTERS = 600


def counterexample_block(found: StoredCounterexample | None, symbols: Symbols) -> Iterator[Block]:
    """The input, what was wanted and what came out; nothing where there is no counterexample.

    Args:
        found: Of a question's evidence.
        symbols: The signs of Unicode or of ASCII.
    """
    if found is None:
        return
    yield indented("The smallest input found that shows it:")
    for name, value in found.named_inputs.items():
        yield indented(_to_copy(str(name), value), indent=INDENT + 2)
    if found.is_by_name:
        yield _keys_table(found, symbols)
        return
    wanted, got = _as_steps(found.wanted), _as_steps(found.got)
    if wanted is None or got is None or len(wanted) != len(got):
        yield indented(_to_copy("wanted", found.wanted), indent=INDENT + 2)
        yield indented(_to_copy("yours ", found.got), indent=INDENT + 2)
        return
    if found.is_by_sequence:
        yield _steps_table(None, wanted, got, first_different(wanted, got), symbols, "sequence")
        return
    given = _as_steps(found.inputs) if isinstance(found.inputs, list) else None
    yield _steps_table(given, wanted, got, found.wrong_step, symbols)


def _keys_table(found: StoredCounterexample, symbols: Symbols) -> HeadedTable:
    """A row for each named array, those that are wrong marked."""
    rows: list[tuple[str, ...]] = []
    bold = set()
    for number, (name, value) in enumerate(found.wanted.items()):
        is_wrong = name in found.wrong_names
        texts = step_texts(value, found.got.get(name))
        cut = (text if len(text) <= CELL_CHARACTERS else f"{len(text)} characters" for text in texts)
        rows.append((symbols.here if is_wrong else "", one_line(str(name)), *cut))
        bold |= {number} if is_wrong else set()
    return HeadedTable(symbols.rules, ("", "", "wanted", "yours"), tuple(rows), frozenset(bold), INDENT + 1)


def _to_copy(name: str, value: object) -> str:
    text = f"{name} = {literal(value)}"
    if len(text) <= COPY_CHARACTERS:
        return text
    return f"{name} has {len(text)} characters; it is whole in the report of --format json"


def _steps_table(
    given: list[Any] | None,
    wanted: list[Any],
    got: list[Any],
    wrong_step: int | None,
    symbols: Symbols,
    a_row: str = "t",
) -> HeadedTable:
    has_inputs = given is not None and len(given) == len(wanted)
    headings = ("", a_row, *(["x"] if has_inputs else []), "wanted", "yours")
    left_out = (symbols.left_out,) * len(headings)
    rows: list[tuple[str, ...]] = []
    bold = set()
    before = 0
    for step in steps_around(len(wanted), wrong_step):
        if step > before + 1:
            rows.append(left_out)
        before = step
        is_wrong = step == wrong_step
        bold |= {len(rows)} if is_wrong else set()
        inputs = [literal(given[step - 1])] if has_inputs and given else []
        texts = row_texts(wanted[step - 1], got[step - 1], before_wrong=step < (wrong_step or 1))
        rows.append((symbols.here if is_wrong else "", str(step), *inputs, *texts))
    if before < len(wanted):
        rows.append(left_out)
    return HeadedTable(
        symbols.rules, headings, tuple(rows), frozenset(bold), INDENT + 1, to_the_right=frozenset({1})
    )


def _as_steps(value: object) -> list[Any] | None:
    return list(value) if isinstance(value, list | tuple) and value else None
