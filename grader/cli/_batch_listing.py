"""What `batch` says of a class before anything runs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli._target import gradebook_files

if TYPE_CHECKING:
    from grader.lms import ClassListing


def listed(folder: Path, gradebook: str, preset: str | None, pattern: str | None) -> ClassListing:
    """The class; a gradebook that lies in the same folder is nobody's answer.

    Args:
        folder: The class folder.
        gradebook: As typed.
        preset: As typed.
        pattern: As typed.

    Raises:
        SubmissionError: If the folder cannot be read.
    """
    from grader.lms import read_class

    found = read_class(folder, preset, pattern)
    own = {os.path.realpath(path) for path in gradebook_files(gradebook)}
    is_own = {path for path in _paths(found) if os.path.realpath(folder / path) in own}
    return replace(
        found,
        submissions=tuple(
            one for one in found.submissions if not is_own.issuperset(one.paths) or not one.paths
        ),
        unmatched=tuple(one for one in found.unmatched if one.path not in is_own),
    )


def tell(found: ClassListing, roster: Path | None) -> None:
    """Say what matched and what did not.

    Args:
        found: The class.
        roster: Who should be there.
    """
    from grader.lms import announcement, check_roster, read_roster, roster_lines

    lines = announcement(found)
    if roster is not None:
        lines += roster_lines(check_roster(found, read_roster(roster)))
    for line in lines:
        click.echo(line, err=True)


def tell_lost(found: ClassListing) -> None:
    """Say once more, at the end, that somebody may have gone without a mark.

    Args:
        found: The class.
    """
    from grader.lms import warning

    if found.lost:
        count = len(found.lost)
        these = "1 entry that may be a hand-in was" if count == 1 else f"{count} that may be hand-ins were"
        click.echo(f"{these} not read; the first lines name what and why", err=True)
    if found.looks_like:
        click.echo(warning(found)[-1], err=True)


def _paths(found: ClassListing) -> list[str]:
    return [path for one in found.submissions for path in one.paths] + [one.path for one in found.unmatched]
