"""Which submissions of a class folder need not be read: their files are untouched since they were marked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from grader.classroom.question_inputs import GRADER
from grader.errors import SubmissionError
from grader.gradebook.reading import latest_stamps
from grader.gradebook.writing import plain
from grader.model.exercise import Exercise
from grader.model.submission import SubmittedFiles
from grader.submissions.folder_tree import open_class
from grader.submissions.tree import Tree
from grader.version import VERSION

AT_ONCE = 1000
"""Submissions that the gradebook is asked for together."""

STAMP_BYTES = 16


class Stamps:
    """Stamps of submissions as they are marked with one exercise: equal where nothing can have changed.

    Args:
        exercise: Today's. Another one, or another grader, has other stamps.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._of_all = hashlib.blake2b(digest_size=STAMP_BYTES)
        self._of_all.update(repr((exercise.id, exercise.digest, VERSION, GRADER)).encode())

    def of(self, tree: Tree, submitted: SubmittedFiles) -> bytes:
        """The stamp of a submission as its files are now; take it before they are read.

        Args:
            tree: The class.
            submitted: Listed from it.

        Returns:
            Empty where the files are to be read in any case.
        """
        try:
            states = [tree.stamp(path) for path in submitted.paths]
            seen = msgspec.msgpack.encode((submitted.paths, submitted.names, states))
        except (OSError, SubmissionError, UnicodeEncodeError):
            # A name need not be text.
            return b""
        if not all(states):
            return b""
        stamp = self._of_all.copy()
        stamp.update(seen)
        return stamp.digest()


def told_apart(
    connection: Connection, folder: Path, listed: Sequence[SubmittedFiles], exercise: Exercise
) -> Iterator[tuple[SubmittedFiles, bool]]:
    """Each submission, and whether its mark is there and nothing of it can have changed since.

    Args:
        connection: To the gradebook.
        folder: The class folder.
        listed: From it.
        exercise: Today's.
    """
    stamps = Stamps(exercise)
    with closing(open_class(folder)) as tree:
        for start in range(0, len(listed), AT_ONCE):
            some = listed[start : start + AT_ONCE]
            students = {plain(name) for one in some for name in one.members or (one.student,)}
            kept = latest_stamps(connection, exercise.id, students)
            for one in some:
                yield one, _is_unchanged(one, kept, stamps.of(tree, one) if kept else b"")


def _is_unchanged(one: SubmittedFiles, kept: dict[tuple[str, int], bytes], stamp: bytes) -> bool:
    names = one.members or (one.student,)
    return bool(stamp) and all(kept.get((plain(name), one.attempt)) == stamp for name in names)
