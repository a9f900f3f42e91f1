"""`rnngrade hint EXERCISE QUESTION`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import find_question, load_exercise, output_option
from grader.cli._wrapping import WIDEST, wrapped

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=Command,
    examples=(
        "rnngrade hint mit-6390-recitation-8 b_i",
        "rnngrade hint mit-6390-recitation-8 b_i --number 2",
    ),
)
@click.argument("exercise")
@click.argument("question")
@click.option(
    "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which of its hints."
)
@output_option
def command(exercise: str, question: str, number: int, output: Path | None) -> None:
    """Show a hint for QUESTION of EXERCISE, the first unless another is asked for.

    EXERCISE is an id from `rnngrade list` or the path of a .toml file.
    """
    from grader.model.text import counted

    found = find_question(load_exercise(exercise), question)
    count = len(found.hints)
    if number > count:
        has = counted(count, "hint") if count else "no hints"
        raise click.UsageError(f"{found.id} has {has}; there is no number {number}")
    hint = f"Hint {number} of {count} for {found.id}: {found.hints[number - 1]}"
    width, is_ascii = min(_output.width(), WIDEST), not _output.can_show("ᵗₜ")
    lines = wrapped(hint, width, is_ascii=is_ascii)
    if number < count:
        lines += ["", f"--number {number + 1} shows the next one."]
    _output.deliver("\n".join(lines) + "\n", output)
