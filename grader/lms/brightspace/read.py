"""Brightspace, Assignments, Download: `<user>-<assignment> - <name> - <time>`, a folder an attempt.

Older sites put the files side by side, ` - <file>` behind such a name. The time is the course's, without
a sign between hour and minute: "Oct 5, 2026 1022 PM". A page `index.html` says when what was handed in.

There is no public specification; this follows what public readers of these folders expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.gradebook.submission_times import kept_time, read_time
from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.tree import Tree, TreeEntry

USER = r"(?P<user>\d+)-(?P<assignment>\d+) - "
TIME = r" - (?P<date>[^-]*?\d{4}[^-]*?) (?P<hour>\d{1,2})(?P<minute>\d\d)(?P<half> [AP]\.?M\.?)?"
FLAGS = re.DOTALL | re.ASCII | re.IGNORECASE
# People choose their names, which may look like a time: a folder ends with its own. What a file is called
# behind it is easier to choose, so there the first one counts.
FOLDER = re.compile(rf"(?P<head>{USER}(?P<name>.+){TIME})(?P<file>)", FLAGS)
FILE = re.compile(rf"(?P<head>{USER}(?P<name>.+?){TIME}) - (?P<file>.+)", FLAGS)
OVERVIEW = "index.html"
NUMBERS = ("user", "assignment")


@dataclass(frozen=True)
class BrightspaceEntry:
    """A folder or file of an export, by its name.

    Args:
        entry: Where it is.
        match: The parts of its name.
    """

    entry: TreeEntry
    match: re.Match[str]

    @property
    def time(self) -> str:
        """The time as the gradebook keeps it; of an unknown form the text itself."""
        date, hour, minute, half = self.match.group("date", "hour", "minute", "half")
        return kept_time(f"{date} {hour}:{minute}{half or ''}") or ""


def _match(entry: TreeEntry) -> re.Match[str] | None:
    return (FOLDER if entry.kind == "folder" else FILE).fullmatch(composed(entry.name))


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is one that Brightspace gives."""
    return _match(entry) is not None


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each attempt of each user, numbered by time."""
    found = ClassContents()
    entries = []
    for entry in found.usable(tree.children(base)):
        match = _match(entry)
        if match is not None:
            entries.append(BrightspaceEntry(entry, match))
        else:
            is_page = entry.name.lower() == OVERVIEW
            found.leave(entry, "not named as Brightspace names submissions", is_expected=is_page)
    number = _telling_number(entries)
    owned: dict[str, list[BrightspaceEntry]] = {}
    for one in entries:
        owned.setdefault(one.match[number], []).append(one)
    for student, mine in owned.items():
        why = _why_left(mine)
        if why:
            found.leave_paths((one.entry.path for one in mine), why)
        else:
            found.submissions += _attempts(student, mine)
    return found


def _telling_number(entries: Iterable[BrightspaceEntry]) -> str:
    """Which number in the names identifies the user: the one that no two people's names share."""
    entries = tuple(entries)
    for number in NUMBERS:
        pairs = {(one.match[number], one.match["name"]) for one in entries}
        if len({user for user, _ in pairs}) == len(pairs):
            return number
    return NUMBERS[0]


def _why_left(mine: list[BrightspaceEntry]) -> str:
    """Why a user's entries cannot be read; empty where they can."""
    if len({one.match["name"] for one in mine}) > 1:
        return "cannot be told whose: two names stand behind one user id"
    if len({one.match["head"] for one in mine}) > 1 and any(read_time(one.time) is None for one in mine):
        return "one of several attempts, whose times cannot be read: their order is not known"
    return ""


def _attempts(student: str, mine: list[BrightspaceEntry]) -> list[SubmittedFiles]:
    heads: dict[str, list[BrightspaceEntry]] = {}
    for one in mine:
        heads.setdefault(one.match["head"], []).append(one)
    in_order = sorted(heads.values(), key=lambda entries: (_clock(entries[0]), entries[0].match["head"]))
    return [_submitted(student, number, entries) for number, entries in enumerate(in_order, start=1)]


def _clock(one: BrightspaceEntry) -> str:
    written = read_time(one.time)
    return one.time if written is None else written.clock.isoformat()


def _submitted(student: str, number: int, entries: list[BrightspaceEntry]) -> SubmittedFiles:
    first = entries[0].match
    return SubmittedFiles(
        student=student,
        paths=tuple(one.entry.path for one in entries),
        names=tuple(one.match["file"] or one.entry.name for one in entries),
        name=first["name"],
        attempt=number,
        submitted_at=entries[0].time,
        return_name=first["head"],
    )


LAYOUT = Layout("Brightspace: Assignments, Download", read, is_named)
