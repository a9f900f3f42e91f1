"""One instance that a network function is called on, and what came back, held against the right outputs."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import numpy as np

from grader.answers.arrays import FloatArray, to_numpy
from grader.errors import Unreadable
from grader.model.outcome import Feedback
from grader.model.run import CallReading, Fault
from grader.model.value import Items, Nothing, Value
from reference.instances import Instance, Sizes

# More than a person reads; the shape says what is wrong then.
MOST_NUMBERS = 400
KEEPS_STATE = (
    "the first call is right, a second call with the same arguments gives something else: "
    "something is kept from call to call, perhaps a default argument or a global"
)


class TriedInstance(NamedTuple):
    """An instance and the right outputs.

    Args:
        instance: The arguments of the call.
        expected: (T, n_out) outputs.
        is_secret: Whether the outputs are the answer to another question and are never shown.
    """

    instance: Instance
    expected: FloatArray
    is_secret: bool = False

    @property
    def title(self) -> str:
        """The sizes, for people."""
        sizes = ", ".join(f"{axis} = {size}" for axis, size in self.instance.sizes._asdict().items())
        return f"the sheet's own network ({sizes})" if self.is_secret else sizes


class TrialResult(NamedTuple):
    """What came of one trial.

    Args:
        trial: What the function was called on.
        code: "right", "counterexample", "wrong-shape", "transposed", "keeps-state", the kind of a fault, or
            why the result could not be read.
        message: For the student; empty where it is right.
        got: What came back as numbers, or None.
        first: (T, n_out) outputs of the first call; None where it returned no array of that shape.
        second: The same of the second call; read only where the first is right.
        first_wrong_step: From 1 on, where the shape is right and a value is not.
        is_fault: Whether the call ended without a result.
        is_pair: Whether a pair (y, h) came back.
    """

    trial: TriedInstance
    code: str
    message: str = ""
    got: FloatArray | None = None
    first: FloatArray | None = None
    second: FloatArray | None = None
    first_wrong_step: int | None = None
    is_fault: bool = False
    is_pair: bool = False


class TrialCounterexample(msgspec.Struct, frozen=True):
    """A trial that is not right in full: inputs, what was wanted and what came back, as nested lists."""

    inputs: dict[str, Any]
    sizes: dict[str, int]
    expected: Any
    got: Any
    got_shape: list[int] | None
    first_wrong_step: int | None
    what: str


class Outputs(NamedTuple):
    """The outputs, and whether hidden activations came along unasked.

    Args:
        y: (T, n_out), or the shape that was returned where that is another.
        is_pair: Whether a pair (y, h) was returned.
        has_shape: Whether y has the wanted shape.
    """

    y: FloatArray
    is_pair: bool
    has_shape: bool


def examine(function: str, trial: TriedInstance, reading: CallReading, atol: float) -> TrialResult:
    """Hold what two calls with the same arguments gave against the right outputs.

    Args:
        function: Its name, for messages.
        trial: What it was called on.
        reading: Results of the calls, or the fault that ended them.
        atol: Largest absolute error that is right.
    """
    if not reading.results:
        return _failed(trial, reading.fault)
    try:
        outputs = read_outputs(reading.results[0], trial.instance.sizes, function)
    except Unreadable as error:
        return TrialResult(trial, error.code, _sentence(error))
    if not outputs.has_shape:
        return _misshapen(trial, outputs)
    y, step = outputs.y, first_wrong_step(outputs.y, trial.expected, atol)
    if step is not None:
        text = f"y is {'wrong' if len(trial.expected) == 1 else f'first wrong at t = {step}'}"
        return TrialResult(
            trial, "counterexample", text, y, y, first_wrong_step=step, is_pair=outputs.is_pair
        )
    if reading.fault is not None:
        start = "the second call with the same arguments ended with "
        return _failed(trial, reading.fault, start)._replace(got=y, first=y)
    later = [_outputs_or_none(other, trial, function) for other in reading.results[1:]]
    result = TrialResult(trial, "right", "", y, y, next(iter(later), None), is_pair=outputs.is_pair)
    for again in later:
        if again is None or first_wrong_step(again, trial.expected, atol) is not None:
            got = y if again is None else again
            return result._replace(code="keeps-state", message=KEEPS_STATE, got=got, is_pair=False)
    return result


def read_outputs(value: Value, sizes: Sizes, where: str) -> Outputs:
    """What a network function returned.

    Args:
        value: (T, n_out); (T, n_out, 1), (T, 1, n_out) and, for one output, (T,) can mean nothing else. In a
            pair the first is taken if the second has the shape of the hidden activations, of all steps, of
            these with the start in front, or of the final step.
        sizes: Of the instance that the function was called with.
        where: The function's name, for the message.

    Raises:
        Unreadable: If it is no table of real numbers.
    """
    pair = _pair(value, sizes, where)
    if pair is not None:
        return Outputs(pair, is_pair=True, has_shape=True)
    if isinstance(value, Nothing):
        raise Unreadable("returns None", "end the function with return", where, "returns-none")
    y = to_numpy(value, where)
    fitted = _fitted(y, sizes.T, sizes.n_out)
    return Outputs(y if fitted is None else fitted, is_pair=False, has_shape=fitted is not None)


def first_wrong_step(got: FloatArray, expected: FloatArray, atol: float) -> int | None:
    """The first step, from 1 on, with an error above atol; None if there is none.

    Args:
        got: (T, n_out).
        expected: (T, n_out).
        atol: Largest absolute error that is right; NaN never is.
    """
    with np.errstate(invalid="ignore"):
        # Written as "not <=" and not as ">": NaN must be wrong.
        wrong = ~(np.abs(got - expected) <= atol)
    steps = np.flatnonzero(wrong.any(axis=1))
    return int(steps[0]) + 1 if len(steps) else None


def feedback_on(result: TrialResult) -> Feedback:
    """The result, as one message for the student."""
    return Feedback(result.code, f"With {result.trial.title}: {result.message}.")


def counterexample(result: TrialResult) -> TrialCounterexample:
    """The result in full; what is the answer to another question is left out."""
    trial, got = result.trial, result.got
    return TrialCounterexample(
        inputs={name: _plain(array) for name, array in trial.instance._asdict().items()},
        sizes=trial.instance.sizes._asdict(),
        expected=None if trial.is_secret else _plain(trial.expected),
        got=None if got is None else _plain(got),
        got_shape=None if got is None else list(got.shape),
        first_wrong_step=result.first_wrong_step,
        what=result.message,
    )


def _failed(trial: TriedInstance, fault: Fault | None, start: str = "") -> TrialResult:
    if fault is None:
        return TrialResult(trial, "not-run", "it was not called", is_fault=True)
    place = f" ({fault.where})" if fault.where else ""
    return TrialResult(trial, fault.kind, f"{start}{fault.message.rstrip('.')}{place}", is_fault=True)


def _misshapen(trial: TriedInstance, outputs: Outputs) -> TrialResult:
    shape, wanted = outputs.y.shape, trial.expected.shape
    text = f"it returns shape {shape}, wanted (T, n_out) = {wanted}"
    if shape == wanted[::-1]:
        text = f"it returns shape {shape}, one row an output; wanted one row a step, (T, n_out) = {wanted}"
        return TrialResult(trial, "transposed", text, outputs.y)
    return TrialResult(trial, "wrong-shape", text, outputs.y)


def _outputs_or_none(value: Value, trial: TriedInstance, function: str) -> FloatArray | None:
    try:
        outputs = read_outputs(value, trial.instance.sizes, function)
    except Unreadable:
        return None
    return outputs.y if outputs.has_shape else None


def _sentence(error: Unreadable) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _plain(array: FloatArray) -> Any:
    """As nested lists; what JSON has no number for is a word."""
    if array.size > MOST_NUMBERS:
        return f"an array of shape {array.shape}"
    if np.isfinite(array).all():
        return array.tolist()
    if array.ndim == 0:
        return str(float(array))
    return [_plain(row) for row in array]


def _pair(value: Value, sizes: Sizes, where: str) -> FloatArray | None:
    if not isinstance(value, Items) or len(value.items) != 2:
        return None
    try:
        if _fitted(to_numpy(value, where), sizes.T, sizes.n_out) is not None:
            return None  # two steps, not a pair
    except Unreadable:
        pass
    try:
        y, h = (to_numpy(item, where) for item in value.items)
    except Unreadable:
        return None
    if not _is_hidden(h, sizes):
        return None
    return _fitted(y, sizes.T, sizes.n_out)


def _is_hidden(array: FloatArray, sizes: Sizes) -> bool:
    """Whether it can be hidden activations: of all steps, with the start in front, or of the final one."""
    if array.shape == (sizes.n_h,) or _fitted(array, 1, sizes.n_h) is not None:
        return True
    # Flat it could be anything.
    with_start = array.ndim > 1 and _fitted(array, sizes.T + 1, sizes.n_h) is not None
    return with_start or _fitted(array, sizes.T, sizes.n_h) is not None


def _fitted(array: FloatArray, n_steps: int, width: int) -> FloatArray | None:
    """The array as (n_steps, width), where it can be nothing else."""
    same = array.shape in ((n_steps, width), (n_steps, width, 1), (n_steps, 1, width))
    if same or (width == 1 and array.shape == (n_steps,)):
        return array.reshape(n_steps, width)
    return None
