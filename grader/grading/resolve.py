"""Finds one question's answer among all readings of a submission."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property

import msgspec

from grader.answers.describe import describe
from grader.answers.look_alikes import plain_text
from grader.errors import Unreadable
from grader.mathematics.signs import SUBSCRIPTS, SUPERSCRIPTS
from grader.model.exercise import Question
from grader.model.kind import Answer, Asks
from grader.model.run import CallReading, RunResult
from grader.model.value import Fields, Nothing, Value
from grader.networks.backward.names import as_derivative

SMALL = {
    small: plain for table in (SUBSCRIPTS, SUPERSCRIPTS) for plain, small in table.items() if plain.isalnum()
}
"""Plain letters and digits of superscript and subscript signs: the 0 of s₀, both s of Wˢˢ."""
MAX_NAMES = 200
"""Names of an object among which a misspelt one is looked for."""


class Given(msgspec.Struct, frozen=True, dict=True):
    """One question, and its readings.

    Args:
        question: The question.
        flat: Its fields that may stand at top level.
        calls: What its own calls gave, in order.
        run: Everything that came back.
        taken: Names that answer other questions: never offered as misspelt.
        left_out: What was handed in but not read, each with the reason.
    """

    question: Question
    flat: Sequence[str]
    calls: Sequence[CallReading]
    run: RunResult
    taken: Collection[str] = ()
    left_out: Sequence[str] = ()

    @cached_property
    def answer(self) -> Answer:
        """The answer, found once. Raises Unreadable if the question's object cannot hold fields."""
        found = resolve(self.question, self.flat, self.run)
        return msgspec.structs.replace(found, calls=tuple(self.calls))

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing to judge."""
        if self.question.asks.function is None:
            return not self.answer.fields
        return all(call.fault is not None and call.fault.kind == "missing" for call in self.answer.calls)


def resolve(question: Question, flat: Iterable[str], run: RunResult) -> Answer:
    """The answer to a question: the fields of its own object, else flat names.

    The two are not mixed: what else stands at top level may be scratch work of the same name.

    Raises:
        Unreadable: If the question's object is not what holds fields.
    """
    own, seen = _own_fields(question, run.names.get(question.id))
    given = _filled(own) or _from_top_level(question.asks, flat, run)
    others = {name: run.names[name] for name in question.asks.also if name in run.names}
    return Answer(fields=given, seen=seen, others=others)


def _from_top_level(asks: Asks, flat: Iterable[str], run: RunResult) -> dict[str, Value]:
    found = _filled({name: run.names[name] for name in flat if name in run.names})
    parts = {name: found.pop(name) for name in asks.parts if name in found}
    # Some of them may be scratch work: only all together are the field.
    if not found and parts and len(parts) == len(asks.parts):
        return {asks.fields[0]: Fields(parts)}
    return found


def _filled(fields: dict[str, Value]) -> dict[str, Value]:
    """The fields without those that are still None."""
    return {name: value for name, value in fields.items() if not isinstance(value, Nothing)}


def _own_fields(question: Question, value: Value | None) -> tuple[dict[str, Value], tuple[str, ...]]:
    asks = question.asks
    names = (*asks.fields, *asks.optional)
    if not names:  # a function's name; the calls find out what it is
        return {}, ()
    match value:
        case None | Nothing():
            return {}, ()
        case Fields(fields=fields) if len(asks.fields) == 1 and _are_parts(fields, asks):
            return {asks.fields[0]: value}, ()
        case Fields(fields=fields) if len(asks.fields) == 1 and _are_steps(fields, asks):
            return {asks.fields[0]: value}, ()
        case Fields(fields=fields):
            meant = _field_of_each_name(fields, names)
            own = {meant[name]: field for name, field in fields.items() if name in meant}
            others = (name for name in fields if name not in meant and plain_text(name).strip() not in own)
            return own, tuple(itertools.islice(others, MAX_NAMES))
    if len(asks.fields) == 1:
        return {asks.fields[0]: value}, ()
    example = ", ".join(f'"{name}": ...' for name in names[:3])
    found = f"{question.id} is {describe(value)}; it must hold the question's fields by name"
    raise Unreadable(found, f"write {question.id} = {{{example}}}", code="not-fields")


def _are_parts(fields: Iterable[str], asks: Asks) -> bool:
    """Whether an object holds the parts of the only field, and not the field itself."""
    return asks.fields[0] not in fields and any(name in asks.parts for name in fields)


def _are_steps(fields: Collection[str], asks: Asks) -> bool:
    """Whether an object holds the values of the only field by its steps: {1: 0.27}, {"y1": 0.27}."""
    if not fields or any(name in asks.fields or name in asks.optional for name in fields):
        return False
    step = re.compile(rf"(?:{re.escape(asks.fields[0])})?[_ (\[]{{0,2}}\d{{1,4}}[)\]]?")
    return all(step.fullmatch(name) for name in fields)


def _field_of_each_name(found: Collection[str], names: Sequence[str]) -> dict[str, str]:
    """The field that each name stands for; as it is written first, then in plain letters, then loosely.

    Loosely: s_0 and s₀ match s0, dL/dw matches dL_dw, and last dL_dw, grad_w and w_grad match dw; each only
    where no other field or name matches. Case counts: W and w are often two things.
    """
    meant = {name: name for name in found if name in names}
    if len(meant) == len(found):
        return meant
    for spelled in (lambda name: plain_text(name).strip(), _without_marks, _as_derivative):
        wanted, given = _only_ones(names, spelled), _only_ones(found, spelled)
        taken = {*meant.values()}
        for spelling in given.keys() & wanted.keys():
            if given[spelling] not in meant and wanted[spelling] not in taken:
                meant[given[spelling]] = wanted[spelling]
    return meant


def _only_ones(names: Iterable[str], spelled: Callable[[str], str]) -> dict[str, str]:
    """Names by their spelling, without those that share a spelling."""
    by_spelling: dict[str, list[str]] = {}
    for name in itertools.islice(names, MAX_NAMES):
        by_spelling.setdefault(spelled(name), []).append(name)
    return {spelling: found[0] for spelling, found in by_spelling.items() if len(found) == 1}


def _without_marks(name: str) -> str:
    plain = "".join(SMALL.get(letter, letter) for letter in plain_text(name))
    return re.sub(r"[\s_^{}$/\\]", "", plain)


def _as_derivative(name: str) -> str:
    return _without_marks(as_derivative(plain_text(name)))


def nearest(name: str, seen: Iterable[str]) -> str | None:
    """The name among those seen that is most likely meant; case and look-alikes count least."""
    by_lower = {plain_text(other).lower(): other for other in seen}
    close = difflib.get_close_matches(plain_text(name).lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def misnamed(asks: Asks, answer: Answer) -> dict[str, str]:
    """Fields that are absent though a name close to theirs stands there: wanted name -> name found."""
    absent = [name for name in (*asks.fields, *asks.optional) if name not in answer.fields]
    close = {name: nearest(name, answer.seen) for name in absent}
    return {name: found for name, found in close.items() if found is not None}
