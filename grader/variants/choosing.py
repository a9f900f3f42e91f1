"""All values of a variant: drawn, computed, and drawn again until what is required holds."""

from __future__ import annotations

import contextlib
import enum
import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from grader.variants.arithmetic import FormulaError, Function, value_of
from grader.variants.code import Stream
from grader.variants.declaration import MOST_ENTRIES, VariantError
from grader.variants.drawing import drawn_value
from grader.variants.planning import ANSWER, Plan, Requirement
from grader.variants.predicates import HOLDS
from grader.variants.values import Value, is_short, numbers_in

MOST_ATTEMPTS = 5000
MOST_ATTEMPTS_WITH_ANSWERS = 200
"""Where every attempt runs a question's network."""
MOST_CHARACTERS = 5000
DRAWS_TOLD, MOST_TOLD = 50, 3
"""Over how many draws an error counts how often requirements held, and how many it names."""


def choose(plan: Plan, code: str) -> dict[str, Value]:
    """The values of a code's variant, in the order of their declaration.

    Args:
        plan: From `plan`.
        code: As it is printed.

    Raises:
        VariantError: If a value cannot be computed, or the requirements did not hold in many attempts.
    """
    values: dict[str, Value] = {}
    for group in plan.groups:
        values.update(_chosen(plan, group, code)[0])
    return {name: values[name] for name in (*plan.table.draw, *plan.table.compute)}


class Draw(NamedTuple):
    """Which draw of a variant: the first is 0."""

    code: str
    attempt: int


class RuledOut(enum.Enum):
    """A draw of which some requirement does not hold."""

    RULED_OUT = enum.auto()


RULED_OUT = RuledOut.RULED_OUT


class Effort(NamedTuple):
    """How often names that are drawn together were drawn.

    Args:
        names: These names.
        share: These draws as a share of the most that are made.
        draws: How many it took.
    """

    names: tuple[str, ...]
    share: float
    draws: int


def efforts(plan: Plan, code: str) -> list[Effort]:
    """How often each group of names was drawn for a variant.

    Raises:
        VariantError: As `choose`.
    """
    return [_chosen(plan, group, code)[1] for group in plan.groups]


def _chosen(plan: Plan, group: tuple[str, ...], code: str) -> tuple[dict[str, Value], Effort]:
    mine = [one for one in plan.requirements if one.names & set(group)]
    quick = [one for one in mine if not one.questions]
    slow = [one for one in mine if one.questions]
    with_answers = 0
    for attempt in range(MOST_ATTEMPTS):
        values: dict[str, Value] = {}
        fault = _fill(plan, group, Draw(code, attempt), values, quick)
        if fault is RULED_OUT:
            continue
        # A value that cannot be computed is a fault only if no requirement rules the draw out.
        if all(_holds(one, plan, values) for one in slow if one.names <= values.keys()):
            if isinstance(fault, VariantError):
                raise fault
            share = max(attempt / MOST_ATTEMPTS, with_answers / MOST_ATTEMPTS_WITH_ANSWERS)
            return values, Effort(group, share, attempt + 1)
        with_answers += 1
        if with_answers >= MOST_ATTEMPTS_WITH_ANSWERS:
            break
    raise _never_held(plan, group, code, attempt + 1)


def _fill(
    plan: Plan,
    group: Iterable[str],
    draw: Draw,
    values: dict[str, Value],
    requirements: Iterable[Requirement],
) -> VariantError | RuledOut | None:
    """Put in what can be drawn and computed, each requirement being asked as soon as it can be.

    Returns:
        That a requirement does not hold; else why the first value that is missing cannot be computed.
    """
    fault: VariantError | None = None
    waiting = list(requirements)
    for name in group:
        if not plan.needs[name] <= values.keys():
            continue
        try:
            values[name] = _value(plan, name, draw, values)
        except VariantError as error:
            if name in plan.table.draw:
                raise
            fault = fault or error
            continue
        ready = [one for one in waiting if name in one.names and one.names <= values.keys()]
        if not all(_holds(one, plan, values) for one in ready):
            return RULED_OUT
    return fault


