"""Full-batch training with Adam, for one network or for many that start differently, as fast as numpy goes.

The last axis of every array goes over sequences, and arrays that are used together lie in one. Forward,
S(t) = [h(t-1); x(t); 1] needs one product and one tanh a step; backward, G(t) = [dz(t+1); e(t)] needs one
product and one multiplication; each gradient is one product an epoch. One run and many are the same code:
many have one more axis, in front. What the letters mean: `reference.bptt`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reference.adam import Rates
from reference.bptt import Parameters

ADAM = Rates()


class Trained(NamedTuple):
    """The trained weights, and how the cost went down.

    Args:
        params: After the last epoch; with a leading axis R where R networks were trained together.
        losses: (n_epochs,) or (n_epochs, R): the cost before each epoch's step.
    """

    params: Parameters
    losses: npt.NDArray[np.floating]


def glorot(rng: np.random.Generator, n_in: int, n_h: int, n_out: int, runs: int | None = None) -> Parameters:
    """Starting weights: uniform in +-sqrt(6 / (rows + columns)), biases zero.

    Args:
        rng: Where the numbers come from.
        n_in: Inputs.
        n_h: Hidden neurons.
        n_out: Outputs.
        runs: Number of networks, as a leading axis; None for one without that axis.

    Source: Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural
    networks, "normalized initialization".
    """
    lead = () if runs is None else (runs,)

    def uniform(rows: int, columns: int) -> npt.NDArray[np.float64]:
        edge = np.sqrt(6 / (rows + columns))
        return rng.uniform(-edge, edge, (*lead, rows, columns))

    return Parameters(
        uniform(n_in, n_h),
        uniform(n_h, n_h),
        uniform(n_h, n_out),
        np.zeros((*lead, n_h)),
        np.zeros((*lead, n_out)),
    )


def train(
    x: npt.ArrayLike,
    wanted: npt.ArrayLike,
    start: Parameters,
    n_epochs: int,
    rates: Rates = ADAM,
    dtype: type[np.floating] = np.float64,
) -> Trained:
    """Train by full-batch Adam on the cost of `reference.bptt.cost`.

    Args:
        x: (n_seqs, T, n_in) inputs.
        wanted: (n_seqs, T, n_out) targets.
        start: Starting weights, all with one leading axis R or all without; left as they are.
        n_epochs: Steps to make.
        rates: Settings of Adam.
        dtype: Of all arithmetic; float32 is quicker only for many networks at once.
    """
    run = FusedRun(np.asarray(x), np.asarray(wanted), start, dtype)
    losses = np.empty((n_epochs, *run.lead), dtype)
    for epoch in range(n_epochs):
        losses[epoch] = run.forward()
        run.backward()
        run.step(epoch + 1, rates)
    return Trained(run.params(), losses)


class FusedRun:
    """The arrays of a training run, made once and used again in every epoch.

    An epoch is `forward`, `backward`, `step`, in this order: each works on what the one before left.

    Args:
        x: (n_seqs, T, n_in).
        wanted: (n_seqs, T, n_out).
        start: Starting weights.
        dtype: Of all arithmetic.
    """

    def __init__(
        self,
        x: npt.NDArray[np.floating],
        wanted: npt.NDArray[np.floating],
        start: Parameters,
        dtype: type[np.floating],
    ) -> None:
        self.lead = start.b.shape[:-1]
        self.n_seqs, self.T, self.n_in = x.shape
        self.n_h, self.n_out = start.V.shape[-2:]
        width = self.n_h + self.n_in + 1
        self.S = np.zeros((self.T + 1, *self.lead, width, self.n_seqs), dtype)
        self.S[..., -1, :] = 1
        inputs = np.moveaxis(x, 0, -1).reshape(self.T, *(1,) * len(self.lead), self.n_in, self.n_seqs)
        self.S[:-1, ..., self.n_h : -1, :] = inputs
        self.G = np.zeros((self.T + 1, *self.lead, self.n_h + self.n_out, self.n_seqs), dtype)
        self.wanted = np.moveaxis(wanted, 2, 0).swapaxes(1, 2).reshape(self.n_out, -1).astype(dtype)
        self.n_A = self.n_h * width
        n_params = self.n_A + self.n_out * (self.n_h + 1)
        self.theta, self.gradient, self.m, self.v, self.scratch = np.zeros((5, *self.lead, n_params), dtype)
        self.A, self.C = self.split(self.theta)
        self.dA, self.dC = self.split(self.gradient)
        self.B = np.zeros((*self.lead, self.n_h, self.n_h + self.n_out), dtype)
        self.slope = np.zeros((self.T, *self.lead, self.n_h, self.n_seqs), dtype)
        self.product = np.zeros((*self.lead, self.n_h, self.n_seqs), dtype)
        self.flat_S = np.zeros((*self.lead, width, (self.T + 1) * self.n_seqs), dtype)
        self.error = np.zeros((*self.lead, self.n_out, self.T * self.n_seqs), dtype)
        self.load(start)

    def split(self, flat: npt.NDArray[np.floating]) -> tuple[npt.NDArray[np.floating], ...]:
        """Views of a flat parameter array: A = [W^T U^T b] and C = [V^T c]."""
        first, second = flat[..., : self.n_A], flat[..., self.n_A :]
        return (
            first.reshape(*self.lead, self.n_h, -1),
            second.reshape(*self.lead, self.n_out, -1),
        )

    def load(self, start: Parameters) -> None:
        """Take the starting weights."""
        self.A[..., : self.n_h] = start.W.swapaxes(-1, -2)
        self.A[..., self.n_h : -1] = start.U.swapaxes(-1, -2)
        self.A[..., -1] = start.b
        self.C[..., :-1] = start.V.swapaxes(-1, -2)
        self.C[..., -1] = start.c

    def params(self) -> Parameters:
        """The weights as they are now, copied."""
        return Parameters(
            U=self.A[..., self.n_h : -1].swapaxes(-1, -2).astype(np.float64),
            W=self.A[..., : self.n_h].swapaxes(-1, -2).astype(np.float64),
            V=self.C[..., :-1].swapaxes(-1, -2).astype(np.float64),
            b=self.A[..., -1].astype(np.float64),
            c=self.C[..., -1].astype(np.float64),
        )

    def forward(self) -> npt.NDArray[np.floating]:
        """The cost, of shape `lead`; fills `S`, `flat_S` (its steps side by side) and `error`."""
        A, S, n_h = np.ascontiguousarray(self.A), self.S, self.n_h
        matmul, tanh, z = np.matmul, np.tanh, self.product
        for t in range(self.T):
            matmul(A, S[t], out=z)
            tanh(z, out=S[t + 1][..., :n_h, :])
        self.flat_S.reshape(*S.shape[1:-1], self.T + 1, self.n_seqs)[...] = np.moveaxis(S, 0, -2)
        h = self.flat_S[..., : self.n_h, self.n_seqs :]
        matmul(self.C[..., :-1], h, out=self.error)
        self.error += self.C[..., -1:]
        self.error -= self.wanted
        total = np.einsum("...oi,...oi->...", self.error, self.error)
        return np.asarray(total / (self.T * self.n_seqs))

    def backward(self) -> None:
        """Fills `gradient` from what `forward` left; the errors are scaled in place."""
        n_h, G, B = self.n_h, self.G, self.B
        self.error *= 2 / (self.T * self.n_seqs)
        by_step = self.error.reshape(*self.lead, self.n_out, self.T, self.n_seqs)
        G[1:, ..., n_h:, :] = np.moveaxis(by_step, -2, 0)
        B[..., :n_h] = self.A[..., :n_h].swapaxes(-1, -2)
        B[..., n_h:] = self.C[..., :n_h].swapaxes(-1, -2)
        h = self.S[1:, ..., :n_h, :]
        np.multiply(h, h, out=self.slope)
        np.subtract(1, self.slope, out=self.slope)
        matmul, multiply, product, slope = np.matmul, np.multiply, self.product, self.slope
        for t in range(self.T - 1, -1, -1):
            matmul(B, G[t + 1], out=product)
            multiply(product, slope[t], out=G[t][..., :n_h, :])
        dz = np.moveaxis(G[:-1, ..., :n_h, :], 0, -2).reshape(*self.lead, n_h, -1)
        self.dA[...] = dz @ self.flat_S[..., : -self.n_seqs].swapaxes(-1, -2)
        later = self.flat_S[..., self.n_seqs :]
        self.dC[..., :-1] = self.error @ later[..., :n_h, :].swapaxes(-1, -2)
        self.dC[..., -1] = self.error.sum(axis=-1)

    def step(self, t: int, rates: Rates) -> None:
        """One step of Adam, in place: the same as `reference.adam`."""
        g, m, v, scratch = self.gradient, self.m, self.v, self.scratch
        m *= rates.beta1
        np.multiply(g, 1 - rates.beta1, out=scratch)
        m += scratch
        np.multiply(g, g, out=scratch)
        scratch *= 1 - rates.beta2
        v *= rates.beta2
        v += scratch
        np.divide(v, 1 - rates.beta2**t, out=scratch)
        np.sqrt(scratch, out=scratch)
        scratch += rates.eps
        np.divide(m, scratch, out=scratch)
        scratch *= rates.lr / (1 - rates.beta1**t)
        self.theta -= scratch
