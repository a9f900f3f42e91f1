"""One step of Adam."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.network import Array


class Rates(NamedTuple):
    """What Adam is set to.

    Args:
        lr: Step size alpha.
        beta1: Decay of the mean of gradients.
        beta2: Decay of the mean of squared gradients.
        eps: Added to the square root of the bias-corrected second moment.
    """

    lr: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8


class AdamState(NamedTuple):
    """A parameter with its moments; all three arrays have one shape.

    Args:
        theta: The parameter.
        m: First moment: the running mean of the gradients.
        v: Second moment: the running mean of their squares.
    """

    theta: Array
    m: Array
    v: Array


def adam_step(state: AdamState, gradient: Array, t: int, rates: Rates) -> AdamState:
    """The state after one step; nothing is changed in place.

    m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, and
    theta = theta - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps).

    Here g is the gradient, of theta's shape, and t the number of this step, from 1 on.

    Source: Kingma and Ba (2015), Adam, algorithm 1 (arXiv:1412.6980).
    """
    m = rates.beta1 * state.m + (1 - rates.beta1) * gradient
    v = rates.beta2 * state.v + (1 - rates.beta2) * gradient**2
    m_hat = m / (1 - rates.beta1**t)
    v_hat = v / (1 - rates.beta2**t)
    return AdamState(state.theta - rates.lr * m_hat / (np.sqrt(v_hat) + rates.eps), m, v)
