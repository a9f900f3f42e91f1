"""One instance that a network function was called on, and what came of it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from grader.answers.arrays import FloatArray
from grader.answers.returned import Outputs, read_outputs
from grader.errors import Unreadable
from grader.model.outcome import Feedback
from grader.model.run import CallReading, Fault
from reference.instances import Instance

# More than a person reads; the shape says what is wrong then.
MAX_SHOWN = 400


class Trial(NamedTuple):
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


class Finding(NamedTuple):
    """What came of one trial.

    Args:
        trial: What it was called on.
        code: "right", "counterexample", "wrong-shape", "transposed", "keeps-state", the kind of a fault, or
            why the result could not be read.
        message: For the student; empty where it is right.
        got: What came back as numbers, or None.
        first_wrong_step: From 1 on, where the shape is right and a value is not.
        is_fault: Whether the call ended without a result.
        is_pair: Whether a pair (y, h) came back.
    """

    trial: Trial
    code: str
    message: str = ""
    got: FloatArray | None = None
    first_wrong_step: int | None = None
    is_fault: bool = False
    is_pair: bool = False


def examine(function: str, trial: Trial, reading: CallReading, atol: float) -> Finding:
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
        first = read_outputs(reading.results[0], trial.instance.sizes, function)
    except Unreadable as error:
        return Finding(trial, error.code, _sentence(error))
    if not first.has_shape:
        return _misshapen(trial, first)
    step = first_wrong_step(first.y, trial.expected, atol)
    if step is not None:
        text = f"y is {'wrong' if len(trial.expected) == 1 else f'first wrong at t = {step}'}"
        return Finding(trial, "counterexample", text, first.y, step, is_pair=first.is_pair)
    if reading.fault is not None:
        return _failed(trial, reading.fault, "the second call with the same arguments ended with ")._replace(
            got=first.y
        )
    for other in reading.results[1:]:
        again = _outputs_or_none(other, trial, function)
        if again is None or first_wrong_step(again, trial.expected, atol) is not None:
            text = (
                "the first call is right, a second call with the same arguments gives something else: "
                "something is kept from call to call, perhaps a default argument or a global"
            )
            return Finding(trial, "keeps-state", text, first.y if again is None else again)
    return Finding(trial, "right", got=first.y, is_pair=first.is_pair)


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


def said(finding: Finding) -> Feedback:
    """The finding, as one message for the student."""
    return Feedback(finding.code, f"With {finding.trial.title}: {finding.message}.")


def counterexample(finding: Finding) -> dict[str, Any]:
    """The finding in full, JSON-ready: inputs, what was wanted and what came."""
    trial = finding.trial
    return {
        "inputs": {name: _shown(array) for name, array in trial.instance._asdict().items()},
        "sizes": trial.instance.sizes._asdict(),
        "expected": None if trial.is_secret else _shown(trial.expected),
        "got": None if finding.got is None else _shown(finding.got),
        "got_shape": None if finding.got is None else list(finding.got.shape),
        "first_wrong_step": finding.first_wrong_step,
        "what": finding.message,
    }


def _failed(trial: Trial, fault: Fault | None, start: str = "") -> Finding:
    if fault is None:
        return Finding(trial, "not-run", "it was not called", is_fault=True)
    place = f" ({fault.where})" if fault.where else ""
    return Finding(trial, fault.kind, f"{start}{fault.message.rstrip('.')}{place}", is_fault=True)


def _misshapen(trial: Trial, outputs: Outputs) -> Finding:
    shape, wanted = outputs.y.shape, trial.expected.shape
    text = f"it returns shape {shape}, wanted (T, n_out) = {wanted}"
    if shape == wanted[::-1]:
        text = f"it returns shape {shape}, one row an output; wanted one row a step, (T, n_out) = {wanted}"
        return Finding(trial, "transposed", text, outputs.y)
    return Finding(trial, "wrong-shape", text, outputs.y)


def _outputs_or_none(value: Any, trial: Trial, function: str) -> FloatArray | None:
    try:
        outputs = read_outputs(value, trial.instance.sizes, function)
    except Unreadable:
        return None
    return outputs.y if outputs.has_shape else None


def _sentence(error: Unreadable) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _shown(array: FloatArray) -> Any:
    """As nested lists; what JSON has no number for is a word."""
    if array.size > MAX_SHOWN:
        return f"an array of shape {array.shape}"
    if np.isfinite(array).all():
        return array.tolist()
    if array.ndim == 0:
        return str(float(array))
    return [_shown(row) for row in array]
