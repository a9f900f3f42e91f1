"""One output of a wrong network beside what is asked of it, and how a known mistake is seen in it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple, ParamSpec, TypeAlias

from grader.linear.decision import Decision, Entries
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import json_number, rendered
from grader.linear.reading import SHORT_DENOMINATOR
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis
from grader.model.text import joined
from reference.equivalence import Place, markov_entries
from reference.linear_system import LinearSystem, Row

Rows: TypeAlias = tuple[Row, ...]
NOTHING = Fraction(0)
# So many steps are enough to tell the known patterns apart; a state of 64 would have 70.
MOST_STEPS = 24
# An idle state is looked for by leaving out each in turn; no homework has more.
MOST_STATES = 8
# How far values of rounded numbers may be off, relatively; see `grader.linear.decision.ROUNDED`.
ROUNDING = Fraction(1, 10**9)


class Output(NamedTuple):
    """One output of a network.

    Args:
        row: Which, from 0.
        got: Its rows of the Markov parameters, M_k[i, :] for k = 0, 1, ...
        wanted: The same, as asked.
        start: Its response r_t[i] to the initial state and biases, t = 1, 2, ..., less what is asked.
        wanted_start: What is asked there; zero but for networks with biases.
        has_biases: Whether the network has some.
        others: What is asked of the other outputs, by index.
        n_inputs: How many entries each row has.
        tolerance: By how much values may be off, relatively; 0 where all numbers are exact.
        idle_state: A state, from 0, that does nothing here but bring in its start value; None if there is
            none.
    """

    row: int
    got: Rows
    wanted: Rows
    start: Row
    others: Mapping[int, Rows]
    n_inputs: int
    tolerance: Fraction
    idle_state: int | None = None
    wanted_start: Row = ()
    has_biases: bool = False

    def near(self, one: Fraction, other: Fraction) -> bool:
        """Whether two values are the same, up to the rounding that the answer's numbers allow."""
        if not self.tolerance:
            return one == other
        return abs(one - other) <= self.tolerance * max(Fraction(1), abs(one), abs(other))

    def same(self, one: Row, other: Row) -> bool:
        """Whether two rows are the same."""
        return all(map(self.near, one, other))

    def follows(self, got: Rows, wanted: Rows) -> bool:
        """Whether rows are the same as far as both are known."""
        return all(map(self.same, got, wanted))

    def vanishes(self, row: Row) -> bool:
        """Whether a row is zero."""
        return all(self.near(value, NOTHING) for value in row)

    @property
    def is_right(self) -> bool:
        """Whether it responds to inputs as asked."""
        return self.follows(self.got, self.wanted)

    @property
    def has_memory(self) -> bool:
        """Whether anything but the current input is asked for."""
        return any(any(row) for row in self.wanted[1:])

    def factor(self, got: Rows, wanted: Rows) -> Fraction | None:
        """The number c with got = c * wanted; None if there is none."""
        for got_row, wanted_row in zip(got, wanted, strict=False):
            for ours, theirs in zip(got_row, wanted_row, strict=True):
                if theirs:
                    ratio = self.tidy(ours / theirs)
                    return ratio if self.follows(got, scaled(wanted, ratio)) else None
        return None

    def tidy(self, value: Fraction) -> Fraction:
        """A ratio of rounded numbers as the short fraction it stands for, where it stands for one."""
        short = value.limit_denominator(SHORT_DENOMINATOR)
        return short if self.near(value, short) else value


def scaled(rows: Rows, by: Fraction) -> Rows:
    """Rows times a number."""
    return tuple(tuple(by * value for value in row) for row in rows)


class Breadth(enum.IntEnum):
    """How much a mistake explains: the narrowest that fits is named."""

    NARROW = 0  # says of every step what comes out, and why
    WIDE = 1  # says what comes out
    VAGUE = 2  # says from where on it is wrong


class Aspect(enum.Enum):
    """What of an output a mistake is about; one of each can be wrong at the same time."""

    INPUTS = "response to inputs"
    START = "response to the initial state"
    OFFSET = "what a network with biases shows without input"


Words: TypeAlias = Mapping[str, str | int]
"""The words that are put into the message of a mistake that fits."""
FITS: Words = {}


P = ParamSpec("P")


def fitting(
    mistakes: Iterable[Mistake[Callable[P, Words | None]]], *seen: P.args, **named: P.kwargs
) -> tuple[Diagnosis, ...]:
    """The mistakes that fit what was seen, as diagnoses with the words put into their messages."""
    found = ((one, one.effect(*seen, **named)) for one in mistakes)
    return tuple(
        Diagnosis(one.id, one.message.format_map(words)) for one, words in found if words is not None
    )


