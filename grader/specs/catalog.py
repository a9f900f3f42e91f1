"""Which exercises there are, without loading any kind of question."""

from __future__ import annotations

import functools
import os
from fractions import Fraction
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import msgspec

import grader
from grader.errors import SpecError
from grader.model.text import joined
from grader.specs.decoding import did_you_mean, fraction_text, parse_toml, read_fraction
from grader.specs.load import EXERCISE_FILE, exercise_id, read_exercise_file

BROKEN = "(this exercise file cannot be read)"


class Listing(msgspec.Struct, frozen=True):
    """What is known of an exercise before it is loaded.

    Args:
        id: As `exercise_id` gives it.
        title: As written, or a note that the file is broken.
        points: Of all questions together, as text.
        question_ids: In the file's order.
        functions: Names of functions that are asked for.
        field_names: Names of fields that are asked for.
    """

    id: str
    title: str
    points: str = ""
    question_ids: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    field_names: tuple[str, ...] = ()


class ExerciseFile(msgspec.Struct, frozen=True):
    """An exercise file that was asked for by id or by path.

    Args:
        path: The file.
        shown_as: Its name in errors.
    """

    path: Path | Traversable
    shown_as: str


def installed_files() -> dict[str, Path]:
    """The exercise files that come with the grader, by id, sorted."""
    # By place: a folder of that name on the path must not stand for ours.
    found = Path(grader.OWN_FOLDER, "exercises").glob(f"*/{EXERCISE_FILE}")
    return {path.parent.name: path for path in sorted(found)}


def list_exercises() -> tuple[Listing, ...]:
    """Every exercise that comes with the grader; a broken file is listed as such."""
    return tuple(read_listing(ExerciseFile(path, path.parent.name)) for path in installed_files().values())


class Installed:
    """An exercise that comes with the grader; its file is read when more than its id is asked for.

    Args:
        id: As it is asked for.
        path: The file.
    """

    def __init__(self, id: str, path: Path) -> None:
        self.id = id
        self._path = path

    @functools.cached_property
    def _listing(self) -> Listing:
        return read_listing(ExerciseFile(self._path, self._path.name))

    @property
    def question_ids(self) -> tuple[str, ...]:
        """The ids of its questions, in the file's order."""
        return self._listing.question_ids

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of functions that are asked for."""
        return self._listing.functions

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of fields that are asked for."""
        return self._listing.field_names


def installed_exercises() -> tuple[Installed, ...]:
    """Every exercise that comes with the grader; none is read yet."""
    return tuple(Installed(id, path) for id, path in installed_files().items())


def read_listing(file: ExerciseFile) -> Listing:
    """What an exercise file says of itself, read leniently.

    Args:
        file: From `find_exercise`.
    """
    name = exercise_id(file.path)
    try:
        table = parse_toml(read_exercise_file(file.path, file.shown_as), file.shown_as)
    except SpecError:
        return Listing(name, BROKEN)
    questions = _tables(table.get("question"))
    signatures = [str(question.get("signature", "")) for question in questions]
    fields = [question.get("fields") for question in questions]
    return Listing(
        id=name,
        title=str(table.get("title", BROKEN)),
        points=_total(questions),
        question_ids=tuple(str(question.get("id", "")) for question in questions),
        functions=tuple(signature.partition("(")[0].strip() for signature in signatures if signature),
        field_names=tuple(dict.fromkeys(key for one in fields if isinstance(one, dict) for key in one)),
    )


def find_exercise(name: str) -> ExerciseFile:
    """The file of an exercise.

    Args:
        name: The id of an exercise that comes with the grader, or the path of a .toml file or of a folder
            with an `exercise.toml`.

    Raises:
        SpecError: If there is none; offers the nearest id.
    """
    if name.endswith(".toml") or os.sep in name:
        is_folder = Path(name, EXERCISE_FILE).is_file()
        return ExerciseFile(Path(name, EXERCISE_FILE) if is_folder else Path(name), name)
    files = installed_files()
    if name in files:
        return ExerciseFile(files[name], f"exercises/{name}/{EXERCISE_FILE}")
    everything = f"the exercises are {joined(files)}" if files else None
    raise SpecError(f"no exercise is called {name!r}", did_you_mean(name, files) or everything)


def _tables(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _total(questions: list[dict[str, Any]]) -> str:
    try:
        return fraction_text(sum((read_fraction(one.get("points", 0)) for one in questions), Fraction(0)))
    except ValueError:
        return "?"
