"""What a preset gathers while it reads: files of students, and what is left over."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.lms.listing import Unmatched
from grader.model.spelling import composed
from grader.model.submission import SubmittedFiles
from grader.submissions.answer_files import SUFFIXES
from grader.submissions.safe_names import clean_id, escaped
from grader.submissions.tree import TreeEntry

DROPPING_WORDS = "left by an operating system"
HIDDEN_WORDS = "hidden: a tool's, nobody's hand-in"
# An answer, or what may hold one.
ANSWERS = (*SUFFIXES, ".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", "")


@dataclass
class Found:
    """What was found so far.

    Args:
        submissions: One for each attempt; their ids are still as the export has them.
        unmatched: What is nobody's.
        has_any_names: Whether files of any name may lie there: one that is no answer is nobody's loss.
    """

    submissions: list[SubmittedFiles] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    has_any_names: bool = False

    def leave(self, entry: TreeEntry, reason: str, *, is_expected: bool = False) -> None:
        """Name an entry as nobody's.

        Args:
            entry: What was found.
            reason: Why it is not read as a hand-in; what it is comes first where that is reason enough.
            is_expected: Whether the layout has such entries, which are no hand-ins.
        """
        words = DROPPING_WORDS if entry.is_dropping else entry.refusal or reason
        is_lost = not is_expected and self._may_be_a_hand_in(entry)
        self.unmatched.append(Unmatched(escaped(entry.path), words, is_lost))

    def leave_name(self, path: str, reason: str) -> None:
        """Name the path of a hand-in that is spoken of but not there.

        Args:
            path: Relative to the class folder.
            reason: Why it is named.
        """
        self.unmatched.append(Unmatched(escaped(path), reason, is_lost=True))

    def leave_submission(self, submitted: SubmittedFiles, reason: str) -> None:
        """Name all that belongs to a hand-in which is not read.

        Args:
            submitted: What a preset made of it.
            reason: Why it is not read.
        """
        self.unmatched += [Unmatched(escaped(path), reason, is_lost=True) for path in submitted.paths]

    def _may_be_a_hand_in(self, entry: TreeEntry) -> bool:
        is_answer = entry.kind == "folder" or os.path.splitext(entry.name)[1].lower() in ANSWERS
        return entry.may_be_handed_in and (is_answer or not self.has_any_names)

    def usable(self, entries: Iterable[TreeEntry]) -> list[TreeEntry]:
        """The entries that can be a hand-in; the others are named.

        Args:
            entries: What is in a folder.
        """
        usable = []
        for entry in entries:
            if entry.is_dropping or entry.refusal:
                self.leave(entry, "")
            else:
                usable.append(entry)
        return usable


def with_clean_ids(found: Found) -> Found:
    """The same with ids that can be kept and printed; no two students may come to share one.

    Args:
        found: What a preset gathered.
    """
    cleaned = Found(unmatched=list(found.unmatched), has_any_names=found.has_any_names)
    owners: dict[str, str] = {}
    raw_ids = {composed(submitted.student) for submitted in found.submissions}
    # Names that are plain already go first: nobody can take another's id by an escape that spells it.
    for raw in sorted(raw_ids, key=lambda name: (clean_id(name) != name, name)):
        owners.setdefault(clean_id(raw), raw)
    twice = _told_in_two_spellings(found.submissions)
    taken: set[tuple[str, int]] = set()
    for submitted in found.submissions:
        student = clean_id(submitted.student)
        this = (composed(submitted.student), submitted.attempt)
        if owners[student] != this[0]:
            cleaned.leave_submission(submitted, f"the id {student!r} already stands for another name")
        elif this in twice:
            reason = f"more than one hand-in is {student!r}'s, with accents written otherwise: keep one"
            cleaned.leave_submission(submitted, reason)
        elif this in taken:
            reason = f"another hand-in is already attempt {submitted.attempt} of {student!r}"
            cleaned.leave_submission(submitted, reason)
        else:
            taken.add(this)
            members = tuple(map(clean_id, submitted.members))
            cleaned.submissions.append(_renamed(submitted, student, members))
    return cleaned


def _told_in_two_spellings(submissions: Iterable[SubmittedFiles]) -> set[tuple[str, int]]:
    """Students and attempts that two names stand for which differ in nothing but how accents are written."""
    spellings: dict[tuple[str, int], set[str]] = {}
    for one in submissions:
        spellings.setdefault((composed(one.student), one.attempt), set()).add(one.student)
    return {this for this, names in spellings.items() if len(names) > 1}


def _renamed(submitted: SubmittedFiles, student: str, members: tuple[str, ...]) -> SubmittedFiles:
    return SubmittedFiles(
        student=student,
        paths=submitted.paths,
        names=submitted.names,
        name=escaped(composed(submitted.name)),
        attempt=submitted.attempt,
        submitted_at=submitted.submitted_at,
        is_late=submitted.is_late,
        members=members,
        return_name=composed(submitted.return_name),
    )
