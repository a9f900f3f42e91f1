"""Which exercise an answer is marked as."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import click

from grader.cli import _output, _unread

if TYPE_CHECKING:
    from grader.model.report import Report
    from grader.model.submission import Submission
    from grader.submissions import KnownExercise, Naming

# A folder may hold any number of broken files.
MOST_TOLD = 3


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
        if not _note_other_exercise(naming, given, {exercise.id for exercise in exercises}):
            _note_other_names(submission, exercises, given)
        return given
    offer = f"; did you mean {naming.nearest!r}?" if naming.nearest else ""
    if naming.exercise is None:
        if naming.stated is None:
            broken = "".join(f"{reason}. " for reason in _unread.reasons(submission)[:MOST_TOLD])
            raise click.UsageError(
                f'{broken}Which exercise is this? Write EXERCISE = "..." in the answer or add --exercise; '
                "'rnngrade list' shows them all"
            )
        raise click.UsageError(
            f"no exercise is called {naming.stated!r}, which the answer names as its EXERCISE{offer}; "
            f"if it has a file of its own, add --exercise {naming.stated}.toml"
        )
    if naming.how == "inferred":
        if naming.stated is not None:
            _output.note(
                f"no exercise is called {naming.stated!r}, which the answer names as its EXERCISE{offer}"
            )
        _output.note(
            f"marked as {naming.exercise}, told by the names in the answer; --exercise names another"
        )
    if naming.also_stated:
        _output.note(
            f"other files of the answer say that they are for {', '.join(naming.also_stated)}; "
            f"marked as {naming.exercise}, which the first of them names"
        )
    _note_other_names(submission, exercises, naming.exercise)
    return naming.exercise


def with_doubt(report: Report, submission: Submission) -> Report:
    """The report; where it has nothing of an exercise that was only guessed, that is said first.

    Args:
        report: Of the answer, marked as the exercise that was chosen for it.
        submission: The answer.
    """
    import msgspec

    from grader.model.outcome import Verdict
    from grader.specs import list_exercises
    from grader.submissions import name_exercise

    is_empty = all(one.outcome.verdict is Verdict.MISSING for one in report.questions)
    if not is_empty or name_exercise(submission, list_exercises()).how != "inferred":
        return report
    doubt = (
        f"The answer has nothing for {report.exercise}, which was guessed from the names in it. If it is for "
        'another exercise, say which: EXERCISE = "..." in the answer, or --exercise.'
    )
    return msgspec.structs.replace(report, notes=(doubt, *report.notes))


def _note_other_names(submission: Submission, exercises: Sequence[KnownExercise], marked_as: str) -> None:
    from grader.submissions import other_exercise

    if other := other_exercise(submission, exercises, marked_as):
        _output.note(
            f"the names in the answer are those of {other}; it is marked as {marked_as}. "
            f"--exercise {other} marks it as that"
        )


def _note_other_exercise(naming: Naming, given: str, known: Collection[str]) -> bool:
    is_other = naming.how == "stated" and naming.exercise != given and given in known
    if is_other:
        _output.note(
            f"the answer says that it is for {naming.exercise}; it is marked as {given}, as asked for"
        )
    return is_other
