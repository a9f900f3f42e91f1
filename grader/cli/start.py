"""`rnngrade start EXERCISE`."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import FilePath
from grader.cli._variant import WhoseVariant, load_variant, student_option, variant_option
from grader.cli._wrapping import wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Exercise, Question

WIDTH = 98


@click.command(
    cls=Command,
    examples=(
        "rnngrade start rnn-by-formula",
        "rnngrade start rnn-by-formula -o mine.py",
        "rnngrade start mine.toml -o -  # only look at it",
        "rnngrade start rnn-paper --variant K7QP-3MZD-0V5A-T2WJ",
    ),
)
@click.argument("exercise")
@click.option(
    "-o",
    "--output",
    type=FilePath(),
    default="answer.py",
    show_default=True,
    help="Where to write it; - for the terminal.",
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
@variant_option
@student_option
def command(exercise: str, output: Path, force: bool, variant: str | None, student: str | None) -> None:
    """Write an answer file to fill in, every question as a comment."""
    text = template(load_variant(exercise, WhoseVariant(variant, student)), exercise)
    if str(output) == "-":
        _output.show(text)
        return
    _output.write(output, text, overwrite=force)
    marks = f"rnngrade submit {shlex.quote(str(output))}{_submit_options(exercise)}"
    click.echo(f"{output} is ready: uncomment what you answer, then run  {marks}")


def template(exercise: Exercise, asked_for: str) -> str:
    """The text of an answer file in which every question is still a comment.

    Args:
        exercise: The exercise.
        asked_for: The id or path that it was asked for by.
    """
    from grader.reports.wording import time_limits

    lines = [
        *_comment(exercise.title),
        "#",
        *_comment(
            "Uncomment what you answer. What stays a comment counts as not handed in. Numbers may be written "
            'as 3, 0.5, "1/3" or fractions.Fraction(1, 3); vectors and matrices as lists or numpy arrays.'
        ),
    ]
    lines += ["#", *_comment(time_limits(exercise))]
    if options := _submit_options(asked_for):
        lines += ["#", f"# Mark it with: rnngrade submit answer.py{_output.one_line(options)}"]
    lines += ["", f'EXERCISE = "{exercise.id}"', *_variant(exercise)]
    for text in (exercise.introduction, *(f"On the printed sheet: {text}" for text in exercise.errata)):
        if text.strip():
            lines += ["", *_comment(text)]
    for question in exercise.questions:
        lines += ["", "", *_question(question)]
    return "\n".join(lines) + "\n"


def _submit_options(asked_for: str) -> str:
    """Options that `submit` needs where the answer's own EXERCISE line does not lead to the exercise."""
    is_path = asked_for.endswith(".toml") or os.sep in asked_for
    return f" --exercise {shlex.quote(asked_for)}" if is_path else ""


def _variant(exercise: Exercise) -> list[str]:
    """The line that says which variant the answer is for."""
    from grader.variants.code import SAMPLE

    code = exercise.variant or (SAMPLE if exercise.values else "")
    if not exercise.varies or not code:
        return []
    what = "the sample, for practice" if code == SAMPLE else "your own: leave this line as it is"
    return [f'variant = "{code}"  # {what}']


def answer_lines(question: Question) -> list[str]:
    """The Python that answers a question, with None where the answer goes."""
    if question.signature:
        return [f"def {question.signature}:", "    return None"]
    lines = [f"{question.id} = dict("]
    for name in question.fields:
        also = "  # optional" if name in question.asks.optional else ""
        lines.append(f"    {name}=None,{also}")
    return [*lines, ")"]


def _question(question: Question) -> list[str]:
    from grader.model.share import points_text

    unit = "point" if question.points == 1 else "points"
    lines = [f"# {question.label} ({question.id}), {points_text(question.points)} {unit}", "#"]
    lines += _comment(question.prompt)
    for erratum in question.errata:
        lines += ["#", *_comment(f"On the printed sheet: {erratum}")]
    if question.fields:
        lines.append("#")
        for name, meaning in question.fields.items():
            lines += _comment(f"{name}: {meaning}")
    return [*lines, "", *(f"# {line}" for line in answer_lines(question))]


def _comment(text: str) -> list[str]:
    return wrapped(text, WIDTH, "# ")
