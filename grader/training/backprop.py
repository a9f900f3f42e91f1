"""Backpropagation through time with one part replaced, and the factors that mistakes in the cost lead to."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from grader.training.task import FloatArray
from reference.bptt import Parameters

FACTORS = 16
"""How many different absolute values `scale_meanings` has, where no two of them happen to be equal."""


class Pass(NamedTuple):
    """One pass through the network, forwards and backwards; each array is (n_seqs, T, size of the layer).

    Args:
        x: Inputs x(t).
        before: Hidden activations h(t-1).
        z: Net inputs of the hidden layer, h = tanh(z).
        h: Hidden activations h(t).
        y: Outputs y(t).
        e: Gradient of the cost by y(t).
        dz: Gradient of the cost by z(t).
        dh_output: The part of the gradient by h(t) that comes through y(t), without later steps.
    """

    x: FloatArray
    before: FloatArray
    z: FloatArray
    h: FloatArray
    y: FloatArray
    e: FloatArray
    dz: FloatArray
    dh_output: FloatArray


def right_error(y: FloatArray, wanted: FloatArray) -> FloatArray:
    """Gradient of the cost at the outputs."""
    return np.asarray(2 * (y - wanted) / (y.shape[0] * y.shape[1]), dtype=np.float64)


def right_sums(one: Pass) -> Parameters:
    """The gradients of the parameters: sums over sequences and steps of a pass."""
    return Parameters(
        U=np.einsum("nti,nth->ih", one.x, one.dz),
        W=np.einsum("nti,nth->ih", one.before, one.dz),
        V=np.einsum("nth,nto->ho", one.h, one.e),
        b=one.dz.sum(axis=(0, 1)),
        c=one.e.sum(axis=(0, 1)),
    )


@dataclass(frozen=True)
class Backprop:
    """A way to compute gradients. The defaults are right; a known mistake replaces one of them.

    Args:
        network: From the parameters to those that are used in their place.
        output: Activation of the output; linear is right.
        first: The first step of the forward pass, from 1; hidden values before it stay zero.
        error: From outputs and targets to the gradient at the outputs.
        slope: Derivative of the hidden activation, from a pass.
        back: From W to what dz(t+1) is multiplied by on its way to h(t).
        keeps_slope: Whether dz, with the derivative in it, is carried back; else the gradient by h is.
        reach: How many steps an error goes back; None for all.
        chunk: Length of the pieces that a sequence is cut into: no error goes back from one piece to another;
            None for one piece.
        path: From the gradients at the outputs to those that reach the hidden layer.
        sums: From a pass to the gradients of the parameters.
    """

    network: Callable[[Parameters], Parameters] = lambda params: params
    output: Callable[[FloatArray], FloatArray] = lambda y: y
    first: int = 1
    error: Callable[[FloatArray, FloatArray], FloatArray] = right_error
    slope: Callable[[Pass], FloatArray] = lambda one: 1 - one.h**2
    back: Callable[[FloatArray], FloatArray] = lambda W: W.T
    keeps_slope: bool = True
    reach: int | None = None
    chunk: int | None = None
    path: Callable[[FloatArray], FloatArray] = lambda e: e
    sums: Callable[[Pass], Parameters] = right_sums

    def gradients(self, x: FloatArray, wanted: FloatArray, params: Parameters) -> Parameters:
        """The gradients that come out.

        Args:
            x: (n_seqs, T, n_in).
            wanted: (n_seqs, T, n_out).
            params: The network.
        """
        _, W, V, _, c = used = self.network(params)
        z, h = self._forwards(x, used)
        y = self.output(h[:, 1:] @ V + c)
        e = self.error(y, wanted)
        dh_output = self.path(e) @ V.T
        one = Pass(x, h[:, :-1], z[:, 1:], h[:, 1:], y, e, np.zeros_like(dh_output), dh_output)
        return self.sums(one._replace(dz=self._backwards(one, self.back(W))))

    def outputs(self, x: FloatArray, params: Parameters) -> FloatArray:
        """The outputs (n_seqs, T, n_out) of the forward pass, mistakes included."""
        used = self.network(params)
        return self.output(self._forwards(x, used)[1][:, 1:] @ used.V + used.c)

    def _forwards(self, x: FloatArray, params: Parameters) -> tuple[FloatArray, FloatArray]:
        """Net inputs z and activations h of the hidden layer, (n_seqs, T + 1, n_h); step 0 is zero."""
        U, W, _, b, _ = params
        n_seqs, T, _ = x.shape
        h, z = np.zeros((2, n_seqs, T + 1, len(b)))
        for t in range(self.first, T + 1):
            z[:, t] = x[:, t - 1] @ U + h[:, t - 1] @ W + b
            h[:, t] = np.tanh(z[:, t])
        return z, h

    def _backwards(self, one: Pass, back: FloatArray) -> FloatArray:
        """The gradient dz (n_seqs, T, n_h), by the chain rule from the final step to the first."""
        slope = self.slope(one)
        if self.reach is not None:
            part = one.dh_output * slope
            dz = part.copy()
            for _ in range(self.reach - 1):
                part = earlier(part @ back) * slope
                dz += part
            return dz
        dz, later = np.zeros_like(slope), np.zeros_like(slope[:, 0])
        for t in reversed(range(slope.shape[1])):
            dh = one.dh_output[:, t] + later @ back
            dz[:, t] = dh * slope[:, t]
            later = dz[:, t] if self.keeps_slope else dh
            if self.chunk is not None and t % self.chunk == 0:
                later = np.zeros_like(later)
        return dz


RIGHT = Backprop()


def earlier(array: FloatArray) -> FloatArray:
    """Values moved one step earlier: at t stands what was at t + 1, and zero at the final step."""
    moved = np.zeros_like(array)
    moved[:, :-1] = array[:, 1:]
    return moved


@functools.lru_cache(maxsize=16)
def scale_meanings(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that mistakes in the cost lead to, with what they mean; the fewest mistakes first."""
    halves = ((1.0, ""), (0.5, "the 2 of the squared error's derivative is missing"))
    sums = (
        (1.0, ""),
        (float(n_seqs), "summed over sequences where the mean is meant"),
        (float(n_steps), "summed over time steps where the mean is meant"),
        (float(n_seqs * n_steps), "summed over sequences and steps where the mean is meant"),
    )
    outputs = ((1.0, ""), (1 / n_out, "averaged over outputs where the sum is meant"))
    signs = ((1.0, ""), (-1.0, "the sign is turned round"))
    found = []
    for parts in itertools.product(halves, sums, outputs, signs):
        texts = [text for _, text in parts if text]
        found.append((float(np.prod([value for value, _ in parts])), ", and ".join(texts)))
    return tuple(sorted(found, key=lambda pair: pair[1].count(", and ") + bool(pair[1])))


@functools.lru_cache(maxsize=16)
def one_scale_meanings(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that one gradient of several may have by itself; what they mean follows "is"."""
    return (
        (1.0, ""),
        (-1.0, "of the wrong sign"),
        (0.5, "half as large as asked"),
        (2.0, "twice as large as asked"),
        (1 / n_seqs, "divided by the number of sequences once more"),
        (1 / n_steps, "divided by the number of steps once more"),
        (1 / (n_seqs * n_steps), "divided by the numbers of sequences and steps once more"),
        (1 / n_out, "divided by the number of outputs"),
        (float(n_seqs), "not divided by the number of sequences"),
        (float(n_steps), "not divided by the number of steps"),
        (float(n_seqs * n_steps), "not divided by the numbers of sequences and steps"),
        (float(n_out), "multiplied by the number of outputs"),
    )
