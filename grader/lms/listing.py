"""What was found in a class folder: who handed in what, and what belongs to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.submission import SubmittedFiles


@dataclass(frozen=True)
class Unmatched:
    """A file or folder that is nobody's hand-in.

    Args:
        path: Relative to the class folder, made safe to show.
        reason: Why, in words for the instructor.
        is_lost: Whether it may well be a student's hand-in, so that somebody may go without a mark.
    """

    path: str
    reason: str
    is_lost: bool = False


@dataclass(frozen=True)
class ClassListing:
    """A class folder, read.

    Args:
        submissions: Sorted by student, then attempt.
        unmatched: Everything else that is there, sorted by path.
        preset: The layout it was read as; "pattern" where the instructor gave one.
        base: The folder inside the class folder where the layout begins; "" for the folder itself.
        is_forced: Whether the instructor chose the preset.
        notes: What the instructor should know of how it was read.
        looks_like: Another layout, in which some of the names are that were read as plain ones; else "".
    """

    submissions: tuple[SubmittedFiles, ...]
    unmatched: tuple[Unmatched, ...]
    preset: str
    base: str = ""
    is_forced: bool = False
    notes: tuple[str, ...] = ()
    looks_like: str = ""

    @property
    def lost(self) -> tuple[Unmatched, ...]:
        """What may well be a student's hand-in and is not read."""
        return tuple(one for one in self.unmatched if one.is_lost)

    @property
    def is_in_doubt(self) -> bool:
        """Whether somebody may go without a mark, or have it under another name."""
        return bool(self.lost or self.looks_like)
