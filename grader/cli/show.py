"""`rnngrade show EXERCISE [QUESTION]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import find_question, output_option
from grader.cli._variant import WhoseVariant, load_variant, student_option, variant_option
from grader.cli._wrapping import WIDEST, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Exercise, Question


@click.command(
    cls=Command,
    examples=(
        "rnngrade show rnn-by-formula",
        "rnngrade show rnn-by-formula unroll",
        "rnngrade show rnn-by-formula -o sheet.html",
        "rnngrade show rnn-paper --variant K7QP-3MZD-0V5A-T2WJ",
    ),
)
@click.argument("exercise")
@click.argument("question", required=False)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("terminal", "html")),
    help="Text, or a page in one file. [default: by the suffix of --output, else terminal]",
)
@variant_option
@student_option
@output_option
def command(
    exercise: str,
    question: str | None,
    format_name: str | None,
    variant: str | None,
    student: str | None,
    output: Path | None,
) -> None:
    """Show an exercise, or one QUESTION of it.

    EXERCISE is an id from `rnngrade list` or the path of a .toml file.
    """
    loaded = load_variant(exercise, WhoseVariant(variant, student))
    chosen = [find_question(loaded, question)] if question else list(loaded.questions)
    if output is not None and output.suffix == ".toml":
        raise click.UsageError(f"{output} would be an exercise file; give the page or text another name")
    is_page = format_name == "html" or (not format_name and output and output.suffix in (".html", ".htm"))
    text = _page(loaded, chosen) if is_page else _text(loaded, chosen, output, in_full=question is None)
    _output.deliver(text, output)


def _page(exercise: Exercise, questions: list[Question]) -> str:
    from grader.reports.html.exercise_page import exercise_page

    return exercise_page(exercise, questions)


def _text(exercise: Exercise, questions: list[Question], target: Path | None, *, in_full: bool) -> str:
    width = min(_output.width(), WIDEST) if target is None else WIDEST
    is_ascii = target is None and not _output.can_show("ᵗₜ")
    lines = heading(exercise, width, in_full=in_full, is_ascii=is_ascii)
    for one in questions:
        lines += ["", *question_lines(one, width, is_ascii=is_ascii)]
    return "\n".join(lines) + "\n"


def heading(exercise: Exercise, width: int, *, in_full: bool, is_ascii: bool = False) -> list[str]:
    """What stands above the questions.

    Args:
        exercise: The exercise.
        width: Columns.
        in_full: With the notation, the source and the errata.
        is_ascii: Whether formulas are shown without Unicode.
    """
    from grader.model.share import points_text
    from grader.model.text import counted
    from grader.reports.wording import time_limits

    lines = [f"{exercise.title} ({exercise.id})"]
    if in_full:
        points = f"{counted(len(exercise.questions), 'question')}, {points_text(exercise.max_points)} points"
        lines += [points, *wrapped(f"Source: {exercise.source}", width)]
    if exercise.introduction:
        lines += ["", *wrapped(exercise.introduction, width, is_ascii=is_ascii)]
    if in_full:
        lines += _errata(exercise.errata, width, "", is_ascii)
        lines += ["", *wrapped(time_limits(exercise), width)]
    return lines


def question_lines(question: Question, width: int, *, is_ascii: bool = False) -> list[str]:
    """A question as a student reads it, without anything that shows the answer.

    Args:
        question: The question.
        width: Columns.
        is_ascii: Whether formulas are shown without Unicode.
    """
    from grader.model.share import points_text
    from grader.reports.wording import hints_there

    unit = "point" if question.points == 1 else "points"
    lines = [f"{question.label}  {question.id}  {points_text(question.points)} {unit}"]
    lines += wrapped(question.prompt, width, "  ", is_ascii=is_ascii)
    if question.signature:
        lines += ["", f"  def {question.signature}"]
    if question.fields:
        lines += ["", "  Hand in:"]
        longest = max(map(len, question.fields))
        for name, meaning in question.fields.items():
            is_silent = name in question.asks.optional and "optional" not in meaning
            also = " (optional)" if is_silent else ""
            first, *rest = wrapped(meaning + also, width - longest - 6, is_ascii=is_ascii) or [""]
            lines.append(f"    {name:{longest}}  {first}")
            lines += [f"    {'':{longest}}  {line}" for line in rest]
    lines += _errata(question.errata, width, "  ", is_ascii)
    if there := hints_there(question):
        lines += ["", f"  {there}"]
    return lines


def _errata(errata: tuple[str, ...], width: int, indent: str, is_ascii: bool) -> list[str]:

    lines: list[str] = []
    for erratum in errata:
        lines += ["", *wrapped(f"On the printed sheet: {erratum}", width, indent, is_ascii=is_ascii)]
    return lines
