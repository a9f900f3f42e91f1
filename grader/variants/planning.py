"""The order in which the names of `[variants]` are drawn, and which of them are drawn together."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from grader.variants.arithmetic import FormulaError, Function, calls_in, names_in
from grader.variants.declaration import VariantError, VariantsTable, require_sound
from grader.variants.functions import FUNCTIONS
from grader.variants.predicates import HOLDS
from grader.variants.values import Value

ANSWER, RUN = "answer", "run"
TAKEN = frozenset({*FUNCTIONS, *HOLDS, ANSWER, RUN})


class AskedAnswer(NamedTuple):
    """A question whose right answer a requirement asks for.

    Args:
        names: What the question uses of the variant.
        answer: Its right answer, from the values of these names and the field, "" for all.
    """

    names: frozenset[str]
    answer: Callable[[Mapping[str, Value], str], Value]


class Requirement(NamedTuple):
    """A requirement with all the names that decide it."""

    number: int
    text: str
    names: frozenset[str]
    questions: tuple[str, ...]


class Plan(NamedTuple):
    """What is known of a `[variants]` table before anything is drawn.

    Args:
        table: The table.
        order: All names, each after those that it needs.
        needs: For each name those that it is made of, also by way of others.
        groups: Names that requirements tie together; each group is drawn again by itself.
        requirements: In the file's order.
        questions: What `answer("...")` may ask.
        functions: What formulas may call.
    """

    table: VariantsTable
    order: tuple[str, ...]
    needs: Mapping[str, frozenset[str]]
    groups: tuple[tuple[str, ...], ...]
    requirements: tuple[Requirement, ...]
    questions: Mapping[str, AskedAnswer]
    functions: Mapping[str, Function]


def plan(
    table: VariantsTable, questions: Mapping[str, AskedAnswer] | None = None, run: Function | None = None
) -> Plan:
    """Check a table and find out in which order, and together with what, its names are drawn.

    Args:
        table: The table `[variants]`.
        questions: Those whose right answers requirements may ask for, by id.
        run: A network's values, for formulas that call `run`.

    Raises:
        VariantError: If something is declared wrongly, unknown, or made of itself.
    """
    asked = questions or {}
    require_sound(table, TAKEN)
    direct = _direct_needs(table)
    order, needs = _ordered(direct)
    requirements = tuple(
        _requirement(number, text, needs, asked) for number, text in enumerate(table.require)
    )
    functions = {**FUNCTIONS, **({RUN: run} if run is not None else {})}
    groups = _groups(order, needs, requirements)
    return Plan(table, order, needs, groups, requirements, asked, functions)


def _direct_needs(table: VariantsTable) -> dict[str, frozenset[str]]:
    needs: dict[str, frozenset[str]] = {}
    declared = {*table.draw, *table.compute}
    for name, draw in table.draw.items():
        sizes = {one for one in (*draw.shape, draw.take) if isinstance(one, str)}
        _require_declared(sizes, declared, f"variants.draw.{name}")
        needs[name] = frozenset(sizes)
    for name, text in table.compute.items():
        needs[name] = _names(text, declared, f"variants.compute.{name}")
    return needs


def _names(text: str, declared: Iterable[str], key: str) -> frozenset[str]:
    try:
        names = names_in(text)
    except FormulaError as error:
        raise VariantError(key, str(error)) from None
    _require_declared(names, declared, key)
    return names


def _require_declared(names: Iterable[str], declared: Iterable[str], key: str) -> None:
    known = sorted(declared)
    for name in sorted(names):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"declared are {', '.join(known)}"
            raise VariantError(key, f"{name!r} is not declared", hint)


def _ordered(direct: Mapping[str, frozenset[str]]) -> tuple[tuple[str, ...], dict[str, frozenset[str]]]:
    order: list[str] = []
    needs: dict[str, frozenset[str]] = {}
    left = dict(direct)
    while left:
        ready = [name for name, others in left.items() if others <= needs.keys()]
        if not ready:
            circle = sorted(name for name in left if _needs_itself(name, left))
            raise VariantError(
                f"variants.compute.{circle[0]}", f"is made of itself, by way of {', '.join(circle)}"
            )
        for name in ready:
            others = left.pop(name)
            needs[name] = others.union(*(needs[other] for other in others))
            order.append(name)
    return tuple(order), needs


def _needs_itself(name: str, direct: Mapping[str, frozenset[str]]) -> bool:
    seen: set[str] = set()
    ahead = set(direct[name])
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead |= direct.get(one, frozenset())
    return name in seen


def _requirement(
    number: int, text: str, needs: Mapping[str, frozenset[str]], questions: Mapping[str, AskedAnswer]
) -> Requirement:
    key = f"variants.require[{number}]"
    names = _names(text, needs, key)
    asked = tuple(_asked_in(text, questions, key))
    for id in asked:
        names |= questions[id].names
    if not names:
        raise VariantError(key, f"{text!r} does not depend on anything that is drawn")
    return Requirement(number, text, names.union(*(needs[name] for name in names)), asked)


def _asked_in(text: str, questions: Mapping[str, AskedAnswer], key: str) -> Iterable[str]:
    for call in calls_in(text, ANSWER):
        if len(call.args) != 1 or not isinstance(call.args[0], ast.Constant):
            raise VariantError(key, f'{ANSWER} is written {ANSWER}("question") or {ANSWER}("question.field")')
        id = str(call.args[0].value).partition(".")[0]
        if id not in questions:
            known = ", ".join(questions) or "there is none"
            raise VariantError(
                key, f"no question with numbers for an answer is called {id!r}", f"they are {known}"
            )
        yield id


def _groups(
    order: tuple[str, ...], needs: Mapping[str, frozenset[str]], requirements: Iterable[Requirement]
) -> tuple[tuple[str, ...], ...]:
    """Names that have to be drawn together: what is made of each other, and what one requirement asks."""
    leader = {name: name for name in order}

    def find(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    for tied in (*({name, *needs[name]} for name in order), *(one.names for one in requirements)):
        first, *others = sorted(tied, key=order.index)
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[str, list[str]] = {}
    for name in order:
        groups.setdefault(find(name), []).append(name)
    return tuple(map(tuple, groups.values()))
