"""The student's edition of an exercise: all that is needed to read, answer and check it, without answers.

It is one file, written anew from the full one's values, so that no comment is left in it. It contains the
pictures and networks that the full one takes from other files.
"""

from __future__ import annotations

import base64
import itertools
import re
import tempfile
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import SpecError
from grader.kinds import find_kind, kind_names, part_of
from grader.model.exercise import Exercise, Question
from grader.model.kind import Key
from grader.model.text import joined
from grader.specs import Kinds, load_exercise
from grader.specs.load import STUDENTS
from grader.specs.older_kinds import as_present

Table = dict[str, Any]
STAFF_ONLY = {"text": ("rubric",)}
"""Keys of a check that say what a marker looks for; no program compares anything with them."""
VARIANTS = "variants"
HINT_POLICY = "hint_policy"
BY_PEOPLE = "text"
SVG_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
SVG = "data:image/svg+xml;base64,"


class QuestionKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The part of one question's key that an edition holds.

    Args:
        question: The question, as the full file has it.
        keys: The parts of the key that are written in the edition.
        is_withheld: Whether it has none, because the course marks it.
    """

    question: Question
    keys: tuple[Key, ...]
    is_withheld: bool

    @property
    def computed_from(self) -> str:
        """The parts of the file from which marking computes the key; empty where it computes none."""
        if self.is_withheld:
            return ""
        names = self.question.params.__struct_fields__
        found = {"network": "its network", "target": "its target", "targets": "its targets"}
        given = [name for name in found if getattr(self.question.params, name, None) and name in names]
        return " and ".join(found[name] for name in given)


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A student's edition.

    Args:
        text: The exercise file.
        questions: What it holds of each question's key.
    """

    text: str
    questions: tuple[QuestionKeys, ...]


def edition(exercise: Exercise, withhold: Collection[str] = (), *, keeps_hints: bool = False) -> Edition:
    """The student's edition of an exercise.

    Args:
        exercise: The full one, or one variant of it.
        withhold: Ids of questions that only the course marks, beside those whose file says `withhold`.
        keeps_hints: Whether it has hints that are to be earned or paid for, too.

    Raises:
        SpecError: If it is an edition already, or withholds what is drawn for each student.
    """
    if exercise.is_edition:
        raise SpecError("it is a student's edition already", "release the full exercise")
    table = _of_variant(exercise, tomllib.loads(exercise.text.decode("utf-8-sig")))
    hidden = {*withhold, *(one["id"] for one in table["question"] if one.get("withhold"))}
    if hidden and VARIANTS in table:
        # What is required of a variant is told by its right answers.
        raise SpecError(
            "it draws numbers for each student, so that no key of it can be withheld from all",
            "release one student's variant: --variant CODE",
        )
    found = [
        _question(question, written, is_withheld=question.id in hidden, keeps_hints=keeps_hints)
        for question, written in zip(exercise.questions, table["question"], strict=True)
    ]
    table = {key: value for key, value in table.items() if keeps_hints or key != HINT_POLICY}
    table = {"edition": STUDENTS, **table, "question": [written for written, _ in found]}
    return Edition(
        text=_text(_without_unnamed(table, exercise.id)), questions=tuple(keys for _, keys in found)
    )


def with_written_keys(exercise: Exercise) -> tuple[str, ...]:
    """Ids of the questions whose keys stand in the file.

    Args:
        exercise: The full one.
    """
    return tuple(question.id for question in exercise.questions if written_keys(question))


def written_keys(question: Question) -> tuple[Key, ...]:
    """What of a question's check says outright what is right.

    Args:
        question: As the full file has it.
    """
    module = part_of(question.kind, "key")
    if module is None or not hasattr(module, "written"):
        return ()
    return tuple(module.written(question.params))


def _of_variant(exercise: Exercise, table: Table) -> Table:
    """The tables of the variant that was asked for, as if it had been written; else as they are."""
    if not exercise.variant or VARIANTS not in table:
        return table
    from grader.variants.filling import filled

    rest = {key: value for key, value in table.items() if key != VARIANTS}
    return dict(filled(rest, exercise.values))


def _with_free_hints(question: Question, written: Table) -> Table:
    """The question with the hints that come before the first one that is to be earned or paid for."""
    free = itertools.takewhile(
        lambda pair: pair[1].is_free, zip(written["hints"], question.terms, strict=True)
    )
    kept = {key: value for key, value in written.items() if key not in ("hints", HINT_POLICY)}
    hints = [hint for hint, _ in free]
    return {**kept, "hints": hints} if hints else kept


