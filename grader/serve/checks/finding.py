"""What the checks look at, and their findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from grader.errors import GraderError
from grader.serve.courses import DATABASE


class Weight(StrEnum):
    """How grave it is, the gravest first."""

    WRONG = "wrong"
    """The server would not start, or students would be marked wrongly or lose something."""

    RISKY = "risky"
    """The server works, but may not go on working."""

    NOTE = "note"
    """Good to know."""


class CheckFinding(NamedTuple):
    """One thing that was found.

    Args:
        weight: How grave it is.
        where: The file, option or part of the machine.
        what: What is the matter.
        to_do: What to do about it.
    """

    weight: Weight
    where: str
    what: str
    to_do: str = ""

    def __str__(self) -> str:
        advice = f" ({self.to_do})" if self.to_do else ""
        return f"{self.weight}: {self.where}: {self.what}{advice}"


@dataclass(frozen=True)
class ToServe:
    """The options of `serve`: what is to be served, and how.

    Args:
        folder: Of the course.
        database: A file or URL; `course.db` in the folder if left out.
        executor: dask://HOST:PORT; this machine if left out.
        host: The address to listen at.
        root: The address that browsers see.
        is_unsafe_ok: Run code in a sandbox that strangers can get out of.
    """

    folder: Path
    database: str | None = None
    executor: str | None = None
    host: str = "127.0.0.1"
    root: str | None = None
    is_unsafe_ok: bool = False

    @property
    def place(self) -> str:
        """Where the gradebook is."""
        return self.database or str(self.folder / DATABASE)


def finding_of(error: GraderError, where: str) -> CheckFinding:
    """An error of ours as a finding."""
    return CheckFinding(Weight.WRONG, error.where or where, error.message, error.hint or "")
