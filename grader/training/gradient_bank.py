"""Known mistakes in backpropagation through time, each as the gradients it gives.

One mistake is one change in one place of the right computation; the rest stays right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from grader.training.task import FloatArray
from reference.bptt import Parameters


class Pass(NamedTuple):
    """One pass through the network; all (n_seqs, T, ...).

    Args:
        x: Inputs.
        before: h(t-1).
        z: Sums before tanh.
        h: Hidden activations.
        y: Outputs.
        e: Gradient at the outputs.
        dz: Gradient at the sums.
        dh_output: What each output alone sends to its hidden activations.
    """

    x: FloatArray
    before: FloatArray
    z: FloatArray
    h: FloatArray
    y: FloatArray
    e: FloatArray
    dz: FloatArray
    dh_output: FloatArray


def _right_error(y: FloatArray, wanted: FloatArray) -> FloatArray:
    return np.asarray(2 * (y - wanted) / (y.shape[0] * y.shape[1]), dtype=np.float64)


def _right_sums(went: Pass) -> Parameters:
    return Parameters(
        U=np.einsum("nti,nth->ih", went.x, went.dz),
        W=np.einsum("nti,nth->ih", went.before, went.dz),
        V=np.einsum("nth,nto->ho", went.h, went.e),
        b=went.dz.sum(axis=(0, 1)),
        c=went.e.sum(axis=(0, 1)),
    )


@dataclass(frozen=True)
class Slip:
    """One mistake.

    Args:
        id: Stable kebab-case word.
        message: What to tell the student.
        network: What the forward pass is run with.
        output: Activation of the output.
        first: The first step of the forward pass, from 1; hidden values before it stay zero.
        error: From outputs and targets to the gradient at the outputs.
        slope: Derivative of the hidden activation, from a pass.
        back: What dz(t+1) is multiplied by on its way to h(t).
        keeps_slope: Whether the derivative is part of what is carried back.
        reach: How many steps an error goes back; None for all.
        chunk: Steps of the chunks of a sequence out of which no error goes back; None for one chunk.
        path: Which errors reach the hidden layer.
        sums: From the pass to the gradients.
    """

    id: str
    message: str
    network: Callable[[Parameters], Parameters] = lambda params: params
    output: Callable[[FloatArray], FloatArray] = lambda y: y
    first: int = 1
    error: Callable[[FloatArray, FloatArray], FloatArray] = _right_error
    slope: Callable[[Pass], FloatArray] = lambda went: 1 - went.h**2
    back: Callable[[FloatArray], FloatArray] = lambda W: W.T
    keeps_slope: bool = True
    reach: int | None = None
    chunk: int | None = None
    path: Callable[[FloatArray], FloatArray] = lambda e: e
    sums: Callable[[Pass], Parameters] = _right_sums


RIGHT = Slip("right", "The gradients are right.")


def gradients(slip: Slip, x: FloatArray, wanted: FloatArray, params: Parameters) -> Parameters:
    """The gradients that a student with this mistake gets.

    Args:
        slip: The mistake.
        x: (n_seqs, T, n_in).
        wanted: (n_seqs, T, n_out).
        params: The network.
    """
    U, W, V, b, c = slip.network(params)
    z, h = _forwards(slip, x, U, W, b)
    y = slip.output(h[:, 1:] @ V + c)
    e = slip.error(y, wanted)
    dh_output = slip.path(e) @ V.T
    went = Pass(x, h[:, :-1], z[:, 1:], h[:, 1:], y, e, np.zeros_like(dh_output), dh_output)
    return slip.sums(went._replace(dz=_backwards(slip, went, slip.back(W))))


def outputs(slip: Slip, x: FloatArray, params: Parameters) -> FloatArray:
    """(n_seqs, T, n_out) what the network of a student with this mistake gives."""
    U, W, V, b, c = slip.network(params)
    return slip.output(_forwards(slip, x, U, W, b)[1][:, 1:] @ V + c)


def _forwards(
    slip: Slip, x: FloatArray, U: FloatArray, W: FloatArray, b: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Sums and hidden activations, both with a zero in front; (n_seqs, T + 1, n_h)."""
    n_seqs, T, _ = x.shape
    h, z = np.zeros((2, n_seqs, T + 1, len(b)))
    for t in range(slip.first, T + 1):
        z[:, t] = x[:, t - 1] @ U + h[:, t - 1] @ W + b
        h[:, t] = np.tanh(z[:, t])
    return z, h


def _backwards(slip: Slip, went: Pass, back: FloatArray) -> FloatArray:
    slope = slip.slope(went)
    if slip.reach is not None:
        part = went.dh_output * slope
        dz = part.copy()
        for _ in range(slip.reach - 1):
            part = _earlier(part @ back) * slope
            dz += part
        return dz
    dz, later = np.zeros_like(slope), np.zeros_like(slope[:, 0])
    for t in reversed(range(slope.shape[1])):
        dh = went.dh_output[:, t] + later @ back
        dz[:, t] = dh * slope[:, t]
        later = dz[:, t] if slip.keeps_slope else dh
        if slip.chunk is not None and t % slip.chunk == 0:
            later = np.zeros_like(later)
    return dz


