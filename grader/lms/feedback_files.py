"""One feedback file a student, under a name that the class's own system takes back."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import CannotDo
from grader.lms.fixed_zip import LONG_AGO
from grader.model.text import composed
from grader.reports.whole_file import write_whole

# Only these are cut off: a folder may be called "bela.b".
SUFFIXES = (".py", ".ipynb", ".json", ".npz", ".zip", ".html", ".txt", ".md", ".pdf")
LONGEST_BYTES = 240


def feedback_name(return_name: str, student: str, suffix: str) -> str:
    """The name of a student's feedback file.

    Args:
        return_name: From the submission; may be empty.
        student: The student's id.
        suffix: Of the report's format.
    """
    stem, old = os.path.splitext(composed(return_name or student))
    if old.lower() not in SUFFIXES:
        stem += old
    safe = "".join(one if one.isprintable() and one not in '/\\:*?"<>|' else "_" for one in stem).strip(". ")
    while len(safe.encode()) > LONGEST_BYTES:
        safe = safe[:-1]
    return f"{safe or 'feedback'}{suffix}"


def unique_names(names: Mapping[str, str]) -> dict[str, str]:
    """The same names, told apart where two are the same on a system that ignores case.

    Args:
        names: The wanted name of each student.
    """
    taken: set[str] = set()
    unique: dict[str, str] = {}
    for student, name in sorted(names.items()):
        stem, suffix = os.path.splitext(name)
        number, one = 1, name
        while one.casefold() in taken:
            number += 1
            one = f"{stem}-{number}{suffix}"
        taken.add(one.casefold())
        unique[student] = one
    return unique


def write_feedback(place: Path, files: Mapping[str, str]) -> None:
    """Write all files into a folder, or into one zip file to upload.

    Args:
        place: A folder, which is made, or a name that ends in .zip.
        files: Texts by name.

    Raises:
        CannotDo: If it cannot be written.
    """
    try:
        if place.suffix.lower() == ".zip":
            write_whole(place, _packed(files), is_private=True)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        for name, text in files.items():
            path = place / name
            # A link of that name is replaced, not written through.
            write_whole(path, text.encode("utf-8"), is_private=True)
    except OSError as error:
        raise CannotDo(f"cannot be written: {error.strerror}", where=str(place)) from None


def _packed(files: Mapping[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, LONG_AGO)
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, files[name])
    return target.getvalue()
