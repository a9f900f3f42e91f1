"""A digest of everything that a question's mark depends on: where two are equal, so are the marks.

So a regrade after one question was changed judges that question alone. Nothing that is left out here may
change a mark. When in doubt it goes in: at worst a question is then judged once more than needed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import sys
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

import grader
import reference
from grader.answers.drawing import SECRET_ENV, course_secret
from grader.errors import Unreadable
from grader.grading.resolve import Given
from grader.model.exercise import Exercise, Question
from grader.model.run import RunResult

LIBRARIES = ("numpy", "sympy", "mpmath", "msgspec")

LARGEST_KEY_BYTES = 64 << 10
"""Readings of one question are remembered up to this size: larger ones are hardly ever met again."""


class Inputs(NamedTuple):
    """Everything that a question's mark depends on.

    Args:
        given: The question and its readings, without those that only concern other questions.
        key: Its readings, encoded, to be compared within one exercise; None where too large to keep.
        digest: Over the key, the exercise's file and this grader; None where it is not known what the mark
            depends on.
    """

    given: Given
    key: bytes | None
    digest: str | None


class QuestionInputs:
    """Everything that the marks of answers to one exercise depend on.

    Args:
        exercise: The exercise, not one that is different for each student.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._written = {} if exercise.varies else written_questions(exercise)
        self._begun: dict[str, Any] = {}

    def of(self, given: Given) -> Inputs:
        """Everything that the mark of one answer depends on.

        Args:
            given: The question, and what came back for it; names are the same for each answer.
        """
        alone = _without_others(given)
        key = _key_of(alone)
        return Inputs(alone, key, None if key is None else self._digest(alone, key))

    def _digest(self, given: Given, key: bytes) -> str | None:
        question = given.question.id
        if question not in self._written:
            return None
        if question not in self._begun:
            names = repr((sorted(given.flat), sorted(given.taken)))
            begun = hashlib.sha256(GRADER)
            for part in (self._written[question], names.encode("utf-8", "backslashreplace")):
                begun.update(b"%d " % len(part) + part)
            self._begun[question] = begun
        found = self._begun[question].copy()
        found.update(key)
        digest: str = found.hexdigest()
        return digest[:32]


def _without_others(given: Given) -> Given:
    """The same without readings that only concern other questions, so that its mark cannot depend on them.

    Args:
        given: One question, and what came back for it.
    """
    question, run = given.question, given.run
    asks = question.asks
    names = (question.id, *given.flat, *asks.also)
    own = {question.id, asks.function, *given.flat}
    is_read = not _is_missing(given)
    narrowed = RunResult(
        names={name: run.names[name] for name in names if name in run.names},
        # Why there is nothing to judge is told of the answer as a whole.
        seen=() if is_read else run.seen,
        faults=() if is_read else run.faults,
        given_twice=tuple(name for name in run.given_twice if name in own),
    )
    return Given(question, given.flat, given.calls, narrowed, given.taken, () if is_read else given.left_out)


def _is_missing(given: Given) -> bool:
    """Whether there is nothing to judge; an unreadable answer is not missing."""
    try:
        return given.is_missing
    except Unreadable:
        return False


def _key_of(given: Given) -> bytes | None:
    """All readings that a mark depends on, encoded; None where that is too large to keep.

    Args:
        given: Without readings that only concern other questions.
    """
    run = given.run
    read: Sequence[object] = (
        given.question.id,
        _secrets_of(given.question),
        run.names,
        run.seen,
        run.faults,
        run.given_twice,
        given.calls,
        given.left_out,
    )
    try:
        key = msgspec.msgpack.encode(read)
    except (UnicodeEncodeError, RecursionError):
        return None
    return key if len(key) <= LARGEST_KEY_BYTES else None


def _secrets_of(question: Question) -> tuple[bytes, bytes]:
    """The secrets from which a question's instances may be drawn."""
    secret, its_env = course_secret(), getattr(question.params, "secret_env", SECRET_ENV)
    return secret, secret if its_env == SECRET_ENV else course_secret(its_env)


def written_questions(exercise: Exercise) -> dict[str, bytes]:
    """Each question's own table in the exercise file, together with all that questions share.

    Networks and pictures of other files are in the text. Other questions' tables are left out.

    Args:
        exercise: With its text.
    """
    try:
        table = tomllib.loads(exercise.text.decode("utf-8"))
    except (ValueError, RecursionError):
        return {}
    questions = table.pop("question", [])
    # As they were written, in the order in which they were.
    return {
        one["id"]: repr((exercise.id, table, one)).encode("utf-8", "backslashreplace") for one in questions
    }


def graders_digest() -> bytes:
    """A digest of this grader, its files and its machine: it changes with any of them.

    Files count by name, size, place on the disk and time of their last change: a checkout keeps its version
    for months. Where they cannot be looked at it is never the same.
    """
    found = hashlib.sha256(repr((sys.version, platform.machine())).encode())
    try:
        for path in _files():
            status = os.stat(path)
            seen = (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            found.update(repr(seen).encode("utf-8", "backslashreplace"))
    except OSError:
        return os.urandom(32)
    return found.digest()


def _files() -> Iterator[str]:
    for name in LIBRARIES:
        library = importlib.util.find_spec(name)
        yield from [library.origin] if library is not None and library.origin else []
    for package in (grader, reference):
        for folder in package.__path__:
            for inner, folders, names in os.walk(folder):
                folders[:] = sorted(name for name in folders if name != "__pycache__")
                yield from (os.path.join(inner, name) for name in sorted(names))


GRADER = graders_digest()
"""The digest when this process began: the code that runs was loaded then."""
