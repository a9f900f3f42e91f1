"""Whose word a time of handing in is: never the student's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec

from grader.lms.listing import ClassListing
from grader.lms.nbgrader.read import SUBMITTED, TIMESTAMP

NBGRADER = "nbgrader"


def with_trusted_times(listing: ClassListing, folder: Path) -> ClassListing:
    """The class without times that students may have written themselves, and with a word on those left out.

    nbgrader writes `timestamp.txt` into `submitted/` when it collects. In a folder that only looks like that,
    the file is a part of what was handed in.

    Args:
        listing: The class.
        folder: Where it was read from.
    """
    if listing.preset != NBGRADER or not any(one.submitted_at for one in listing.submissions):
        return listing
    names = {
        folder.resolve().stem,
        *(part for one in listing.submissions for part in one.paths[0].split("/")[:-2]),
    }
    if listing.is_forced or SUBMITTED in names:
        return listing
    note = (
        f"times in {TIMESTAMP} are not taken, since a student could have written them: this folder is not "
        f"called {SUBMITTED!r}; --preset {NBGRADER} takes them"
    )
    submissions = tuple(msgspec.structs.replace(one, submitted_at=None) for one in listing.submissions)
    return dataclasses.replace(listing, submissions=submissions, notes=(*listing.notes, note))
