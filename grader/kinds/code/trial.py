"""One instance that a network function is called on, and what it returned compared with what is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.answers.arrays import FloatArray, as_lists
from grader.errors import Unreadable
from grader.kinds.code.instances import Instance
from grader.kinds.code.misshapen import misshapen
from grader.kinds.code.returned import Wanted, read
from grader.kinds.code.signature import Signature
from grader.model.outcome import Feedback
from grader.model.run import CallReading, Fault
from grader.model.value import Value
from grader.networks.layout import SEQUENCES, STEPS, Returned

# More than a person reads; the shape says what is wrong then.
MOST_NUMBERS = 400
# What is computed with 32 bits is off by 6e-8 of its size at every operation.
SINGLE_ATOL = 1e-4
KEEPS_STATE = (
    "the first call is right, a second call with the same arguments gives something else: "
    "something is kept from call to call, perhaps a default argument or a global"
)


class TriedInstance(NamedTuple):
    """An instance and what is right.

    Args:
        instance: The arguments of the call.
        expected: What is to be returned, in the standard order.
        wanted: The same as a student is to return it.
        is_secret: Whether it is the answer to another question and is never shown.
    """

    instance: Instance
    expected: tuple[FloatArray, ...]
    wanted: Wanted
    is_secret: bool = False

    @property
    def title(self) -> str:
        """The sizes, for people."""
        sizes = ", ".join(f"{axis} = {size}" for axis, size in self.instance.sizes.items())
        return f"the sheet's own network ({sizes})" if self.is_secret else sizes


class FirstWrong(NamedTuple):
    """Where a result is wrong first.

    Args:
        returned: Which of the returns, from 0 on.
        step: From 1 on.
        sequence: From 1 on.
    """

    returned: int
    step: int
    sequence: int


class TrialResult(NamedTuple):
    """What came of one trial.

    Args:
        trial: What the function was called on.
        code: "right", "counterexample", "wrong-shape", "transposed", "keeps-state", the kind of a fault, or
            why the result could not be read.
        message: For the student; empty where it is right.
        got: What came back as numbers, or None: in the standard order where `first` is not None.
        first: What the first call returned, in the standard order; None where a shape is not right.
        second: The same of the second call; read only where the first is right.
        first_wrong_step: From 1 on, where all shapes are right and a value is not.
        is_fault: Whether the call ended without a result.
        unasked: How many arrays came along that were not asked.
    """

    trial: TriedInstance
    code: str
    message: str = ""
    got: tuple[FloatArray, ...] | None = None
    first: tuple[FloatArray, ...] | None = None
    second: tuple[FloatArray, ...] | None = None
    first_wrong_step: int | None = None
    is_fault: bool = False
    unasked: int = 0


class TrialCounterexample(msgspec.Struct, frozen=True):
    """A trial that is not right in full: inputs, what was wanted and what came back, as nested lists.

    Where several are returned, what was wanted and what came back are by name.
    """

    inputs: dict[str, Any]
    sizes: dict[str, int]
    expected: Any
    got: Any
    got_shape: Any
    first_wrong_step: int | None
    what: str


def examine(
    function: str, made: Signature, trial: TriedInstance, reading: CallReading, atol: float
) -> TrialResult:
    """Compare what two calls with the same arguments returned with what is right.

    Args:
        function: Its name, for messages.
        made: What it returns.
        trial: What it was called on.
        reading: Results of the calls, or the fault that ended them.
        atol: Largest absolute error that is right.
    """
    if not reading.results:
        return _failed(trial, reading.fault)
    try:
        found = read(reading.results[0], trial.wanted, function)
    except Unreadable as error:
        return TrialResult(trial, error.code, _sentence(error))
    if not found.fits:
        code, text = misshapen(made, trial.wanted, tuple(array.shape for array in found.arrays))
        return TrialResult(trial, code, text, found.arrays)
    arrays, unasked = found.arrays, found.unasked
    error_allowed = max(atol, SINGLE_ATOL) if found.is_single else atol
    wrong = first_wrong(made.returns, arrays, trial.expected, error_allowed)
    if wrong is not None:
        text = _where_wrong(made, trial, wrong)
        return TrialResult(
            trial, "counterexample", text, arrays, arrays, first_wrong_step=wrong.step, unasked=unasked
        )
    if reading.fault is not None:
        start = "the second call with the same arguments ended with "
        return _failed(trial, reading.fault, start)._replace(got=arrays, first=arrays)
    # What is the same, bit by bit, is not read again.
    later = [
        arrays if other == reading.results[0] else _arrays_or_none(other, trial, function)
        for other in reading.results[1:]
    ]
    result = TrialResult(trial, "right", "", arrays, arrays, next(iter(later), None), unasked=unasked)
    return _called_again(result, made, later, error_allowed)


def _called_again(
    result: TrialResult, made: Signature, later: Sequence[tuple[FloatArray, ...] | None], atol: float
) -> TrialResult:
    """The result of a right first call, unless a later one gives something that is not right, too."""
    for again in later:
        if again is result.first:
            continue
        if again is None or first_wrong(made.returns, again, result.trial.expected, atol) is not None:
            shown = result.first if again is None else again
            return result._replace(code="keeps-state", message=KEEPS_STATE, got=shown, unasked=0)
    return result


def first_wrong(
    returns: tuple[Returned, ...],
    got: tuple[FloatArray, ...],
    expected: tuple[FloatArray, ...],
    atol: float,
) -> FirstWrong | None:
    """The first step, and there the first return and sequence, with an error above atol; None without one.

    Args:
        returns: What is returned.
        got: In the standard order.
        expected: In the standard order.
        atol: Largest error that is right: absolute up to 1, relative beyond; NaN never is.
    """
    found = []
    for place, (one, values, right) in enumerate(zip(returns, got, expected, strict=True)):
        with np.errstate(invalid="ignore"):
            # Written as "not <=" and not as ">": NaN must be wrong.
            wrong = ~(np.abs(values - right) <= atol * np.maximum(1, np.abs(right)))
        if wrong.any():
            by_step = np.asarray(wrong.any(axis=-1))
            rows = by_step if one.when == "every step" else by_step[None]
            step, sequence = np.argwhere(rows)[0]
            # What there is once comes after all steps.
            found.append((one.when != "every step", int(step) + 1, place, int(sequence) + 1))
    if not found:
        return None
    _, step, place, sequence = min(found)
    return FirstWrong(place, step, sequence)


def feedback_on(result: TrialResult) -> Feedback:
    """The result, as one message for the student."""
    return Feedback(result.code, f"With {result.trial.title}: {result.message}.")


def counterexample(made: Signature, result: TrialResult) -> TrialCounterexample:
    """The result in full; what is the answer to another question is left out."""
    trial, got = result.trial, result.got
    arrays, sizes = trial.instance.arrays, trial.instance.sizes
    shown = {name: layout.laid_out(arrays[name], sizes) for name, layout in made.arguments.items()}
    names = trial.wanted.names
    if result.first is not None:
        assert got is not None
        got = _as_returned(made, trial, got)
    return TrialCounterexample(
        inputs={name: _plain(array) for name, array in shown.items()},
        sizes=dict(sizes),
        expected=None
        if trial.is_secret
        else _by_name(names, [_plain(one) for one in _as_returned(made, trial, trial.expected)]),
        got=None if got is None else _by_name(names, [_plain(one) for one in got]),
        got_shape=None if got is None else _by_name(names, [list(one.shape) for one in got]),
        first_wrong_step=result.first_wrong_step,
        what=result.message,
    )


def _where_wrong(made: Signature, trial: TriedInstance, wrong: FirstWrong) -> str:
    one, sizes = made.returns[wrong.returned], trial.instance.sizes
    sequence = f" of sequence {wrong.sequence}" if sizes.get(SEQUENCES, 1) > 1 else ""
    if one.when == "every step" and sizes.get(STEPS, 1) > 1:
        return f"{one.name} is first wrong at t = {wrong.step}{sequence}"
    of_step = f" of the {one.when} step" if one.when in ("first", "last") and sizes.get(STEPS, 1) > 1 else ""
    return f"{one.name}{of_step}{sequence} is wrong"


def _as_returned(
    made: Signature, trial: TriedInstance, arrays: tuple[FloatArray, ...]
) -> tuple[FloatArray, ...]:
    pairs = zip(made.returns, arrays, strict=True)
    return tuple(one.layout.laid_out(array, trial.instance.sizes) for one, array in pairs)


def _by_name(names: tuple[str, ...], values: list[Any]) -> Any:
    """The only one as it is; several by name, or in a list where they are not those that were wanted."""
    if len(names) == len(values):
        return values[0] if len(names) == 1 else dict(zip(names, values, strict=True))
    return values[0] if len(values) == 1 else values


def _failed(trial: TriedInstance, fault: Fault | None, start: str = "") -> TrialResult:
    if fault is None:
        return TrialResult(trial, "not-run", "it was not called", is_fault=True)
    place = f" ({fault.where})" if fault.where else ""
    return TrialResult(trial, fault.kind, f"{start}{fault.message.rstrip('.')}{place}", is_fault=True)


def _arrays_or_none(value: Value, trial: TriedInstance, function: str) -> tuple[FloatArray, ...] | None:
    try:
        found = read(value, trial.wanted, function)
    except Unreadable:
        return None
    return found.arrays if found.fits else None


def _sentence(error: Unreadable) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _plain(array: FloatArray) -> Any:
    """As nested lists; what JSON has no number for is a word."""
    return f"an array of shape {array.shape}" if array.size > MOST_NUMBERS else as_lists(array)
