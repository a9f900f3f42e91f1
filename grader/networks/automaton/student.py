"""A network with its weights on all letters, and whether its outputs are what is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

import msgspec
import numpy as np

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import Array, Entries, Indices
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.target import Output

E = TypeVar("E", bound=Entries)

# An output as near its threshold as this, known to be no further off, is taken to be on it.
TIE = 1e-9


class Reading(NamedTuple):
    """How an output is read.

    Args:
        name: The variable.
        threshold: It is on where it is at least this; None where its value itself is the output.
        wanted_threshold: The same for the target's output.
    """

    name: str
    threshold: Fraction | None = None
    wanted_threshold: Fraction | None = None


class Student(msgspec.Struct, Generic[E], frozen=True):
    """A network with its weights.

    Args:
        machine: The network.
        letters: The values of all inputs, by letter.
        readings: Its outputs, in the order of the target's.
        arithmetic: That of the machine.
        only: The one output entry that counts, from 0; None where all do.
        off_by: How far an output that is read as its value may be off.
    """

    machine: Machine[E]
    letters: Sequence[Mapping[str, E]]
    readings: tuple[Reading, ...]
    arithmetic: type[E]
    only: int | None = None
    off_by: Fraction = Fraction(0)

    def step(self, states: E) -> tuple[E, dict[str, E]]:
        """The next states and all values, of each state on each letter; the letters of a state together."""
        letters = len(self.letters)
        places = np.tile(np.arange(letters), states.runs)
        inputs = {name: column.selected(places) for name, column in self.by_letter().items()}
        each = np.repeat(np.arange(states.runs), letters)
        following, values = self.machine.step(states.selected(each), inputs)
        return of_runs(following, len(each)), values

    def by_letter(self) -> dict[str, E]:
        """Each input's values, one run a letter."""
        return {
            name: self.arithmetic.joined([letter[name] for letter in self.letters])
            for name in self.letters[0]
        }


class Agreement(NamedTuple):
    """For each run, as booleans.

    Args:
        right: Whether all outputs are surely right.
        wrong: Whether one is surely wrong.
        tie: Whether all are right once an output that is on its threshold, up to rounding, counts as on.
    """

    right: Array
    wrong: Array
    tie: Array


def agreement(student: Student[E], values: Mapping[str, E], wanted: Sequence[Output]) -> Agreement:
    """Whether the outputs of many runs are what is wanted.

    Args:
        student: The network, for how its outputs are read.
        values: Of all variables, for all runs.
        wanted: For each run what is wanted.
    """
    runs, start = len(wanted), 0
    found = Agreement(np.ones(runs, dtype=bool), np.zeros(runs, dtype=bool), np.ones(runs, dtype=bool))
    for reading in student.readings:
        got = of_runs(student.arithmetic.stacked([values[reading.name]]), runs)
        width = got.size // got.runs
        own = [row[start : start + width] for row in wanted]
        start += width
        right, wrong, tie = _one(student, got, reading, own)
        if student.only is not None:
            is_idle = np.arange(start - width, start) != student.only
            right, wrong, tie = right | is_idle, wrong & ~is_idle, tie & ~is_idle
        found = Agreement(
            found.right & right.all(axis=1),
            found.wrong | (wrong & ~tie).any(axis=1),
            found.tie & (right | tie).all(axis=1),
        )
    return found


def of_runs(value: E, runs: int) -> E:
    """A value of one run repeated for all runs; one of as many runs as it is."""
    return value if value.runs == runs else value.selected(np.zeros(runs, dtype=np.intp))


def _one(
    student: Student[E], got: E, reading: Reading, wanted: list[tuple[Fraction, ...]]
) -> tuple[Array, Array, Array]:
    """For each run and entry of an output whether it is surely right, surely wrong, right by a tie."""
    different = sorted(set(wanted))
    place = {row: number for number, row in enumerate(different)}
    rows = np.array([place[row] for row in wanted])
    if reading.threshold is None:
        surely, maybe = _has_value(student, got, different, rows)
        return surely, ~maybe, np.zeros_like(surely)
    surely, maybe = got.compared(student.arithmetic.of((reading.threshold,)))
    level = reading.wanted_threshold or Fraction(0)
    is_on = np.array([[value >= level for value in row] for row in different])[rows]
    unclear = maybe & ~surely & _is_near(got, float(reading.threshold))
    return np.where(is_on, surely, ~maybe), np.where(is_on, ~maybe, surely | unclear), is_on & unclear


def _has_value(
    student: Student[E], got: E, different: Sequence[Output], rows: Indices
) -> tuple[Array, Array]:
    """For each run and entry whether it is within `off_by` of what is wanted: surely, and possibly."""

    def table(shift: Fraction) -> E:
        wanted = [student.arithmetic.of(tuple(value + shift for value in row)) for row in different]
        return student.arithmetic.joined(wanted).selected(rows)

    if not student.off_by:
        return got.same(table(Fraction(0)))
    above, maybe_above = got.compared(table(-student.off_by))
    below, maybe_below = table(student.off_by).compared(got)
    return above & below, maybe_above & maybe_below


def _is_near(got: Entries, threshold: float) -> Array:
    if not isinstance(got, Enclosure):
        return np.zeros((got.runs, got.size // got.runs), dtype=bool)
    return np.asarray((got.high - got.low < TIE) & (np.abs(got.low - threshold) < TIE))
