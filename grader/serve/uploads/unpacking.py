"""What an instructor uploads, as files that may be read: TOML and pictures, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import msgspec

from grader.specs.load import EXERCISE_FILE
from grader.submissions.safe_read import MIB, Refused
from grader.submissions.zip_tree import ZipLimits, ZipTree

LIMITS = ZipLimits(members=300, unpacked_bytes=8 * MIB)
MOST_BYTES = 2 * MIB
"""Of one file."""

TAKEN = (".toml", ".svg", ".png", ".jpg", ".jpeg")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class NoExercise(Exception):
    """Why what was uploaded is no exercise; a sentence for who uploaded it."""


class Unpacked(msgspec.Struct, frozen=True):
    """An exercise's files.

    Args:
        id: The exercise's.
        files: By path within its folder; one of them is `exercise.toml`.
        left_out: Names of what was not taken, each with why.
    """

    id: str
    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()


def unpacked(name: str, data: bytes, id: str = "") -> Unpacked:
    """The files of an upload, in memory.

    Args:
        name: The file's, as the browser sends it.
        data: Its bytes.
        id: Of the exercise; the file's or folder's name if empty.

    Raises:
        NoExercise: If it is none; says why.
    """
    stem, dot, suffix = PurePosixPath(name.replace("\\", "/")).name.rpartition(".")
    if suffix.lower() == "toml" and dot:
        if len(data) > MOST_BYTES:
            raise NoExercise(f"The file is larger than {MOST_BYTES // MIB} MiB")
        return Unpacked(_checked(id or stem), {EXERCISE_FILE: data})
    if suffix.lower() != "zip" or not dot:
        raise NoExercise("An exercise is a .toml file, or a .zip file of its folder")
    try:
        tree = ZipTree(data, LIMITS)
    except Refused as error:
        raise NoExercise(f"The zip file cannot be read: {error}") from None
    found = list(_paths(tree))
    folders = [path.rpartition("/")[0] for path in found if path.rpartition("/")[2] == EXERCISE_FILE]
    if len(folders) != 1:
        which = f"more than one {EXERCISE_FILE}" if folders else f"no {EXERCISE_FILE}"
        raise NoExercise(f"The zip file has {which}: pack the folder of one exercise")
    (folder,) = folders
    files, left_out = _taken(tree, found, folder)
    left_out += [f"{one.path}: {one.refusal}" for one in tree.strays]
    return Unpacked(_checked(id or folder.rpartition("/")[2] or stem), files, tuple(left_out))


def _checked(id: str) -> str:
    if not ID.fullmatch(id):
        raise NoExercise(
            f"{id[:40]!r} is no id of an exercise: wanted one word of letters, digits, . _ and -"
        )
    return id


def _paths(tree: ZipTree, folder: str = "") -> Iterator[str]:
    for one in tree.children(folder):
        if one.kind == "folder":
            yield from _paths(tree, one.path)
        else:
            yield one.path


def _taken(tree: ZipTree, found: list[str], folder: str) -> tuple[dict[str, bytes], list[str]]:
    inside = f"{folder}/" if folder else ""
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for path in found:
        own = path.removeprefix(inside)
        if not path.startswith(inside) or own.startswith((".", "__MACOSX/")) or "/." in own:
            continue  # what systems put beside it
        if not own.lower().endswith(TAKEN):
            left_out.append(f"{own}: only {', '.join(TAKEN)} are taken from a browser")
            continue
        try:
            files[own] = tree.read(path, MOST_BYTES)
        except Refused as error:
            raise NoExercise(f"{own} in the zip file cannot be read: {error}") from None
    return files, left_out
