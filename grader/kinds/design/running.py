"""Weights as a machine that can be decided on: in exact numbers, or in enclosures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec
from msgspec.structs import replace

from grader.kinds.design.question import Task
from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.decide import Decided, decide
from grader.networks.automaton.dependence import seen_entries
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import DividesByZero, NoArithmetic, Rows
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.product import SearchLimits
from grader.networks.automaton.student import Reading, Student
from grader.networks.automaton.target import Target
from grader.networks.automaton.whole_numbers import Whole
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.tree import Function, Node

Runnable: TypeAlias = Student[Any]

# Where a function that only grows is read, its argument is: sigmoid(u) >= 1/2 where u >= 0, exactly.
SAME_AS_ZERO = {("sigmoid", Fraction(1, 2)), ("tanh", Fraction(0))}
READ = "_read"
# In about nanoseconds, for boxes after a search that found no end.
BOXES_WORK = 500_000_000


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
    return Decided("right", found.found, boxes) if boxes else found


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
