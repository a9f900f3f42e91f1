"""The Jordan network: the outputs are fed back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reference.network import Trace, as_weights, sigmoid, start_value


def jordan(
    x: npt.ArrayLike,
    U: npt.ArrayLike,
    W: npt.ArrayLike,
    V: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
    y_0: npt.ArrayLike | None = None,
) -> Trace:
    """Hidden activations and outputs of a Jordan network.

    h(t) = tanh(U^T x(t) + W^T y(t-1) + b), y(t) = sigmoid(V^T h(t) + c), for t = 1..T.

    Args:
        x: (T, n_in) inputs; T = 0 is allowed.
        U: (n_in, n_h) input weights.
        W: (n_out, n_h) recurrent weights; W[k, j] leads from output k to hidden neuron j.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.
        y_0: (n_out,) outputs before the first input; zero if left out.

    Returns:
        h (T, n_h) and y (T, n_out), float64.

    Raises:
        ValueError: If the sizes do not fit; names the axis and both sizes.

    Source: CE/CZ4042 Tutorial 8, question 1(b), worked solution.
    """
    net = as_weights(x, U, W, V, b, c, fed_back="n_out")
    n_h, n_out = net.V.shape
    previous = start_value(y_0, "y_0", "n_out", n_out)
    h = np.zeros((len(net.x), n_h))
    y = np.zeros((len(net.x), n_out))
    for t, x_t in enumerate(net.x):
        h[t] = np.tanh(net.U.T @ x_t + net.W.T @ previous + net.b)
        y[t] = sigmoid(net.V.T @ h[t] + net.c)
        previous = y[t]
    return Trace(h, y)