def _value(plan: Plan, name: str, draw: Draw, values: Mapping[str, Value]) -> Value:
    if name in plan.table.draw:
        key = f"variants.draw.{name}"
        stream = Stream(draw.code, name, draw.attempt)
        return drawn_value(plan.table.draw[name], stream, values.__getitem__, key)
    value = _computed(plan.table.compute[name], values, plan.functions, f"variants.compute.{name}")
    _require_short(value, name)
    return value


def _never_held(plan: Plan, group: tuple[str, ...], code: str, n_draws: int) -> VariantError:
    n_held: Counter[int] = Counter()
    mine = [one for one in plan.requirements if one.names & set(group)]
    for attempt in range(DRAWS_TOLD):
        values: dict[str, Value] = {}
        _fill(plan, group, Draw(code, attempt), values, ())
        n_held.update(number for number, holds in requirements_held(plan, values).items() if holds)
    mine.sort(key=lambda one: n_held[one.number])
    counts_text = ", ".join(f"{one.text!r} in {n_held[one.number]}" for one in mine[:MOST_TOLD])
    return VariantError(
        f"variants.require[{mine[0].number}]",
        f"none of {n_draws} draws held all that is required; of {DRAWS_TOLD} draws held {counts_text}",
        "draw from wider ranges, or require less",
    )


def first_draw(plan: Plan, code: str) -> dict[int, bool]:
    """Whether each requirement holds, by its number, where nothing is drawn again; see `requirements_held`.

    Args:
        plan: From `plan`.
        code: Of a variant.
    """
    values: dict[str, Value] = {}
    for group in plan.groups:
        _fill(plan, group, Draw(code, 0), values, ())
    return requirements_held(plan, values)


def requirements_held(plan: Plan, values: Mapping[str, Value]) -> dict[int, bool]:
    """Whether each requirement holds of some values, by its number, if it can be computed from them."""
    found: dict[int, bool] = {}
    for one in plan.requirements:
        if one.names <= values.keys():
            # Others may rule out what one of them cannot be computed for.
            with contextlib.suppress(VariantError):
                found[one.number] = _holds(one, plan, values)
    return found


def _computed(text: str, values: Mapping[str, Value], functions: Mapping[str, Function], key: str) -> Value:
    try:
        return value_of(text, values.__getitem__, functions)
    except FormulaError as error:
        raise VariantError(key, f"{text}: {error}") from None


def _require_short(value: Value, name: str) -> None:
    numbers = list(itertools.islice(numbers_in(value), MOST_ENTRIES + 1))
    if len(numbers) > MOST_ENTRIES or (isinstance(value, str) and len(value) > MOST_CHARACTERS):
        limits = f"{MOST_ENTRIES} numbers, or {MOST_CHARACTERS} characters"
        raise VariantError(f"variants.compute.{name}", f"gives more than {limits}", "compute less")
    for number in numbers:
        if not is_short(number):
            raise VariantError(
                f"variants.compute.{name}",
                f"gives {float(number):.17g}, which nobody would write",
                "round it: round(..., 4)",
            )


def _holds(one: Requirement, plan: Plan, values: Mapping[str, Value]) -> bool:
    def answer(question: Value) -> Value:
        id, _, field = str(question).partition(".")
        asked = plan.questions[id]
        return asked.answer({name: values[name] for name in asked.names}, field)

    functions = {**plan.functions, **HOLDS, ANSWER: answer}
    key = f"variants.require[{one.number}]"
    found = _computed(one.text, values, functions, key)
    if not isinstance(found, bool):
        raise VariantError(
            key, f"{one.text!r} is neither true nor false", "write a comparison, or a condition"
        )
    return found
