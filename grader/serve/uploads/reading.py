"""An uploaded exercise: unpacked as TOML and pictures, and read in a process of its own.

Nothing else is taken, and whatever it makes the reader do ends with that process.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from grader.specs.load import EXERCISE_FILE
from grader.submissions.safe_read import MIB, Refused
from grader.submissions.zip_tree import ZipLimits, ZipTree

LIMITS = ZipLimits(members=300, unpacked_bytes=8 * MIB)
MOST_BYTES = 2 * MIB
"""The largest size of one file."""

TAKEN = (".toml", ".svg", ".png", ".jpg", ".jpeg")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

LONGEST_S = 40
MOST_CPU_S = 20
MOST_READING_S = 5.0
"""CPU seconds to read it once, without lint: the server reads it again for everybody."""

MOST_MEMORY = 2048 * MIB
WHOLE = "whole"
TOO_LONG = "It takes too long or too much memory to be read"


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
    files, left_out = _files_in(tree, found, folder)
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


def _files_in(tree: ZipTree, paths: list[str], folder: str) -> tuple[dict[str, bytes], list[str]]:
    inside = f"{folder}/" if folder else ""
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    for path in paths:
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


class ReadUpload(msgspec.Struct, frozen=True):
    """The result of reading an exercise.

    Args:
        problem: Why it cannot be read: file, key, what was found and wanted; empty where it can.
        remarks: What `rnngrade author lint` says of it, but for its example answers.
    """

    problem: str = ""
    remarks: tuple[str, ...] = ()


def read_apart(upload: Unpacked) -> tuple[bytes, tuple[str, ...]]:
    """The exercise as one file, and what lint says of it.

    Raises:
        NoExercise: If it cannot be read; says where and why.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, upload.id)
        for name, data in upload.files.items():
            path = folder / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            except OSError as error:
                raise NoExercise(
                    f"{name[:40]!r} in the zip file cannot be unpacked: {error.strerror}"
                ) from None
        command = [
            sys.executable,
            "-P",
            "-m",
            __spec__.name,
            str(folder / EXERCISE_FILE),
            str(Path(place, WHOLE)),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)
            found = msgspec.json.decode(done.stdout, type=ReadUpload)
        except (subprocess.TimeoutExpired, msgspec.MsgspecError):
            raise NoExercise(TOO_LONG) from None
        if found.problem:
            raise NoExercise(found.problem.replace(f"{folder}/", "").replace(str(folder), upload.id))
        return Path(place, WHOLE).read_bytes(), found.remarks


def main(file: str, whole: str) -> None:
    """Read the file in the first place, write it whole to the second, and print a `ReadUpload`."""
    _bound()
    from grader import kinds
    from grader.errors import SpecError
    from grader.model.exercise import Exercise
    from grader.specs import Kinds, load_exercise
    from grader.specs.lint import lint, lint_variants
    from grader.specs.load import read_source

    known, path = Kinds(kinds.kind_names(), kinds.find_kind), Path(file)

    def load(code: str | None = None) -> Exercise:
        return load_exercise(path, known, shown_as=EXERCISE_FILE, variant=code)

    try:
        began = time.process_time()
        exercise = load()
        if time.process_time() - began > MOST_READING_S:
            found = ReadUpload(TOO_LONG)
        elif len(exercise.text) > 2 * MIB:
            found = ReadUpload("With its networks and pictures it is larger than 2 MiB")
        else:
            Path(whole).write_bytes(exercise.text)
            more = lint_variants(read_source(path, known, EXERCISE_FILE), load) if exercise.values else ()
            found = ReadUpload("", (*lint(exercise), *more))
    except SpecError as error:
        found = ReadUpload(str(error))
    sys.stdout.buffer.write(msgspec.json.encode(found))


def _bound() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    main(*sys.argv[1:])
