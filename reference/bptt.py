"""Backpropagation through time for an Elman network with a linear output, many sequences at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reference.network import Array, bind_sizes

AXES = {
    "U": ("n_in", "n_h"),
    "W": ("n_h", "n_h"),
    "V": ("n_h", "n_out"),
    "b": ("n_h",),
    "c": ("n_out",),
}


class Parameters(NamedTuple):
    """The trained arrays; also used for their gradients or moments, which have the same shapes.

    Args:
        U: (n_in, n_h) input weights.
        W: (n_h, n_h) recurrent weights; W[i, j] leads from hidden neuron i to j.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.
    """

    U: Array
    W: Array
    V: Array
    b: Array
    c: Array


class Activations(NamedTuple):
    """What the network computed at every step of every sequence.

    Args:
        h: (n_seqs, T, n_h) hidden activations.
        y: (n_seqs, T, n_out) outputs.
    """

    h: Array
    y: Array


def forward(x: npt.ArrayLike, params: Parameters) -> Activations:
    """Hidden activations and outputs for many sequences.

    h(t) = tanh(x(t) U + h(t-1) W + b), y(t) = h(t) V + c, h(0) = 0.

    Args:
        x: (n_seqs, T, n_in) inputs.
        params: The network.

    Raises:
        ValueError: If the sizes do not fit; names the axis and both sizes.

    Source: CE/CZ4042 Tutorial 8, question 2, the printed code (hidden recurrence, linear output).
    """
    U, W, V, b, c = params
    inputs = np.asarray(x, dtype=np.float64)
    arrays = {**params._asdict(), "x": inputs}
    bind_sizes(arrays, {**AXES, "x": ("n_seqs", "T", "n_in")})
    n_seqs, T, _ = inputs.shape
    h = np.zeros((n_seqs, T, len(b)))
    h_t = np.zeros((n_seqs, len(b)))
    for t in range(T):
        h_t = np.tanh(inputs[:, t] @ U + h_t @ W + b)
        h[:, t] = h_t
    return Activations(h, h @ V + c)


def cost(y: Array, wanted: Array) -> float:
    """Mean over sequences and steps of the squared error, summed over outputs.

    Args:
        y: (n_seqs, T, n_out) outputs.
        wanted: (n_seqs, T, n_out) targets.

    Source: CE/CZ4042 Tutorial 8, question 2, `cost` in the printed code.
    """
    return float(np.mean(np.sum((y - wanted) ** 2, axis=2)))


def bptt(x: npt.ArrayLike, wanted: npt.ArrayLike, params: Parameters) -> Parameters:
    """Gradients of the cost.

    e(t) = 2 (y(t) - wanted(t)) / (n_seqs T) is the gradient by y(t), and dz(t) that by what stands under the
    tanh: dz(t) = (1 - h(t)^2) (e(t) V^T + dz(t+1) W^T), the first product entry by entry. Summed over
    sequences and steps, dU = x(t)^T dz(t), dW = h(t-1)^T dz(t), dV = h(t)^T e(t), db = dz(t), dc = e(t).

    Args:
        x: (n_seqs, T, n_in) inputs.
        wanted: (n_seqs, T, n_out) targets.
        params: The network.

    Returns:
        One gradient for each parameter, of its shape, float64.
    """
    inputs, targets = np.asarray(x, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    h, y = forward(inputs, params)
    n_seqs, T, _ = inputs.shape
    e = 2 * (y - targets) / (n_seqs * T)
    from_output = e @ params.V.T
    dz = np.zeros_like(h)
    later = np.zeros_like(h[:, 0])
    for t in reversed(range(T)):
        later = (1 - h[:, t] ** 2) * (from_output[:, t] + later @ params.W.T)
        dz[:, t] = later
    return Parameters(
        U=np.einsum("nti,nth->ih", inputs, dz),
        W=np.einsum("nti,nth->ih", h[:, :-1], dz[:, 1:]),
        V=np.einsum("nth,nto->ho", h, e),
        b=dz.sum(axis=(0, 1)),
        c=e.sum(axis=(0, 1)),
    )
