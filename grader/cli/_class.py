"""Shared by commands for a class: its folder, its course file, and the gradebook's spelling of names."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli import _output
from grader.cli._options import nearest
from grader.cli._replacing import gradebook_files
from grader.errors import SpecError

if TYPE_CHECKING:
    from grader.gradebook.course import Course
    from grader.gradebook.gradebook import Gradebook
    from grader.lms import ClassListing
    from grader.model.exercise import Exercise


def read_course_file(path: str) -> tuple[str, Course]:
    """A course file's text, and what it says.

    Raises:
        SpecError: If it cannot be read or is wrong.
    """
    from grader.gradebook.course import read_course

    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", where=path) from None
    except UnicodeDecodeError:
        raise SpecError("not a text in UTF-8", where=path) from None
    return text, read_course(text, path)


def course_of(book: Gradebook, path: str | None) -> Course:
    """The course file that was given, else the one that the gradebook keeps, else one without policies.

    Args:
        book: The gradebook.
        path: As typed.

    Raises:
        SpecError: If it cannot be read or is wrong.
    """
    from grader.gradebook.course import NO_POLICIES, read_course
    from grader.gradebook.kept_files import course_text

    if path is not None:
        return read_course_file(path)[1]
    with book.reading() as connection:
        text = course_text(connection)
    return NO_POLICIES if text is None else read_course(text, "the course file in the gradebook")


def checked_course_of(book: Gradebook, path: str | None) -> Course:
    """As `course_of`; says which of its exercises and students the gradebook does not have.

    Args:
        book: The gradebook.
        path: As typed.
    """
    course = course_of(book, path)
    _note_unknown_names(book, course)
    return course


def _note_unknown_names(book: Gradebook, course: Course) -> None:
    """Note unknown names in the course file; no error, as an exercise or student may come later."""
    from grader.gradebook.read_records import exercise_ids, student_ids
    from grader.model.text import composed
    from grader.specs import list_exercises

    if not course.exercise and not course.extension:
        return
    with book.reading() as connection:
        kept, students = exercise_ids(connection), student_ids(connection)
    exercises = [*kept, *(one.id for one in list_exercises())]
    extended = [one.exercise for one in course.extension if one.exercise is not None]
    for exercise in dict.fromkeys((*course.exercise, *extended)):
        if exercise not in exercises:
            _note_unknown(f"exercise {exercise!r}", nearest(exercise, exercises))
    for student in dict.fromkeys(composed(one.student) for one in course.extension):
        if student not in students:
            _note_unknown(f"student {student!r}", nearest(student, students))


def _note_unknown(what: str, near: str) -> None:
    _output.note(f"the course file names the {what}, but the gradebook has nothing of that name{near}")


def secret_of(course: Course) -> bytes:
    """The secret by which variants are drawn: the course file's, else that of the environment; may be empty.

    Raises:
        click.UsageError: If both have one, and not the same.
    """
    from grader.answers.drawing import SECRET_ENV, course_secret

    own, of_environment = course.secret.encode(), course_secret()
    if own and of_environment and own != of_environment:
        raise click.UsageError(f"the course file and {SECRET_ENV} have different secrets: which one is it?")
    return own or of_environment


def require_secret(exercise: Exercise, secret: bytes) -> None:
    """Refuse an exercise with variants if there is no secret to tell which student has which.

    Args:
        exercise: The exercise.
        secret: The course's; may be empty.

    Raises:
        click.UsageError: If it is needed and empty.
    """
    from grader.answers.drawing import SECRET_ENV

    if exercise.values and not secret:
        raise click.UsageError(
            f"{exercise.id} is different for each student, and whose variant is which follows from the "
            f'course\'s secret: write secret = "..." into the course file, or set {SECRET_ENV}'
        )


def exercise_name(typed: str) -> str:
    """The id of an exercise that is named by its id or by the path of its file."""
    from grader.specs.load import exercise_id

    is_path = typed.endswith(".toml") or os.sep in typed
    return exercise_id(Path(typed)) if is_path else typed


def exercise_of(book: Gradebook, typed: str | None) -> str | None:
    """The id of an exercise of the gradebook; None where none is named.

    Args:
        book: The gradebook.
        typed: Id or path, as typed.

    Raises:
        click.UsageError: If the gradebook has nothing of it.
    """
    from grader.gradebook.read_records import exercise_ids

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
    from grader.gradebook.read_records import student_ids

    with book.reading() as connection:
        return student_ids(connection)


def _spelled(typed: str, students: list[str]) -> str:
    from grader.model.text import composed

    return next((one for one in students if composed(one) == composed(typed)), composed(typed))


def read_folder(folder: Path, gradebook: str, preset: str | None, pattern: str | None) -> ClassListing:
    """The class in a folder, without the files of a gradebook that lies there too.

    Args:
        folder: The class folder.
        gradebook: As typed.
        preset: As typed.
        pattern: As typed.

    Raises:
        SubmissionError: If the folder cannot be read.
    """
    from grader.lms import read_class

    found = read_class(folder, preset, pattern)
    files = gradebook_files(gradebook)
    own = {os.path.realpath(path) for path in files}
    names = {os.path.basename(path).casefold() for path in (*files, *own)}
    # No submission is a link: where it has another name it is another file.
    may_be = [path for path in _paths(found) if path.rpartition("/")[2].casefold() in names]
    may_be += [one.path for one in found.unmatched]
    is_own = {path for path in may_be if os.path.realpath(folder / path) in own}
    return replace(
        found,
        submissions=tuple(
            one for one in found.submissions if not is_own.issuperset(one.paths) or not one.paths
        ),
        unmatched=tuple(one for one in found.unmatched if one.path not in is_own),
    )


def _paths(found: ClassListing) -> list[str]:
    return [path for one in found.submissions for path in one.paths]


def require_isolation(*, needs_isolation: bool, executor: str | None) -> None:
    """Refuse to run strangers' code where this machine cannot shut it in; other machines check themselves.

    Args:
        needs_isolation: Whether any answer has code, and the person in charge has not allowed it.
        executor: Other machines.

    Raises:
        click.UsageError: If it cannot be.
    """
    if not needs_isolation or executor is not None:
        return
    from grader.classroom.machines import require_isolation_here
    from grader.classroom.task import CannotMark

    try:
        require_isolation_here()
    except CannotMark as error:
        raise click.UsageError(str(error)) from None


def marker_name(typed: str | None) -> str:
    """The name of whoever gives points: as typed, else that of the user who is logged in.

    Raises:
        click.UsageError: If neither is known.
    """
    if typed is not None and typed.strip():
        return typed.strip()
    try:
        import getpass

        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        raise click.UsageError("nobody is logged in by name: say by --who who gives the points") from None
