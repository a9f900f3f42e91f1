"""What was found in a class folder: who handed in what, and what belongs to nobody."""

from __future__ import annotations

from dataclasses import dataclass

from grader.model.handin import HandIn


@dataclass(frozen=True)
class Unmatched:
    """A file or folder that is nobody's hand-in.

    Args:
        path: Relative to the class folder, made safe to show.
        reason: Why, in words for the instructor.
    """

    path: str
    reason: str


@dataclass(frozen=True)
class ClassListing:
    """A class folder, read.

    Args:
        handins: Sorted by student, then attempt.
        unmatched: Everything else that is there, sorted by path.
        preset: The layout it was read as; "pattern" where the instructor gave one.
        base: The folder inside the class folder where the layout begins; "" for the folder itself.
        is_forced: Whether the instructor chose the preset.
        notes: What the instructor should know of how it was read.
    """

    handins: tuple[HandIn, ...]
    unmatched: tuple[Unmatched, ...]
    preset: str
    base: str = ""
    is_forced: bool = False
    notes: tuple[str, ...] = ()
