"""`rnngrade list`."""

from __future__ import annotations

import click

from grader.cli import _output


@click.command()
def command() -> None:
    """List the exercises that can be marked."""
    from grader.model.text import counted
    from grader.specs import list_exercises

    exercises = list_exercises()
    longest = max((len(exercise.id) for exercise in exercises), default=0)
    for exercise in exercises:
        lines = [f"{exercise.id:{longest}}  {exercise.title}"]
        if exercise.question_ids:
            questions = counted(len(exercise.question_ids), "question")
            lines.append(f"{'':{longest}}  {questions}, {exercise.points} points")
        _output.show("\n".join(lines) + "\n")
