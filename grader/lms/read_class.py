"""From a class folder to a listing: the layout is recognised, or chosen by the instructor."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec

from grader.errors import SubmissionError
from grader.gradebook.submission_times import kept_time
from grader.lms.class_layout import PLAIN, find_layout, layout_names
from grader.lms.listing import ClassContents, ClassListing, with_clean_ids
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.folder_tree import open_class
from grader.submissions.safe_names import escaped
from grader.submissions.tree import Tree, TreeEntry


def read_class(
    folder: str | os.PathLike[str], preset: str | None = None, pattern: str | None = None
) -> ClassListing:
    """Who submitted what; nothing is opened but what the layout itself needs.

    Args:
        folder: A folder, or the zip file that a learning-management system exported.
        preset: The layout to read it in; recognised if left out.
        pattern: A regular expression with named groups (student, and optionally attempt, file, name, ...)
            that is matched with each file's path.

    Returns:
        The submissions, and every other entry with the reason why it is none. Paths may hold bytes that are
        no text (as `os.fsdecode` gives them); ids and reasons are always safe to print.

    Raises:
        SubmissionError: If there is no such folder, or it cannot be read, or there is no such layout, or
            the pattern is none.
    """
    if preset is not None and pattern is not None:
        raise SubmissionError("a preset and a pattern cannot be used together", "leave one of them out")
    with closing(open_class(Path(folder))) as tree:
        try:
            return _read(_SeenTree(tree), preset, pattern)
        except OSError as error:
            raise SubmissionError(f"cannot be read: {error.strerror}", where=str(folder)) from None


class _SeenTree:
    """A class that remembers what is in each folder, so that each is listed once for all layouts.

    A folder that cannot be opened becomes a stray; its submission says so when it is read.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.strays, self.name, self.is_packed = tree.strays, tree.name, tree.is_packed
        self.read, self.entry, self.stamp, self.close = tree.read, tree.entry, tree.stamp, tree.close
        self._seen: dict[str, tuple[TreeEntry, ...]] = {}

    def children(self, path: str = "") -> tuple[TreeEntry, ...]:
        """What is in a folder."""
        if path not in self._seen:
            try:
                self._seen[path] = self.tree.children(path)
            except OSError as error:
                if not path:
                    raise
                self.strays.append(TreeEntry(path, "folder", f"cannot be read: {error.strerror}"))
                self._seen[path] = ()
        return self._seen[path]


def _read(tree: Tree, preset: str | None, pattern: str | None) -> ClassListing:
    if pattern is not None:
        return _listing(tree, read_by_pattern(tree, pattern), "pattern", "", is_forced=True)
    names = layout_names() if preset is None else (_known(preset),)
    name, base = _recognised(tree, names)
    listing = _listing(tree, find_layout(name).read(tree, base), name, base, is_forced=preset is not None)
    if name == PLAIN and preset is None:
        looks_like = _looks_like(tree, base, names)
        return replace(listing, looks_like=looks_like, exports_inside=_exports_inside(tree, base, names))
    return listing


def _looks_like(tree: Tree, base: str, names: Iterable[str]) -> str:
    """The layout that some, but too few, of the entries are named in; "" where there is none."""
    entries = tree.children(base)
    counts = {name: sum(map(find_layout(name).is_named, entries)) for name in names}
    return max(counts, key=lambda name: counts[name]) if any(counts.values()) else ""


def _exports_inside(tree: Tree, base: str, names: Iterable[str]) -> tuple[str, ...]:
    """The folders in which most entries, and more than one, are named in one layout: not one student's.

    None where most of the class is not of that form: students' own folders may hold anything.
    """
    layouts = [find_layout(name) for name in names]
    students = [entry for entry in tree.children(base) if entry.may_be_submitted]
    found = []
    for folder in students:
        inside = tree.children(folder.path) if folder.kind == "folder" and not folder.refusal else ()
        entries = [entry for entry in inside if entry.may_be_submitted]
        most = max((sum(map(layout.is_named, entries)) for layout in layouts), default=0)
        if most > 1 and most * 2 > len(entries):
            found.append(escaped(folder.path))
    return tuple(found) if len(found) * 2 > len(students) else ()


def _listing(tree: Tree, contents: ClassContents, layout: str, base: str, *, is_forced: bool) -> ClassListing:
    for stray in tree.strays:
        contents.leave(stray, "")
    if base:
        for entry in tree.children():
            if entry.path != base:
                contents.leave(entry, f"not inside {base}", is_expected=True)
    contents = with_clean_ids(contents)
    found = contents.submissions
    notes: tuple[str, ...] = ()
    if contents.doubt_of_times and not is_forced and any(one.submitted_at for one in found):
        notes = (f"{contents.doubt_of_times}; --preset {layout} takes them",)
        found = [msgspec.structs.replace(one, submitted_at=None) for one in found]
    submissions = sorted(found, key=lambda one: (one.student, one.attempt))
    unmatched = sorted(set(contents.unmatched), key=lambda one: (one.path, one.reason))
    return ClassListing(tuple(submissions), tuple(unmatched), layout, base, is_forced, notes)


