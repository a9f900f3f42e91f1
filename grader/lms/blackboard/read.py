"""Blackboard "Assignment File Download": `<assignment>_<user>_attempt_<time>[_<name>]`.

Beside the files of an attempt lies a text of the same name without the last part. It has the user's
name and what the files were called; names of members may be mangled, so that text is trusted first.

There is no public specification; this follows what public readers of these files expect.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from grader.gradebook.submission_times import kept_time
from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree, TreeEntry

# The first "_attempt_" counts: what follows it was named by the student, who could write another's there.
NAME = re.compile(
    r"(?P<stem>(?P<assignment>.+?)_(?P<user>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5}))"
    r"(?:_(?P<orig>.+)|(?P<sidecar>\.txt))",
    re.DOTALL | re.ASCII,
)
PERSON, FILES = "Name:", "Files:"
ORIGINAL, MEMBER = "Original filename:", "Filename:"
LIMIT_BYTES = 2**20


@dataclass(frozen=True)
class Sidecar:
    """The contents of the text beside the files; any part may be missing.

    Args:
        name: The person's name.
        user: The person's id.
        originals: What each member was called by the student.
    """

    name: str = ""
    user: str = ""
    originals: dict[str, str] = field(default_factory=dict)


@dataclass
class BlackboardAttempt:
    """The files of one attempt.

    Args:
        user: The user, by the names.
        time: As in the names.
        assignment: The part of the names before the user.
        files: The files that were handed in, each with its original name.
        sidecar: The text beside them.
        sidecar_entry: The entry of that text.
    """

    user: str
    time: str
    assignment: str
    files: list[tuple[TreeEntry, str]] = field(default_factory=list)
    sidecar: Sidecar = field(default_factory=Sidecar)
    sidecar_entry: TreeEntry | None = None


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is one that Blackboard gives."""
    return NAME.fullmatch(composed(entry.name)) is not None


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each attempt of each user, numbered by time."""
    found = ClassContents()
    attempts: dict[str, BlackboardAttempt] = {}
    strangers: list[TreeEntry] = []
    for entry in found.usable(tree.children(base)):
        match = NAME.fullmatch(composed(entry.name))
        if match is None or entry.kind == "folder":
            strangers.append(entry)
            continue
        attempt = attempts.setdefault(
            match["stem"], BlackboardAttempt(match["user"], match["time"], match["assignment"])
        )
        if match["sidecar"]:
            attempt.sidecar_entry = entry
            attempt.sidecar = read_sidecar(tree, entry)
        else:
            attempt.files.append((entry, match["orig"]))
    for entry in strangers:
        owner = next(
            (one for one in attempts.values() if composed(entry.name) in one.sidecar.originals), None
        )
        if owner is None or entry.kind == "folder":
            found.leave(entry, "not named as Blackboard names submissions, and no attempt lists it")
        else:
            owner.files.append((entry, entry.name))
    _find_users(list(attempts.values()))
    found.submissions += _numbered(found, list(attempts.values()))
    return found


def _find_users(attempts: list[BlackboardAttempt]) -> None:
    """Find where the assignment ends and the user begins: both may hold "_"."""
    confirmed, doubtful = set(), []
    for attempt in attempts:
        user, both = attempt.sidecar.user, f"{attempt.assignment}_{attempt.user}"
        if user and both.endswith(f"_{user}"):
            attempt.user, attempt.assignment = user, both.removesuffix(f"_{user}")
            confirmed.add(attempt.assignment)
        else:
            doubtful.append(attempt)
    shared = confirmed or _shared(doubtful)
    for attempt in doubtful:
        both = f"{attempt.assignment}_{attempt.user}"
        fitting = [one for one in shared if both.startswith(f"{one}_") and both != f"{one}_"]
        if len(fitting) == 1:
            attempt.assignment = fitting[0]
            attempt.user = both.removeprefix(f"{fitting[0]}_")


def _shared(attempts: list[BlackboardAttempt]) -> set[str]:
    """The parts that all names begin with; nothing where there is only one name."""
    names = {(*one.assignment.split("_"), one.user) for one in attempts}
    if len(names) < 2:
        return set()
    columns = zip(*(name[:-1] for name in names), strict=False)
    parts = [column[0] for column in itertools.takewhile(lambda column: len(set(column)) == 1, columns)]
    return {"_".join(parts)} if parts else set()


def _numbered(found: ClassContents, attempts: list[BlackboardAttempt]) -> list[SubmittedFiles]:
    by_user: dict[str, list[BlackboardAttempt]] = {}
    for attempt in attempts:
        by_user.setdefault(attempt.user, []).append(attempt)
    submissions = []
    for user, mine in by_user.items():
        if len({one.assignment for one in mine}) > 1:
            for one in mine:
                entries: list[TreeEntry | None] = [each for each, _ in one.files]
                for entry in entries or [one.sidecar_entry]:
                    if entry is not None:
                        found.leave(entry, f"cannot be told whose: {user!r} follows several beginnings")
            continue
        in_order = sorted(mine, key=lambda one: one.time)
        submissions += [_submitted(user, number, one) for number, one in enumerate(in_order, start=1)]
    return submissions


def _submitted(user: str, number: int, attempt: BlackboardAttempt) -> SubmittedFiles:
    originals = attempt.sidecar.originals
    files = attempt.files
    if not files and attempt.sidecar_entry is not None:
        files = [(attempt.sidecar_entry, "what was typed.txt")]
    return SubmittedFiles(
        student=user,
        paths=tuple(entry.path for entry, _ in files),
        names=tuple(originals.get(composed(entry.name), name) for entry, name in files),
        name=attempt.sidecar.name,
        attempt=number,
        submitted_at=kept_time(attempt.time),
        return_name=files[0][0].name,
    )


def read_sidecar(tree: Tree, entry: TreeEntry) -> Sidecar:
    """Read the text leniently; an empty one where it cannot be read."""
    try:
        text = composed(tree.read(entry.path, LIMIT_BYTES).decode("utf-8-sig", "replace"))
    except (Refused, OSError):
        return Sidecar()
    lines = [line.strip() for line in text.split("\n")]
    name, user = _person(lines[0])
    return Sidecar(name, user, _originals(lines))


def _person(line: str) -> tuple[str, str]:
    """Name and id in "Name: Ada (ada1)"; the last brackets count, a name may have some too."""
    name, bracket, user = line.removeprefix(PERSON).rpartition("(")
    if not line.startswith(PERSON) or not bracket or not user.endswith(")"):
        return "", ""
    return name.strip(), user[:-1].strip()


def _originals(lines: list[str]) -> dict[str, str]:
    """The pairs after the last line "Files:"; the student's text above it may imitate them."""
    start = len(lines) - lines[::-1].index(FILES) if FILES in lines else len(lines)
    originals: dict[str, str] = {}
    original = ""
    for line in lines[start:]:
        if line.startswith(ORIGINAL):
            original = line.removeprefix(ORIGINAL).strip()
        elif line.startswith(MEMBER) and original:
            originals.setdefault(line.removeprefix(MEMBER).strip(), original)
            original = ""
    return originals


LAYOUT = Layout("Blackboard: Assignment File Download", read, is_named)
