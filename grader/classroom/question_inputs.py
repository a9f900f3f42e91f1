"""A digest of all that a question's mark follows from: where it is equal, so is the mark.

A regrade after one question was changed then judges that question alone. Whatever is not looked at here must
not bear on a mark, so that more goes in than has to: what is there for nothing costs a mark found anew.
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
"""What was read for one question is remembered up to this size: nobody else has more."""


class Inputs(NamedTuple):
    """What a question's mark follows from.

    Args:
        given: The question and what came back for it, without what is of no concern to it.
        key: What was read for it, in the exercise that it is for; None where that is too much to keep.
        digest: The same with what the exercise's file and this grader bring to it; None where it cannot be
            told what the mark follows from.
    """

    given: Given
    key: bytes | None
    digest: str | None


class QuestionInputs:
    """What the marks of answers to one exercise follow from.

    Args:
        exercise: The exercise, not one that is different for each student.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._written = {} if exercise.varies else written_questions(exercise)
        self._begun: dict[str, Any] = {}

    def of(self, given: Given) -> Inputs:
        """What the mark of one answer follows from.

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
    """The same without what is of no concern to its question, so that nothing can follow from that.

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
    """Whether there is nothing to judge; what cannot be read is there."""
    try:
        return given.is_missing
    except Unreadable:
        return False


def _key_of(given: Given) -> bytes | None:
    """All that a mark follows from, in the exercise that it is for; None where that is too much to keep.

    Args:
        given: Without what is of no concern to its question.
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
    """What the file says of each question, and what it says of the exercise as a whole.

    Networks and pictures of other files are in the text. What another question says is left out: a question
    is made of its own table and of what all of them share.

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
"""The digest when this process began, since the code that runs is what was there then."""
