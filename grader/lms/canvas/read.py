"""Canvas "Download Submissions": flat, `<slug>[_LATE]_<user id>_<file id>_<name>`.

The slug is the sortable name without spaces and marks, or a group's name; anonymous assignments have
none and `anon_...` for the user id. Text entries are `..._text.html`, links `..._link.html`. Files
uploaded again under such a name are attached to the submission whose ids it holds.

Names of people stand before the ids and may have numbers of their own: Canvas takes the underscores from one
that would look like an id, but not where it ends the name ("eve_1005"). One user id has one name.

Source: instructure/canvas-lms, lib/content_zipper.rb (sanitize_user_name, get_filename) and
app/models/assignment.rb (infer_comment_context_from_filename).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.lms.class_layout import Layout
from grader.lms.listing import ClassContents
from grader.model.submission import SubmittedFiles
from grader.model.text import composed
from grader.submissions.answer_files import first_name
from grader.submissions.tree import Tree, TreeEntry

# A name made by hand may end in small numbers, too.
LEAST_TELLING_ID = 1000
# A later upload of a file with the same name gets a number before its suffix.
UPLOADED_AGAIN = re.compile(r"(?P<stem>.+?)(?:-(?P<number>\d{1,4}))?(?P<suffix>\.[^.]*)?", re.DOTALL)
# A name of nothing but signs leaves an empty slug.
NAME = re.compile(
    r"(?:(?P<slug>(?!LATE_|anon_)\w*?)_)?(?P<late>LATE_)?(?P<uid>[0-9]+|anon_[A-Za-z0-9]+)_"
    r"(?:(?P<fid>[0-9]+)_(?P<orig>.+)|(?P<entry>text|link)\.html)",
    re.DOTALL,
)
# Letters of every script are kept, with the marks upon them, which Python does not count as word letters.
MARKS, JOINERS = "M", "\u200c\u200d"
SECOND_ID = re.compile(r"(?P<fid>[0-9]+)_(?P<orig>.+)|(text|link)\.html", re.DOTALL)
OTHER_LAYOUTS = ("_assignsubmission_", "_attempt_")


@dataclass(frozen=True)
class CanvasFile:
    """A file of an export, by its name.

    Args:
        entry: Where it is.
        student: The user's id.
        slug: The name, run together; empty where anonymous.
        is_late: Whether it was late.
        file_id: The attachment's id; 0 for a text entry or link.
        original: What the student called it.
    """

    entry: TreeEntry
    student: str
    slug: str
    is_late: bool
    file_id: int
    original: str


def read_canvas_name(entry: TreeEntry) -> CanvasFile | None:
    """The parts of the name; None where it is not one of Canvas's.

    Args:
        entry: A file, or the folder that one was unpacked to.
    """
    name = composed(entry.name)
    is_plain = name.isascii()
    match = NAME.fullmatch(
        name if is_plain else "".join("x" if _is_mark(letter) else letter for letter in name)
    )
    if match is None or any(word in name for word in OTHER_LAYOUTS):
        return None
    slug, original = (name[slice(*match.span(group))] for group in ("slug", "orig"))
    return CanvasFile(
        entry=entry,
        student=match["uid"],
        slug=slug,
        is_late=match["late"] is not None,
        file_id=int((match["fid"] or "0")[:18]),
        original=original or f"{match['entry']}.html",
    )


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith(MARKS) or letter in JOINERS


def by_user(files: Iterable[CanvasFile]) -> tuple[dict[str, list[CanvasFile]], list[CanvasFile]]:
    """The files of each user id, and the files that may belong to either of two users."""
    owned = _grouped(files)
    moved: list[CanvasFile] = []
    for student, mine in owned.items():
        if len({file.slug for file in mine}) > 1:
            sure = [file for file in mine if _with_longer_name(file) is None]
            if len({file.slug for file in sure}) == 1:
                owned[student] = sure
                moved += [one for file in mine if (one := _with_longer_name(file))]
    owned = _grouped([*(file for mine in owned.values() for file in mine), *moved])
    doubtful = [student for student, mine in owned.items() if len({file.slug for file in mine}) > 1]
    return owned, [file for student in doubtful for file in owned.pop(student)]


def _grouped(files: Iterable[CanvasFile]) -> dict[str, list[CanvasFile]]:
    owned: dict[str, list[CanvasFile]] = {}
    for file in files:
        owned.setdefault(file.student, []).append(file)
    return owned


def _with_longer_name(file: CanvasFile) -> CanvasFile | None:
    """The file read with its first number as a part of the name; None where that cannot be."""
    match = SECOND_ID.fullmatch(file.original)
    if not file.slug or not file.file_id or match is None:
        return None
    slug, student = f"{file.slug}_{file.student}", str(file.file_id)
    file_id, original = int((match["fid"] or "0")[:18]), match["orig"] or file.original
    return replace(file, slug=slug, student=student, file_id=file_id, original=original)


def recognises(tree: Tree, base: str) -> float:
    """The share of files with Canvas's names; 0 where one file id stands for two attachments."""
    entries = [entry for entry in tree.children(base) if entry.may_be_submitted]
    files = [file for entry in entries if entry.kind == "file" and (file := read_canvas_name(entry))]
    # A file may have been saved twice.
    attachments = {(file.file_id, file.student, first_name(file.original)) for file in files if file.file_id}
    if not files or len({file_id for file_id, *_ in attachments}) < len(attachments):
        return 0.0
    return len(files) / len(entries)


def is_named(entry: TreeEntry) -> bool:
    """Whether the name is one that Canvas gives, with a file id that is not a small one."""
    file = read_canvas_name(entry)
    return file is not None and file.file_id >= LEAST_TELLING_ID


def read(tree: Tree, base: str) -> ClassContents:
    """All files of one user id are one submission, with the versions of a name as its attempts."""
    found = ClassContents()
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
    """The attempts of one user: the n-th has the n-th version of each file, or its last."""
    versions: dict[tuple[str, str], list[CanvasFile]] = {}
    originals = {file.original for file in files}
    for file in sorted(files, key=_version):
        versions.setdefault(_name_before(file, originals), []).append(file)
    count = max(map(len, versions.values()))
    return [
        _submitted([one[min(index, len(one) - 1)] for one in versions.values()], index + 1)
        for index in range(count)
    ]


def _name_before(file: CanvasFile, originals: set[str]) -> tuple[str, str]:
    """The name before Canvas put a number to a later upload, where a file of that name is there too."""
    match = UPLOADED_AGAIN.fullmatch(file.original)
    stem, suffix = (match["stem"], match["suffix"] or "") if match else (file.original, "")
    return (stem, suffix) if stem + suffix in originals else (file.original, "")


def _version(file: CanvasFile) -> tuple[int, int, str]:
    """A sort key: earlier uploads of a file first."""
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


LAYOUT = Layout("Canvas: Download Submissions", read, is_named, recognises)
