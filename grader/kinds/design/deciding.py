"""Weights decided on all words: as written, with decimals as the fractions next to them, up to rounding.

They are run as a machine, in exact numbers or in enclosures.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from grader.kinds.design.question import Task
from grader.kinds.design.weights import Weights, as_rows
from grader.linear.reading import nearby_fraction
from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.decide import Decided, decide
from grader.networks.automaton.dependence import seen_entries
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import DividesByZero, NoArithmetic, Rows
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.product import SearchLimits, compare
from grader.networks.automaton.student import Reading, Student
from grader.networks.automaton.target import Moves, TableTarget, Target
from grader.networks.automaton.whole_numbers import Whole
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Function, Node

# What an output may be off where the numbers are rounded, as an irrational scale is.
ROUNDED = Fraction(1, 10**9)


Runnable: TypeAlias = Student[Any]

# Where a function that only grows is read, its argument is: sigmoid(u) >= 1/2 where u >= 0, exactly.
SAME_AS_ZERO = {("sigmoid", Fraction(1, 2)), ("tanh", Fraction(0))}
READ = "_read"
# In about nanoseconds, for boxes after a search that found no end.
BOXES_WORK = 500_000_000


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
    return facts._replace(is_constant=_is_constant(student_of(task, values, weights.sizes)))


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


def _is_constant(student: Runnable) -> bool:
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


def decided(
    task: Task,
    values: Mapping[str, Rows],
    sizes: Mapping[str, int],
    network: Network | None = None,
    target: Target | None = None,
    limits: SearchLimits | None = None,
) -> Decided:
    """Whether weights do what is asked.

    Args:
        task: The question.
        values: The parameters, by name.
        sizes: The value of each size name.
        network: Another network to run in place of the question's.
        target: Another target in place of the question's.
        limits: Of the search; the usual ones if left out.
    """
    wanted = target or task.target
    found = decide(student_of(task, values, sizes, network, keeps_all=False), wanted, limits)
    if task.is_smooth or found.is_proved:
        return found
    # Exact numbers whose states have no end, as if they were real ones.
    try:
        as_reals = msgspec.structs.replace(task, is_smooth=True)
        student = student_of(as_reals, values, sizes, network, keeps_all=False)
        boxes = boxes_that_hold(student, wanted, limits.work if limits else BOXES_WORK)
    except (NoArithmetic, DividesByZero):
        return found
    return Decided("right", found.search, boxes) if boxes else found


def student_of(
    task: Task,
    values: Mapping[str, Rows],
    sizes: Mapping[str, int],
    network: Network | None = None,
    *,
    keeps_all: bool = True,
) -> Runnable:
    """The network with these weights.

    Args:
        task: The question.
        values: The parameters, by name.
        sizes: The value of each size name.
        network: Another one to run in place of the question's.
        keeps_all: Whether it remembers what no output can ever see, too.
    """
    own, readings = _with_readings(task, network or task.network)
    arithmetic: type[Any] = Enclosure if task.is_smooth else Whole
    parameters = {name: arithmetic.of(value) for name, value in values.items()}
    machine: Machine[Any] = Machine(own, parameters, sizes, arithmetic)
    if not keeps_all:
        outputs = [reading.name for reading in readings]
        machine.keep(seen_entries(own, values, sizes, task.letters[0], outputs))
    letters = [{name: arithmetic.of(value) for name, value in letter.items()} for letter in task.letters]
    return Student(machine, letters, readings, arithmetic)


def _with_readings(task: Task, network: Network) -> tuple[Network, tuple[Reading, ...]]:
    """The network with a further variable where an output is better read before its function."""
    readings, equations, shapes = [], list(network.equations), dict(network.shapes)
    groups = list(network.groups)
    for name in network.output:
        threshold = task.threshold
        side = network.by_name[name].right_side
        argument = _read_before(side, threshold, task.is_smooth)
        if argument is None:
            readings.append(Reading(name, threshold, threshold))
            continue
        other = READ + name
        equations.append(Equation(other, argument))
        shapes[other] = network.shapes[name]
        groups.append(replace(groups[-1], names=(other,)))
        wanted = Fraction(1, 2) if threshold is None else threshold
        readings.append(Reading(other, Fraction(0), wanted))
    own = replace(network, equations=tuple(equations), shapes=shapes, groups=tuple(groups))
    return own, tuple(readings)


def _read_before(side: Node, threshold: Fraction | None, is_smooth: bool) -> Node | None:
    """The argument of a function that is on where that is at least 0; None for any other right side."""
    if not isinstance(side, Function):
        return None
    is_step = side.name == "step" and is_smooth and threshold in (None, Fraction(1, 2))
    return side.args[0] if is_step or (side.name, threshold) in SAME_AS_ZERO else None
