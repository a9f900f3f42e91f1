"""What a known mistake is looked for in: one output's reactions beside those that are asked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.linear.structure import Network
from reference.equivalence import Counterexample, Place, deciding_steps, reactions
from reference.linear_system import LinearSystem, Row

Rows: TypeAlias = tuple[Row, ...]
NOTHING = Fraction(0)
# Beyond it no pattern that is known needs to be held against more: a state of 64 takes 70 steps.
MOST_STEPS = 24
# An idle state is looked for by leaving out each in turn; no homework has more.
MOST_STATES = 8
# What rounded numbers may be off, relative to the value; see `grader.linear.decision.ROUNDED`.
ROUNDING = Fraction(1, 10**9)


class Output(NamedTuple):
    """One output of a network.

    Args:
        row: Which, from 0.
        got: Its reactions to the inputs, M_k[i, :] for k = 0, 1, ...
        wanted: The same, as asked.
        start: Its response r_t[i] to the initial state, t = 1, 2, ...; zero is asked.
        others: What is asked of the other outputs, by index.
        unit: The identity rows e_j, as reactions to the current input only, have this many entries.
        tolerance: By how much values may be off, relatively; 0 where all numbers are exact.
        idle_state: A state, from 0, that does nothing here but bring in its start value; None if there is
            none.
    """

    row: int
    got: Rows
    wanted: Rows
    start: Row
    others: Mapping[int, Rows]
    unit: int
    tolerance: Fraction
    idle_state: int | None = None

    def near(self, one: Fraction, other: Fraction) -> bool:
        """Whether two values are the same, up to the rounding that the answer's numbers allow."""
        if not self.tolerance:
            return one == other
        return abs(one - other) <= self.tolerance * max(Fraction(1), abs(one), abs(other))

    def same(self, one: Row, other: Row) -> bool:
        """Whether two rows are the same."""
        return all(map(self.near, one, other))

    def follows(self, got: Rows, wanted: Rows) -> bool:
        """Whether reactions are the same as far as both are known."""
        return all(map(self.same, got, wanted))

    def vanishes(self, row: Row) -> bool:
        """Whether a row is zero."""
        return all(self.near(value, NOTHING) for value in row)

    @property
    def is_right(self) -> bool:
        """Whether the output reacts to inputs as asked."""
        return self.follows(self.got, self.wanted)

    @property
    def has_memory(self) -> bool:
        """Whether anything but the current input is asked for."""
        return any(any(row) for row in self.wanted[1:])


class Case(NamedTuple):
    """A network and its target, output by output."""

    system: LinearSystem
    target: LinearSystem
    outputs: tuple[Output, ...]


def look_at(network: Network, target: LinearSystem, shown: Counterexample | None = None) -> Case:
    """The reactions of a network beside those of its target.

    Args:
        network: As read; decimals next to a short fraction count as that.
        target: An exact system that does what is asked, with zero response to its start state.
        shown: Where it was found to go wrong: what is wrong there must not be taken for rounding here.
    """
    tolerance = _tolerance(shown) if network.is_rounded else NOTHING
    steps = min(deciding_steps(network.system, target), MOST_STEPS)
    system = network.nearby
    ours, wanted = reactions(system, steps), reactions(target, steps)
    asked = {i: _rows(wanted, i, steps, target.n_inputs) for i in range(target.n_outputs)}
    outputs = [
        Output(
            row=i,
            got=_rows(ours, i, steps, target.n_inputs),
            wanted=asked[i],
            start=tuple(ours[Place(step, 0, i)] for step in range(1, steps + 1)),
            others={other: rows for other, rows in asked.items() if other != i},
            unit=target.n_inputs,
            tolerance=tolerance,
        )
        for i in asked
    ]
    return Case(system, target, _with_idle_states(system, outputs))


def _tolerance(shown: Counterexample | None) -> Fraction:
    if shown is None:
        return ROUNDING
    got, wanted = shown.got[-1][shown.row], shown.wanted[-1][shown.row]
    return min(ROUNDING, abs(got - wanted) / max(Fraction(1), abs(got), abs(wanted)) / 2)


def _with_idle_states(system: LinearSystem, outputs: list[Output]) -> tuple[Output, ...]:
    found = {output.row: output for output in outputs}
    waiting = [output for output in outputs if not output.vanishes(output.start)]
    for j, value in enumerate(system.s0):
        if not waiting or not value or system.n_states > MOST_STATES:
            continue
        entries = reactions(_without_state(system, j), len(waiting[0].start))
        idle = [output for output in waiting if _is_all_but_start(output, entries)]
        found |= {output.row: output._replace(idle_state=j) for output in idle}
        waiting = [output for output in waiting if output not in idle]
    return tuple(found.values())


def _is_all_but_start(output: Output, entries: Mapping[Place, Fraction]) -> bool:
    steps = len(output.start)
    start = tuple(entries[Place(step, 0, output.row)] for step in range(1, steps + 1))
    return output.vanishes(start) and output.follows(
        _rows(entries, output.row, steps, output.unit), output.got
    )


def _without_state(system: LinearSystem, j: int) -> LinearSystem:
    def left(row: Row) -> Row:
        return row[:j] + row[j + 1 :]

    A = tuple(left(row) for i, row in enumerate(system.A) if i != j)
    B = tuple(row for i, row in enumerate(system.B) if i != j)
    return LinearSystem(A, B, tuple(map(left, system.C)), system.D, left(system.s0))


def _rows(entries: Mapping[Place, Fraction], i: int, steps: int, n_inputs: int) -> Rows:
    return tuple(
        tuple(entries[Place(step, cause, i)] for cause in range(1, n_inputs + 1))
        for step in range(1, steps + 1)
    )


def factor(output: Output, got: Rows, wanted: Rows) -> Fraction | None:
    """The number that all of `wanted` is multiplied with to give `got`; None if there is none."""
    for got_row, wanted_row in zip(got, wanted, strict=False):
        for ours, theirs in zip(got_row, wanted_row, strict=True):
            if theirs:
                ratio = tidy(output, ours / theirs)
                return ratio if output.follows(got, scaled(wanted, ratio)) else None
    return None


def scaled(rows: Rows, by: Fraction) -> Rows:
    """Reactions times a number."""
    return tuple(tuple(by * value for value in row) for row in rows)


def tidy(output: Output, value: Fraction) -> Fraction:
    """A ratio of rounded numbers as the short fraction it stands for, where it stands for one."""
    short = value.limit_denominator(1000)
    return short if output.near(value, short) else value
