"""From a class folder to hand-ins: the layout is recognised, or chosen by the instructor."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from grader.errors import SubmissionError
from grader.lms.found import Found, with_clean_ids
from grader.lms.listing import ClassListing
from grader.lms.pattern import read_by_pattern
from grader.lms.plain.read import LAST_RESORT
from grader.lms.presets import find_preset, preset_names
from grader.lms.told_times import with_trusted_times
from grader.submissions.folder_tree import open_class
from grader.submissions.tree import Tree, TreeEntry

PLAIN = "plain"
GOOD_PART = 0.25


def read_class(
    folder: str | os.PathLike[str], preset: str | None = None, pattern: str | None = None
) -> ClassListing:
    """Who handed in what; nothing is opened but what the layout itself needs.

    Args:
        folder: A folder, or the zip file that a learning-management system exported.
        preset: Read it as this layout; recognised if left out.
        pattern: A regular expression with named groups (student, and optionally attempt, file, name, ...)
            that is matched with each file's path.

    Returns:
        The hand-ins, and every other entry with the reason why it is none. Paths may hold bytes that are
        no text (as `os.fsdecode` gives them); ids and reasons are always safe to show.

    Raises:
        SubmissionError: If there is no such folder, or it cannot be read, or there is no such preset, or
            the pattern is none.
    """
    if preset is not None and pattern is not None:
        raise SubmissionError("a preset and a pattern cannot be used together", "leave one of them out")
    with closing(open_class(Path(folder))) as tree:
        try:
            return with_trusted_times(_read(_Lenient(tree), preset, pattern), Path(folder))
        except OSError as error:
            raise SubmissionError(f"cannot be read: {error.strerror}", where=str(folder)) from None


class _Lenient:
    """A class in which a folder that cannot be opened is named; its hand-in says so when it is read.

    Args:
        tree: The class.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.strays = tree.strays
        self.name = tree.name
        self.read, self.entry, self.close = tree.read, tree.entry, tree.close
        self.is_packed = tree.is_packed

    def children(self, path: str = "") -> tuple[TreeEntry, ...]:
        """What is in a folder."""
        try:
            return self.tree.children(path)
        except OSError as error:
            stray = TreeEntry(path, "folder", f"cannot be read: {error.strerror}")
            if not path:
                raise
            if stray not in self.strays:
                self.strays.append(stray)
            return ()


def _read(tree: _Lenient, preset: str | None, pattern: str | None) -> ClassListing:
    if pattern is not None:
        return _listing(tree, read_by_pattern(tree, pattern), "pattern", "", is_forced=True)
    names = preset_names() if preset is None else (_known(preset),)
    name, base = _recognised(tree, names)
    listing = _listing(tree, find_preset(name).read(tree, base), name, base, is_forced=preset is not None)
    if name == PLAIN and preset is None:
        return replace(listing, looks_like=_looks_like(tree, base, names))
    return listing


def _looks_like(tree: Tree, base: str, names: Iterable[str]) -> str:
    """The layout that some, but too few, of the entries are named in; "" where there is none."""
    entries = tree.children(base)
    counts = {name: sum(map(find_preset(name).is_named, entries)) for name in names}
    return max(counts, key=lambda name: counts[name]) if any(counts.values()) else ""


def _listing(tree: Tree, found: Found, preset: str, base: str, *, is_forced: bool) -> ClassListing:
    for stray in tree.strays:
        found.leave(stray, "")
    if base:
        for entry in tree.children():
            if entry.path != base:
                found.leave(entry, f"not inside {base}", is_expected=True)
    found = with_clean_ids(found)
    submissions = sorted(found.submissions, key=lambda submitted: (submitted.student, submitted.attempt))
    unmatched = sorted(set(found.unmatched), key=lambda one: (one.path, one.reason))
    return ClassListing(tuple(submissions), tuple(unmatched), preset, base, is_forced)


def _known(preset: str) -> str:
    names = preset_names()
    if preset not in names:
        near = difflib.get_close_matches(preset, names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
        raise SubmissionError(f"no preset is called {preset!r}", hint)
    return preset


def _recognised(tree: _Lenient, names: Iterable[str]) -> tuple[str, str]:
    """The surest layout and where it begins; plain only where no other is as sure."""
    sure = {(name, base): _sureness(tree, base, name) for base in _bases(tree) for name in names}
    return max(sure, key=lambda one: (sure[one], one[0] != PLAIN, _is_likely_base(tree, one), one[0]))


def _sureness(tree: _Lenient, base: str, name: str) -> float:
    """How surely it is this layout; as surely as plain files, where a good part of the names is its own.

    The others are then left, and named: marks under the names of files would be worse.
    """
    preset = find_preset(name)
    sure = preset.recognises(tree, base)
    entries = [entry for entry in tree.children(base) if entry.may_be_handed_in]
    named = sum(map(preset.is_named, entries))
    return max(sure, LAST_RESORT) if sure and named >= GOOD_PART * len(entries) and named else sure


def _bases(tree: Tree) -> tuple[str, ...]:
    """Where a layout may begin: here, or in the one folder that everything is packed in."""
    inside = [entry for entry in tree.children() if not entry.is_dropping and not entry.refusal]
    return ("", inside[0].path) if len(inside) == 1 and inside[0].kind == "folder" else ("",)


def _is_likely_base(tree: _Lenient, one: tuple[str, str]) -> bool:
    # A single folder on disk is a class of one; a single folder in a zip file is how folders are packed.
    return bool(one[1]) == tree.is_packed
