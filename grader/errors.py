"""The grader's own errors, by whom they concern."""

from __future__ import annotations

from collections.abc import Sequence


class GraderError(Exception):
    """Something that rnngrade can tell a person about.

    Shown as ``where: message (hint)``.

    Args:
        message: What was found and what was wanted, in one sentence.
        hint: What to do about it.
        where: File and key path, or the name of the field.
    """

    # Every argument but the first has a default: an exception with a required
    # keyword cannot be unpickled when it crosses a process pool.
    def __init__(self, message: str, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message, hint, where)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{advice}"


class SpecError(GraderError):
    """The author's exercise file is wrong: exit code 2."""


class SubmissionError(GraderError):
    """Nothing gradable was handed in."""


class CannotDo(GraderError):
    """A command cannot be carried out here, for instance on this gradebook or machine: exit code 2."""


def not_on_windows(message: str) -> CannotDo:
    """The error where Windows lacks something.

    Args:
        message: What cannot be done, a sentence without its end.
    """
    return CannotDo(
        f"{message} on Windows itself", "run rnngrade in WSL2 (wsl --install) or in a Linux container"
    )


class SandboxError(GraderError):
    """The sandbox could not start or broke: undecided, exit code 3."""


class Unreadable(GraderError):
    """A handed-in value is not what was asked for: verdict ``invalid``.

    Args:
        message: What was read and what was wanted, to the student.
        hint: One next step.
        where: The field's name.
        code: Stable kebab-case word for scripts.
    """

    def __init__(
        self, message: str, hint: str | None = None, where: str | None = None, code: str = "unreadable"
    ) -> None:
        super().__init__(message, hint, where)
        self.args = (message, hint, where, code)
        self.code = code


def together(faults: Sequence[Unreadable]) -> Unreadable:
    """One error that names all faults of an answer, so that its author need not hand in once for each.

    Args:
        faults: At least one; a single one comes back as it is. The code is that of the first.
    """
    if len(faults) == 1:
        return faults[0]
    hints = {one.hint for one in faults if one.hint}
    if len(hints) > 1:
        return Unreadable("; ".join(map(str, faults)), code=faults[0].code)
    messages = (f"{one.where}: {one.message}" if one.where else one.message for one in faults)
    return Unreadable("; ".join(messages), next(iter(hints), None), code=faults[0].code)


def missing_fields(names: Sequence[str]) -> Unreadable:
    """The error where fields are missing and nothing can be judged.

    Args:
        names: At least one.
    """
    named = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
    return Unreadable(f"{named} {'is' if len(names) == 1 else 'are'} missing", code="missing-field")