def _earlier(array: FloatArray) -> FloatArray:
    """The values of the next step."""
    moved = np.zeros_like(array)
    moved[:, :-1] = array[:, 1:]
    return moved


def _later(array: FloatArray) -> FloatArray:
    """The values of the previous step."""
    moved = np.zeros_like(array)
    moved[:, 1:] = array[:, :-1]
    return moved


def _only(array: FloatArray, step: int) -> FloatArray:
    kept = np.zeros_like(array)
    kept[:, step] = array[:, step]
    return kept


def _without_first(array: FloatArray) -> FloatArray:
    return array - _only(array, 0)


def _sigmoid(u: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + np.tanh(u / 2)), dtype=np.float64)


def _first_of(array: FloatArray, axis: int) -> FloatArray:
    kept = np.zeros_like(array)
    index = (slice(None),) * axis + (slice(0, 1),)
    kept[index] = array[index]
    return kept


def _at_step(went: Pass, step: int, hidden_only: bool) -> Parameters:
    """Sums in which every step overwrites the one before, so that one step is left."""
    one = went._replace(dz=_only(went.dz, step), e=went.e if hidden_only else _only(went.e, step))
    return _right_sums(one)


def _turned(params: Parameters) -> Parameters:
    return params._replace(W=params.W.T)


