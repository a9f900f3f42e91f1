"""An exercise file as an `Exercise`."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeGuard

import msgspec

from grader.errors import SpecError
from grader.model.exercise import Exercise, Limits, Question
from grader.model.kind import Order
from grader.specs.decoding import decode, parse_toml, spec_error
from grader.specs.example_files import FOLDER, example_files
from grader.specs.hint_policy import HintPolicy, require_hint_policy
from grader.specs.networks import Networks, require_sound_networks, with_tables
from grader.specs.pictures import Pictures
from grader.specs.question import FilePlace, Kinds, WrittenExercise, WrittenQuestion, build_question
from grader.specs.variants import Source, take_along, varied, with_values
from grader.variants.code import shuffled

EXERCISE_FILE = "exercise.toml"
STUDENTS = "student"
"""The edition that `rnngrade author release` writes."""
EXERCISE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def load_exercise(
    path: Path | Traversable,
    kinds: Kinds,
    *,
    shown_as: str | None = None,
    with_examples: bool = False,
    variant: str | None = None,
) -> Exercise:
    """The exercise that a TOML file describes.

    Args:
        path: The file; see `exercise_id`.
        kinds: Which kinds of question there are.
        shown_as: The file's name in errors; the path as given if left out.
        with_examples: Whether to read the example answers that stand in files beside it; those within the
            file are always read.
        variant: The code of the variant; left out, what is shuffled stands as declared, and an exercise that
            draws gives its sample.

    Raises:
        SpecError: For the first mistake: file, key path, what was found, what was wanted, nearest match.
    """
    source = read_source(path, kinds, shown_as)
    name, folder = exercise_id(path), source.folder
    found = varied(source, variant)
    table, file = found.table, found.file
    written = decode(table, WrittenExercise, file, _key_path(table))
    _require_sound(written, file)
    require_sound_networks(written.network, file)
    networks, pictures = Networks(written.network, folder), Pictures(written.picture, folder)
    take_along(source.table, networks, pictures, file)
    written = _with_pictures(written, file, pictures)
    orders = functools.partial(_order, exercise=name, code=found.code) if found.code else None
    questions = _questions(written, file, kinds, networks, orders)
    text = with_tables(source.data, networks.shared, pictures.shared)
    if with_examples and isinstance(path, Path):
        questions = _with_examples(questions, path.parent / FOLDER, found.values)
    return Exercise(
        id=name,
        title=written.title,
        source=written.source,
        questions=questions,
        digest=f"sha256:{hashlib.sha256(text).hexdigest()}",
        text=text,
        seed=written.seed,
        introduction=written.introduction,
        errata=written.errata,
        limits=written.limits,
        reveal=written.reveal,
        unused_networks=networks.unused(),
        variant=found.code,
        values=found.values,
        is_edition=written.edition == STUDENTS,
    )


def read_source(path: Path | Traversable, kinds: Kinds, shown_as: str | None = None) -> Source:
    """The tables of an exercise file, before anything is drawn or checked.

    Args:
        path: The file; see `exercise_id`.
        kinds: Which kinds of question there are.
        shown_as: The file's name in errors; the path as given if left out.

    Raises:
        SpecError: If it cannot be read, is no TOML, or has a name that is no id.
    """
    file = shown_as or str(path)
    data = read_exercise_file(path, file)
    if not EXERCISE_ID.fullmatch(name := exercise_id(path)):
        raise spec_error(file, "", f"the name is the exercise's id, and {name!r} is not one word")
    table = parse_toml(data, file)
    folder = path.parent if isinstance(path, Path) else None
    return Source(data, table, file, kinds, folder, _key_path(table))


def exercise_id(path: Path | Traversable) -> str:
    """The id that a file gives its exercise: its stem, or the folder's name of a file `exercise.toml`."""
    if path.name == EXERCISE_FILE and isinstance(path, Path):
        return path.resolve().parent.name
    return path.name.removesuffix(".toml")


def _with_examples(
    questions: tuple[Question, ...], folder: Path, values: Mapping[str, Any]
) -> tuple[Question, ...]:
    found = example_files(folder, (question.id for question in questions))
    return tuple(
        msgspec.structs.replace(
            question,
            examples=(
                *question.examples,
                *(with_values(one, values, FOLDER) for one in found.get(question.id, ())),
            ),
        )
        for question in questions
    )


