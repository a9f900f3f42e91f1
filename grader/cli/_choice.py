"""Which exercise an answer is marked as."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from grader.cli import _output

if TYPE_CHECKING:
    from grader.model.submission import Submission
    from grader.submissions import Naming


def choose_exercise(submission: Submission, given: str | None) -> str:
    """The id or path of the exercise, with a note wherever that is not plain.

    Args:
        submission: The answer.
        given: What --exercise says; it wins.

    Raises:
        click.UsageError: If nothing names the exercise.
    """
    from grader.specs import list_exercises
    from grader.submissions import name_exercise

    exercises = list_exercises()
    naming = name_exercise(submission, exercises)
    if given is not None:
        _note_other_exercise(naming, given, {exercise.id for exercise in exercises})
        return given
    offer = f"; did you mean {naming.nearest!r}?" if naming.nearest else ""
    if naming.exercise is None:
        if naming.stated is None:
            raise click.UsageError(
                'which exercise is this? Write EXERCISE = "..." in the answer or add --exercise; '
                "'rnngrade list' shows them all"
            )
        raise click.UsageError(
            f"no exercise is called {naming.stated!r}, which the answer names as its EXERCISE{offer}"
        )
    if naming.how == "inferred":
        if naming.stated is not None:
            _output.note(
                f"no exercise is called {naming.stated!r}, which the answer names as its EXERCISE{offer}"
            )
        _output.note(
            f"marked as {naming.exercise}, told by the names in the answer; --exercise names another"
        )
    return naming.exercise


def _note_other_exercise(naming: Naming, given: str, known: Collection[str]) -> None:
    if naming.how == "stated" and naming.exercise != given and given in known:
        _output.note(f"the answer says that it is for {naming.exercise}; marked as {given}, as asked for")
