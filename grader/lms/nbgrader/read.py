"""An nbgrader course: `submitted/<student>/<assignment>/`, with `timestamp.txt` beside the files.

Read from the course's folder or from `submitted` itself.

Source: jupyter/nbgrader, coursedir.py.
"""

from __future__ import annotations

from pathlib import Path

from grader.errors import SubmissionError
from grader.gradebook.submission_times import kept_time
from grader.lms.class_layout import Layout
from grader.lms.listing import HIDDEN, ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.safe_names import escaped
from grader.submissions.safe_read import Refused
from grader.submissions.tree import Tree, TreeEntry

SUBMITTED = "submitted"
TIMESTAMP = "timestamp.txt"
COURSE_FOLDERS = ("source", "release", "autograded", "feedback")


def recognises(tree: Tree, base: str) -> float:
    """The share of students' folders that hold folders with a time, as nbgrader collects them."""
    entries = tree.children(_top(tree, base))
    students = [entry for entry in entries if not entry.is_dropping and entry.kind == "folder"]
    stamped = sum(_is_stamped(tree, student) for student in students)
    if _top(tree, base) != base and students:
        beside = {entry.name for entry in tree.children(base)}
        return 1.0 if stamped or beside & {*COURSE_FOLDERS, "nbgrader_config.py"} else 0.0
    return stamped / len(entries) if entries else 0.0


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each student's folder of the one assignment that is there."""
    found = ClassContents()
    top = _top(tree, base)
    if top != base:
        for entry in tree.children(base):
            if entry.path != top:
                found.leave(entry, "not in the folder submitted", is_expected=True)
    held: list[tuple[TreeEntry, TreeEntry]] = []
    for student in found.usable(tree.children(top)):
        if student.name.startswith("."):
            found.leave(student, HIDDEN, is_expected=True)
            continue
        if student.kind != "folder":
            found.leave(student, "not a student's folder", is_expected=True)
            continue
        for inner in found.usable(tree.children(student.path)):
            if inner.kind == "folder":
                held.append((student, inner))
            else:
                found.leave(inner, "not inside an assignment's folder")
    _require_one_assignment(held, top)
    # nbgrader writes the times into `submitted/` when it collects. In a folder that only looks like that, the
    # file is a part of what a student handed in.
    if SUBMITTED not in (Path(tree.name).stem, *top.split("/")):
        doubt = f"times in {TIMESTAMP} are not taken, since a student could have written them"
        found.doubt_of_times = f"{doubt}: this folder is not called {SUBMITTED!r}"
    found.submissions += [_submitted(tree, student, inner) for student, inner in held]
    return found


def _top(tree: Tree, base: str) -> str:
    inner = next((e for e in tree.children(base) if e.name == SUBMITTED and e.kind == "folder"), None)
    return inner.path if inner else base


def _is_stamped(tree: Tree, student: TreeEntry) -> bool:
    inner = (entry for entry in tree.children(student.path) if entry.kind == "folder")
    return any(tree.entry(f"{entry.path}/{TIMESTAMP}") is not None for entry in inner)


def _require_one_assignment(held: list[tuple[TreeEntry, TreeEntry]], top: str) -> None:
    names = sorted({composed(inner.name) for _, inner in held})
    if len(names) > 1:
        prefix = escaped(f"{top}/" if top else "")
        raise SubmissionError(
            f"this course has {len(names)} assignments: {', '.join(escaped(name) for name in names[:5])}",
            f"choose one: --pattern '{prefix}(?P<student>[^/]+)/{escaped(names[0])}/(?P<file>[^/]+)'",
        )


def _submitted(tree: Tree, student: TreeEntry, inner: TreeEntry) -> SubmittedFiles:
    return SubmittedFiles(
        student=student.name,
        paths=(inner.path,),
        submitted_at=kept_time(_stamp(tree, f"{inner.path}/{TIMESTAMP}")),
        return_name=student.name,
    )


def _stamp(tree: Tree, path: str) -> str:
    """The time as text; where it cannot be read the reason, which staff see in its place."""
    if tree.entry(path) is None:
        return ""
    try:
        return tree.read(path).decode("utf-8-sig", "replace")
    except Refused as refused:
        return f"{TIMESTAMP}: {refused.message}"
    except OSError as error:
        return f"{TIMESTAMP}: {error.strerror}"


LAYOUT = Layout("nbgrader: submitted/STUDENT/ASSIGNMENT/", read, recognises=recognises)
