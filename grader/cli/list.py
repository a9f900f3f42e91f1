"""`rnngrade list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._command import Command
from grader.cli._options import output_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    cls=Command,
    examples=(
        "rnngrade list",
        "rnngrade list -o exercises.txt",
    ),
)
@output_option
def command(output: Path | None) -> None:
    """List the exercises that can be marked."""
    from grader.model.text import counted
    from grader.specs import list_exercises

    exercises = list_exercises()
    longest = max((len(exercise.id) for exercise in exercises), default=0)
    lines = []
    for exercise in exercises:
        lines.append(f"{exercise.id:{longest}}  {exercise.title}")
        if exercise.question_ids:
            questions = counted(len(exercise.question_ids), "question")
            lines.append(f"{'':{longest}}  {questions}, {exercise.points} points")
    _output.deliver("".join(f"{line}\n" for line in lines), output)
