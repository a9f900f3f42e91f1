"""The text that Blackboard lays beside the files of an attempt."""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.model.spelling import composed
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree, TreeEntry

PERSON, FILES = "Name:", "Files:"
ORIGINAL, MEMBER = "Original filename:", "Filename:"
LIMIT_BYTES = 2**20


@dataclass(frozen=True)
class Sidecar:
    """What the text says; all of it may be missing.

    Args:
        name: The person's name.
        user: The person's id.
        originals: What each member was called by the student.
    """

    name: str = ""
    user: str = ""
    originals: dict[str, str] = field(default_factory=dict)


def read_sidecar(tree: Tree, entry: TreeEntry) -> Sidecar:
    """The text read leniently; nothing where it cannot be read.

    Args:
        tree: The class.
        entry: The text.
    """
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
    """The pairs after the last line "Files:"; what the student typed above it may imitate them."""
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
