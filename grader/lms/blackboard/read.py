"""Blackboard "Assignment File Download": `<assignment>_<user>_attempt_<time>[_<name>]`.

Beside the files of an attempt lies a text of the same name without the last part. It tells the user's
name and what the files were called; names of members may be mangled, so that text is trusted first.

There is no public specification; told from what public readers of these files expect.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from grader.gradebook.submission_times import kept_time
from grader.lms.blackboard.sidecar import Sidecar, read_sidecar
from grader.lms.found import Found
from grader.model.spelling import composed
from grader.model.submission import SubmittedFiles
from grader.submissions.tree import Tree, TreeEntry

TITLE = "Blackboard: Assignment File Download"

# The first "_attempt_" counts: what follows it was named by the student, who could write another's there.
NAME = re.compile(
    r"(?P<stem>(?P<assignment>.+?)_(?P<user>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5}))"
    r"(?:_(?P<orig>.+)|(?P<sidecar>\.txt))",
    re.DOTALL | re.ASCII,
)


@dataclass
class Attempt:
    """What lies there of one attempt.

    Args:
        user: The user, told by the names.
        time: As in the names.
        assignment: What stands before the user.
        files: What was handed in, each with what it was called.
        sidecar: The text beside them.
        sidecar_entry: Where that text is.
    """

    user: str
    time: str
    assignment: str
    files: list[tuple[TreeEntry, str]] = field(default_factory=list)
    sidecar: Sidecar = field(default_factory=Sidecar)
    sidecar_entry: TreeEntry | None = None


def recognises(tree: Tree, base: str) -> float:
    """The share of files named so."""
    entries = [entry for entry in tree.children(base) if entry.may_be_handed_in]
    named = sum(map(is_named, entries))
    return named / len(entries) if entries else 0.0


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is made so."""
    return NAME.fullmatch(composed(entry.name)) is not None


def read(tree: Tree, base: str) -> Found:
    """One hand-in for each attempt of each user, numbered by time."""
    found = Found()
    attempts: dict[str, Attempt] = {}
    strangers: list[TreeEntry] = []
    for entry in found.usable(tree.children(base)):
        match = NAME.fullmatch(composed(entry.name))
        if match is None or entry.kind == "folder":
            strangers.append(entry)
            continue
        attempt = attempts.setdefault(
            match["stem"], Attempt(match["user"], match["time"], match["assignment"])
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
    _tell_users(list(attempts.values()))
    found.submissions += _numbered(found, list(attempts.values()))
    return found


def _tell_users(attempts: list[Attempt]) -> None:
    """Say where the assignment ends and the user begins: both may hold "_"."""
    confirmed, doubtful = set(), []
    for attempt in attempts:
        told, both = attempt.sidecar.user, f"{attempt.assignment}_{attempt.user}"
        if told and both.endswith(f"_{told}"):
            attempt.user, attempt.assignment = told, both.removesuffix(f"_{told}")
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


def _shared(attempts: list[Attempt]) -> set[str]:
    """What all names begin with, in whole parts; nothing where that says no more than one name does."""
    names = {(*one.assignment.split("_"), one.user) for one in attempts}
    if len(names) < 2:
        return set()
    columns = zip(*(name[:-1] for name in names), strict=False)
    parts = [column[0] for column in itertools.takewhile(lambda column: len(set(column)) == 1, columns)]
    return {"_".join(parts)} if parts else set()


def _numbered(found: Found, attempts: list[Attempt]) -> list[SubmittedFiles]:
    by_user: dict[str, list[Attempt]] = {}
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


def _submitted(user: str, number: int, attempt: Attempt) -> SubmittedFiles:
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
