"""Moodle "Download all submissions": `<name>_<participant id>_assignsubmission_<plugin>` folders or files.

The number is the participant's id in this assignment, as the grading worksheet has it ("Participant
12"), not the user's. Sites before 4.1 end the folder's name in "_". A feedback file comes back under
a name that begins in the same way.

Source: moodle, mod/assign/classes/downloader.php and mod/assign/feedback/file/importziplib.php.
"""

from __future__ import annotations

import re

from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.tree import Tree, TreeEntry

NAME = re.compile(
    r"(?P<name>[^_]*)_(?P<pid>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL | re.ASCII,
)
# The files of a submission come before the text that was typed beside them.
FILES_FIRST = "file"


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is one that Moodle gives."""
    return NAME.fullmatch(composed(entry.name)) is not None


def read(tree: Tree, base: str) -> ClassContents:
    """Everything of one participant id is one submission."""
    found = ClassContents()
    owned: dict[str, list[tuple[re.Match[str], TreeEntry]]] = {}
    for entry in found.usable(tree.children(base)):
        match = NAME.fullmatch(composed(entry.name))
        if match is None or (entry.kind == "file" and not match["file"]):
            found.leave(entry, "not named as Moodle names submissions")
        else:
            owned.setdefault(match["pid"], []).append((match, entry))
    for student, members in owned.items():
        members.sort(key=lambda member: (member[0]["plugin"] != FILES_FIRST, member[1].path))
        found.submissions.append(_submitted(student, members))
    return found


def _submitted(student: str, members: list[tuple[re.Match[str], TreeEntry]]) -> SubmittedFiles:
    first = members[0][0]
    return SubmittedFiles(
        student=student,
        paths=tuple(entry.path for _, entry in members),
        names=tuple(match["file"] or entry.name for match, entry in members),
        name=first["name"],
        return_name=f"{first['name']}_{student}_assignsubmission_file_feedback.html",
    )


LAYOUT = Layout("Moodle: Download all submissions", read, is_named)
