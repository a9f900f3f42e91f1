"""One hand-in of a class, as it lies in what a learning-management system exported."""

from __future__ import annotations

import msgspec


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt of one student (or group), not yet read.

    Args:
        student: The id that results are kept under.
        paths: Files, or folders, relative to the class folder, in reading order.
        names: What the student called each of the paths; empty where that is their last part.
        name: A person's or group's name where the export tells it.
        attempt: 1 for the first; larger is later.
        submitted_at: ISO 8601 with what the export tells of a zone; the text itself where that cannot be
            read, and None where it tells no time.
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
