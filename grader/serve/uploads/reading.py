"""Read an uploaded exercise in a process of its own: whatever it makes the reader do ends with that."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from grader.serve.uploads.unpacking import NoExercise, Unpacked
from grader.specs.load import EXERCISE_FILE
from grader.submissions.safe_read import MIB

LONGEST_S = 40
MOST_CPU_S = 20
MOST_READING_S = 5.0
"""CPU seconds to read it once, without lint: the server reads it again for everybody."""

MOST_MEMORY = 2048 * MIB
WHOLE = "whole"
TOO_LONG = "It takes too long or too much memory to be read"


class ReadUpload(msgspec.Struct, frozen=True):
    """What reading an exercise came to.

    Args:
        problem: Why it cannot be read: file, key, what was found and wanted; empty where it can.
        remarks: What `rnngrade author lint` says of it, but for its example answers.
    """

    problem: str = ""
    remarks: tuple[str, ...] = ()


def read_apart(upload: Unpacked) -> tuple[bytes, tuple[str, ...]]:
    """The exercise as one file, and what lint says of it.

    Args:
        upload: Its files.

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
