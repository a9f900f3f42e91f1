"""`rnngrade hint EXERCISE QUESTION`."""

from __future__ import annotations

import click

from grader.cli import _output
from grader.cli._options import find_question, load_exercise
from grader.cli.show import WIDEST, wrapped


@click.command()
@click.argument("exercise")
@click.argument("question")
@click.option(
    "--number", type=click.IntRange(min=1), default=1, show_default=True, help="Which of its hints."
)
def command(exercise: str, question: str, number: int) -> None:
    """Show a hint for QUESTION of EXERCISE, the first unless another is asked for.

    EXERCISE is an id from `rnngrade list` or the path of a .toml file.

    \b
    Examples:
      rnngrade hint mit-6390-recitation-8 b_i
      rnngrade hint mit-6390-recitation-8 b_i --number 2
    """  # noqa: D301 - a raw one would have no \b in it, but the two signs
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
    _output.show("\n".join(lines) + "\n")
