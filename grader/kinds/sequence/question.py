"""What a sequence question is given, what it asks for, and what is right in it."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import numpy as np

from grader.model.kind import Asks, Params
from grader.networks.forward import FORWARD_PASS, Matrix, Network, Vector
from reference.network import Array, Trace, Weights, as_weights
from reference.rounded_working import rounded_traces

MAX_PLACES = 8
Table: TypeAlias = tuple[tuple[Fraction, ...], ...]


class SequenceParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `sequence`.

    Args:
        cell: What is fed back: hidden activations (elman) or outputs (jordan).
        places: Decimal places asked for.
        x: (T, n_in) inputs.
        U: (n_in, n_h) input weights.
        W: (n_h, n_h) recurrent weights; (n_out, n_h) for a Jordan network.
        V: (n_h, n_out) output weights.
        b: (n_h,) hidden bias.
        c: (n_out,) output bias.
        other_W: W of the sheet's network of the other kind, to recognise an answer to that question.
        slip_credit: Least share for an answer that one known mistake explains; its square for two mistakes.
    """

    cell: Network
    places: int = 2
    x: Matrix
    U: Matrix
    W: Matrix
    V: Matrix
    b: Vector
    c: Vector
    other_W: Matrix | None = None
    slip_credit: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if not 0 <= self.places <= MAX_PLACES:
            raise ValueError(f"places is {self.places}; wanted 0 to {MAX_PLACES}")
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        if not self.x:
            raise ValueError("x is empty; wanted at least one step")
        if not self.b or not self.c:
            raise ValueError("b or c is empty; wanted at least one hidden neuron and one output")
        if not np.isfinite(trace(self).y).all():
            raise ValueError("a number that is not finite")
        if self.other_W is not None:
            wanted = (len(self.c) if self.cell == "elman" else len(self.b), len(self.b))
            if {len(row) for row in self.other_W} != {wanted[1]} or len(self.other_W) != wanted[0]:
                raise ValueError(f"other_W: wanted {wanted[0]} x {wanted[1]} numbers")


class Expected(NamedTuple):
    """What is right: y and h at full precision, and as pairs (y, h) where values are rounded on the way."""

    y: Table
    h: Table
    rounded: tuple[tuple[Table, Table], ...]


def asks(params: SequenceParams) -> Asks:
    """The outputs; hidden activations as intermediate values where they are given."""
    return Asks(fields=("y",), optional=("h",))


def trace(params: SequenceParams) -> Trace:
    """Hidden activations and outputs at full precision."""
    return FORWARD_PASS[params.cell](params.x, params.U, params.W, params.V, params.b, params.c)


@functools.lru_cache(maxsize=64)
def network_of(params: SequenceParams) -> Weights:
    """The question's weights and inputs as arrays."""
    fed_back = "n_h" if params.cell == "elman" else "n_out"
    return as_weights(params.x, params.U, params.W, params.V, params.b, params.c, fed_back)


@functools.lru_cache(maxsize=64)
def expected(params: SequenceParams) -> Expected:
    """What is right; computed once for an exercise."""
    right = trace(params)
    weights = (params.x, params.U, params.W, params.V, params.b, params.c)
    rounded = rounded_traces(params.cell, params.places, *weights)
    return Expected(
        _exact(right.y), _exact(right.h), tuple((_exact(one.y), _exact(one.h)) for one in rounded)
    )


def _exact(array: Array) -> Table:
    return tuple(tuple(Fraction(float(value)) for value in row) for row in array)
