"""All that a question's mark follows from, as one digest: where it is the same, the mark is.

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
from collections.abc import Iterator
from typing import Any

import grader
import reference
from grader.grading.names import Given
from grader.model.exercise import Exercise

LIBRARIES = ("numpy", "sympy", "mpmath", "msgspec")


class QuestionInputs:
    """The digests of answers to one exercise.

    Args:
        exercise: The exercise, not one that is different for each student.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._written = {} if exercise.varies else written_questions(exercise)
        self._begun: dict[str, Any] = {}

    def digest(self, given: Given, key: bytes) -> str | None:
        """The digest for one answer; None where it cannot be told what its mark follows from.

        Args:
            given: The question, and what came back for it; names are the same for each answer.
            key: What was read, and the secrets, from `exercise_marker.key_of`.
        """
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


def written_questions(exercise: Exercise) -> dict[str, bytes]:
    """Of each question what the file says of it, and all that the file says of no question.

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
    """Of this grader and what it computes with: another version, another file, another machine is another.

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
"""As this process found it when it began: what runs is what was there then."""
