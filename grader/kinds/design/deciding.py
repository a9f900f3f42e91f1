"""Weights decided on all words: as written, with decimals as the fractions next to them, up to rounding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from grader.kinds.design.question import Task
from grader.kinds.design.running import Runnable, decided, student_of
from grader.kinds.design.weights import Weights, as_rows
from grader.linear.structure import nearby_fraction
from grader.networks.automaton.decide import Decided, decide
from grader.networks.automaton.entries import Rows
from grader.networks.automaton.product import SearchLimits, compare
from grader.networks.automaton.target import Moves, TableTarget

# What an output may be off where the numbers are rounded, as an irrational scale is.
ROUNDED = Fraction(1, 10**9)


class DesignFacts(NamedTuple):
    """What was read and decided.

    Args:
        task: The question made ready.
        weights: The parameters as written.
        values: The parameters as they were decided on.
        decided: What was found.
        is_constant: Whether the outputs never change, whatever comes in.
        is_rounded: Whether the outputs are right up to the rounding of the numbers only.
    """

    task: Task
    weights: Weights
    values: Mapping[str, Rows]
    decided: Decided
    is_constant: bool = False
    is_rounded: bool = False


def decided_facts(task: Task, weights: Weights) -> DesignFacts:
    """The numbers as written; where these are wrong, with decimals read as the fractions next to them."""
    values = weights.values()
    found = decided(task, values, weights.sizes)
    facts = DesignFacts(task, weights, values, found)
    if found.kind == "right":
        return facts
    near = _nearby(weights)
    if near != values and (again := decided(task, near, weights.sizes)).kind == "right":
        return facts._replace(values=near, decided=again)
    if _may_be_rounded(task, weights):
        student = replace(student_of(task, values, weights.sizes, keeps_all=False), off_by=ROUNDED)
        if (again := decide(student, task.target)).kind == "right":
            return facts._replace(decided=again, is_rounded=True)
    return facts._replace(is_constant=_is_constant(task, student_of(task, values, weights.sizes)))


def _nearby(weights: Weights) -> dict[str, Rows]:
    return {
        name: as_rows(
            [[nearby_fraction(x.value, x.is_rounded) for x in row] for row in rows], weights.ranks[name]
        )
        for name, rows in weights.numbers.items()
    }


def _may_be_rounded(task: Task, weights: Weights) -> bool:
    """Whether some number may stand for one that has no short decimal, and a value itself is an output."""
    numbers = (x for rows in weights.numbers.values() for row in rows for x in row)
    return task.threshold is None and not task.is_smooth and any(x.is_rounded for x in numbers)


def _is_constant(task: Task, student: Runnable) -> bool:
    """Whether the outputs are the same at every step of every word."""
    _, values = student.machine.step(student.machine.initial, student.letters[0])
    letters = len(student.letters)
    outputs: list[Fraction] = []
    for reading in student.readings:
        value = student.arithmetic.stacked([values[reading.name]])
        if reading.threshold is None:
            outputs += value.fractions()
            continue
        _, maybe = value.compared(student.arithmetic.of((reading.threshold,)))
        level = reading.wanted_threshold or Fraction(0)
        outputs += [level if on else level - 1 for on in maybe[0]]
    same = TableTarget([Moves((0,) * letters, (tuple(outputs),) * letters)])
    return compare(student, same, SearchLimits(states=2_000, work=200_000_000)).kind == "same"
