"""A file of a Canvas export, told by its name: whose it is, which attachment, and what it was called.

Names of people stand before the ids and may have numbers of their own: Canvas takes the underscores from one
that would look like an id, but not where it ends the name ("eve_1005"). One user id has one name.

Source: instructure/canvas-lms, lib/content_zipper.rb (sanitize_user_name, get_filename).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace

from grader.model.spelling import composed
from grader.submissions.tree import TreeEntry

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
    """A file of an export, told by its name.

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
    """What the name tells; None where it is not one of Canvas's.

    Args:
        entry: A file, or the folder that one was unpacked to.
    """
    name = composed(entry.name)
    match = NAME.fullmatch("".join("x" if _is_mark(letter) else letter for letter in name))
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
    """The files of each user id, and those of whom it cannot be told whose they are.

    Args:
        files: Of an export.
    """
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
    """The same file, its first number taken for a part of the name; None where that cannot be."""
    match = SECOND_ID.fullmatch(file.original)
    if not file.slug or not file.file_id or match is None:
        return None
    slug, student = f"{file.slug}_{file.student}", str(file.file_id)
    file_id, original = int((match["fid"] or "0")[:18]), match["orig"] or file.original
    return replace(file, slug=slug, student=student, file_id=file_id, original=original)
