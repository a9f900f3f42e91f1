"""Clones of students' repositories: `<classroom>-<assignment>-<username>`, or `<assignment>-<username>`.

A username may have hyphens, too, so that names alone do not always show where it begins. What does, the
surest first: the file in which Classroom 50 names classroom and assignment; the folder that GitHub
Classroom's command puts the clones in; else the beginning that most names share, in whole parts.

Source: foundation50/classroom50, cli/gh-student/internal/classroomcfg/metadata.go and reponame.go;
github/gh-classroom, cmd/gh-classroom/clone/student-repos/student-repos.go ("<assignment>-submissions").
"""

from __future__ import annotations

import re
from collections import Counter

from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree, TreeEntry

MARKS = (".git", ".github")
CLASSROOM, SLUGS = ".classroom50.yaml", ("classroom", "assignment")
SLUG = re.compile(r"""^(?P<key>classroom|assignment):[ ]*["']?(?P<slug>[\w.-]+)""", re.MULTILINE | re.ASCII)
CLONES = "-submissions"
PAIR = 2


def recognises(tree: Tree, base: str) -> float:
    """The share of folders that are repositories, where their names begin alike."""
    entries = [entry for entry in tree.children(base) if entry.may_be_submitted]
    repositories = [entry for entry in entries if entry.kind == "folder" and _is_repository(tree, entry)]
    if not repositories or (len(repositories) > 1 and not _prefix(tree, base, repositories)):
        return 0.0
    return len(repositories) / len(entries)


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each folder whose name begins as most do."""
    found = ClassContents()
    folders = []
    for entry in found.usable(tree.children(base)):
        if entry.kind == "folder":
            folders.append(entry)
        else:
            found.leave(entry, "not a repository's folder", is_expected=True)
    prefix = _prefix(tree, base, folders)
    for folder in folders:
        student = folder.name.removeprefix(prefix)
        if folder.name.startswith(prefix) and student:
            found.submissions.append(
                SubmittedFiles(student=student, paths=(folder.path,), return_name=folder.name)
            )
        else:
            found.leave(folder, f"its name does not begin with {prefix}")
    return found


def _is_repository(tree: Tree, folder: TreeEntry) -> bool:
    return any(tree.entry(f"{folder.path}/{mark}") is not None for mark in MARKS)


def _prefix(tree: Tree, base: str, folders: list[TreeEntry]) -> str:
    """The part before the username in most names; "" where there is none."""
    names = [folder.name for folder in folders]
    place = base.rpartition("/")[2] or tree.name
    by_place = f"{place.removesuffix(CLONES)}-" if place.endswith(CLONES) else ""
    for prefix in filter(None, (_classroom_prefix(tree, folders), by_place)):
        if sum(name.startswith(prefix) for name in names) * 2 > len(names):
            return prefix
    return _shared_beginning(names)


def _classroom_prefix(tree: Tree, folders: list[TreeEntry]) -> str:
    """`<classroom>-<assignment>-` as most repositories have it; one student's file alone proves nothing."""
    prefixes = Counter(filter(None, (_prefix_in(tree, folder) for folder in folders)))
    prefix, count = prefixes.most_common(1)[0] if prefixes else ("", 0)
    return prefix if count * 2 > len(folders) else ""


def _prefix_in(tree: Tree, folder: TreeEntry) -> str:
    try:
        text = tree.read(f"{folder.path}/{CLASSROOM}").decode("utf-8", "replace")
    except (Refused, OSError):
        return ""
    slugs = {match["key"]: match["slug"] for match in SLUG.finditer(text)}
    return f"{slugs['classroom']}-{slugs['assignment']}-".lower() if len(slugs) == len(SLUGS) else ""


def _shared_beginning(names: list[str]) -> str:
    """The longest beginning in whole parts that most names share.

    Two names alone may share the beginning of a username, too: then the username is taken to begin after the
    last part with a number in it, or after the first part.
    """
    shared = Counter(name[: at + 1] for name in names for at, letter in enumerate(name) if letter == "-")
    most = max(shared.values(), default=0)
    beginnings = sorted((one for one, count in shared.items() if count == most > 1), key=len)
    if most != PAIR:
        return beginnings[-1] if beginnings else ""
    longest = beginnings[-1]
    parts = longest.split("-")[:-1]
    numbered = [at for at, part in enumerate(parts) if any(letter.isdigit() for letter in part)]
    return "".join(f"{part}-" for part in parts[: (numbered[-1] if numbered else 0) + 1])


LAYOUT = Layout("GitHub: one repository each, as Classroom 50 names them", read, recognises=recognises)
