"""Clones of students' repositories: `<classroom>-<assignment>-<username>`, as Classroom 50 names them.

The username is what follows the beginning that most of the folders share, up to a hyphen.

Source: foundation50/classroom50, wiki/Glossary.
"""

from __future__ import annotations

from collections import Counter

from grader.intake.found import Found
from grader.intake.tree import Entry, Tree
from grader.model.handin import HandIn

TITLE = "GitHub: one repository each, as Classroom 50 names them"
MARKS = (".git", ".github")


def recognises(tree: Tree, base: str) -> float:
    """The share of folders that are repositories, where their names begin alike."""
    entries = [entry for entry in tree.children(base) if entry.may_be_handed_in]
    repositories = [entry for entry in entries if entry.kind == "folder" and _is_repository(tree, entry)]
    if not repositories or (len(repositories) > 1 and not _prefix(repositories)):
        return 0.0
    return len(repositories) / len(entries)


def is_named(entry: Entry) -> bool:
    """Never: names do not tell this layout."""
    return False


def read(tree: Tree, base: str) -> Found:
    """One hand-in for each folder whose name begins as most do."""
    found = Found()
    folders = []
    for entry in found.usable(tree.children(base)):
        if entry.kind == "folder":
            folders.append(entry)
        else:
            found.leave(entry, "not a repository's folder", is_expected=True)
    prefix = _prefix(folders)
    for folder in folders:
        student = folder.name.removeprefix(prefix)
        if folder.name.startswith(prefix) and student:
            found.handins.append(HandIn(student=student, paths=(folder.path,), return_name=folder.name))
        else:
            found.leave(folder, f"its name does not begin with {prefix}")
    return found


def _is_repository(tree: Tree, folder: Entry) -> bool:
    return any(tree.entry(f"{folder.path}/{mark}") is not None for mark in MARKS)


def _prefix(folders: list[Entry]) -> str:
    """The beginning, up to a hyphen, that most names share; the longest of them. Needs two repositories."""
    shared = Counter(
        folder.name[: at + 1] for folder in folders for at, letter in enumerate(folder.name) if letter == "-"
    )
    most = max(shared.values(), default=0)
    return max((prefix for prefix, count in shared.items() if count == most > 1), key=len, default="")