class Pattern(NamedTuple):
    """What a mistake makes of an output.

    Args:
        fits: From an output that is wrong in this aspect to the words of the message, which has `{it}` for
            the output's name; None where the mistake would have given something else.
        breadth: How much it explains.
        aspect: What of the output it is about.
    """

    fits: Callable[[Output], Words | None]
    breadth: Breadth = Breadth.NARROW
    aspect: Aspect = Aspect.INPUTS


def outputs_of(judged: JudgedNetwork) -> tuple[Output, ...]:
    """The outputs of a network that was decided to be wrong, beside what is asked of them.

    Decimals next to a short fraction count as that.
    """
    decision, system = judged.decision, judged.network.nearby
    steps, n_inputs = min(decision.steps, MOST_STEPS), system.n_inputs
    asked = {i: _rows(decision.wanted, i, steps, n_inputs) for i in range(system.n_outputs)}
    outputs = [
        Output(
            row=i,
            got=_rows(decision.got_nearby, i, steps, n_inputs),
            wanted=asked[i],
            start=tuple(
                got - wanted
                for got, wanted in zip(
                    _start(decision.got_nearby, i, steps), _start(decision.wanted, i, steps), strict=True
                )
            ),
            wanted_start=_start(decision.wanted, i, steps),
            has_biases=judged.has_biases,
            others={other: rows for other, rows in asked.items() if other != i},
            n_inputs=n_inputs,
            tolerance=_tolerance(decision) if judged.network.is_rounded else NOTHING,
        )
        for i in asked
    ]
    return tuple(outputs) if judged.has_biases else _with_idle_states(system, outputs)


def _tolerance(decision: Decision) -> Fraction:
    """How far values may be off here: less than the error in the counterexample, which is no rounding."""
    shown = decision.counterexample
    if shown is None:
        return ROUNDING
    got, wanted = shown.got[-1][shown.row], shown.wanted[-1][shown.row]
    return min(ROUNDING, abs(got - wanted) / max(Fraction(1), abs(got), abs(wanted)) / 2)


def _with_idle_states(system: LinearSystem, outputs: list[Output]) -> tuple[Output, ...]:
    """The outputs with `idle_state` filled in: a state without which s0 does not show and all else stays."""
    found = {output.row: output for output in outputs}
    waiting = [output for output in outputs if not output.vanishes(output.start)]
    for j, value in enumerate(system.s0):
        if not waiting or not value or system.n_states > MOST_STATES:
            continue
        entries = markov_entries(_without_state(system, j), len(waiting[0].start))
        idle = [output for output in waiting if _is_all_but_start(output, entries)]
        found |= {output.row: output._replace(idle_state=j) for output in idle}
        waiting = [output for output in waiting if output not in idle]
    return tuple(found.values())


def _is_all_but_start(output: Output, entries: Entries) -> bool:
    steps = len(output.start)
    rows = _rows(entries, output.row, steps, output.n_inputs)
    return output.vanishes(_start(entries, output.row, steps)) and output.follows(rows, output.got)


def _without_state(system: LinearSystem, j: int) -> LinearSystem:
    def without_state(row: Row) -> Row:
        return row[:j] + row[j + 1 :]

    A = tuple(without_state(row) for i, row in enumerate(system.A) if i != j)
    B = tuple(row for i, row in enumerate(system.B) if i != j)
    return LinearSystem(A, B, tuple(map(without_state, system.C)), system.D, without_state(system.s0))


def _rows(entries: Entries, i: int, steps: int, n_inputs: int) -> Rows:
    return tuple(
        tuple(entries[Place(step, cause, i)] for cause in range(1, n_inputs + 1))
        for step in range(1, steps + 1)
    )


def _start(entries: Entries, i: int, steps: int) -> Row:
    return tuple(entries[Place(step, 0, i)] for step in range(1, steps + 1))


def ratio_text(value: Fraction) -> str:
    """A number for a sentence: short, else a decimal of six digits, or more where six look whole."""
    shown = json_number(value)
    if not isinstance(shown, float):
        return str(shown)
    short = f"{shown:.6g}"
    return rendered(value) if Fraction(short).denominator == 1 else short


def inputs_named(columns: list[int]) -> str:
    """x[1] and x[3], from indices that count from 0."""
    return joined([f"x[{j + 1}]" for j in columns])


def outputs_named(outputs: list[int]) -> str:
    """g_t[2], or each of g_t[2] and g_t[3], from indices that count from 0: a subject in the singular."""
    names = [f"g_t[{i + 1}]" for i in outputs]
    return names[0] if len(names) == 1 else f"Each of {joined(names)}"
