"""Known mistakes in a step of Adam, each as one rule for one array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from grader.training.task import FloatArray
from reference.adam import AdamState, Rates, adam_step

Memory: TypeAlias = dict[str, FloatArray]


@dataclass(frozen=True)
class Step:
    """One array's step.

    Args:
        state: The array with its moments, before.
        g: Its gradient.
        t: Number of the step, from 1.
        rates: Settings.
        index: Which of the arrays it is, from 0.
        count: How many arrays there are.
        memory: What a function keeps for this array from step to step besides m and v.
    """

    state: AdamState
    g: FloatArray
    t: int
    rates: Rates
    index: int = 0
    count: int = 1
    memory: Memory = field(default_factory=dict)


Rule: TypeAlias = Callable[[Step], AdamState]


@dataclass(frozen=True)
class OptimizerSlip:
    """One mistake.

    Args:
        id: Stable kebab-case word.
        message: What to tell the student.
        rule: What it makes of a step.
        shows_in_training: Whether a training that calls it once an epoch goes wrong.
    """

    id: str
    message: str
    rule: Rule
    shows_in_training: bool = True


def adam(
    m_of: Callable[[Step], FloatArray] | None = None,
    v_of: Callable[[Step], FloatArray] | None = None,
    t_of: Callable[[Step], float] = lambda s: s.t,
    hat: Callable[[FloatArray, FloatArray, float, Rates], tuple[FloatArray, FloatArray]] | None = None,
    update: Callable[[FloatArray, FloatArray, Rates], FloatArray] | None = None,
    rates: Callable[[Rates], Rates] = lambda r: r,
) -> Rule:
    """Adam with one part exchanged.

    Args:
        m_of: The new first moment.
        v_of: The new second moment.
        t_of: The step's number in the correction.
        hat: Corrected moments from m, v, t and the settings.
        update: What is subtracted, from the corrected moments.
        rates: The settings that are really used.
    """

    def rule(step: Step) -> AdamState:
        used = Step(step.state, step.g, step.t, rates(step.rates), step.index, step.count, step.memory)
        m = (m_of or _m)(used)
        v = (v_of or _v)(used)
        m_hat, v_hat = (hat or _hat)(m, v, t_of(used), used.rates)
        return AdamState(step.state.theta - (update or _update)(m_hat, v_hat, used.rates), m, v)

    return rule


def _m(s: Step) -> FloatArray:
    return s.rates.beta1 * s.state.m + (1 - s.rates.beta1) * s.g


def _v(s: Step) -> FloatArray:
    return s.rates.beta2 * s.state.v + (1 - s.rates.beta2) * s.g**2


def _hat(m: FloatArray, v: FloatArray, t: float, r: Rates) -> tuple[FloatArray, FloatArray]:
    return m / (1 - r.beta1**t), v / (1 - r.beta2**t)


def _update(m_hat: FloatArray, v_hat: FloatArray, r: Rates) -> FloatArray:
    return np.asarray(r.lr * m_hat / (np.sqrt(v_hat) + r.eps))


def _v_with(square: Callable[[Step], FloatArray]) -> Callable[[Step], FloatArray]:
    return lambda s: s.rates.beta2 * s.state.v + (1 - s.rates.beta2) * square(s)


def right(step: Step) -> AdamState:
    """Adam as the paper's algorithm and torch have it."""
    return adam_step(step.state, step.g, step.t, step.rates)


def paper_eps(step: Step) -> AdamState:
    """The form with the corrections in the learning factor: eps is added to the uncorrected root."""
    r, t = step.rates, step.t
    m, v = _m(step), _v(step)
    lr_t = r.lr * np.sqrt(1 - r.beta2**t) / (1 - r.beta1**t)
    return AdamState(step.state.theta - lr_t * m / (np.sqrt(v) + r.eps), m, v)


def with_eps(rule: Rule, eps: float) -> Rule:
    """The rule with a fixed eps, whatever was asked for."""
    return lambda s: rule(Step(s.state, s.g, s.t, s.rates._replace(eps=eps), s.index, s.count, s.memory))


