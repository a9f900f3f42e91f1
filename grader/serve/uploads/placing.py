"""Put an exercise into the course's folder, or leave the folder as it was."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from grader.errors import GraderError
from grader.model.exercise import Exercise, Question
from grader.model.share import points_text
from grader.reports.whole_file import write_whole
from grader.serve.courses import EXERCISES, CourseFolder, read_course_folder
from grader.serve.uploads.reading import NoExercise
from grader.specs.load import EXERCISE_FILE

WORDS = {
    "label": "its label",
    "prompt": "its prompt",
    "fields": "what its fields are called",
    "asks": "what it asks for",
    "kind": "its kind",
    "params": "what is right, and its known mistakes",
    "hints": "its hints",
    "hint_terms": "what hints cost",
    "errata": "its errata",
    "signature": "how its function is called",
    "call_cpu_s": "its time",
    "is_shuffled": "whether it is shuffled",
    "is_withheld": "whether its key is withheld",
}
MOST_LINES, LONGEST_LINE = 400, 200


def place(course: CourseFolder, id: str, text: bytes) -> None:
    """Write an exercise's file, in place of the one that the course has.

    Raises:
        NoExercise: If the folder cannot be written, or the course could not be read with it; the folder is as
            it was.
    """
    path = _path(course.folder, id)
    before = path.read_bytes() if path.is_file() else None
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise NoExercise(f"The server cannot write into {EXERCISES}/: {error.strerror}") from None
    try:
        read_course_folder(course.folder)
    except GraderError as error:
        if before is None:
            path.unlink()
        else:
            write_whole(path, before)
        raise NoExercise(f"With it the course cannot be read: {error}") from None


def _path(folder: Path, id: str) -> Path:
    own = folder / EXERCISES / id / EXERCISE_FILE
    return own if own.is_file() else folder / EXERCISES / f"{id}.toml"


def differences(old: Exercise, new: Exercise) -> Iterator[str]:
    """What would change for students and marks, a sentence each."""
    before = {one.id: one for one in old.questions}
    after = {one.id: one for one in new.questions}
    for id in before.keys() - after.keys():
        yield f"Question {id} is gone: its marks do not count after a regrade."
    for id, question in after.items():
        if id not in before:
            yield f"Question {id} is new: whoever handed in has not answered it."
        else:
            yield from _changed(before[id], question)
    parts = {"title": "The title", "introduction": "The introduction", "limits": "The limits of time"}
    for name, words in parts.items():
        if getattr(old, name) != getattr(new, name):
            yield f"{words} changed."


def _changed(old: Question, new: Question) -> Iterator[str]:
    if old.points != new.points:
        worth = f"{points_text(new.points)} points, and was worth {points_text(old.points)}"
        yield f"Question {new.id} is worth {worth}."
    named = [words for name, words in WORDS.items() if getattr(old, name) != getattr(new, name)]
    if named:
        yield f"Question {new.id} has other things than before: {', '.join(named)}."


def lines_changed(old: bytes, new: bytes) -> str:
    """The lines of the file that differ, as `diff -u` has them, cut where they are many."""
    before, after = (one.decode("utf-8", "replace").splitlines() for one in (old, new))
    lines = difflib.unified_diff(before, after, "before", "after", lineterm="", n=1)
    found = [line[:LONGEST_LINE] for line in lines]
    more = [f"... and {len(found) - MOST_LINES} lines more"] if len(found) > MOST_LINES else []
    return "\n".join([*found[:MOST_LINES], *more])
