"""Adam as a rule for one array: its accepted forms, and Adam with one part replaced, for known mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec
import numpy as np
from msgspec.structs import replace

from grader.training.task import FloatArray
from reference.adam import AdamState, Rates, adam_step

Memory: TypeAlias = dict[str, FloatArray]


class ArrayStep(msgspec.Struct, frozen=True):
    """All that a step of one array depends on.

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
    index: int
    count: int
    memory: Memory


Rule: TypeAlias = Callable[[ArrayStep], AdamState]
Pair: TypeAlias = tuple[FloatArray, FloatArray]


def first_moment(s: ArrayStep) -> FloatArray:
    """The new m."""
    return s.rates.beta1 * s.state.m + (1 - s.rates.beta1) * s.g


def second_moment(s: ArrayStep) -> FloatArray:
    """The new v."""
    return s.rates.beta2 * s.state.v + (1 - s.rates.beta2) * s.g**2


def corrected(m: FloatArray, v: FloatArray, t: float, r: Rates) -> Pair:
    """Both moments, corrected for their start at zero."""
    return m / (1 - r.beta1**t), v / (1 - r.beta2**t)


def update(m_hat: FloatArray, v_hat: FloatArray, r: Rates) -> FloatArray:
    """What is subtracted, from the corrected moments."""
    return np.asarray(r.lr * m_hat / (np.sqrt(v_hat) + r.eps))


def adam(
    m_of: Callable[[ArrayStep], FloatArray] = first_moment,
    v_of: Callable[[ArrayStep], FloatArray] = second_moment,
    t_of: Callable[[ArrayStep], float] = lambda s: s.t,
    hat: Callable[[FloatArray, FloatArray, float, Rates], Pair] = corrected,
    update: Callable[[FloatArray, FloatArray, Rates], FloatArray] = update,
    rates: Callable[[Rates], Rates] | None = None,
) -> Rule:
    """Adam with some parts replaced.

    Args:
        m_of: The new first moment.
        v_of: The new second moment.
        t_of: The step's number in the correction.
        hat: Corrected moments from m, v, t and the settings.
        update: What is subtracted, from the corrected moments.
        rates: The settings that are really used; as given if left out.
    """

    def rule(step: ArrayStep) -> AdamState:
        s = step if rates is None else replace(step, rates=rates(step.rates))
        m, v = m_of(s), v_of(s)
        return AdamState(s.state.theta - update(*hat(m, v, t_of(s), s.rates), s.rates), m, v)

    return rule


def right(s: ArrayStep) -> AdamState:
    """Adam as the paper's algorithm and torch have it."""
    return adam_step(s.state, s.g, s.t, s.rates)


def paper_eps(s: ArrayStep) -> AdamState:
    """The form with both corrections in the step size: eps is added to the root of the uncorrected v."""
    m, v, r = first_moment(s), second_moment(s), s.rates
    lr_t = r.lr * np.sqrt(1 - r.beta2**s.t) / (1 - r.beta1**s.t)
    return AdamState(s.state.theta - lr_t * m / (np.sqrt(v) + r.eps), m, v)


def with_eps(rule: Rule, eps: float) -> Rule:
    """The rule with a fixed eps, whatever was asked for."""
    return lambda s: rule(replace(s, rates=s.rates._replace(eps=eps)))


KERAS_EPS = 1e-7
RIGHT_FORMS: dict[str, Rule] = {
    "torch": right,
    "paper": paper_eps,
    "keras": with_eps(right, KERAS_EPS),
    "keras-paper": with_eps(paper_eps, KERAS_EPS),
}
KERAS_FORMS = ("keras", "keras-paper")
