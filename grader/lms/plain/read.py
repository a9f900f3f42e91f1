"""Plain files and folders: each file or sub-folder is one student, named after it."""

from __future__ import annotations

import os
import re

from grader.lms.class_layout import PLAIN_SURENESS, Layout
from grader.lms.listing import HIDDEN, PACKED, ClassContents, has_one_more_suffix
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.answer_files import SUFFIXES
from grader.submissions.tree import Tree, TreeEntry

ANSWERS = (*SUFFIXES, ".zip")
NOT_OPENED = "packed in a way that is not opened; unpack it, or pack it as .zip"
TAKE_OFF = "called .txt behind its own suffix; take that off"
NO_ANSWER = "not a kind of answer; answers are .py, .ipynb, .json, .npz or .zip files"
# Names that Canvas, Blackboard and Gradescope give to the zip file of a whole class.
WHOLE_EXPORT = re.compile(
    r"(.*_submissions|gradebook_.*|assignment_\d+_export|submissions)\.zip", re.IGNORECASE
)
GIVE_IT = "looks like the export of a whole class; give this file instead of the folder that it lies in"


def _is_zip(entry: TreeEntry) -> bool:
    return entry.name.lower().endswith(".zip")


def read(tree: Tree, base: str) -> ClassContents:
    """One submission for each folder or zip file, and for all other files that share a stem."""
    found = ClassContents(has_any_names=True)
    owned: dict[str, list[TreeEntry]] = {}
    for entry in found.usable(tree.children(base)):
        stem, suffix = os.path.splitext(entry.name)
        if entry.name.startswith("."):
            found.leave(entry, HIDDEN, is_expected=True)
        elif entry.kind == "file" and WHOLE_EXPORT.fullmatch(entry.name):
            found.leave(entry, GIVE_IT)
        elif entry.kind == "folder":
            owned.setdefault(composed(entry.name), []).append(entry)
        elif suffix.lower() in ANSWERS and stem:
            owned.setdefault(composed(stem), []).append(entry)
        elif suffix.lower() in PACKED:
            found.leave(entry, NOT_OPENED)
        elif has_one_more_suffix(entry.name):
            found.leave(entry, TAKE_OFF)
        else:
            found.leave(entry, NO_ANSWER, is_expected=True)
    for student, entries in owned.items():
        # A Mac and another system may have written one name in two ways.
        is_same_name = len({composed(one.name) for one in entries}) < len(entries)
        if len(entries) > 1 and (
            is_same_name or any(one.kind == "folder" or _is_zip(one) for one in entries)
        ):
            names = ", ".join(one.name for one in entries)
            for entry in entries:
                found.leave(
                    entry, f"more than one submission could be {student!r}'s: {names}; keep one of them"
                )
            continue
        paths = tuple(entry.path for entry in entries)
        found.submissions.append(SubmittedFiles(student=student, paths=paths, return_name=entries[0].name))
    return found


LAYOUT = Layout(
    "plain files and folders, each named after its student",
    read,
    recognises=lambda tree, base: PLAIN_SURENESS,
)
