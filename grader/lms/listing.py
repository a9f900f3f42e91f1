"""The contents of a class folder: the submissions, and the entries that are nobody's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import msgspec

from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.answer_files import SUFFIXES, has_answer_suffix
from grader.submissions.safe_names import clean_id, escaped
from grader.submissions.tree import TreeEntry

DROPPING = "left by an operating system"
HIDDEN = "hidden: a tool's, nobody's submission"
PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
# An answer, or what may hold one.
ANSWERS = (*SUFFIXES, ".zip", *PACKED, "")
# Browsers and editors put it behind the suffix of a program.
ONE_MORE_SUFFIX = ".txt"


@dataclass(frozen=True)
class Unmatched:
    """A file or folder that is nobody's submission.

    Args:
        path: Relative to the class folder, made safe to print.
        reason: Why, for the instructor.
        is_lost: Whether it may well be a student's submission, so that somebody may go without a mark.
    """

    path: str
    reason: str
    is_lost: bool = False


@dataclass(frozen=True)
class ClassListing:
    """A class folder, read.

    Args:
        submissions: Sorted by student, then attempt.
        unmatched: Everything else that is there, sorted by path.
        layout: What it was read as; "pattern" where the instructor gave one.
        base: The folder inside the class folder where the layout begins; "" for the folder itself.
        is_forced: Whether the instructor chose the layout.
        notes: What the instructor should know of how it was read.
        looks_like: Another layout, in which some of the names are that were read as plain ones; else "".
        exports_inside: Folders that were read as one student's each, and look like a platform's export.
    """

    submissions: Sequence[SubmittedFiles]
    unmatched: tuple[Unmatched, ...]
    layout: str
    base: str = ""
    is_forced: bool = False
    notes: tuple[str, ...] = ()
    looks_like: str = ""
    exports_inside: tuple[str, ...] = ()

    @property
    def lost(self) -> tuple[Unmatched, ...]:
        """Entries that may well be a student's submission and are not read."""
        return tuple(one for one in self.unmatched if one.is_lost)

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody may go without a mark, or have it under another name."""
        return bool(self.lost or self.looks_like or self.exports_inside)


def has_one_more_suffix(name: str) -> bool:
    """Whether a file is an answer but for the last suffix: "answer.py.txt"."""
    stem, suffix = os.path.splitext(name)
    return suffix.lower() == ONE_MORE_SUFFIX and has_answer_suffix(stem)


@dataclass
class ClassContents:
    """The submissions and other entries that the reader of a layout has found so far.

    Args:
        submissions: One for each attempt; their ids are still as the export has them.
        unmatched: What is nobody's.
        has_any_names: Whether files of any name may lie there, so that one that is no answer is not lost.
        doubt_of_times: Why a student could have written the times, else "": such times are taken only where
            the instructor chose the layout.
    """

    submissions: list[SubmittedFiles] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    has_any_names: bool = False
    doubt_of_times: str = ""

    def leave(self, entry: TreeEntry, reason: str, *, is_expected: bool = False) -> None:
        """Add an entry to `unmatched`, as nobody's submission.

        Args:
            entry: What was found.
            reason: Why it is not read; what it is comes first where that is reason enough.
            is_expected: Whether the layout has such entries, which are no submissions.
        """
        why = DROPPING if entry.is_dropping else entry.refusal or reason
        is_answer = entry.kind == "folder" or has_one_more_suffix(entry.name)
        is_answer = is_answer or os.path.splitext(entry.name)[1].lower() in ANSWERS
        is_lost = entry.may_be_submitted and (is_answer or not self.has_any_names) and not is_expected
        self.unmatched.append(Unmatched(escaped(entry.path), why, is_lost))

    def leave_paths(self, paths: Iterable[str], reason: str) -> None:
        """Add the paths of a submission that is not read, or not there, to `unmatched` as lost."""
        self.unmatched += [Unmatched(escaped(path), reason, is_lost=True) for path in paths]

    def usable(self, entries: Iterable[TreeEntry]) -> list[TreeEntry]:
        """The entries of a folder that can be a submission; the others go to `unmatched`."""
        usable = []
        for entry in entries:
            if entry.is_dropping or entry.refusal:
                self.leave(entry, "")
            else:
                usable.append(entry)
        return usable


def with_clean_ids(contents: ClassContents) -> ClassContents:
    """The contents with ids that can be kept and printed; no two students get the same id."""
    cleaned = replace(contents, submissions=[], unmatched=list(contents.unmatched))
    owners: dict[str, str] = {}
    ids = {raw: clean_id(raw) for raw in {composed(one.student) for one in contents.submissions}}
    # Names that are plain already go first: nobody can take another's id by an escape that spells it.
    for raw in sorted(ids, key=lambda name: (ids[name] != name, name)):
        owners.setdefault(ids[raw], raw)
    twice = _in_two_spellings(contents.submissions)
    taken: set[tuple[str, int]] = set()
    for one in contents.submissions:
        this = (composed(one.student), one.attempt)
        student = ids[this[0]]
        if owners[student] != this[0]:
            reason = f"the id {student!r} already stands for another name"
        elif this in twice:
            reason = f"more than one submission is {student!r}'s, with accents written otherwise: keep one"
        elif this in taken:
            reason = f"another submission is already attempt {one.attempt} of {student!r}"
        else:
            taken.add(this)
            cleaned.submissions.append(_with_id(one, student))
            continue
        cleaned.leave_paths(one.paths, reason)
    return cleaned


def _in_two_spellings(submissions: Iterable[SubmittedFiles]) -> set[tuple[str, int]]:
    """Students and attempts that stand under two names which differ only in how accents are written."""
    spellings: dict[tuple[str, int], set[str]] = {}
    for one in submissions:
        if one.student.isascii():
            # There is one way to write it.
            continue
        spellings.setdefault((composed(one.student), one.attempt), set()).add(one.student)
    return {this for this, names in spellings.items() if len(names) > 1}


def _with_id(submitted: SubmittedFiles, student: str) -> SubmittedFiles:
    is_plain = submitted.name.isprintable() and (submitted.name + submitted.return_name).isascii()
    if student == submitted.student and is_plain and not submitted.members:
        return submitted
    return msgspec.structs.replace(
        submitted,
        student=student,
        name=escaped(composed(submitted.name)),
        members=tuple(map(clean_id, submitted.members)),
        return_name=composed(submitted.return_name),
    )
