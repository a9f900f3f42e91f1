"""Step 2: what was handed in, as bytes. Nothing is parsed here."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class AnswerFile(msgspec.Struct, frozen=True):
    """One file of an answer: its name within the submission, and its bytes."""

    name: str
    data: bytes


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One student's answer to one exercise.

    Args:
        student: Id of the student; the file's stem or the folder's name where no other is given.
        files: The answer files (.py, .ipynb, .json, .npz), in reading order.
        digest: "sha256:..." over names and bytes.
        left_out: Names of files that are no answers, or too large, each with the reason.
    """

    student: str
    files: tuple[AnswerFile, ...]
    digest: str
    left_out: tuple[str, ...] = ()

    @property
    def has_code(self) -> bool:
        """Whether a file of it may hold code."""
        return has_code(file.name for file in self.files)


class SubmittedFiles(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whose files lie where in a class folder: one attempt of one student (or group), not yet read.

    Args:
        student: The id that results are kept under.
        paths: Files, or folders, relative to the class folder, in reading order.
        names: What the student called each of the paths; empty where that is their last part.
        name: A person's or group's name where the export has it.
        attempt: 1 for the first; larger is later.
        submitted_at: ISO 8601 with the zone where the export has one; the text itself where that cannot be
            read, and None where there is no time.
        is_late: As the export says; None where it does not.
        members: Ids of a group's students; empty for a single student.
        return_name: The file name under which feedback can be uploaded again.
    """

    student: str
    paths: tuple[str, ...]
    names: tuple[str, ...] = ()
    name: str = ""
    attempt: int = 1
    submitted_at: str | None = None
    is_late: bool | None = None
    members: tuple[str, ...] = ()
    return_name: str = ""


def has_code(names: Iterable[str]) -> bool:
    """Whether any of the files may hold code; a .json file cannot.

    Args:
        names: Of the files.
    """
    return any(not name.lower().endswith(".json") for name in names)
