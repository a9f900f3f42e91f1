"""A word on which a network goes wrong, step by step: what comes in, what its units do, what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import msgspec

from grader.answers.describe import fraction_text
from grader.kinds.design.deciding import Runnable
from grader.kinds.design.question import Task
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import Entries
from grader.networks.automaton.target import Output
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, Node, walk

JsonNumber: TypeAlias = int | float | str
# Digits of a value that is known by an enclosure only; a longer word is told by its length.
PLACES, MOST_STEPS, LONGEST_FRACTION = 4, 12, 12


class ShownWord(msgspec.Struct, frozen=True, kw_only=True):
    """The inputs with both output sequences, so that they can be replayed; steps count from 1."""

    inputs: dict[str, list[Any]]
    expected: list[list[JsonNumber]]
    got: list[list[JsonNumber]]
    first_wrong_step: int


class Trace(NamedTuple):
    """A network on one word.

    Args:
        values: For each step the values of all variables, by name.
        read: For each step the outputs as they are read.
        wanted: For each step what is wanted.
        ties: (step, variable) where a sum is exactly at the threshold of its unit.
    """

    values: tuple[dict[str, tuple[JsonNumber, ...]], ...]
    read: tuple[tuple[JsonNumber, ...], ...]
    wanted: tuple[tuple[JsonNumber, ...], ...]
    ties: tuple[tuple[int, str], ...]


def traced(task: Task, student: Runnable, word: Sequence[int]) -> Trace:
    """Run a network on a word.

    Args:
        task: The question.
        student: The network.
        word: Letters, by number.
    """
    states, state = student.machine.initial, 0
    values, read, wanted, ties = [], [], [], []
    for step, letter in enumerate(word, start=1):
        known = student.machine.known(states)
        states, now = student.machine.step(states, student.letters[letter])
        moves = task.target.moves(state)
        values.append({one.name: _numbers(now[one.name]) for one in task.network.equations})
        read.append(_read(student, now))
        wanted.append(_wanted(student, task, moves.outputs[letter]))
        ties += [(step, name) for name in _ties(task.network, student, now, known)]
        state = moves.states[letter]
    return Trace(tuple(values), tuple(read), tuple(wanted), tuple(ties))


def shown(task: Task, trace: Trace, word: Sequence[int]) -> ShownWord:
    """The word as evidence."""
    letters = [task.letters[letter] for letter in word]
    inputs = {name: [_letter(letter[name]) for letter in letters] for name in task.network.inputs}
    return ShownWord(
        inputs=inputs,
        expected=[list(row) for row in trace.wanted],
        got=[list(row) for row in trace.read],
        first_wrong_step=len(word),
    )


def word_text(task: Task, word: Sequence[int]) -> str:
    """The inputs of a word, as a sentence has them: "x = 1, 0, 1" or "x = (1, 0), (0, 1)"."""
    parts = []
    for name in task.network.inputs:
        values = [task.letters[letter][name] for letter in word]
        parts.append(f"{name} = {', '.join(_vector(value) for value in values)}")
    return "; ".join(parts)


def row_text(row: Sequence[JsonNumber]) -> str:
    """One output or several: "1" or "(0, 1)"."""
    return str(row[0]) if len(row) == 1 else f"({', '.join(map(str, row))})"


def json_number(value: Fraction) -> JsonNumber:
    """A whole number as such, others as a short text or a float."""
    if value.denominator == 1 and abs(value) < 10**15:
        return value.numerator
    text = fraction_text(value)
    return text if len(text) <= LONGEST_FRACTION else float(f"{_as_float(value):.6g}")


def _as_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return 1.7e308 if value > 0 else -1.7e308


def _letter(value: Any) -> Any:
    return [json_number(one) for one in value] if isinstance(value, tuple) else json_number(value)


def _vector(value: Any) -> str:
    if not isinstance(value, tuple):
        return str(json_number(value))
    return row_text([json_number(one) for one in value])


def _numbers(value: Entries) -> tuple[JsonNumber, ...]:
    if isinstance(value, Enclosure):
        return tuple(float(f"{one:.{PLACES}g}") for one in value.middle[0].reshape(-1))
    return tuple(json_number(one) for one in type(value).stacked([value]).fractions())  # type: ignore[attr-defined]


def _read(student: Runnable, now: Mapping[str, Any]) -> tuple[JsonNumber, ...]:
    """The outputs; 0 or 1 where they are read at a threshold."""
    found: list[JsonNumber] = []
    for reading in student.readings:
        value = student.arithmetic.stacked([now[reading.name]])
        if reading.threshold is None:
            found += _numbers(value)
            continue
        # What is not surely below stands on the threshold, which counts as on.
        _, maybe = value.compared(student.arithmetic.of((reading.threshold,)))
        found += [int(on) for on in maybe[0]]
    return tuple(found)


def _wanted(student: Runnable, task: Task, row: Output) -> tuple[JsonNumber, ...]:
    found: list[JsonNumber] = []
    rest = list(row)
    for reading, width in zip(student.readings, task.outputs.values(), strict=True):
        own, rest = rest[:width], rest[width:]
        if reading.threshold is None:
            found += [json_number(value) for value in own]
        else:
            level = reading.wanted_threshold or Fraction(0)
            found += [int(value >= level) for value in own]
    return tuple(found)


def _ties(network: Network, student: Runnable, now: Mapping[str, Any], known: Any) -> list[str]:
    """Variables in which the sum of a unit is exactly zero."""
    if student.arithmetic is Enclosure:
        return []
    found = []
    for equation in network.equations:
        for node in _units(equation.right_side):
            value = student.machine.value(node.args[0], now, known)
            if (value.numerators == 0).any() and equation.name not in found:
                found.append(equation.name)
    return found


def _units(side: Node) -> list[Function]:
    return [node for _, node in walk(side) if isinstance(node, Function) and node.name in ("step", "sign")]
