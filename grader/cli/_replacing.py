"""Refuse to overwrite a file that a command reads, or a teacher's own work."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from grader.cli._output import one_line

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


def require_no_work(output: Path) -> None:
    """Refuse to overwrite a file that somebody may have worked on.

    Raises:
        click.UsageError: If it is there, and called like an answer in code, an exercise or a course file.
    """
    if output.suffix.lower() in (".py", ".ipynb", ".npz", ".toml") and os.path.lexists(output):
        raise click.UsageError(
            f"{output} is already there, and may be an answer or an exercise; name another file"
        )


def require_not_code(results: Path, submission: Path) -> None:
    """Refuse to write the result over the submission; the .json of an earlier run may be replaced.

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


def require_outside(output: Path, folder: Path) -> None:
    """Refuse to write into a folder in which everything is read as a submission.

    Args:
        output: What is to be written.
        folder: The folder.

    Raises:
        click.UsageError: If it is that folder or lies in it.
    """
    if Path(os.path.realpath(output)).is_relative_to(os.path.realpath(folder)):
        raise click.UsageError(
            f"{output} lies in {folder}, where it would be read as a submission; name another place"
        )


def gradebook_files(gradebook: str) -> list[str]:
    """The gradebook's file and those that SQLite and a run put beside it; none for a server."""
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


NAMED = 5
# What tells rows apart: the student and the exercise, or Canvas's name and id, or Moodle's number and name.
KEY_CELLS = 2
DELIMITERS = ",;\t"


def require_kept(output: Path, data: bytes, *, force: bool) -> None:
    """Refuse to replace a table with rows that the new one would change or lack.

    Args:
        output: Where it is to go.
        data: The new table.
        force: Whether it may be replaced all the same.

    Raises:
        click.UsageError: If it is there with rows that would be lost; names them.
    """
    before = None if force else _bytes_at(output)
    if before is None or before == data:
        return
    lost = _lost_rows(before, data)
    if lost is None or lost:
        of = f" of {_some_names(lost)}" if lost else ""
        raise _refusal(f"{output} is there already and says otherwise{of}")


def require_files_kept(
    place: Path,
    files: Mapping[str, str] | Mapping[str, bytes],
    *,
    force: bool,
    may_go: Callable[[bytes], bool] = lambda data: False,
    advice: str = "--force replaces it",
) -> None:
    """Refuse to replace files in a folder or zip file by files with other contents.

    Args:
        place: The folder or zip file.
        files: Texts, or bytes, by name.
        force: Whether they may be replaced all the same.
        may_go: Whether a file with other contents may be replaced, since nobody edited it.
        advice: What else can be done than to name another place.

    Raises:
        click.UsageError: If some are there and would be lost; names them.
    """
    if force:
        return
    new = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
    if place.suffix.lower() == ".zip":
        packed = _bytes_at(place)
        old = {} if packed is None else _members(packed)
        lost = [place.name] if old is None else [name for name in old if old[name] != new.get(name)]
    else:
        old = {name: data for name in new if (data := _bytes_at(place / name)) is not None}
        lost = [name for name in old if old[name] != new[name]]
    lost = [name for name in lost if old is None or not may_go(old[name])]
    if lost:
        raise _refusal(f"in {place} there is already something else as {_some_names(lost)}", advice)


SEAL = re.compile(rb"<!-- made by rnngrade, ([0-9a-f]{64}) -->\n\Z")


def sealed(page: str) -> str:
    """A page with a mark at its end that shows later whether anybody has changed it.

    Args:
        page: Ends with a line end.
    """
    return f"{page}<!-- made by rnngrade, {hashlib.sha256(page.encode('utf-8')).hexdigest()} -->\n"


def is_sealed(data: bytes) -> bool:
    """Whether it is a page as `sealed` made it: a later one may take its place."""
    found = SEAL.search(data[-200:])
    return found is not None and hashlib.sha256(data[: -len(found[0])]).hexdigest() == found[1].decode()


def _refusal(message: str, advice: str = "--force replaces it") -> click.UsageError:
    return click.UsageError(f"{message}; name another place, or {advice}")


def _bytes_at(path: Path) -> bytes | None:
    """The bytes of a regular file; a link to one is followed, since it is written through."""
    try:
        return path.read_bytes() if os.path.isfile(path) else None
    except OSError:
        return None


def _members(packed: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        # No zip file, or one that cannot be read: what is in it is not known.
        return None


def _lost_rows(before: bytes, after: bytes) -> list[str] | None:
    """The rows that would be lost or changed; None where the file is no table that rnngrade wrote."""
    for read in (_records, _lines):
        old, new = read(before), read(after)
        if old is not None and new is not None:
            return [" ".join(filter(None, key)) or "the header" for key in old if old[key] != new.get(key)]
    return None


def _records(data: bytes) -> dict[tuple[str, ...], Any] | None:
    try:
        return {(one["student"], one["exercise"]): one for one in json.loads(data)}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _lines(data: bytes) -> dict[tuple[str, ...], Any] | None:
    """Rows of a CSV file, whatever its separators, quotes and line ends; a spreadsheet changes them."""
    try:
        text = data.decode("utf-8-sig")
        delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except (UnicodeDecodeError, csv.Error):
        return None
    found: dict[tuple[str, ...], Any] = {}
    for row in rows:
        if any(row):
            found.setdefault(tuple(row[:KEY_CELLS]), []).append(row)
    return found


def _some_names(names: Iterable[str]) -> str:
    names = [repr(one_line(name)) for name in names]
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + rest
