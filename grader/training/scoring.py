"""Errors of many trained networks on the same sequences, together.

All networks of a block go through the time steps at once, in float32: one product of [W^T U^T b; V^T 0 c]
with [h(t-1); x(t); 1] gives the next sums and the last outputs, and one tanh the next activations. What comes
out near an edge is computed again in float64, so a mark never depends on the block that a network was in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from grader.training.networks import TrainedNetwork
from grader.training.task import FloatArray, Sequences

# Larger blocks no longer fit the cache, smaller ones pay for every call.
BLOCK = 128
# float32 is off by about 1e-7 here; a thousand times that is far from any edge that matters.
NEAR_EDGE = 1e-4


class Unrolled(NamedTuple):
    """Any of the networks as an Elman network.

    A Jordan network is one: y(t-1) W = h(t-1) V W + c W from the second step on.

    Args:
        U: (n_in, n_h).
        W: (n_h, n_h).
        V: (n_h, n_out).
        b: (n_h,).
        c: (n_out,).
        b_first: (n_h,) bias at the first step.
    """

    U: FloatArray
    W: FloatArray
    V: FloatArray
    b: FloatArray
    c: FloatArray
    b_first: FloatArray


def as_elman(network: TrainedNetwork) -> Unrolled:
    """The Elman network that does the same."""
    U, W, V, b, c = network.params
    if network.cell == "elman":
        return Unrolled(U, W, V, b, c, b)
    return Unrolled(U, V @ W, V, b + c @ W, c, b)


def score_many(
    networks: Sequence[TrainedNetwork], data: Sequences, edges: Sequence[float] = ()
) -> FloatArray:
    """Mean squared error of each output of each network.

    Args:
        networks: Any number, of any sizes that fit the data.
        data: The sequences; steps before `data.start` do not count.
        edges: Sums of errors near which float64 is used.

    Returns:
        (len(networks), n_out), float64; infinite where a network overflows.
    """
    errors = np.empty((len(networks), data.y.shape[-1]))
    for members in _blocks(networks):
        errors[members] = _score_block([as_elman(networks[i]) for i in members], data, np.float32)
    if edges and len(networks):
        gaps = np.abs(errors.sum(axis=1)[:, None] / np.asarray(edges) - 1)
        # Written as "not >" and not as "<=": an overflow in float32 must be looked at again.
        unsure = ~(gaps.min(axis=1) > NEAR_EDGE) | ~np.isfinite(errors).all(axis=1)
        for i in map(int, np.flatnonzero(unsure)):
            errors[i] = _score_block([as_elman(networks[i])], data, np.float64)[0]
    return errors


def predict(network: TrainedNetwork, x: FloatArray) -> FloatArray:
    """Outputs (n_seqs, T, n_out) of one network, float64."""
    with np.errstate(over="ignore", invalid="ignore"):
        y = _outputs([as_elman(network)], x, np.float64)[:, 0]
    return np.asarray(y.transpose(2, 0, 1), dtype=np.float64)


def _blocks(networks: Sequence[TrainedNetwork]) -> Iterator[list[int]]:
    by_size: dict[int, list[int]] = {}
    for i, network in enumerate(networks):
        by_size.setdefault(len(network.params.b), []).append(i)
    for members in by_size.values():
        for at in range(0, len(members), BLOCK):
            yield members[at : at + BLOCK]


def _score_block(block: list[Unrolled], data: Sequences, dtype: type[np.floating]) -> FloatArray:
    wanted = data.y.transpose(1, 2, 0)[data.start :, None].astype(dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        error = _outputs(block, data.x, dtype)[data.start :]
        error -= wanted
        total = np.einsum("tron,tron->ro", error, error).astype(np.float64)
    errors = total / (error.shape[0] * error.shape[3])
    return np.asarray(np.where(np.isnan(errors), np.inf, errors), dtype=np.float64)


def _outputs(block: list[Unrolled], x: FloatArray, dtype: type[np.floating]) -> npt.NDArray[np.floating]:
    """(T, R, n_out, n_seqs) outputs of the R networks of a block."""
    U, W, V, b, c, b_first = (np.stack(arrays) for arrays in zip(*block, strict=True))
    (R, n_h, n_out), (n_seqs, T, n_in) = V.shape, x.shape
    both = np.zeros((R, n_h + n_out, n_h + n_in + 1), dtype)
    both[:, :n_h] = np.concatenate([W.swapaxes(1, 2), U.swapaxes(1, 2), b[:, :, None]], axis=2)
    both[:, n_h:, :n_h] = V.swapaxes(1, 2)
    both[:, n_h:, -1] = c
    inputs = x.transpose(1, 2, 0).astype(dtype)
    state = np.zeros((R, n_h + n_in + 1, n_seqs), dtype)
    state[:, -1] = 1
    made = np.empty((R, n_h + n_out, n_seqs), dtype)
    h, sums = state[:, :n_h], made[:, :n_h]
    y = np.empty((T + 1, R, n_out, n_seqs), dtype)
    for t in range(T):
        state[:, n_h:-1] = inputs[t]
        np.matmul(both, state, out=made)
        y[t] = made[:, n_h:]
        if t == 0:
            sums += (b_first - b).astype(dtype)[:, :, None]
        np.tanh(sums, out=h)
    y[T] = np.matmul(both, state, out=made)[:, n_h:]
    # The product at a step gives the outputs of the step before.
    return y[1:]