KERAS_EPS = 1e-7
RIGHT_FORMS: dict[str, Rule] = {
    "torch": right,
    "paper": paper_eps,
    "keras": with_eps(right, KERAS_EPS),
    "keras-paper": with_eps(paper_eps, KERAS_EPS),
}


def _amsgrad(step: Step) -> AdamState:
    m, v = _m(step), _v(step)
    largest = np.maximum(step.memory.get("v", np.zeros_like(v)), v)
    step.memory["v"] = largest
    m_hat, v_hat = _hat(m, largest, step.t, step.rates)
    return AdamState(step.state.theta - _update(m_hat, v_hat, step.rates), m, v)


def _amsgrad_in_v(step: Step) -> AdamState:
    m, v = _m(step), np.maximum(step.state.v, _v(step))
    m_hat, v_hat = _hat(m, v, step.t, step.rates)
    return AdamState(step.state.theta - _update(m_hat, v_hat, step.rates), m, v)


def _stored_back(step: Step) -> AdamState:
    after = right(step)
    return AdamState(after.theta, *_hat(after.m, after.v, step.t, step.rates))


def _nesterov(step: Step) -> AdamState:
    r, after = step.rates, right(step)
    m_hat, v_hat = _hat(after.m, after.v, step.t, r)
    ahead = r.beta1 * m_hat + (1 - r.beta1) * step.g / (1 - r.beta1**step.t)
    return AdamState(step.state.theta - _update(ahead, v_hat, r), after.m, after.v)


def _momentum(scale: float) -> Rule:
    def rule(step: Step) -> AdamState:
        m = step.rates.beta1 * step.state.m + scale * step.g
        return AdamState(step.state.theta - step.rates.lr * m, m, step.state.v)

    return rule


def _damped_momentum(step: Step) -> AdamState:
    m = _m(step)
    return AdamState(step.state.theta - step.rates.lr * m, m, step.state.v)


def _rmsprop(step: Step) -> AdamState:
    v = _v(step)
    return AdamState(step.state.theta - _update(step.g, v, step.rates), step.state.m, v)


def _sgd(step: Step) -> AdamState:
    return AdamState(step.state.theta - step.rates.lr * step.g, step.state.m, step.state.v)


def _ascent(step: Step) -> AdamState:
    after = right(step)
    return after._replace(theta=2 * step.state.theta - after.theta)


DECAY = 0.01


def _l2(step: Step) -> AdamState:
    g = step.g + DECAY * step.state.theta
    return right(Step(step.state, g, step.t, step.rates, step.index, step.count, step.memory))


def _decoupled(step: Step) -> AdamState:
    after = right(step)
    return after._replace(theta=after.theta - step.rates.lr * DECAY * step.state.theta)


def _clipped(step: Step) -> AdamState:
    g = np.clip(step.g, -1, 1)
    return right(Step(step.state, g, step.t, step.rates, step.index, step.count, step.memory))


def _reset(step: Step) -> AdamState:
    zero = np.zeros_like(step.g)
    state = AdamState(step.state.theta, zero, zero)
    return right(Step(state, step.g, step.t, step.rates, step.index, step.count, step.memory))


def _lost(step: Step) -> AdamState:
    return AdamState(right(step).theta, step.state.m, step.state.v)


def _count(step: Step) -> float:
    """How often the function was called, this time included."""
    step.memory["calls"] = step.memory.get("calls", np.zeros(())) + 1
    return float(step.memory["calls"])


def _moments_before(of_m: bool, of_v: bool) -> Rule:
    """The step is made with m or v, or both, as they were before the new gradient."""

    def rule(step: Step) -> AdamState:
        m, v = _m(step), _v(step)
        hats = _hat(step.state.m if of_m else m, step.state.v if of_v else v, step.t, step.rates)
        return AdamState(step.state.theta - _update(*hats, step.rates), m, v)

    return rule


def _first_uncorrected(m: FloatArray, v: FloatArray, t: float, r: Rates) -> tuple[FloatArray, FloatArray]:
    return (m, v) if t == 1 else _hat(m, v, t - 1, r)


B, C = 3, 4
"""Which of the five arrays the biases are."""


