"""Reads the answer that was named on the command line, and finds the exercise as which it is marked."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from grader.cli import _output
from grader.cli._variant import WhoseVariant, load_variant

if TYPE_CHECKING:
    from grader.model.exercise import Exercise
    from grader.model.submission import AnswerFile, Submission
    from grader.submissions import KnownExercise, Naming

# A folder may hold any number of broken files.
MOST_NAMED = 3
NAMING = re.compile(rb"(EXERCISE|variant)\s*=\s*([\"'])[^\"']*\2\s*(#.*)?")
"""A line that names the exercise or the variant, and answers nothing."""

UNTOUCHED = (
    "All of the file is still a comment, as `rnngrade start` writes it: take away the # in front of the "
    "lines that answer a question, put your values in place of None, and save it."
)

WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class ChosenExercise(NamedTuple):
    """The exercise that an answer is marked as, an id or a path, and whether it was guessed from names."""

    name: str
    is_guessed: bool = False


class TakenAnswer(NamedTuple):
    """An answer to be marked, with its exercise.

    Args:
        submission: What was handed in.
        exercise: The exercise as which it is marked, in the answer's variant.
        named: The exercise as it was named, an id or a path.
        is_guessed: Whether the exercise was inferred from the names in the answer.
    """

    submission: Submission
    exercise: Exercise
    named: str
    is_guessed: bool


def taken(answer: str, exercise: str | None, variant: str | None, student: str | None = None) -> TakenAnswer:
    """Read an answer and find its exercise; the sandbox starts meanwhile.

    Args:
        answer: A path as typed, or - for JSON on standard input.
        exercise: An id or a path as typed, if it was.
        variant: A code, or "sample", as typed.
        student: Who handed it in; else the file's or folder's name.

    Raises:
        SubmissionError: If there is no such path, or nothing in it can be marked.
        click.UsageError: If it cannot be told for which exercise or variant it is.
    """
    warm_up_for_file(answer)
    submission = collected(answer, student, is_exercise_given=exercise is not None)
    warm_up_for(submission)
    chosen = choose_exercise(submission, exercise)
    loaded = load_variant(chosen.name, WhoseVariant(variant, student, submission))
    return TakenAnswer(submission, loaded, chosen.name, chosen.is_guessed)


def collected(answer: str, student: str | None, *, is_exercise_given: bool) -> Submission:
    """The submission; an empty one where nothing can be marked but the exercise is known.

    Args:
        answer: A path as typed, or - for JSON on standard input.
        student: Who handed it in; else the file's or folder's name.
        is_exercise_given: Whether the exercise is known without it.

    Raises:
        NothingHandedIn: If nothing can be marked and the exercise is not known.
        SubmissionError: If there is no such path.
    """
    from grader.submissions import NothingHandedIn, collect, collect_json

    try:
        if answer == "-":
            given = collect_json(_standard_input(), student)
            if _broken_files(given):
                _output.note("standard input is read as JSON only; put an answer in Python into a file")
            return given
        return collect(answer, student)
    except NothingHandedIn as nothing:
        if not is_exercise_given:
            raise
        _output.note(str(nothing))
        from pathlib import Path

        return nothing.without_files(student or Path(answer).stem or "student")


def _standard_input() -> bytes:
    """Standard input up to the longest answer, and one byte more that shows whether it is too long."""
    from grader.submissions.safe_read import FILE_LIMIT_BYTES

    return sys.stdin.buffer.read(FILE_LIMIT_BYTES + 1)


def warm_up_for_file(answer: str) -> None:
    """Let the sandbox start before anything else is imported, where a file's name says that it is code.

    Args:
        answer: A path as typed; of a folder it is not known before its files are.
    """
    if answer.lower().endswith((".py", ".ipynb")) and os.path.isfile(answer):
        from grader.sandbox import warm_up

        warm_up()


def warm_up_for(submission: Submission) -> None:
    """Let the sandbox start while the exercise is read; an answer of JSON alone needs none."""
    if submission.has_code:
        from grader.sandbox import warm_up

        warm_up()


def choose_exercise(submission: Submission, given: str | None) -> ChosenExercise:
    """The exercise of --exercise, else the one that the answer names or its names fit; notes any doubt.

    Args:
        submission: The answer.
        given: As typed, if it was.

    Raises:
        click.UsageError: If it cannot be told which one is meant.
    """
    from grader.specs import installed_exercises
    from grader.submissions import name_exercise, stated_exercise

    exercises = installed_exercises()
    if given is not None:
        # Which one its names would speak for is not asked: that reads the files of all.
        stated, known = stated_exercise(submission), {one.id for one in exercises}
        if stated in known and stated != given and given in known:
            _output.note(f"the answer says that it is for {stated}; it is marked as {given}, as asked for")
        else:
            _note_other_names(submission, exercises, given)
        return ChosenExercise(given)
    naming = name_exercise(submission, exercises)
    if naming.exercise is None:
        raise _unnamed(naming, submission)
    _note_naming(naming)
    _note_other_names(submission, exercises, naming.exercise)
    return ChosenExercise(naming.exercise, is_guessed=naming.how == "inferred")


def _unnamed(naming: Naming, submission: Submission) -> click.UsageError:
    if naming.stated is None:
        broken = "".join(f"{reason}. " for reason in _broken_files(submission)[:MOST_NAMED])
        return click.UsageError(
            f'{broken}Which exercise is this? Write EXERCISE = "..." in the answer or add --exercise; '
            "'rnngrade list' shows them all"
        )
    return click.UsageError(
        f"{_unknown(naming)}; if it has a file of its own, add --exercise {naming.stated}.toml"
    )


def _unknown(naming: Naming) -> str:
    offer = f"; did you mean {naming.nearest!r}?" if naming.nearest else ""
    return f"no exercise is called {naming.stated!r}, which the answer names as its EXERCISE{offer}"


def _note_naming(naming: Naming) -> None:
    if naming.how == "inferred":
        if naming.stated is not None:
            message = _unknown(naming)
            _output.note(message)
        _output.note(
            f"marked as {naming.exercise}, told by the names in the answer; --exercise names another"
        )
    if naming.also_stated:
        _output.note(
            f"other files of the answer say that they are for {', '.join(naming.also_stated)}; "
            f"marked as {naming.exercise}, which the first of them names"
        )


def _note_other_names(submission: Submission, exercises: Sequence[KnownExercise], marked_as: str) -> None:
    from grader.submissions import other_exercise

    if other := other_exercise(submission, exercises, marked_as):
        _output.note(
            f"the names in the answer are those of {other}; it is marked as {marked_as}. "
            f"--exercise {other} marks it as that"
        )


def is_untouched(submission: Submission) -> bool:
    """Whether nothing but comments was handed in, as in a file of `start` that nobody has filled in."""
    return bool(submission.files) and all(
        file.name.endswith(".py") and _is_all_comments(file.data) for file in submission.files
    )


def _is_all_comments(data: bytes) -> bool:
    lines = [line.strip() for line in data.removeprefix(codecs.BOM_UTF8).splitlines()]
    return all(not line or line.startswith(b"#") or NAMING.fullmatch(line) for line in lines)


def _broken_files(submission: Submission) -> list[str]:
    """Files that are not of the type of their suffix, a sentence on each; nothing is run."""
    found = ((file.name, _reason(file)) for file in submission.files)
    return [f"{name}: {reason}" for name, reason in found if reason]


def _reason(file: AnswerFile) -> str | None:
    if file.name.endswith(".npz"):
        return None if file.data.startswith(b"PK") else "the file is not an .npz archive"
    if file.data.startswith(WIDE_MARKS) or b"\0" in file.data:
        return "not text in UTF-8 (UTF-16 perhaps): save it as UTF-8"
    if file.name.endswith(".py"):
        return _code_reason(file.data)
    return _notebook_reason(file.data) if file.name.endswith(".ipynb") else _json_reason(file)


def _code_reason(data: bytes) -> str | None:
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        data.decode(encoding)
    except (SyntaxError, ValueError, LookupError):
        return "not text in UTF-8: save it as UTF-8"
    return None


def _notebook_reason(data: bytes) -> str | None:
    import msgspec

    try:
        notebook = msgspec.json.decode(data.removeprefix(codecs.BOM_UTF8))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "the file is not a notebook, or not all of it: it is not JSON"
    is_notebook = isinstance(notebook, dict) and isinstance(notebook.get("cells"), list)
    return None if is_notebook else "the file is not a notebook of format 4: it has no list of cells"


def _json_reason(file: AnswerFile) -> str | None:
    from grader.sandbox.host.json_answers import read_json

    _, fault = read_json(file.name, file.data, ())
    return fault.message if fault else None