def _known(preset: str) -> str:
    names = layout_names()
    if preset not in names:
        near = difflib.get_close_matches(preset, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise SubmissionError(f"no preset is called {preset!r}", hint)
    return preset


def _recognised(tree: Tree, names: Iterable[str]) -> tuple[str, str]:
    """The surest layout and where it begins; plain only where no other is as sure."""
    sure = {}
    for base in _bases(tree):
        entries = [entry for entry in tree.children(base) if entry.may_be_submitted]
        for name in names:
            sure[name, base] = find_layout(name).sureness(tree, base, entries)
    # A single folder on disk is a class of one; a single folder in a zip file is how folders are packed.
    return max(sure, key=lambda one: (sure[one], one[0] != PLAIN, bool(one[1]) == tree.is_packed, one[0]))


def _bases(tree: Tree) -> tuple[str, ...]:
    """Where a layout may begin: here, or in the one folder that everything is packed in."""
    inside = [entry for entry in tree.children() if not entry.is_dropping and not entry.refusal]
    return ("", inside[0].path) if len(inside) == 1 and inside[0].kind == "folder" else ("",)


# nbgrader's zip_collect calls them student_id, file_id (once notebook_id), first_name, last_name, timestamp.
STUDENT = ("student", "student_id")
FILE = ("file", "file_id", "notebook_id")
TIME = ("submitted_at", "timestamp")
OTHERS = ("attempt", "late", "name", "first_name", "last_name", "email")
DEEPEST, MOST_FILES = 12, 200_000


def read_by_pattern(tree: Tree, pattern: str) -> ClassContents:
    """Submissions made of the files whose path, from the class folder on, matches a pattern.

    Args:
        tree: The class.
        pattern: A regular expression with a group named student or student_id.

    Raises:
        SubmissionError: If it is no pattern, or has no such group.
    """
    expression = _compiled(composed(pattern))
    found = ClassContents(has_any_names=True)
    members_of: dict[tuple[str, int], list[tuple[TreeEntry, dict[str, str]]]] = {}
    for entry in _files(tree, found):
        match = expression.match(composed(entry.path))
        groups = {name: text for name, text in match.groupdict().items() if text} if match else {}
        student = _first(groups, STUDENT)
        if not student:
            found.leave(entry, "does not match the pattern", is_expected=True)
            continue
        members_of.setdefault((student, _number(groups.get("attempt"))), []).append((entry, groups))
    for (student, attempt), members in members_of.items():
        found.submissions.append(_submitted(student, attempt, members, "late" in expression.groupindex))
    return found


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        expression = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise SubmissionError(f"the pattern is not a regular expression: {error}") from None
    if not set(STUDENT) & set(expression.groupindex):
        hint = "for example (?P<student>[^/]+)/(?P<file>.+)"
        raise SubmissionError("the pattern needs a group named student", hint)
    unknown = sorted(set(expression.groupindex) - {*STUDENT, *FILE, *TIME, *OTHERS})
    if unknown:
        known = ", ".join((*STUDENT, *FILE, *TIME, *OTHERS))
        raise SubmissionError(f"the pattern names a group {unknown[0]!r}", f"groups are {known}")
    return expression


def _files(tree: Tree, found: ClassContents) -> Iterator[TreeEntry]:
    """All files below the class folder; entries that cannot be read go to `found.unmatched`."""
    waiting = [("", 0)]
    count = 0
    while waiting:
        path, depth = waiting.pop()
        for entry in found.usable(tree.children(path)):
            count += 1
            if count > MOST_FILES:
                raise SubmissionError(f"there are more than {MOST_FILES} files", "give a smaller folder")
            if entry.kind == "file":
                yield entry
            elif depth < DEEPEST:
                waiting.append((entry.path, depth + 1))
            else:
                found.leave(entry, f"more than {DEEPEST} folders deep")


def _submitted(
    student: str, attempt: int, members: list[tuple[TreeEntry, dict[str, str]]], has_late: bool
) -> SubmittedFiles:
    groups = {key: text for _, one in reversed(members) for key, text in one.items()}
    whole = groups.get("name") or " ".join(filter(None, (groups.get("first_name"), groups.get("last_name"))))
    return SubmittedFiles(
        student=student,
        paths=tuple(entry.path for entry, _ in members),
        names=tuple(_file_name(entry, one) for entry, one in members),
        name=whole,
        attempt=attempt,
        submitted_at=kept_time(_first(groups, TIME)),
        is_late="late" in groups if has_late else None,
        return_name=members[0][0].name,
    )


def _file_name(entry: TreeEntry, groups: dict[str, str]) -> str:
    """The student's name for the file; the pattern's group may lack the suffix."""
    name = _first(groups, FILE).rpartition("/")[2] or entry.name
    suffix = os.path.splitext(entry.name)[1]
    return name if name.endswith(suffix) else name + suffix


def _first(groups: dict[str, str], names: tuple[str, ...]) -> str:
    return next((groups[name] for name in names if name in groups), "")


def _number(text: str | None) -> int:
    """The number of the attempt, in digits of any script; 1 where there is none."""
    digits = escaped(text or "")[:9]
    return int(digits) if digits.isdecimal() else 1
