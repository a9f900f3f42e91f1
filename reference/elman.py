"""The Elman network: the hidden activations are fed back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reference.network import Trace, as_weights, sigmoid, start_value


def elman(
    x: npt.ArrayLike,
    U: npt.ArrayLike,
    W: npt.ArrayLike,
    V: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    h_0: npt.ArrayLike | None = None,
) -> Trace:
    """Hidden activations and outputs of an Elman network.

    h(t) = tanh(U^T x(t) + W^T h(t-1) + b), y(t) = sigmoid(V^T h(t) + c), for t = 1..T.

    Args:
        x: (T, n_in) inputs; T = 0 is allowed.
        U: (n_in, n_h) input weights.
        W: (n_h, n_h) recurrent weights; W[i, j] leads from hidden neuron i to j.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.
        h_0: (n_h,) hidden activations before the first input; zero if left out.

    Returns:
        h (T, n_h) and y (T, n_out), float64.

    Raises:
        ValueError: If the sizes do not fit; names the axis and both sizes.

    Source: CE/CZ4042 Tutorial 8, question 1(a), worked solution.
    """
    net = as_weights(x, U, W, V, b, c, fed_back="n_h")
    n_h, n_out = net.V.shape
    previous = start_value(h_0, "h_0", "n_h", n_h)
    h = np.zeros((len(net.x), n_h))
    y = np.zeros((len(net.x), n_out))
    for t, x_t in enumerate(net.x):
        h[t] = np.tanh(net.U.T @ x_t + net.W.T @ previous + net.b)
        y[t] = sigmoid(net.V.T @ h[t] + net.c)
        previous = h[t]
    return Trace(h, y)
