"""Where a command may write: never over what it was given to read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

BESIDE_GRADEBOOK = ("", "-wal", "-shm", "-journal", ".lock")


def require_not_answer(output: Path, answer: str) -> None:
    """Refuse to write a report over an answer, or where it would be read as one.

    Args:
        output: Where the report is to go.
        answer: The file or folder that is marked, as typed.

    Raises:
        click.UsageError: If it is the answer, or an answer file in its folder.
    """
    from grader.submissions.answer_files import SUFFIXES

    if answer == "-":
        return
    require_other(output, [answer], "the answer itself")
    is_inside = os.path.isdir(answer) and is_same(output.absolute().parent, answer)
    if is_inside and output.suffix.lower() in SUFFIXES:
        raise click.UsageError(
            f"{output} lies in the answer's folder and would be read as an answer; "
            "write the report into another folder"
        )


def require_not_code(results: Path, submission: Path) -> None:
    """Refuse a result file that is what was handed in; a .json of an earlier run may be replaced.

    Args:
        results: Where the result is to go.
        submission: The student's file or folder.

    Raises:
        click.UsageError: If it is the submission, or called like code.
    """
    require_other(results, [submission], "the answer itself")
    if results.suffix.lower() in (".py", ".ipynb", ".npz"):
        raise click.UsageError(f"{results} is called like an answer; the result is JSON: name a .json file")


def require_not_gradebook(output: Path, gradebook: str) -> None:
    """Refuse to write over the gradebook or the files that belong to it.

    Args:
        output: What is to be written.
        gradebook: As typed.

    Raises:
        click.UsageError: If it is one of them.
    """
    require_other(output, gradebook_files(gradebook), "the gradebook or a part of it")


def require_other(output: Path, taken: Iterable[str | Path], what: str) -> None:
    """Refuse to write over one of the files that a command was given.

    Args:
        output: What is to be written.
        taken: Files that are read.
        what: How they are called, after "is".

    Raises:
        click.UsageError: If it is one of them.
    """
    if any(is_same(output, one) for one in taken):
        raise click.UsageError(f"{output} would be written over, but is {what}; name another file")


def gradebook_files(gradebook: str) -> list[str]:
    """The gradebook's file and those that SQLite and a run put beside it; none for a server.

    Args:
        gradebook: As typed.
    """
    if "://" in gradebook and not gradebook.startswith("sqlite:///"):
        return []
    path = gradebook.removeprefix("sqlite:///")
    # SQLite and a run put them beside the real file, where the gradebook is a link.
    places = dict.fromkeys((path, os.path.realpath(path)))
    return [place + ending for place in places for ending in BESIDE_GRADEBOOK]


def is_same(one: str | Path, other: str | Path) -> bool:
    """Whether two paths lead to the same file or folder, or would.

    Args:
        one: A path.
        other: A path.
    """
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return os.path.realpath(one) == os.path.realpath(other)