def _left_out(which: tuple[int, ...], moments_too: bool = False) -> Rule:
    """Some of the five arrays keep their values."""

    def rule(step: Step) -> AdamState:
        after = right(step)
        if step.index not in which or step.count <= max(which):
            return after
        return step.state if moments_too else after._replace(theta=step.state.theta)

    return rule


BANK = (
    OptimizerSlip(
        "no-correction",
        "m and v are used without the corrections for their start at zero.",
        adam(hat=lambda m, v, t, r: (m, v)),
    ),
    OptimizerSlip(
        "corrects-m-only",
        "Only m is corrected for its start at zero; v needs it too.",
        adam(hat=lambda m, v, t, r: (m / (1 - r.beta1**t), v)),
    ),
    OptimizerSlip(
        "corrects-v-only",
        "Only v is corrected for its start at zero; m needs it too.",
        adam(hat=lambda m, v, t, r: (m, v / (1 - r.beta2**t))),
    ),
    OptimizerSlip(
        "multiplies-correction",
        "The moments are multiplied by 1 - beta^t; they are to be divided by it.",
        adam(hat=lambda m, v, t, r: (m * (1 - r.beta1**t), v * (1 - r.beta2**t))),
    ),
    OptimizerSlip(
        "correction-stored",
        "The corrected moments are kept as m and v; the next step must start from the uncorrected ones.",
        _stored_back,
    ),
    OptimizerSlip(
        "correction-without-power",
        "The corrections divide by 1 - beta; beta is to be raised to the power t.",
        adam(hat=lambda m, v, t, r: (m / (1 - r.beta1), v / (1 - r.beta2))),
    ),
    OptimizerSlip("t-always-1", "The step's number is 1 at every step.", adam(t_of=lambda s: 1)),
    OptimizerSlip(
        "t-from-zero",
        "The first step is counted as t = 0, and the corrections divide by zero; t comes in as 1.",
        adam(t_of=lambda s: s.t - 1),
    ),
    OptimizerSlip(
        "t-one-behind",
        "The corrections take t - 1, from the second step on; t comes in as 1 at the first step.",
        adam(t_of=lambda s: max(s.t - 1, 1)),
    ),
    OptimizerSlip(
        "t-one-behind-first-uncorrected",
        "The first step is not corrected, and the later ones take t - 1; t comes in as 1 at the first step.",
        adam(hat=_first_uncorrected),
    ),
    OptimizerSlip(
        "counts-calls",
        "It counts its own calls; the number of the step is the argument t.",
        adam(t_of=_count),
        shows_in_training=False,
    ),
    OptimizerSlip("t-plus-1", "One is added to t, which already starts at 1.", adam(t_of=lambda s: s.t + 1)),
    OptimizerSlip(
        "t-per-parameter",
        "t goes up with every array; it counts steps.",
        adam(t_of=lambda s: (s.t - 1) * s.count + s.index + 1),
    ),
    OptimizerSlip("moments-reset", "m and v start from zero at every step.", _reset),
    OptimizerSlip("moments-lost", "The new m and v are used but do not come back.", _lost),
    OptimizerSlip(
        "moments-before",
        "The step is made with m and v as they were before this gradient; the new ones belong there.",
        _moments_before(of_m=True, of_v=True),
    ),
    OptimizerSlip(
        "m-before",
        "The step is made with m as it was before this gradient; the new one belongs there.",
        _moments_before(of_m=True, of_v=False),
    ),
    OptimizerSlip(
        "v-before",
        "The step is made with v as it was before this gradient; the new one belongs there.",
        _moments_before(of_m=False, of_v=True),
    ),
    OptimizerSlip(
        "biases-not-updated", "b and c keep their values; they are stepped too.", _left_out((B, C))
    ),
    OptimizerSlip(
        "biases-left-out",
        "b and c are left out, with their m and v; they are stepped like the other arrays.",
        _left_out((B, C), moments_too=True),
    ),
    OptimizerSlip("b-not-updated", "b keeps its values; it is stepped too.", _left_out((B,))),
    OptimizerSlip("c-not-updated", "c keeps its values; it is stepped too.", _left_out((C,))),
    OptimizerSlip(
        "betas-swapped",
        "beta1 and beta2 have changed places.",
        adam(rates=lambda r: r._replace(beta1=r.beta2, beta2=r.beta1)),
    ),
    OptimizerSlip(
        "fixed-beta2",
        "beta2 is 0.99 whatever is asked for.",
        adam(rates=lambda r: r._replace(beta2=0.99)),
    ),
    OptimizerSlip(
        "m-unscaled",
        "m adds the whole gradient; it is to be weighted by 1 - beta1.",
        adam(m_of=lambda s: s.rates.beta1 * s.state.m + s.g),
    ),
    OptimizerSlip(
        "v-unscaled",
        "v adds the whole squared gradient; it is to be weighted by 1 - beta2.",
        adam(v_of=lambda s: s.rates.beta2 * s.state.v + s.g**2),
    ),
    OptimizerSlip("v-of-gradient", "v averages g; it is to average g^2.", adam(v_of=_v_with(lambda s: s.g))),
    OptimizerSlip(
        "v-of-absolute", "v averages |g|; it is to average g^2.", adam(v_of=_v_with(lambda s: np.abs(s.g)))
    ),
    OptimizerSlip(
        "v-of-m",
        "v averages the square of m; it is to average g^2.",
        adam(v_of=_v_with(lambda s: _m(s) ** 2)),
    ),
    OptimizerSlip(
        "v-of-norm",
        "v averages the squared length of the whole gradient; every entry has its own v.",
        adam(v_of=_v_with(lambda s: np.full_like(s.g, np.sum(s.g**2)))),
    ),
    OptimizerSlip(
        "v-of-mean-square",
        "v averages the mean square of the array's gradient; every entry has its own v.",
        adam(v_of=_v_with(lambda s: np.full_like(s.g, np.mean(s.g**2)))),
    ),
    OptimizerSlip(
        "adagrad-sum",
        "v is the sum of all squared gradients, as in Adagrad.",
        adam(v_of=lambda s: s.state.v + s.g**2),
    ),
    OptimizerSlip("amsgrad", "The largest v so far is used (AMSGrad); Adam takes the present one.", _amsgrad),
    OptimizerSlip("amsgrad-in-v", "v never falls (AMSGrad); Adam takes the present average.", _amsgrad_in_v),
    OptimizerSlip(
        "eps-inside-root",
        "eps is added under the root; it belongs outside.",
        adam(update=lambda m, v, r: np.asarray(r.lr * m / np.sqrt(v + r.eps))),
    ),
    OptimizerSlip(
        "eps-too-large", "eps is 1e-6 whatever is asked for.", adam(rates=lambda r: r._replace(eps=1e-6))
    ),
    OptimizerSlip(
        "no-eps",
        "eps is left out: a gradient of zero divides zero by zero.",
        adam(rates=lambda r: r._replace(eps=0.0)),
    ),
    OptimizerSlip(
        "no-root",
        "The root of v is missing.",
        adam(update=lambda m, v, r: np.asarray(r.lr * m / (v + r.eps))),
    ),
    OptimizerSlip("rmsprop", "This is RMSprop: g over the root of v, without m.", _rmsprop),
    OptimizerSlip("momentum", "This is gradient descent with momentum, without v.", _momentum(1.0)),
    OptimizerSlip("momentum-averaged", "This steps along the average m alone, without v.", _damped_momentum),
    OptimizerSlip("nesterov", "This is Adam with a look ahead (Nadam).", _nesterov),
    OptimizerSlip("gradient-descent", "This is plain gradient descent: no m, no v.", _sgd),
    OptimizerSlip(
        "fixed-lr",
        "The learning factor is 0.001 whatever is asked for.",
        adam(rates=lambda r: r._replace(lr=0.001)),
    ),
    OptimizerSlip("ascent", "The step is added; it is to be subtracted.", _ascent),
    OptimizerSlip("l2", "The gradient has 0.01 times the parameter added (L2).", _l2),
    OptimizerSlip("decoupled-decay", "The parameter shrinks by lr 0.01 at each step (AdamW).", _decoupled),
    OptimizerSlip("clipped", "Gradients are clipped to 1.", _clipped),
)
