"""RNN-A and RNN-B, the linear recurrent networks of the MIT recitation, in plain numpy.

RNN-A: s_t = Wss s_{t-1} + Wsx x_t,    g_t = Wo s_t.
RNN-B: s_t = Wssx [s_{t-1}; x_t],      g_t = Wox [s_t; x_t].

Source: MIT 6.390 (spring 2023), recitation 8, question 1; its letters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class Trace(NamedTuple):
    """States s_1..s_T, shape (T, n), and outputs g_1..g_T, shape (T, p)."""

    s: Array
    g: Array


def rnn_a(x: Array, s0: Array, Wss: Array, Wsx: Array, Wo: Array) -> Trace:
    """States and outputs of an RNN-A.

    Args:
        x: (T, m) inputs; T = 0 is allowed.
        s0: (n,) state before the first input.
        Wss: (n, n) state to state.
        Wsx: (n, m) input to state.
        Wo: (p, n) state to output.

    Returns:
        States (T, n) and outputs (T, p).
    """
    s, g = np.zeros((len(x), len(s0))), np.zeros((len(x), len(Wo)))
    s_t = s0
    for t, x_t in enumerate(x):
        s_t = Wss @ s_t + Wsx @ x_t
        s[t], g[t] = s_t, Wo @ s_t
    return Trace(s, g)


def rnn_b(x: Array, s0: Array, Wssx: Array, Wox: Array) -> Trace:
    """States and outputs of an RNN-B, whose output sees the input.

    Args:
        x: (T, m) inputs; T = 0 is allowed.
        s0: (n,) state before the first input.
        Wssx: (n, n + m) state and input to state.
        Wox: (p, n + m) state and input to output.

    Returns:
        States (T, n) and outputs (T, p).
    """
    s, g = np.zeros((len(x), len(s0))), np.zeros((len(x), len(Wox)))
    s_t = s0
    for t, x_t in enumerate(x):
        s_t = Wssx @ np.concatenate([s_t, x_t])
        s[t], g[t] = s_t, Wox @ np.concatenate([s_t, x_t])
    return Trace(s, g)