BANK = (
    Slip(
        "loss-at-last-step",
        "Only the error of the final step is counted; the cost is the mean over all steps.",
        error=lambda y, wanted: _only(_right_error(y, wanted), -1),
    ),
    Slip(
        "sigmoid-slope-at-output",
        "The error is multiplied by y (1 - y), the slope of a sigmoid; the output is linear.",
        error=lambda y, wanted: _right_error(y, wanted) * y * (1 - y),
    ),
    Slip(
        "tanh-slope-at-output",
        "The error is multiplied by 1 - y^2, the slope of tanh; the output is linear.",
        error=lambda y, wanted: _right_error(y, wanted) * (1 - y**2),
    ),
    Slip(
        "absolute-error",
        "These are the gradients of the absolute error; the cost is the squared error.",
        error=lambda y, wanted: np.sign(y - wanted) / (y.shape[0] * y.shape[1]),
    ),
    Slip(
        "sigmoid-output",
        "The output goes through a sigmoid; it is linear.",
        output=_sigmoid,
        error=lambda y, wanted: _right_error(y, wanted) * y * (1 - y),
    ),
    Slip(
        "sigmoid-output-forward-only",
        "The output goes through a sigmoid, and its slope is left out besides; the output is linear.",
        output=_sigmoid,
    ),
    Slip(
        "target-forgotten",
        "The error is the output itself: the target is not subtracted.",
        error=lambda y, wanted: _right_error(y, np.zeros_like(y)),
    ),
    Slip("slope-of-z", "The slope of tanh is taken as 1 - z^2; it is 1 - h^2.", slope=lambda w: 1 - w.z**2),
    Slip(
        "slope-of-tanh-h",
        "tanh is applied twice: the slope is 1 - h^2 of the activation, not 1 - tanh(h)^2.",
        slope=lambda w: 1 - np.tanh(w.h) ** 2,
    ),
    Slip(
        "slope-not-squared", "The slope of tanh is 1 - h^2; the square is missing.", slope=lambda w: 1 - w.h
    ),
    Slip("no-slope", "The slope of tanh is left out.", slope=lambda w: np.ones_like(w.h)),
    Slip(
        "sigmoid-slope-hidden",
        "The slope h (1 - h) belongs to a sigmoid; the hidden layer has tanh.",
        slope=lambda w: w.h * (1 - w.h),
    ),
    Slip(
        "slope-of-last-step",
        "The slope of tanh is taken at h(t-1), the previous step, where h(t) is meant.",
        slope=lambda w: 1 - w.before**2,
    ),
    Slip(
        "recurrent-weights-not-transposed-back",
        "On the way back W is used in its forward direction; errors go from j to i, so transpose it.",
        back=lambda W: W,
    ),
    Slip("truncated-1", "Errors do not go back in time at all.", reach=1),
    Slip("truncated-2", "Errors go back one step in time and stop there.", reach=2),
    *(
        Slip(f"truncated-{reach}", f"Errors go back {reach - 1} steps in time and stop there.", reach=reach)
        for reach in (*range(3, 11), 15, 16, 20, 25, 30, 32, 40, 50)
    ),
    *(
        Slip(
            f"chunks-{chunk}",
            f"Sequences are cut into chunks of {chunk} steps, and errors do not go back from one to another.",
            chunk=chunk,
        )
        for chunk in (2, 3, 4, 5, 6, 7, 8, 10, 15, 16, 20, 25)
    ),
    Slip(
        "carries-dh",
        "What is carried back is the gradient at h before the slope of tanh is multiplied in.",
        keeps_slope=False,
    ),
    Slip(
        "last-output-path",
        "Only the last output's error goes back through the hidden layer; each step's own belongs there too.",
        path=lambda e: _only(e, -1),
    ),
    Slip(
        "time-reversed",
        "The errors are taken in reversed order of time.",
        error=lambda y, wanted: _right_error(y, wanted)[:, ::-1],
    ),
    Slip(
        "dW-with-h-now",
        "dW is summed with h(t); W was multiplied by h(t-1).",
        sums=lambda w: _right_sums(w._replace(before=w.h)),
    ),
    Slip(
        "dW-with-h-two-back",
        "dW is summed with h(t-2); W was multiplied by h(t-1).",
        sums=lambda w: _right_sums(w._replace(before=_later(w.before))),
    ),
    Slip(
        "dU-with-x-before",
        "dU is summed with x(t-1); U was multiplied by x(t).",
        sums=lambda w: _right_sums(w._replace(x=_later(w.x))),
    ),
    Slip(
        "dV-with-h-before",
        "dV is summed with h(t-1); V was multiplied by h(t).",
        sums=lambda w: _right_sums(w._replace(h=w.before)),
    ),
    Slip(
        "dV-with-z",
        "dV is summed with the values before tanh; V was multiplied by h(t).",
        sums=lambda w: _right_sums(w._replace(h=w.z)),
    ),
    Slip("dW-transposed", "dW is transposed.", sums=lambda w: _turned(_right_sums(w))),
    Slip(
        "overwritten-hidden",
        "dU, dW and db are overwritten in the loop over time: = where += is meant.",
        sums=lambda w: _at_step(w, 0, hidden_only=True),
    ),
    Slip(
        "overwritten-all",
        "All gradients are overwritten in the loop over time: = where += is meant.",
        sums=lambda w: _at_step(w, 0, hidden_only=False),
    ),
    Slip(
        "overwritten-forwards",
        "dU, dW and db keep the final step alone: = where += is meant.",
        sums=lambda w: _at_step(w, -1, hidden_only=True),
    ),
    Slip(
        "first-step-skipped",
        "The way back stops before the first step: it has an error and hidden values too.",
        sums=lambda w: _right_sums(w._replace(dz=_without_first(w.dz), e=_without_first(w.e))),
    ),
    Slip(
        "first-step-skipped-hidden",
        "dU, dW and db leave the first step out.",
        sums=lambda w: _right_sums(w._replace(dz=_without_first(w.dz))),
    ),
    Slip(
        "starts-at-second-step",
        "The network starts at the second step: the first input is left out.",
        first=2,
        sums=lambda w: _right_sums(w._replace(dz=_without_first(w.dz), e=_without_first(w.e))),
    ),
    Slip(
        "starts-at-second-step-hidden",
        "The hidden layer starts at the second step, while the first step's output is counted.",
        first=2,
        sums=lambda w: _right_sums(w._replace(dz=_without_first(w.dz))),
    ),
    Slip(
        "dV-at-last-step",
        "dV counts the final step alone.",
        sums=lambda w: _right_sums(w)._replace(V=_right_sums(w._replace(e=_only(w.e, -1))).V),
    ),
    Slip(
        "db-from-output",
        "db is summed from what the outputs send back, without the slope of tanh and the later steps.",
        sums=lambda w: _right_sums(w)._replace(b=w.dh_output.sum(axis=(0, 1))),
    ),
    Slip(
        "db-zero",
        "db is zero: the hidden bias has a gradient too.",
        sums=lambda w: _right_sums(w)._replace(b=np.zeros(w.h.shape[2])),
    ),
    Slip(
        "dc-zero",
        "dc is zero: the output bias has a gradient too.",
        sums=lambda w: _right_sums(w)._replace(c=np.zeros(w.e.shape[2])),
    ),
    Slip(
        "first-sequence-only",
        "Only the first sequence is counted.",
        error=lambda y, wanted: _first_of(_right_error(y, wanted), 0),
    ),
    Slip(
        "first-output-only",
        "Only the first output's error is counted.",
        error=lambda y, wanted: _first_of(_right_error(y, wanted), 2),
    ),
    Slip(
        "h0-is-h1",
        "dW counts h(1) before the first step; h(0) is zero.",
        sums=lambda w: _right_sums(w._replace(before=np.concatenate([w.h[:, :1], w.before[:, 1:]], axis=1))),
    ),
    Slip(
        "recurrent-weights-transposed-forward",
        "The forward pass uses W transposed: a row of hidden values is multiplied by W itself.",
        network=_turned,
        sums=lambda w: _turned(_right_sums(w)),
    ),
    Slip(
        "recurrent-weights-transposed-forward-only",
        "The forward pass uses W transposed, the backward pass does not.",
        network=_turned,
        back=lambda W: W,
    ),
    Slip(
        "no-hidden-bias-forward",
        "The forward pass leaves b out.",
        network=lambda params: params._replace(b=np.zeros_like(params.b)),
    ),
)
