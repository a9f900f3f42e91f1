"""Finds the variant that a command is about: as typed, or as the answer states; never a guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from grader.cli import _output
from grader.cli._options import load_exercise

if TYPE_CHECKING:
    from grader.model.exercise import Exercise
    from grader.model.submission import Submission

F = TypeVar("F", bound=Callable[..., Any])

SAMPLE_WORD = "sample"
WAYS = (
    'write variant = "..." with your code into the answer, or give --variant CODE; '
    f"--variant {SAMPLE_WORD} takes the numbers that everybody can see, for practice"
)


class WhoseVariant(NamedTuple):
    """Whose variant is meant.

    Args:
        variant: A code, or "sample", as typed.
        student: A student's id, as typed.
        answer: What was handed in, where something was.
    """

    variant: str | None = None
    student: str | None = None
    answer: Submission | None = None


class Meant(NamedTuple):
    """A variant's code, or why there is no usable one; neither where none is stated.

    Args:
        code: Of the variant.
        fault: The problem, reported only where the exercise has variants.
        note: A remark on the code.
    """

    code: str | None = None
    fault: str | None = None
    note: str | None = None


def variant_option(command: F) -> F:
    """Add `--variant`."""
    help = f"Code of the variant, where students' exercises differ; {SAMPLE_WORD} for practice."
    return click.option("--variant", help=help)(command)


def student_option(command: F) -> F:
    """Add `--student` of commands that show an exercise."""
    return click.option("--student", help="Whose variant: an id; needs the course's secret.")(command)


def load_variant(name: str, whose: WhoseVariant) -> Exercise:
    """The exercise as one student has it; one without variants, as everybody has it.

    Args:
        name: As for `load_exercise`.
        whose: Whose it is to be.

    Raises:
        click.UsageError: If it is an answer's and nothing says which variant it is for, or two things do.
        SpecError: If there is no such exercise, or its file is broken.
    """
    meant = _meant(name, whose)
    loaded = load_exercise(name, variant=meant.code)
    if not loaded.varies:
        return loaded
    if meant.fault is not None:
        raise click.UsageError(meant.fault)
    if meant.note is not None:
        _output.note(meant.note)
    if loaded.values and meant.code is None:
        if whose.answer is not None:
            raise click.UsageError(
                f"{loaded.id} is different for each student, and the answer does not say whose it is: {WAYS}"
            )
        _output.note(
            f"{loaded.id} is different for each student; this is its sample, for practice. "
            "--variant CODE takes the one that your course gave you"
        )
    return loaded


def _meant(name: str, whose: WhoseVariant) -> Meant:
    stated = _stated(whose.answer)
    if whose.variant is not None:
        typed = _typed(whose.variant)
        if stated.code is not None and stated.code != typed:
            return Meant(
                typed, note=f"the answer is for variant {stated.code}; it is marked as {typed}, as asked for"
            )
        return Meant(typed)
    if whose.student is None:
        return stated
    from grader.answers.drawing import SECRET_ENV, course_secret
    from grader.specs import find_exercise
    from grader.specs.load import exercise_id
    from grader.variants.code import code_of

    secret = course_secret()
    own = code_of(whose.student, exercise_id(find_exercise(name).path), secret)
    if not secret and (stated.code or stated.fault):
        return stated
    if not secret:
        return Meant(
            own,
            note=f"there is no secret of a course here ({SECRET_ENV}): variant {own} is for practice only",
        )
    if stated.code not in (None, own):
        return Meant(
            fault=f"the answer is for variant {stated.code}, which is not that of {whose.student}: "
            f"--variant {stated.code} marks it as it says, --variant {own} as {whose.student}'s own"
        )
    return Meant(own)


def _typed(text: str) -> str:
    from grader.variants.code import SAMPLE, read_code

    if text.strip().lower() == SAMPLE_WORD:
        return SAMPLE
    try:
        return read_code(text)
    except ValueError as error:
        raise click.BadParameter(f"{text[:40]!r} {error}", param_hint="--variant") from None


def _stated(answer: Submission | None) -> Meant:
    """The variant that an answer itself states."""
    from grader.submissions.which_exercise import stated_variants
    from grader.variants.code import read_code

    codes: list[str] = []
    fault = None
    for text in stated_variants(answer) if answer is not None else ():
        try:
            codes += [read_code(text)]
        except ValueError as error:
            fault = f"the answer says variant = {_output.one_line(repr(text[:40]))}, which {error}; {WAYS}"
    codes = list(dict.fromkeys(codes))
    if len(codes) > 1:
        return Meant(
            fault=f"the files of the answer are for different variants, {' and '.join(codes)}: "
            "--variant says which is meant"
        )
    return Meant(codes[0]) if codes else Meant(fault=fault)