def _question(
    question: Question, written: Table, *, is_withheld: bool, keeps_hints: bool
) -> tuple[Table, QuestionKeys]:
    if not keeps_hints and "hints" in written:
        written = _with_free_hints(question, written)
    is_withheld = is_withheld and question.kind != BY_PEOPLE
    hidden = STAFF_ONLY.get(question.kind, ())
    check = {key: value for key, value in as_present(written["check"]).items() if key not in hidden}
    kept = {key: value for key, value in written.items() if key not in ("example", "withhold")}
    keys = QuestionKeys(
        question=question, keys=() if is_withheld else written_keys(question), is_withheld=is_withheld
    )
    if not is_withheld:
        return {**kept, "check": check}, keys
    return {**kept, "withhold": True, "check": _without_key(question, check)}, keys


def _without_key(question: Question, check: Table) -> Table:
    """The check with a blank in place of its key; for a kind without a key only the names of its fields."""
    module = part_of(question.kind, "key")
    blank: Table | None = module.without(check, question.params) if module is not None else None
    if blank is not None:
        return blank
    asks = question.asks
    names = {"fields": asks.fields, "optional": asks.optional, "parts": asks.parts}
    given = {key: list(value) for key, value in names.items() if value}
    return {"kind": "withheld", **given, **({"function": asks.function} if asks.function else {})}


def _without_unnamed(table: Table, exercise_id: str) -> Table:
    """The tables without networks and pictures that nothing names, and without what pictures hide.

    Nor has it the known mistakes of networks that only questions without a key name.
    """
    texts = list(_strings({key: value for key, value in table.items() if key != "picture"}))
    pictures = {
        name: {"data": _plain_picture(picture["data"])}
        for name, picture in table.get("picture", {}).items()
        if any(name in text for text in texts)
    }
    marked = [question for question in table["question"] if not question.get("withhold")]
    checks = set(_strings([question["check"] for question in marked]))
    networks = {
        name: network if name in checks else {key: one for key, one in network.items() if key != "mistake"}
        for name, network in table.get("network", {}).items()
        if name not in _unused(table, exercise_id)
    }
    others = {key: value for key, value in table.items() if key not in ("network", "picture")}
    return {
        **others,
        **({"network": networks} if networks else {}),
        **({"picture": pictures} if pictures else {}),
    }


def _unused(table: Table, exercise_id: str) -> Collection[str]:
    """Networks that no question names; read as by students: no edition is written that cannot be."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{exercise_id}.toml")
        path.write_text(_text(table), encoding="utf-8")
        return load_exercise(path, Kinds(kind_names(), find_kind), shown_as=path.name).unused_networks


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)


def _plain_picture(data: str) -> str:
    """The picture without comments, where its format shows them to whoever opens the file."""
    if not data.startswith(SVG):
        return data
    picture = SVG_COMMENT.sub(b"", base64.b64decode(data.removeprefix(SVG)))
    return SVG + base64.b64encode(picture).decode()


def _text(table: Table) -> str:
    import tomli_w

    return tomli_w.dumps(table, multiline_strings=True)


def lines(found: Iterable[QuestionKeys], *, is_drawn: bool) -> Iterator[str]:
    """What an edition holds of keys, question by question, with what can be done about each.

    Args:
        found: Of an edition.
        is_drawn: Whether it draws numbers for each student: one variant at a time can go without a key.
    """
    for one in found:
        question = one.question
        yield f"{question.label}  {question.id} ({question.kind})"
        yield from (f"  {line}" for line in _key_lines(one, "--variant CODE " if is_drawn else ""))


def _key_lines(one: QuestionKeys, variant: str) -> Iterator[str]:
    if one.is_withheld:
        yield "marked by your course only: its key is not in the edition"
    elif one.question.kind == BY_PEOPLE:
        yield "marked by a person: there is no key"
    for instead, keys in itertools.groupby(one.keys, lambda key: key.instead):
        advice = f"{instead}, or withhold it" if instead else "withhold it"
        yield f"in the edition: {joined([f'{key.place} ({key.what})' for key in keys])}"
        yield f"  {advice}: {variant}--withhold {one.question.id}"
    if one.computed_from:
        yield f"computed from {one.computed_from}: whoever runs the check can compute it, too"
    elif not one.keys and not one.is_withheld and one.question.kind != BY_PEOPLE:
        yield "no key: it is checked by what is asked"
