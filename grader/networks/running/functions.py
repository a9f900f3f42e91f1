"""The functions that compiled equations call; a vector lies along the last axis, steps and batches lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Where a value is cut or rounded by hand, what lies this close below a digit is meant to be that digit.
TIE = 1e-9


def sigmoid(u: Array) -> Array:
    """1 / (1 + exp(-u)), without overflow for any u."""
    # Below this, exp(-u) is no float any more, and the sigmoid no more than 1e-307.
    return np.asarray(1.0 / (1.0 + np.exp(-np.maximum(u, -707.0))))


def softmax(u: Array) -> Array:
    """exp(u) over its sum along the last axis; the largest entry is taken off first. Of one it is 1."""
    u = np.atleast_1d(u)
    powers = np.exp(u - u.max(-1, keepdims=True))
    return np.asarray(powers / powers.sum(-1, keepdims=True))


def multiples(u: Array, scale: Array | float, half: float = 0.5) -> Array:
    """Multiples of 1 / scale: the nearest, halves away from zero, or with half = 0 the next towards zero."""
    return np.copysign(np.floor(np.abs(u) * scale + (half + TIE)) / scale, u)


def rounded(u: Array, places: int) -> Array:
    """To a number of decimal places, halves away from zero, as by hand."""
    return multiples(u, 10.0**places)


def cut(u: Array, places: int) -> Array:
    """A number of decimal places kept, the others left off."""
    return multiples(u, 10.0**places, 0.0)


def coarse(u: Array, places: int) -> Array:
    """Rounded to one place fewer."""
    return multiples(u, 10.0 ** (places - 1))


def rounded_to(u: Array, scale: Array) -> Array:
    """Rounded to a whole number of parts.

    Args:
        u: (..., n).
        scale: (..., 1) how many parts make one, such as 100 for two decimal places. Halves go away from zero;
            below zero they go to the even digit; 0 keeps all digits.
    """
    parts = np.abs(u) * np.abs(scale)
    whole = np.floor(parts + 0.5 + TIE)
    is_tie = np.abs(parts + 0.5 - whole) <= TIE
    whole = np.where(is_tie & (scale < 0) & (whole % 2 == 1), whole - 1, whole)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(scale == 0, u, np.copysign(whole / np.abs(scale), u))


def part(v: Array, k: int, n: int) -> Array:
    """The k-th of n equal parts, counted from 1."""
    width = v.shape[-1] // n
    return v[..., (k - 1) * width : k * width]


def pad(v: Array, k: int, n: int) -> Array:
    """The k-th of n equal parts, with zeros in the place of the others."""
    width = v.shape[-1]
    whole = np.zeros((*v.shape[:-1], width * n))
    whole[..., (k - 1) * width : k * width] = v
    return whole


def stack(*vectors: Array) -> Array:
    """Vectors and numbers one after the other."""
    rows = [np.atleast_1d(v) for v in vectors]
    lead = np.broadcast_shapes(*(row.shape[:-1] for row in rows))
    return np.concatenate([np.broadcast_to(row, (*lead, row.shape[-1])) for row in rows], axis=-1)


def piece(index: int, joined: Array, *vectors: Array) -> Array:
    """The entries that the vector of this index has in a stack of these vectors."""
    ends = np.cumsum([0, *(np.atleast_1d(v).shape[-1] for v in vectors)])
    return joined[..., ends[index] : ends[index + 1]]


def fitted(other: Array, own: Array) -> Array:
    """A vector taken in the place of another: as it is, its one entry for all, or its first."""
    n, m = np.shape(other)[-1], np.shape(own)[-1]
    if n in (m, 1):
        return other
    return other[..., :1] if m == 1 else np.full(np.shape(own), np.nan)


def dot(a: Array, b: Array) -> Array:
    """Dot product along the last axis, which is kept."""
    return np.asarray((a * b).sum(-1, keepdims=True))


def outer_total(a: Array, b: Array) -> Array:
    """Outer products a b^T, added up over all steps and sequences: (..., n), (..., m) -> (n, m)."""
    left, right = (v.reshape(-1, v.shape[-1]) for v in _as_wide(a, b))
    return np.asarray(left.T @ right)


def total(v: Array) -> Array:
    """Added up over all steps and sequences: (..., n) -> (n,)."""
    return np.asarray(v.sum(tuple(range(v.ndim - 1))))


def row_outer_totals(a: Array, b: Array) -> Array:
    """`outer_total` of each row: (T, rows, P, n), (T, rows, P, m) -> (rows, n, m), or all without T."""
    left, right = map(_by_row, _as_wide(a, b))
    return np.asarray(left.swapaxes(-1, -2) @ right)


def row_totals(v: Array) -> Array:
    """`total` of each row: (T, rows, P, n) -> (rows, 1, n), or without T."""
    return np.asarray(_by_row(v).sum(-2, keepdims=True))


def _as_wide(a: Array, b: Array) -> tuple[Array, Array]:
    """Both over all steps and sequences that one of them has."""
    if a.shape[:-1] == b.shape[:-1]:
        return a, b
    lead = np.broadcast_shapes(a.shape[:-1], b.shape[:-1])
    return np.broadcast_to(a, (*lead, a.shape[-1])), np.broadcast_to(b, (*lead, b.shape[-1]))


def _by_row(v: Array) -> Array:
    """(T, rows, P, n) -> (rows, P T, n); (rows, P, n) stays."""
    return v if v.ndim < 4 else v.transpose(1, 0, 2, 3).reshape(v.shape[1], -1, v.shape[-1])


def shifted(v: Array, lag: int, start: Array | float, edge: str = "") -> Array:
    """The value of `lag` steps before, at every step.

    Args:
        v: (T, ..., n).
        lag: Below zero: of steps after.
        start: What is read before the first step (after the last one).
        edge: "" for the start value, "hold" for the nearest step's, "wrap" for the other end's.
    """
    if lag == 0:
        return v
    if edge == "wrap":
        return np.roll(v, lag, 0)
    n_steps = len(v)
    count = min(abs(lag), n_steps)
    kept = v[: n_steps - count] if lag > 0 else v[count:]
    if edge == "hold":
        nearest = v[:1] if lag > 0 else v[-1:]
        fill = np.broadcast_to(nearest, (count, *v.shape[1:]))
    else:
        fill = np.broadcast_to(start, (count, *v.shape[1:]))
    return np.concatenate([fill, kept] if lag > 0 else [kept, fill])


def picked(v: Array, pick: str) -> Array:
    """Some steps, sequences or entries of a signal only, or its steps in another order.

    Args:
        v: (T, ..., n).
        pick: As in `Signal.pick`.
    """
    if pick == "reversed":
        return v[::-1]
    if pick in ("first", "last"):
        return np.broadcast_to(v[:1] if pick == "first" else v[-1:], v.shape)
    only = np.zeros_like(v)
    chosen: Any = {
        "last-only": slice(-1, None),
        "first-only": slice(None, 1),
        "first-sequence": (..., slice(None, 1), slice(None)),
        "first-entry": (..., slice(None, 1)),
    }[pick]
    only[chosen] = v[chosen]
    return only


def _over_all(function: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def over_all(first: Array, *others: Array) -> Array:
        for other in others:
            first = function(first, other)
        return first

    return over_all


# By the name that a `Function` node has. Those not in the language are made by mistakes and by gradients.
FUNCTIONS: Mapping[str, Callable[..., Array]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda u: np.maximum(u, 0.0),
    "step": lambda u: np.asarray(u >= 0, dtype=np.float64),
    "sign": np.sign,
    "softmax": softmax,
    "exp": np.exp,
    "log": np.log,
    "abs": np.abs,
    "sqrt": np.sqrt,
    "softplus": lambda u: np.logaddexp(u, 0.0),
    "max": _over_all(np.maximum),
    "min": _over_all(np.minimum),
    "mod": _over_all(np.mod),
    "stack": stack,
    "part": part,
    "pad": pad,
    "positive": lambda u: np.asarray(u > 0, dtype=np.float64),
    "halftanh": lambda u: 2 * sigmoid(u) - 1,
    "dot": dot,
    "total": lambda u: np.asarray(u.sum(-1, keepdims=True)),
    "fitted": fitted,
    "rounded": rounded,
    "rounded-to": rounded_to,
    "cut": cut,
    "coarse": coarse,
    "diagonal": lambda m: m * np.eye(m.shape[-1]),
    "first-row": lambda m: m[..., 0, :],
    "first-entry": lambda v: v[..., :1],
}
# Functions that take the part and the number of parts, or of decimal places, of their node.
WITH_PART_AND_OF = frozenset({"part", "pad"})
WITH_PLACES = frozenset({"rounded", "cut", "coarse"})
