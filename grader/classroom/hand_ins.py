"""From a class folder to what is kept: a group's hand-in becomes one of each member."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from grader.errors import SubmissionError
from grader.gradebook.records import Attempt
from grader.model.submission import AnswerFile, Submission, SubmittedFiles
from grader.submissions import empty_submission
from grader.submissions.class_collect import collect
from grader.submissions.collect import build_submission


class Unread(msgspec.Struct, frozen=True):
    """A hand-in whose files cannot be read here: nobody's mark may follow from that.

    Args:
        kept: With nothing in it.
        reason: Why.
    """

    kept: Attempt
    reason: str


def collected(
    folder: Path, submissions: Iterable[SubmittedFiles], exercise: str
) -> Iterator[Attempt | Unread]:
    """Every hand-in with its bytes, one at a time, in the order of the listing.

    Args:
        folder: The class folder.
        submissions: Listed from it.
        exercise: The exercise's id.
    """
    for submitted in submissions:
        reason = ""
        try:
            submission = under_one_name(collect(folder, submitted))
        except SubmissionError as error:
            submission, reason = empty_submission(submitted.student, [str(error)]), str(error)
        for student in submitted.members or (submitted.student,):
            kept = Attempt(
                student=student,
                exercise=exercise,
                number=submitted.attempt,
                submission=msgspec.structs.replace(submission, student=student),
                name=submitted.name,
                group=submitted.student if submitted.members else "",
                submitted_at=submitted.submitted_at,
                is_late=submitted.is_late,
                source=submitted.paths,
            )
            yield Unread(kept, reason) if reason else kept


def under_one_name(submission: Submission) -> Submission:
    """A single file as `answer.py`, `answer.json`, ...

    In a class folder its name is often the student's: identical files would not be identical, and a report
    that is copied to another student would tell whose file it was.

    Args:
        submission: As it was handed in.
    """
    if len(submission.files) != 1:
        return submission
    (file,) = submission.files
    renamed = AnswerFile(f"answer{Path(file.name).suffix}", file.data)
    return build_submission(submission.student, [renamed], submission.left_out)