def read_exercise_file(path: Path | Traversable, file: str) -> bytes:
    """The bytes of an exercise file.

    Args:
        path: The file.
        file: Its name in errors.

    Raises:
        SpecError: If it cannot be read; says why.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SpecError("no such file", where=file) from None
    except IsADirectoryError:
        raise SpecError("a folder, not an exercise file", where=file) from None
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", where=file) from None


def _key_path(table: dict[str, Any]) -> Callable[[str], str]:
    """From msgspec's path to one that names a question by its id, where it has one."""

    def named(match: re.Match[str]) -> str:
        question = table["question"][int(match[1])]
        name = question.get("id") if isinstance(question, dict) else None
        return f"question {name!r}" if isinstance(name, str) else f"question[{match[1]}]"

    return lambda path: re.sub(r"^question\[(\d+)\]", named, path.removeprefix("."))


def _require_sound(written: WrittenExercise, file: str) -> None:
    for key in ("title", "source"):
        if not getattr(written, key).strip():
            raise spec_error(file, key, "found empty text, wanted words")
    if written.seed < 0:
        raise spec_error(file, "seed", f"found {written.seed}, wanted a whole number from 0 on")
    _require_limits(written.limits, file)
    require_hint_policy(written.hint_policy, file, "hint_policy")
    if not written.question:
        raise spec_error(file, "question", "an exercise has at least one question")
    _require_distinct_ids(written.question, file)


def _require_limits(limits: Limits, file: str) -> None:
    for key, value in msgspec.structs.asdict(limits).items():
        # Written as "not <" and not as ">=": NaN must fail.
        if not 0 < value < float("inf"):
            raise spec_error(file, f"limits.{key}", f"found {value}, wanted a number above 0")


def _require_distinct_ids(questions: tuple[WrittenQuestion, ...], file: str) -> None:
    first: dict[str, int] = {}
    for number, question in enumerate(questions):
        if question.id in first:
            raise spec_error(
                file,
                f"question[{number}].id",
                f"the id {question.id!r} is already used by question[{first[question.id]}]",
                "give each question an id of its own",
            )
        first[question.id] = number
    for question in questions:
        if question.id in question.fields:
            raise spec_error(
                file,
                f"question {question.id!r}.fields.{question.id}",
                f"{question.id!r} is also the id of the question: an answer of that name could mean either",
            )


def _with_pictures(written: WrittenExercise, file: str, pictures: Pictures) -> WrittenExercise:
    """The exercise with every picture in its texts in the place of its name."""

    def put(text: str, key: str) -> str:
        return pictures.put_into(text, file, key)

    def put_all(texts: tuple[str, ...], key: str) -> tuple[str, ...]:
        return tuple(put(text, f"{key}[{number}]") for number, text in enumerate(texts))

    def question(one: WrittenQuestion) -> WrittenQuestion:
        key = f"question {one.id!r}"
        return msgspec.structs.replace(
            one,
            prompt=put(one.prompt, f"{key}.prompt"),
            fields={name: put(text, f"{key}.fields.{name}") for name, text in one.fields.items()},
            hints=put_all(one.hints, f"{key}.hints"),
            errata=put_all(one.errata, f"{key}.errata"),
            check={
                name: {id: put(text, f"{key}.check.{name}.{id}") for id, text in value.items()}
                if _are_texts(value)
                else value
                for name, value in one.check.items()
            },
        )

    return msgspec.structs.replace(
        written,
        introduction=put(written.introduction, "introduction"),
        errata=put_all(written.errata, "errata"),
        question=tuple(map(question, written.question)),
    )


def _are_texts(value: object) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


def _order(question: str, exercise: str, code: str) -> Order:
    return functools.partial(shuffled, question=question, exercise=exercise, code=code)


def _with_general_hints(question: WrittenQuestion, general: HintPolicy | None, file: str) -> WrittenQuestion:
    """The question with what its own table leaves out of the exercise's one for hints."""
    key = f"question {question.id!r}.hint_policy"
    require_hint_policy(question.hint_policy, file, key)
    if question.hint_policy is not None and not question.hints:
        raise spec_error(file, key, "the question has no hints", "leave it out, or write hints")
    if question.hint_policy is None and general is None:
        return question
    own = (question.hint_policy or HintPolicy()).with_rest(general)
    return msgspec.structs.replace(question, hint_policy=own)


def _questions(
    written: WrittenExercise,
    file: str,
    kinds: Kinds,
    networks: Networks,
    orders: Callable[[str], Order] | None,
) -> tuple[Question, ...]:
    def built(question: WrittenQuestion) -> Question:
        found = build_question(
            _with_general_hints(question, written.hint_policy, file),
            FilePlace(file, f"question {question.id!r}"),
            kinds,
            written.seed,
            networks,
            None if orders is None else orders(question.id),
        )
        is_withheld = written.edition == STUDENTS and question.withhold
        return msgspec.structs.replace(found, is_withheld=True) if is_withheld else found

    return tuple(map(built, written.question))
