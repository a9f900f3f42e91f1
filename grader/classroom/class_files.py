"""The attempts of a class folder with their bytes, one at a time, and which need not be read again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from grader.classroom.question_inputs import GRADER
from grader.errors import SubmissionError
from grader.gradebook.read_records import latest_stamps
from grader.gradebook.records import Attempt
from grader.gradebook.write_records import plain
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile, Submission, SubmittedFiles
from grader.submissions import build_submission, collect_from
from grader.submissions.folder_tree import open_class
from grader.submissions.tree import Tree
from grader.version import VERSION

AT_ONCE = 1000
"""Submissions that the gradebook is asked for together."""

STAMP_BYTES = 16


class UnreadableAttempt(msgspec.Struct, frozen=True):
    """An attempt whose files cannot be read here: it is undecided, as that is not the student's fault.

    Args:
        attempt: With nothing in it.
        reason: Why.
    """

    attempt: Attempt
    reason: str


def attempts_in(
    folder: Path, submitted: Iterable[SubmittedFiles], exercise: str, stamps: Stamps | None = None
) -> Iterator[Attempt | UnreadableAttempt]:
    """Every attempt with its bytes, one at a time, in the order of the listing; one for each group member.

    Args:
        folder: The class folder.
        submitted: Listed from it.
        exercise: The exercise's id.
        stamps: By which it is known later that an attempt need not be read again.
    """
    with _ClassFiles(folder, stamps) as read:
        for files in submitted:
            submission, stamp, reason = read(files)
            for student in files.members or (files.student,):
                attempt = Attempt(
                    student=student,
                    exercise=exercise,
                    number=files.attempt,
                    submission=msgspec.structs.replace(submission, student=student),
                    name=files.name,
                    group=files.student if files.members else "",
                    submitted_at=files.submitted_at,
                    is_late=files.is_late,
                    source=files.paths,
                    stamp=stamp,
                )
                yield UnreadableAttempt(attempt, reason) if reason else attempt


class _ClassFiles:
    """Reads submissions of a class; opens the class only once, as opening takes as long as reading a file."""

    def __init__(self, folder: Path, stamps: Stamps | None) -> None:
        self.folder = folder
        self.stamps = stamps
        self._tree: Tree | None = None

    def __enter__(self) -> _ClassFiles:
        return self

    def __exit__(self, *error: object) -> None:
        if self._tree is not None:
            self._tree.close()

    def __call__(self, files: SubmittedFiles) -> tuple[Submission, bytes, str]:
        """A submission, its stamp, and why it could not be read; empty where it could."""
        try:
            self._tree = self._tree or open_class(self.folder)
            # Before: what changes while it is read has another stamp afterwards.
            stamp = self.stamps.of(self._tree, files) if self.stamps is not None else b""
            return _under_one_name(collect_from(self._tree, files)), stamp, ""
        except SubmissionError as error:
            return build_submission(files.student, [], [str(error)]), b"", str(error)


def _under_one_name(submission: Submission) -> Submission:
    """A single file as `answer.py`, `answer.json`, ...

    In a class folder its name is often the student's: identical files would not be identical, and a report
    that is copied to another student would tell whose file it was.
    """
    if len(submission.files) != 1:
        return submission
    (file,) = submission.files
    renamed = AnswerFile(f"answer{os.path.splitext(file.name)[1]}", file.data)
    return build_submission(submission.student, [renamed], submission.left_out)


class Stamps:
    """Stamps of submissions for one exercise: where two are equal, nothing can have changed between them.

    Args:
        exercise: Today's. With another exercise or grader the stamps differ.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._of_all = hashlib.blake2b(digest_size=STAMP_BYTES)
        self._of_all.update(repr((exercise.id, exercise.digest, VERSION, GRADER)).encode())

    def of(self, tree: Tree, submitted: SubmittedFiles) -> bytes:
        """The stamp of a submission as its files are now; take it before they are read.

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


def each_unchanged(
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
