"""The variables of a trace as handed in, and which of their values are right by themselves."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from grader.answers.rounding import Slip, credit_of, slip_of, without_luck
from grader.answers.sequences import Entry, Steps, as_floats, read_row, read_steps
from grader.errors import Unreadable
from grader.formula.marking.reading import with_numbers
from grader.kinds.trace.question import (
    TraceParams,
    asked_of,
    by_rounded_intermediate_values,
    expected,
    hand_trace,
)
from grader.model.kind import Answer
from grader.model.outcome import Feedback
from grader.model.value import Value
from grader.networks.hand_trace import MARGIN, HandedIn
from grader.networks.running.functions import Array

# Rounded intermediate values may honestly end further from the key; but what lies there may be anything.
MOST_UNITS = 2


class Layer(NamedTuple):
    """One variable as handed in.

    Args:
        steps: The entries row by row; one row where it has one value after all steps.
        values: (T, n) the same as floats; NaN where an entry is no number.
        slips: For each entry whether it is right by itself, or what is wrong.
    """

    steps: Steps
    values: Array
    slips: list[list[Slip]]

    @property
    def handed_in(self) -> HandedIn:
        """As follow-through takes it."""
        return HandedIn(self.values, np.array([[credit_of(slip) == 1 for slip in row] for row in self.slips]))

    @property
    def wrong_rows(self) -> list[int]:
        """The rows, from 0 on, in which some value is not right by itself."""
        return [t for t, row in enumerate(self.slips) if any(credit_of(slip) < 1 for slip in row)]


def read_asked(params: TraceParams, answer: Answer) -> dict[str, Layer]:
    """The variables that are marked.

    Raises:
        Unreadable: If one is not given or cannot be read.
    """
    for name in asked_of(params):
        if name not in answer.fields:
            wish = "hand in its value" if hand_trace(params).is_static(name) else "hand in one for each step"
            raise Unreadable("not given", wish, name, "missing-field")
    return {name: _layer(params, answer.fields[name], name) for name in asked_of(params)}


def read_intermediate_values(params: TraceParams, answer: Answer) -> tuple[dict[str, Layer], list[Feedback]]:
    """All other variables that were handed in, and what is said of those that cannot be read."""
    found, unread = {}, []
    for name in expected(params):
        if name in answer.fields and name not in asked_of(params):
            try:
                found[name] = _layer(params, answer.fields[name], name)
            except Unreadable as error:
                text = f"Your intermediate values were not looked at: {error}"
                unread.append(Feedback("working-unreadable", text))
    return found, unread


def _layer(params: TraceParams, value: Value, name: str) -> Layer:
    n_steps, width = expected(params)[name].shape
    plain = with_numbers(value)
    if hand_trace(params).is_static(name):
        steps: Steps = (read_row(plain, width, name),)
    else:
        steps = read_steps(plain, n_steps, width, name)
    values = as_floats(steps)
    return Layer(steps, values, _slips(params, name, steps, values))


def _slips(params: TraceParams, name: str, steps: Steps, values: Array) -> list[list[Slip]]:
    right = expected(params)[name]
    # Where nothing needs rounding, a number that is a unit off was not rounded badly.
    reach = hand_trace(params).reach
    is_right = np.abs(values - right) <= reach + MARGIN
    if is_right.all():
        return [[Slip.RIGHT] * len(row) for row in steps]
    is_rounded = _by_rounded_intermediate_values(params, name, values) if reach else is_right
    found = [
        Slip.RIGHT if is_right[t, k] else _slip(entry, right[t, k], bool(is_rounded[t, k]), params)
        for t, row in enumerate(steps)
        for k, entry in enumerate(row)
    ]
    rest = iter(without_luck(found, [entry for row in steps for entry in row]))
    return [list(itertools.islice(rest, len(row))) for row in steps]


def _slip(entry: Entry, right: float, is_rounded: bool, params: TraceParams) -> Slip:
    if not hand_trace(params).reach:
        scale = 10**params.places
        return slip_of(entry, Fraction(round(right * scale), scale), None)
    slip = slip_of(entry, Fraction(right), params.places)
    if slip is Slip.RIGHT or isinstance(entry, Slip):
        return slip
    return Slip.ROUNDED_INTERMEDIATE if is_rounded else slip


def _by_rounded_intermediate_values(params: TraceParams, name: str, values: Array) -> npt.NDArray[np.bool_]:
    """(T, n) whether an entry comes out by some way of rounding intermediate values."""
    reach, paths = hand_trace(params).reach, by_rounded_intermediate_values(params)[name]
    comes_out = np.abs(paths - values[:, None]) <= reach + MARGIN
    is_near = np.abs(values - expected(params)[name]) <= 2 * MOST_UNITS * reach + MARGIN
    return np.asarray(comes_out.any(axis=1) & is_near)
