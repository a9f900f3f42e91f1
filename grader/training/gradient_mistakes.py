"""Catalogue of known mistakes in backpropagation through time.

One mistake is one change in one place of the right computation; the rest stays right.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grader.model.mistake import Mistake
from grader.training.backprop import Backprop, Pass, right_error, right_sums
from grader.training.task import FloatArray
from reference.bptt import Parameters


def _later(array: FloatArray) -> FloatArray:
    """Values moved one step later: at t stands what was at t - 1, and zero at the first step."""
    moved = np.zeros_like(array)
    moved[:, 1:] = array[:, :-1]
    return moved


def _only(array: FloatArray, at: int, axis: int = 1) -> FloatArray:
    """Zero but at one place of an axis: sequences, steps or outputs."""
    kept = np.zeros_like(array)
    index = (slice(None),) * axis + (at,)
    kept[index] = array[index]
    return kept


def _without_first(array: FloatArray) -> FloatArray:
    return array - _only(array, 0)


def _sigmoid(u: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + np.tanh(u / 2)), dtype=np.float64)


def _turned(params: Parameters) -> Parameters:
    return params._replace(W=params.W.T)


def _error(change: Callable[[FloatArray, FloatArray], FloatArray]) -> Backprop:
    """Another gradient at the outputs, made of the right one and the outputs."""
    return Backprop(error=lambda y, wanted: change(right_error(y, wanted), y))


def _slope(slope: Callable[[Pass], FloatArray]) -> Backprop:
    return Backprop(slope=slope)


def _sums(sums: Callable[[Pass], Parameters]) -> Backprop:
    return Backprop(sums=sums)


def _with(**exchanged: Callable[[Pass], FloatArray]) -> Callable[[Pass], Parameters]:
    """The sums over steps, with other values of a pass in them."""
    return lambda p: right_sums(p._replace(**{name: value(p) for name, value in exchanged.items()}))


_LATE = _with(dz=lambda p: _without_first(p.dz), e=lambda p: _without_first(p.e))
_LATE_HIDDEN = _with(dz=lambda p: _without_first(p.dz))
# In a loop over steps that overwrites what it should add to, one step is left.
_FIRST_LEFT = _with(dz=lambda p: _only(p.dz, 0), e=lambda p: _only(p.e, 0))
_FIRST_LEFT_HIDDEN = _with(dz=lambda p: _only(p.dz, 0))

_LISTED: dict[str, tuple[str, Backprop]] = {
    "loss-at-last-step": (
        "Only the error of the final step is counted; the cost is the mean over all steps.",
        _error(lambda e, y: _only(e, -1)),
    ),
    "sigmoid-slope-at-output": (
        "The error is multiplied by y (1 - y), the slope of a sigmoid; the output is linear.",
        _error(lambda e, y: e * y * (1 - y)),
    ),
    "tanh-slope-at-output": (
        "The error is multiplied by 1 - y^2, the slope of tanh; the output is linear.",
        _error(lambda e, y: e * (1 - y**2)),
    ),
    "absolute-error": (
        "These are the gradients of the absolute error; the cost is the squared error.",
        _error(lambda e, y: np.sign(e) / (e.shape[0] * e.shape[1])),
    ),
    "sigmoid-output": (
        "The output goes through a sigmoid; it is linear.",
        Backprop(output=_sigmoid, error=lambda y, wanted: right_error(y, wanted) * y * (1 - y)),
    ),
    "sigmoid-output-forward-only": (
        "The output goes through a sigmoid, and its slope is left out besides; the output is linear.",
        Backprop(output=_sigmoid),
    ),
    "target-forgotten": (
        "The error is the output itself: the target is not subtracted.",
        _error(lambda e, y: right_error(y, np.zeros_like(y))),
    ),
    "slope-of-z": ("The slope of tanh is taken as 1 - z^2; it is 1 - h^2.", _slope(lambda p: 1 - p.z**2)),
    "slope-of-tanh-h": (
        "tanh is applied twice: the slope is 1 - h^2 of the activation, not 1 - tanh(h)^2.",
        _slope(lambda p: 1 - np.tanh(p.h) ** 2),
    ),
    "slope-not-squared": ("The slope of tanh is 1 - h^2; the square is missing.", _slope(lambda p: 1 - p.h)),
    "no-slope": ("The slope of tanh is left out.", _slope(lambda p: np.ones_like(p.h))),
    "sigmoid-slope-hidden": (
        "The slope h (1 - h) belongs to a sigmoid; the hidden layer has tanh.",
        _slope(lambda p: p.h * (1 - p.h)),
    ),
    "slope-of-last-step": (
        "The slope of tanh is taken at h(t-1), the previous step, where h(t) is meant.",
        _slope(lambda p: 1 - p.before**2),
    ),
    "recurrent-weights-not-transposed-back": (
        "On the way back W is used in its forward direction; errors go from j to i, so transpose it.",
        Backprop(back=lambda W: W),
    ),
    "truncated-1": ("Errors do not go back in time at all.", Backprop(reach=1)),
    "truncated-2": ("Errors go back one step in time and stop there.", Backprop(reach=2)),
    **{
        f"truncated-{reach}": (
            f"Errors go back {reach - 1} steps in time and stop there.",
            Backprop(reach=reach),
        )
        for reach in (*range(3, 11), 15, 16, 20, 25, 30, 32, 40, 50)
    },
    **{
        f"chunks-{chunk}": (
            f"Sequences are cut into chunks of {chunk} steps, and errors do not go back from one to another.",
            Backprop(chunk=chunk),
        )
        for chunk in (2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 20, 25)
    },
    "carries-dh": (
        "What is carried back is the gradient at h before the slope of tanh is multiplied in.",
        Backprop(keeps_slope=False),
    ),
    "last-output-path": (
        "Only the last output's error goes back through the hidden layer; each step's own belongs there too.",
        Backprop(path=lambda e: _only(e, -1)),
    ),
    "time-reversed": ("The errors are taken in reversed order of time.", _error(lambda e, y: e[:, ::-1])),
    "dW-with-h-now": (
        "dW is summed with h(t); W was multiplied by h(t-1).",
        _sums(_with(before=lambda p: p.h)),
    ),
    "dW-with-h-two-back": (
        "dW is summed with h(t-2); W was multiplied by h(t-1).",
        _sums(_with(before=lambda p: _later(p.before))),
    ),
    "dU-with-x-before": (
        "dU is summed with x(t-1); U was multiplied by x(t).",
        _sums(_with(x=lambda p: _later(p.x))),
    ),
    "dV-with-h-before": (
        "dV is summed with h(t-1); V was multiplied by h(t).",
        _sums(_with(h=lambda p: p.before)),
    ),
    "dV-with-z": (
        "dV is summed with the values before tanh; V was multiplied by h(t).",
        _sums(_with(h=lambda p: p.z)),
    ),
    "dW-transposed": ("dW is transposed.", _sums(lambda p: _turned(right_sums(p)))),
    "overwritten-hidden": (
        "dU, dW and db are overwritten in the loop over time: = where += is meant.",
        _sums(_FIRST_LEFT_HIDDEN),
    ),
    "overwritten-all": (
        "All gradients are overwritten in the loop over time: = where += is meant.",
        _sums(_FIRST_LEFT),
    ),
    "overwritten-forwards": (
        "dU, dW and db keep the final step alone: = where += is meant.",
        _sums(_with(dz=lambda p: _only(p.dz, -1))),
    ),
    "first-step-skipped": (
        "The way back stops before the first step: it has an error and hidden values too.",
        _sums(_LATE),
    ),
    "first-step-skipped-hidden": ("dU, dW and db leave the first step out.", _sums(_LATE_HIDDEN)),
    "starts-at-second-step": (
        "The network starts at the second step: the first input is left out.",
        Backprop(first=2, sums=_LATE),
    ),
    "starts-at-second-step-hidden": (
        "The hidden layer starts at the second step, while the first step's output is counted.",
        Backprop(first=2, sums=_LATE_HIDDEN),
    ),
    "dV-at-last-step": (
        "dV counts the final step alone.",
        _sums(lambda p: right_sums(p)._replace(V=right_sums(p._replace(e=_only(p.e, -1))).V)),
    ),
    "db-from-output": (
        "db is summed from what the outputs send back, without the slope of tanh and the later steps.",
        _sums(lambda p: right_sums(p)._replace(b=p.dh_output.sum(axis=(0, 1)))),
    ),
    "db-zero": (
        "db is zero: the hidden bias has a gradient too.",
        _sums(lambda p: right_sums(p)._replace(b=np.zeros(p.h.shape[2]))),
    ),
    "dc-zero": (
        "dc is zero: the output bias has a gradient too.",
        _sums(lambda p: right_sums(p)._replace(c=np.zeros(p.e.shape[2]))),
    ),
    "first-sequence-only": ("Only the first sequence is counted.", _error(lambda e, y: _only(e, 0, axis=0))),
    "first-output-only": (
        "Only the first output's error is counted.",
        _error(lambda e, y: _only(e, 0, axis=2)),
    ),
    "h0-is-h1": (
        "dW counts h(1) before the first step; h(0) is zero.",
        _sums(_with(before=lambda p: np.concatenate([p.h[:, :1], p.before[:, 1:]], axis=1))),
    ),
    "recurrent-weights-transposed-forward": (
        "The forward pass uses W transposed: a row of hidden values is multiplied by W itself.",
        Backprop(network=_turned, sums=lambda p: _turned(right_sums(p))),
    ),
    "recurrent-weights-transposed-forward-only": (
        "The forward pass uses W transposed, the backward pass does not.",
        Backprop(network=_turned, back=lambda W: W),
    ),
    "no-hidden-bias-forward": (
        "The forward pass leaves b out.",
        Backprop(network=lambda params: params._replace(b=np.zeros_like(params.b))),
    ),
}
GRADIENT_MISTAKES = tuple(Mistake(id, message, effect) for id, (message, effect) in _LISTED.items())
