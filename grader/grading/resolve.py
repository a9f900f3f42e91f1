"""Which names to read and call for a question, and its answer made of what came back."""

from __future__ import annotations

import difflib
import functools
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence

import msgspec

from grader.answers.describe import describe
from grader.answers.instance_seed import course_secret
from grader.answers.look_alikes import plain_text
from grader.errors import Unreadable
from grader.model.exercise import Exercise, Question
from grader.model.kind import Answer, Asks, Params
from grader.model.run import Call, Probe, Read, RunResult
from grader.model.value import Fields, Nothing, Value

MAX_NAMES = 200
"""Names of an object among which a misspelt one is looked for."""


def plan(exercise: Exercise, questions: Sequence[Question], *, calls: bool = True) -> tuple[Probe, ...]:
    """Everything to read and to call for the questions, in their order.

    Args:
        exercise: The exercise.
        questions: Those that are marked.
        calls: Whether there may be a function to call.
    """
    names = dict.fromkeys(
        name
        for question in questions
        for name in (question.id, *flat_names(exercise, question, questions), *question.asks.also)
    )
    asked = [call for question in questions for call in calls_of(exercise, question)] if calls else []
    return (*map(Read, names), *asked)


def calls_of(exercise: Exercise, question: Question) -> tuple[Call, ...]:
    """The calls of a question, with its id and the places where its function may stand."""
    if question.asks.function is None:
        return ()
    places = places_of(question)
    cpu_s = question.call_cpu_s or exercise.limits.call_cpu_s
    return _calls(question.check.probes, question.params, places, cpu_s, course_secret())


def places_of(question: Question) -> tuple[tuple[str, ...], ...]:
    """Where the function of a question may stand, best first."""
    function = question.asks.function
    return () if function is None else ((question.id, function), (question.id,), (function,))


@functools.lru_cache(maxsize=64)
def _calls(
    probes: Callable[[Params], tuple[Call, ...]],
    params: Params,
    places: tuple[tuple[str, ...], ...],
    cpu_s: float,
    secret: bytes,
) -> tuple[Call, ...]:
    """Kept for the next submission: drawing instances takes longer than reading most answers."""
    return tuple(
        msgspec.structs.replace(call, question=places[0][0], function=places, cpu_s=cpu_s)
        for call in probes(params)
    )


def flat_names(exercise: Exercise, question: Question, asked: Sequence[Question]) -> tuple[str, ...]:
    """Fields that may stand at top level: no other question has one of that name, or none else is asked.

    If none else is asked, so may the parts of an only field. A name of another question is that one's.
    """
    ids = {other.id for other in exercise.questions if other.id != question.id}
    own = tuple(name for name in (*question.asks.fields, *question.asks.optional) if name not in ids)
    if len(asked) == 1:
        return (*own, *(part for part in question.asks.parts if part not in ids))
    others = {
        name
        for other in exercise.questions
        if other.id != question.id
        for name in (*other.asks.fields, *other.asks.optional)
    }
    return tuple(name for name in own if name not in others)


def names_asked_for(exercise: Exercise) -> frozenset[str]:
    """Every name that an answer to the exercise may have at top level."""
    return frozenset(
        name
        for question in exercise.questions
        for name in (question.id, question.asks.function, *question.asks.fields, *question.asks.optional)
        if name is not None
    )


def resolve(question: Question, flat: Iterable[str], run: RunResult) -> Answer:
    """What was handed in for a question's fields: its own object, else flat names.

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
        case Fields(fields=fields) if len(asks.fields) == 1 and _are_steps(fields):
            return {asks.fields[0]: value}, ()
        case Fields(fields=fields):
            own = {
                name: field for name, field in map(_in_plain_letters(fields), fields.items()) if name in names
            }
            others = (name for name in fields if name not in names and plain_text(name).strip() not in own)
            return own, tuple(itertools.islice(others, MAX_NAMES))
    if len(asks.fields) == 1:
        return {asks.fields[0]: value}, ()
    example = ", ".join(f'"{name}": ...' for name in names[:3])
    found = f"{question.id} is {describe(value)}; it must hold the question's fields by name"
    raise Unreadable(found, f"write {question.id} = {{{example}}}", code="not-fields")


def _are_parts(fields: Iterable[str], asks: Asks) -> bool:
    """Whether an object holds what is inside the only field instead of the field."""
    return asks.fields[0] not in fields and any(name in asks.parts for name in fields)


def _are_steps(fields: Iterable[str]) -> bool:
    """Whether an object holds the values of the only field by their steps: {1: 0.27, 2: 0.73}."""
    return all(name.isdecimal() for name in fields) and any(True for _ in fields)


def _in_plain_letters(fields: Collection[str]) -> Callable[[tuple[str, Value]], tuple[str, Value]]:
    """What makes a name with look-alikes, a Cyrillic s or a space that cannot be seen, the plain one."""

    def plain(item: tuple[str, Value]) -> tuple[str, Value]:
        name = plain_text(item[0]).strip()
        return (item[0] if name in fields else name), item[1]

    return plain


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
