"""What a training function returned: weights, and losses with how they lie on those of a run."""

from __future__ import annotations

import functools
import itertools
import statistics
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Array, Fields, Items, Number, Value
from grader.training.calls import want_something
from grader.training.networks import NAMES, arrays_of
from grader.training.task import FloatArray
from reference.bptt import Parameters

LOSS_NAMES = ("losses", "loss", "costs", "cost", "history")
WEIGHT_NAMES = ("params", "parameters", "weights")
# Honest training is off by 3e-7 after 100 epochs, float32 among it; the nearest mistake by 1e-3.
TOLERANCE = 1e-5


class ReturnedTraining(NamedTuple):
    """What came back.

    Args:
        losses: (n,) as logged.
        params: The weights; None where only losses came back and the given ones did not change either.
        changed: Names of the data arrays that the function changed.
    """

    losses: FloatArray
    params: Parameters | None
    changed: tuple[str, ...]


def read_trained(
    value: Value, x: FloatArray, y: FloatArray, start: Parameters, where: str
) -> ReturnedTraining:
    """What a training function gave: weights and losses, in either order or by name.

    Args:
        value: Items of what was returned and of the arguments x, y, params, ... after the call.
        x: Inputs, before.
        y: Targets, before.
        start: Weights, before.
        where: The function's name, for messages.

    Raises:
        Unreadable: If there are no losses to be found, or weights of another shape.
    """
    assert isinstance(value, Items)
    returned, x_after, y_after, params_after = value.items[:4]
    changed = tuple(
        name
        for name, before, after in (("x", x, x_after), ("y", y, y_after))
        if not np.array_equal(before, to_numpy(after, name))
    )
    logged, given = _parts(want_something(returned, where, "params, losses"), where)
    weights = _in_shape(params_after if given is None else given, start)
    is_untouched = all(np.array_equal(a, b) for a, b in zip(weights, start, strict=True))
    losses = to_numpy(logged, f"losses of {where}").ravel()
    return ReturnedTraining(losses, None if given is None and is_untouched else weights, changed)


def _parts(returned: Value, where: str) -> tuple[Value, Value | None]:
    """The losses, and the weights if any came back."""
    match returned:
        case Fields(fields=fields):
            losses = next((fields[name] for name in LOSS_NAMES if name in fields), None)
            params = next((fields[name] for name in WEIGHT_NAMES if name in fields), None)
            if losses is not None:
                return losses, params
        case Items(items=(first, second, *_)) if _is_weights(first) and _is_losses(second):
            return second, first
        case Items(items=(first, second, *_)) if _is_losses(first) and _is_weights(second):
            return first, second
    if _is_losses(returned):
        return returned, None
    hint = "return (params, losses), one loss an epoch"
    raise Unreadable(f"it returns {describe(returned)}", hint, where, "not-a-training")


def _is_weights(value: Value) -> bool:
    match value:
        case Fields(fields=fields):
            return len(fields) >= len(NAMES)
        case Items(items=items):
            return len(items) == len(NAMES) and not any(map(_is_one_number, items))
    return False


def _is_one_number(value: Value) -> bool:
    return isinstance(value, Number) or (isinstance(value, Array) and value.shape == ())


def _is_losses(value: Value) -> bool:
    match value:
        case Array(shape=shape):
            return sum(n != 1 for n in shape) <= 1
        case Items(items=items):
            return all(isinstance(one, Number | Array) for one in items) and not _is_weights(value)
    return False


def _in_shape(value: Value, start: Parameters) -> Parameters:
    arrays = arrays_of(value, "params")
    for name, before in start._asdict().items():
        if arrays[name].shape not in (before.shape, (1, before.size)):
            text = f"it comes back with shape {arrays[name].shape}; it was given with shape {before.shape}"
            raise Unreadable(text, None, name, "shape")
    return Parameters(*(arrays[name].reshape(before.shape) for name, before in start._asdict().items()))


class Fit(NamedTuple):
    """How logged losses lie on a run's.

    Args:
        factor: Logged over the run's.
        is_root: Whether the root of the cost was logged.
    """

    factor: float
    is_root: bool = False


def fit(logged: FloatArray, run: FloatArray) -> Fit | None:
    """How the logged losses lie on the run's, up to one constant factor; None if they do not.

    Before each step, after each step, or both ends: all three are one loss an epoch.

    Args:
        logged: (n,) losses.
        run: (n_epochs + 1,) losses.
    """
    n_epochs = len(run) - 1
    starts = {n_epochs: (0, 1), n_epochs + 1: (0,)}.get(len(logged), ())
    for start in starts:
        part = run[start : start + len(logged)]
        for is_root in (False, True):
            factor = _factor(logged, np.sqrt(part) if is_root else part)
            if factor is not None:
                return Fit(factor, is_root)
    return None


def _factor(logged: FloatArray, part: FloatArray) -> float | None:
    is_known = np.isfinite(part)
    if not is_known.any() or not np.array_equal(is_known, np.isfinite(logged)):
        return None
    ratios = logged[is_known] / part[is_known]
    # Not numpy's, which loads its masked arrays for it: 3 MB and 10 ms.
    factor = statistics.median(ratios.tolist())
    if not factor > 0 or not np.all(np.abs(ratios / factor - 1) <= TOLERANCE):
        return None
    return 1.0 if abs(factor - 1) <= TOLERANCE else factor


def is_like(found: Fit, of_other: Fit | None) -> bool:
    """Whether the losses of another training lie on its own run as those of the long one do."""
    if of_other is None or of_other.is_root != found.is_root:
        return False
    # A sum, or a mean over one step less, has another factor for each number of sequences and steps.
    return found.factor != 1 or of_other.factor == 1


@functools.lru_cache(maxsize=16)
def scale_meanings(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that mistakes in the cost lead to, with what they mean; the fewest mistakes first."""
    halves = ((1.0, ""), (0.5, "the 2 of the squared error's derivative is missing"))
    sums = (
        (1.0, ""),
        (float(n_seqs), "summed over sequences where the mean is meant"),
        (float(n_steps), "summed over time steps where the mean is meant"),
        (float(n_seqs * n_steps), "summed over sequences and steps where the mean is meant"),
    )
    outputs = ((1.0, ""), (1 / n_out, "averaged over outputs where the sum is meant"))
    signs = ((1.0, ""), (-1.0, "the sign is turned round"))
    found: list[tuple[float, list[str]]] = []
    for parts in itertools.product(halves, sums, outputs, signs):
        texts = [text for _, text in parts if text]
        found.append((float(np.prod([value for value, _ in parts])), texts))
    return tuple(
        (scale, ", and ".join(texts)) for scale, texts in sorted(found, key=lambda pair: len(pair[1]))
    )
