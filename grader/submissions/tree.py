"""One interface for a class folder and a zip file of one: names first, bytes on demand."""

from __future__ import annotations

import os
from typing import Literal, Protocol, TypeAlias

import msgspec

from grader.errors import SubmissionError
from grader.submissions.safe_read import FILE_LIMIT_BYTES

Kind: TypeAlias = Literal["file", "folder", "other"]

# What teachers keep beside submissions: lists, course files, notes, gradebooks.
TEACHERS_OWN = (
    *(".csv", ".tsv", ".xls", ".xlsx", ".ods", ".toml", ".yml", ".yaml", ".md"),
    *(".db", ".db-wal", ".db-shm", ".log", ".lock"),
)
# Left by operating systems and tools when a folder is looked at or packed, not by students.
DROPPINGS = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__", ".ipynb_checkpoints")


class TreeEntry(msgspec.Struct, frozen=True, gc=False):
    """One name in a folder.

    Args:
        path: Relative to the class folder, parts joined by "/".
        kind: What it is, links not followed.
        refusal: Why it is not read; empty where it may be.
    """

    path: str
    kind: Kind
    refusal: str = ""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_dropping(self) -> bool:
        """Whether an operating system left it there."""
        name = self.name
        return name in DROPPINGS or name.startswith("._")

    @property
    def may_be_submitted(self) -> bool:
        """Whether a student may have submitted it, as far as its name says."""
        name = self.name
        if name in DROPPINGS or name.startswith("."):
            return False
        return self.kind == "folder" or not name.lower().endswith(TEACHERS_OWN)


class Tree(Protocol):
    """A class folder or zip file.

    Args:
        strays: Entries that have no place in the tree, each with the reason.
        name: What it is called, without ".zip".
        is_packed: Whether it is a zip file.
    """

    strays: list[TreeEntry]
    name: str
    is_packed: bool

    def children(self, path: str = "") -> tuple[TreeEntry, ...]:
        """The entries of a folder, sorted by name; none where there is no such folder.

        Args:
            path: The folder; the class folder itself if left out.
        """

    def entry(self, path: str) -> TreeEntry | None:
        """The entry at a path; None where there is nothing."""

    def read(self, path: str, limit_bytes: int = FILE_LIMIT_BYTES) -> bytes:
        """The bytes of a file.

        Args:
            path: Of the file.
            limit_bytes: The largest file that is read.

        Raises:
            Refused: If it is not read, by what it is; says why.
            OSError: If it cannot be read.
        """

    def stamp(self, path: str) -> bytes:
        """The stamp of all that lies at a path: another one after every change.

        Returns:
            Empty where the system keeps none, a change is too recent, or nothing is there.
        """

    def close(self) -> None:
        """Close the files that are held open."""


def safe_parts(path: str) -> list[str]:
    """The parts of a path that stays inside.

    Args:
        path: Relative, parts joined by "/"; "" is the class folder itself.

    Raises:
        SubmissionError: If it is absolute, leads out, or cannot be a path.
    """
    parts = path.split("/") if path else []
    if any(part in ("", os.curdir, os.pardir) or "\0" in part for part in parts):
        raise SubmissionError("this path does not stay inside the class folder")
    return parts
