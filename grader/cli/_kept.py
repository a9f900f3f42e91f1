"""Names that are typed, held against what the gradebook has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli._group import nearest

if TYPE_CHECKING:
    from grader.gradebook.gradebook import Gradebook


def exercise_name(typed: str) -> str:
    """The id of an exercise that is named by its id or by the path of its file.

    Args:
        typed: As typed.
    """
    is_path = typed.endswith(".toml") or os.sep in typed
    return Path(typed).name.removesuffix(".toml") if is_path else typed


def exercise_of(book: Gradebook, typed: str | None) -> str | None:
    """The id of an exercise of the gradebook; None where none is named.

    Args:
        book: The gradebook.
        typed: Id or path, as typed.

    Raises:
        click.UsageError: If the gradebook has nothing of it.
    """
    from grader.gradebook.reading import exercise_ids

    if typed is None:
        return None
    exercise = exercise_name(typed)
    with book.reading() as connection:
        kept = exercise_ids(connection)
    if exercise not in kept:
        has = nearest(exercise, kept) or f"; it has {', '.join(kept) or 'nothing'}"
        raise click.UsageError(f"the gradebook has nothing of {exercise!r}{has}")
    return exercise


def student_of(book: Gradebook, typed: str | None) -> str | None:
    """The id of a student of the gradebook; None where none is named.

    Args:
        book: The gradebook.
        typed: As typed, with accents written in one way or the other.

    Raises:
        click.UsageError: If the gradebook has nothing of that name.
    """
    if typed is None:
        return None
    students = _students(book)
    student = _spelled(typed, students)
    if student not in students:
        raise click.UsageError(f"the gradebook has nothing of {student!r}{nearest(student, students)}")
    return student


def student_name(book: Gradebook, typed: str) -> str:
    """The id of a student as the gradebook spells it, whether it has one of that name or not.

    Args:
        book: The gradebook.
        typed: As typed.
    """
    return _spelled(typed, _students(book))


def _students(book: Gradebook) -> list[str]:
    from grader.gradebook.reading import student_ids

    with book.reading() as connection:
        return student_ids(connection)


def _spelled(typed: str, students: list[str]) -> str:
    from grader.model.spelling import composed

    return next((one for one in students if composed(one) == composed(typed)), composed(typed))
