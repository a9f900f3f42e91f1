"""Canvas "Download Submissions": flat, `<slug>[_LATE]_<user id>_<file id>_<name>`.

The slug is the sortable name without spaces and marks, or a group's name; anonymous assignments have
none and `anon_...` for the user id. Text entries are `..._text.html`, links `..._link.html`. Files
uploaded again under such a name are attached to the submission whose ids it holds.

Source: instructure/canvas-lms, lib/content_zipper.rb and app/models/assignment.rb
(infer_comment_context_from_filename).
"""

from __future__ import annotations

import re

from grader.lms.canvas.file_names import CanvasFile, by_user, read_canvas_name
from grader.lms.found import Found
from grader.model.submission import SubmittedFiles
from grader.submissions.answer_files import first_name
from grader.submissions.tree import Tree, TreeEntry

TITLE = "Canvas: Download Submissions"

# A name made by hand may end in small numbers, too.
LEAST_TELLING_ID = 1000
# A later upload of a file with the same name gets a number before its suffix.
UPLOADED_AGAIN = re.compile(r"(?P<stem>.+?)(?:-(?P<number>\d{1,4}))?(?P<suffix>\.[^.]*)?", re.DOTALL)


def recognises(tree: Tree, base: str) -> float:
    """The share of files named so; file ids must differ, as attachments' ids do."""
    entries = [entry for entry in tree.children(base) if entry.may_be_handed_in]
    files = [file for entry in entries if entry.kind == "file" and (file := read_canvas_name(entry))]
    # A file may have been saved twice.
    attachments = {(file.file_id, file.student, first_name(file.original)) for file in files if file.file_id}
    if not files or len({file_id for file_id, *_ in attachments}) < len(attachments):
        return 0.0
    return len(files) / len(entries)


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is made so and its file id is not a small one."""
    file = read_canvas_name(entry)
    return file is not None and file.file_id >= LEAST_TELLING_ID


def read(tree: Tree, base: str) -> Found:
    """All files of one user id are one hand-in, with the versions of a name as its attempts."""
    found = Found()
    read = []
    for entry in found.usable(tree.children(base)):
        file = read_canvas_name(entry)
        if file is None:
            found.leave(entry, "not named as Canvas names submissions")
        else:
            read.append(file)
    owned, doubtful = by_user(read)
    for file in doubtful:
        found.leave(file.entry, "cannot be told whose: two names stand before one user id")
    for files in owned.values():
        found.submissions += _attempts(files)
    return found


def _attempts(files: list[CanvasFile]) -> list[SubmittedFiles]:
    families: dict[tuple[str, str], list[CanvasFile]] = {}
    originals = {file.original for file in files}
    for file in sorted(files, key=_version):
        families.setdefault(_family(file, originals), []).append(file)
    count = max(map(len, families.values()))
    return [
        _submitted([family[min(index, len(family) - 1)] for family in families.values()], index + 1)
        for index in range(count)
    ]


def _family(file: CanvasFile, originals: set[str]) -> tuple[str, str]:
    """The name without the number of an upload, where the name without it is there too."""
    match = UPLOADED_AGAIN.fullmatch(file.original)
    stem, suffix = (match["stem"], match["suffix"] or "") if match else (file.original, "")
    return (stem, suffix) if stem + suffix in originals else (file.original, "")


def _version(file: CanvasFile) -> tuple[int, int, str]:
    match = UPLOADED_AGAIN.fullmatch(file.original)
    return int(match["number"] or 0) if match else 0, file.file_id, file.entry.path


def _submitted(files: list[CanvasFile], attempt: int) -> SubmittedFiles:
    return SubmittedFiles(
        student=files[0].student,
        paths=tuple(file.entry.path for file in files),
        names=tuple(file.original for file in files),
        name=files[0].slug,
        attempt=attempt,
        is_late=any(file.is_late for file in files),
        return_name=files[0].entry.name,
    )
