"""`rnngrade hint ANSWER QUESTION`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import find_question, load_exercise, output_option
from grader.cli._wrapping import WIDEST, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from grader.model.exercise import Question


@click.command(
    cls=Command,
    examples=(
        "rnngrade hint answer.py b_i",
        "rnngrade hint mit-6390-recitation-8 b_i --number 2",
        "rnngrade hint b_i --exercise week3.toml",
    ),
)
@click.argument("exercise", metavar="[ANSWER|EXERCISE]")
@click.argument("question", required=False, metavar="QUESTION")
@click.option(
    "--exercise", "given", help="Which exercise it is: an id from `rnngrade list`, or a .toml file."
)
@click.option(
    "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which of its hints."
)
@output_option
def command(exercise: str, question: str | None, given: str | None, number: int, output: Path | None) -> None:
    """Show a hint for QUESTION, the first unless another is asked for.

    In front of it stands your ANSWER, which says what exercise it is for, or EXERCISE itself: an id from
    `rnngrade list` or the path of a .toml file.
    """
    first, wanted = (None, exercise) if question is None else (exercise, question)
    found = find_question(load_exercise(_exercise(first, given)), wanted)
    _output.deliver(_text(found, number), output)


def _exercise(first: str | None, given: str | None) -> str:
    """The exercise that is named by --exercise, by an answer, or itself."""
    if first is None:
        if given is None:
            raise click.UsageError(
                "of which exercise? Put your answer in front: rnngrade hint answer.py QUESTION"
            )
        return given
    if not _is_answer(first):
        if given is not None and given != first:
            raise click.UsageError(f"{first} and --exercise {given} name two exercises; leave one out")
        return first
    from grader.cli._answer import choose_exercise, collected

    return choose_exercise(collected(first, None, is_exercise_given=given is not None), given).name


def _is_answer(name: str) -> bool:
    """Whether a word names a student's file or folder, and not an exercise."""
    from grader.submissions.answer_files import has_answer_suffix

    is_folder = os.path.isdir(name) and not os.path.isfile(os.path.join(name, "exercise.toml"))
    return has_answer_suffix(name) or is_folder


def _text(question: Question, number: int) -> str:
    from grader.model.text import counted

    count = len(question.hints)
    if number > count:
        has = counted(count, "hint") if count else "no hints"
        raise click.UsageError(f"{question.id} has {has}; there is no number {number}")
    hint = f"Hint {number} of {count} for {question.id}: {question.hints[number - 1]}"
    width, is_ascii = min(_output.width(), WIDEST), not _output.can_show("ᵗₜ")
    lines = wrapped(hint, width, is_ascii=is_ascii)
    if number < count:
        lines += ["", f"--number {number + 1} shows the next one."]
    return "\n".join(lines) + "\n"
