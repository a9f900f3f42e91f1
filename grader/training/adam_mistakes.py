"""Catalogue of known mistakes in a step of Adam, each as one rule for one array."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec.structs import replace

from grader.model.mistake import Mistake
from grader.training.adam import (
    ArrayStep,
    Pair,
    Rule,
    adam,
    corrected,
    first_moment,
    right,
    second_moment,
    update,
)
from grader.training.task import FloatArray
from reference.adam import AdamState, Rates

DECAY = 0.01
B, C = 3, 4
"""Which of the five arrays the biases are."""
NOT_IN_TRAINING = ("counts-calls",)
"""Mistakes that a training which makes one step an epoch does not show."""


def _v_of(square: Callable[[ArrayStep], FloatArray]) -> Rule:
    return adam(v_of=lambda s: s.rates.beta2 * s.state.v + (1 - s.rates.beta2) * square(s))


def _along(s: ArrayStep, m_hat: FloatArray, v_hat: FloatArray, m: FloatArray, v: FloatArray) -> AdamState:
    return AdamState(s.state.theta - update(m_hat, v_hat, s.rates), m, v)


def _amsgrad(s: ArrayStep) -> AdamState:
    m, v = first_moment(s), second_moment(s)
    s.memory["v"] = largest = np.maximum(s.memory.get("v", np.zeros_like(v)), v)
    return _along(s, *corrected(m, largest, s.t, s.rates), m, v)


def _stored_back(s: ArrayStep) -> AdamState:
    after = right(s)
    return AdamState(after.theta, *corrected(after.m, after.v, s.t, s.rates))


def _nesterov(s: ArrayStep) -> AdamState:
    beta1, after = s.rates.beta1, right(s)
    m_hat, v_hat = corrected(after.m, after.v, s.t, s.rates)
    ahead = beta1 * m_hat + (1 - beta1) * s.g / (1 - beta1**s.t)
    return _along(s, ahead, v_hat, after.m, after.v)


def _momentum(m_of: Callable[[ArrayStep], FloatArray]) -> Rule:
    """Gradient descent along m."""

    def rule(s: ArrayStep) -> AdamState:
        m = m_of(s)
        return AdamState(s.state.theta - s.rates.lr * m, m, s.state.v)

    return rule


def _rmsprop(s: ArrayStep) -> AdamState:
    v = second_moment(s)
    return _along(s, s.g, v, s.state.m, v)


def _ascent(s: ArrayStep) -> AdamState:
    after = right(s)
    return after._replace(theta=2 * s.state.theta - after.theta)


def _decoupled(s: ArrayStep) -> AdamState:
    after = right(s)
    return after._replace(theta=after.theta - s.rates.lr * DECAY * s.state.theta)


def _reset(s: ArrayStep) -> AdamState:
    zero = np.zeros_like(s.g)
    return right(replace(s, state=AdamState(s.state.theta, zero, zero)))


def _count(s: ArrayStep) -> float:
    """How often the function was called, this time included."""
    s.memory["calls"] = s.memory.get("calls", np.zeros(())) + 1
    return float(s.memory["calls"])


def _moments_before(of_m: bool, of_v: bool) -> Rule:
    """The step is made with m or v, or both, as they were before the new gradient."""

    def rule(s: ArrayStep) -> AdamState:
        m, v = first_moment(s), second_moment(s)
        used = s.state.m if of_m else m, s.state.v if of_v else v
        return _along(s, *corrected(*used, s.t, s.rates), m, v)

    return rule


def _first_uncorrected(m: FloatArray, v: FloatArray, t: float, r: Rates) -> Pair:
    return (m, v) if t == 1 else corrected(m, v, t - 1, r)


def _left_out(which: tuple[int, ...], moments_too: bool = False) -> Rule:
    """Some of the five arrays keep their values."""

    def rule(s: ArrayStep) -> AdamState:
        after = right(s)
        if s.index not in which or s.count <= max(which):
            return after
        return s.state if moments_too else after._replace(theta=s.state.theta)

    return rule


_LISTED: dict[str, tuple[str, Rule]] = {
    "no-correction": (
        "m and v are used without the corrections for their start at zero.",
        adam(hat=lambda m, v, t, r: (m, v)),
    ),
    "corrects-m-only": (
        "Only m is corrected for its start at zero; v needs it too.",
        adam(hat=lambda m, v, t, r: (m / (1 - r.beta1**t), v)),
    ),
    "corrects-v-only": (
        "Only v is corrected for its start at zero; m needs it too.",
        adam(hat=lambda m, v, t, r: (m, v / (1 - r.beta2**t))),
    ),
    "multiplies-correction": (
        "The moments are multiplied by 1 - beta^t; they are to be divided by it.",
        adam(hat=lambda m, v, t, r: (m * (1 - r.beta1**t), v * (1 - r.beta2**t))),
    ),
    "correction-stored": (
        "The corrected moments are kept as m and v; the next step must start from the uncorrected ones.",
        _stored_back,
    ),
    "correction-without-power": (
        "The corrections divide by 1 - beta; beta is to be raised to the power t.",
        adam(hat=lambda m, v, t, r: (m / (1 - r.beta1), v / (1 - r.beta2))),
    ),
    "t-always-1": ("The step's number is 1 at every step.", adam(t_of=lambda s: 1)),
    "t-from-zero": (
        "The first step is counted as t = 0, and the corrections divide by zero; t comes in as 1.",
        adam(t_of=lambda s: s.t - 1),
    ),
    "t-one-behind": (
        "The corrections take t - 1, from the second step on; t comes in as 1 at the first step.",
        adam(t_of=lambda s: max(s.t - 1, 1)),
    ),
    "t-one-behind-first-uncorrected": (
        "The first step is not corrected, and the later ones take t - 1; t comes in as 1 at the first step.",
        adam(hat=_first_uncorrected),
    ),
    "counts-calls": ("It counts its own calls; the number of the step is the argument t.", adam(t_of=_count)),
    "t-plus-1": ("One is added to t, which already starts at 1.", adam(t_of=lambda s: s.t + 1)),
    "t-per-parameter": (
        "t goes up with every array; it counts steps.",
        adam(t_of=lambda s: (s.t - 1) * s.count + s.index + 1),
    ),
    "moments-reset": ("m and v start from zero at every step.", _reset),
    "moments-lost": (
        "The new m and v are used but do not come back.",
        lambda s: s.state._replace(theta=right(s).theta),
    ),
    "moments-before": (
        "The step is made with m and v as they were before this gradient; the new ones belong there.",
        _moments_before(of_m=True, of_v=True),
    ),
    "m-before": (
        "The step is made with m as it was before this gradient; the new one belongs there.",
        _moments_before(of_m=True, of_v=False),
    ),
    "v-before": (
        "The step is made with v as it was before this gradient; the new one belongs there.",
        _moments_before(of_m=False, of_v=True),
    ),
    "biases-not-updated": ("b and c keep their values; they are stepped too.", _left_out((B, C))),
    "biases-left-out": (
        "b and c are left out, with their m and v; they are stepped like the other arrays.",
        _left_out((B, C), moments_too=True),
    ),
    "b-not-updated": ("b keeps its values; it is stepped too.", _left_out((B,))),
    "c-not-updated": ("c keeps its values; it is stepped too.", _left_out((C,))),
    "betas-swapped": (
        "beta1 and beta2 have changed places.",
        adam(rates=lambda r: r._replace(beta1=r.beta2, beta2=r.beta1)),
    ),
    "fixed-beta2": ("beta2 is 0.99 whatever is asked for.", adam(rates=lambda r: r._replace(beta2=0.99))),
    "m-unscaled": (
        "m adds the whole gradient; it is to be weighted by 1 - beta1.",
        adam(m_of=lambda s: s.rates.beta1 * s.state.m + s.g),
    ),
    "v-unscaled": (
        "v adds the whole squared gradient; it is to be weighted by 1 - beta2.",
        adam(v_of=lambda s: s.rates.beta2 * s.state.v + s.g**2),
    ),
    "v-of-gradient": ("v averages g; it is to average g^2.", _v_of(lambda s: s.g)),
    "v-of-absolute": ("v averages |g|; it is to average g^2.", _v_of(lambda s: np.abs(s.g))),
    "v-of-m": ("v averages the square of m; it is to average g^2.", _v_of(lambda s: first_moment(s) ** 2)),
    "v-of-norm": (
        "v averages the squared length of the whole gradient; every entry has its own v.",
        _v_of(lambda s: np.full_like(s.g, np.sum(s.g**2))),
    ),
    "v-of-mean-square": (
        "v averages the mean square of the array's gradient; every entry has its own v.",
        _v_of(lambda s: np.full_like(s.g, np.mean(s.g**2))),
    ),
    "adagrad-sum": (
        "v is the sum of all squared gradients, as in Adagrad.",
        adam(v_of=lambda s: s.state.v + s.g**2),
    ),
    "amsgrad": ("The largest v so far is used (AMSGrad); Adam takes the present one.", _amsgrad),
    "amsgrad-in-v": (
        "v never falls (AMSGrad); Adam takes the present average.",
        adam(v_of=lambda s: np.maximum(s.state.v, second_moment(s))),
    ),
    "eps-inside-root": (
        "eps is added under the root; it belongs outside.",
        adam(update=lambda m, v, r: np.asarray(r.lr * m / np.sqrt(v + r.eps))),
    ),
    "eps-too-large": ("eps is 1e-6 whatever is asked for.", adam(rates=lambda r: r._replace(eps=1e-6))),
    "no-eps": (
        "eps is left out: a gradient of zero divides zero by zero.",
        adam(rates=lambda r: r._replace(eps=0.0)),
    ),
    "no-root": ("The root of v is missing.", adam(update=lambda m, v, r: np.asarray(r.lr * m / (v + r.eps)))),
    "rmsprop": ("This is RMSprop: g over the root of v, without m.", _rmsprop),
    "momentum": (
        "This is gradient descent with momentum, without v.",
        _momentum(lambda s: s.rates.beta1 * s.state.m + s.g),
    ),
    "momentum-averaged": ("This steps along the average m alone, without v.", _momentum(first_moment)),
    "nesterov": ("This is Adam with a look ahead (Nadam).", _nesterov),
    "gradient-descent": (
        "This is plain gradient descent: no m, no v.",
        lambda s: s.state._replace(theta=s.state.theta - s.rates.lr * s.g),
    ),
    "fixed-lr": (
        "The learning rate is 0.001 whatever is asked for.",
        adam(rates=lambda r: r._replace(lr=0.001)),
    ),
    "ascent": ("The step is added; it is to be subtracted.", _ascent),
    "l2": (
        "The gradient has 0.01 times the parameter added (L2).",
        lambda s: right(replace(s, g=s.g + DECAY * s.state.theta)),
    ),
    "decoupled-decay": ("The parameter shrinks by lr 0.01 at each step (AdamW).", _decoupled),
    "clipped": ("Gradients are clipped to 1.", lambda s: right(replace(s, g=np.clip(s.g, -1, 1)))),
}
ADAM_MISTAKES = tuple(Mistake(id, message, effect) for id, (message, effect) in _LISTED.items())
