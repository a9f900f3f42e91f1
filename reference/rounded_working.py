"""What a person gets who computes a network by hand and rounds intermediate values on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from reference.network import Array, Trace, as_weights, sigmoid


def rounded_traces(
    cell: Literal["elman", "jordan"],
    places: int,
    x: npt.ArrayLike,
    U: npt.ArrayLike,
    W: npt.ArrayLike,
    V: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
) -> tuple[Trace, ...]:
    """What comes out if intermediate values are rounded before they are used again.

    Elman: one trace, with h rounded. Jordan: three traces, with h rounded, with the fed-back y rounded, with
    both. The traces themselves are not rounded: a person would round them last.

    Args:
        cell: What is fed back.
        places: Decimal places of the intermediate values.
        x: (T, n_in) inputs.
        U: (n_in, n_h) input weights.
        W: (n_h, n_h) or, for Jordan, (n_out, n_h) recurrent weights.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.

    Raises:
        ValueError: If the sizes do not fit.
    """
    net = as_weights(x, U, W, V, b, c, fed_back="n_h" if cell == "elman" else "n_out")

    def rounded(values: Array) -> Array:
        return np.round(values, places)

    def kept(values: Array) -> Array:
        return values

    def unroll(of_h: Callable[[Array], Array], of_y: Callable[[Array], Array]) -> Trace:
        back = np.zeros(len(net.W))
        hs, ys = np.zeros((len(net.x), len(net.b))), np.zeros((len(net.x), len(net.c)))
        for t, x_t in enumerate(net.x):
            hs[t] = np.tanh(net.U.T @ x_t + net.W.T @ back + net.b)
            h = of_h(hs[t])
            ys[t] = sigmoid(net.V.T @ h + net.c)
            back = h if cell == "elman" else of_y(ys[t])
        return Trace(hs, ys)

    if cell == "elman":
        return (unroll(rounded, kept),)
    return (unroll(rounded, kept), unroll(kept, rounded), unroll(rounded, rounded))
