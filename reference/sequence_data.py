"""The sequences that question 2 of the tutorial learns, written out by hand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.network import Array

N_IN, N_OUT = 3, 2
NOISE = 0.1


class Sequences(NamedTuple):
    """Inputs (n_seqs, T, 3) and what is wanted (n_seqs, T, 2)."""

    x: Array
    y: Array


def clean_targets(x: Array) -> Array:
    """The targets without noise.

    y_1(t) = 5 x_1(t) - 0.2 x_3(t-1), y_2(t) = 25 x_2(t-1) x_3(t-3); inputs before the first are zero.

    Args:
        x: (n_seqs, T, 3) inputs.

    Returns:
        (n_seqs, T, 2) targets.

    Source: CE/CZ4042 Tutorial 8, question 2, the formulas (the printed code drops the 0.2).
    """
    y = np.zeros((*x.shape[:2], N_OUT))
    y[:, :, 0] = 5 * x[:, :, 0]
    y[:, 1:, 0] -= 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    return y


def draw(n_seqs: int, T: int, rng: np.random.Generator) -> Sequences:
    """Inputs drawn uniformly from [0, 1], and their targets with noise of standard deviation 0.1."""
    x = rng.random((n_seqs, T, N_IN))
    y = clean_targets(x)
    return Sequences(x, y + NOISE * rng.standard_normal(y.shape))
