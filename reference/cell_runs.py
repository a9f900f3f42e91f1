"""Runs many cells (`reference.cell.Cell`) on the weights and inputs of one network.

The known mistakes and their pairs are some hundred cells on one small network: one array operation for all of
them costs hardly more than for one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import NamedTuple, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from reference.cell import Activation, Cell, Inputs, Start
from reference.network import Array, Trace, Weights, sigmoid, softmax

T = TypeVar("T", bound=Hashable)

ACTIVATIONS: dict[Activation, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "linear": lambda u: u,
    "relu": lambda u: np.maximum(u, 0.0),
    "half-tanh": lambda u: 2.0 * sigmoid(u) - 1.0,
    "mirrored-sigmoid": lambda u: sigmoid(-u),
    "step": lambda u: (u >= 0).astype(np.float64),
    "softmax": softmax,
}
BIAS_FACTORS = {"added": 1.0, "missing": 0.0, "subtracted": -1.0}
# A tie in decimals, or a number with few decimals, may be missed by this much in binary.
TIE = 1e-9
STARTS: dict[Start, float] = {"zeros": 0.0, "ones": 1.0, "halves": 0.5}


class Change(NamedTuple):
    """A function, and the indices of the cells to whose rows it is applied."""

    cells: npt.NDArray[np.intp]
    function: Callable[[Array], Array]


def run_cell(cell: Cell, net: Weights, other_W: Array | None = None) -> Trace:
    """What one cell does; h (T, n_h) and y (T, n_out), as in `run_cells`."""
    h, y = run_cells((cell,), net, other_W)
    return Trace(h[0], y[0])


def run_cells(cells: Sequence[Cell], net: Weights, other_W: Array | None = None) -> Trace:
    """What each cell does with the network's weights and inputs.

    h(t) = phi(U^T x(t) + W^T s(t-1) + b), y(t) = psi(V^T h(t) + c), where s is h or y. In the code u and v
    are what phi and psi are taken of. All cells are computed in every way and the switches, as 0 and 1,
    choose; s has max(n_h, n_out) entries, the spare ones zero, so that h and y fit in one array.

    Args:
        cells: K cells.
        net: Weights and inputs; T steps, n_h hidden neurons, n_out outputs.
        other_W: The matrix for `weights="other"`; the network's own if left out.

    Returns:
        h (K, T, n_h) and y (K, T, n_out); NaN throughout for a cell that cannot be run with such sizes.
    """
    n_h, n_out = net.V.shape
    K, n_steps, width = len(cells), len(net.x), max(n_h, n_out)
    W = np.stack([_recurrent(cell, net, other_W, width) for cell in cells])
    orders = {order: _inputs(order, net.x) @ net.U for order in get_args(Inputs)}
    b = np.stack([_bias(cell.b, net.b, net.c, net) for cell in cells])
    c = np.stack([_bias(cell.c, net.c, net.b, net) for cell in cells])
    drive = np.stack([orders[cell.inputs] for cell in cells]) + b[:, None, :]
    last = older = np.stack([_start(cell, net, width) for cell in cells])
    inside, accumulated, late, before, thresholded, from_hidden, from_previous = (
        np.array([[is_on] for is_on in column]) for column in zip(*map(_switches, cells), strict=True)
    )
    phi, psi = _activations(cell.hidden for cell in cells), _activations(cell.output for cell in cells)
    keep_h, keep_fed, keep_y = (
        _roundings((getattr(cell, field), cell.places) for cell in cells)
        for field in ("h_digits", "fed_digits", "y_digits")
    )

    h, y = np.zeros((K, n_steps, n_h)), np.zeros((K, n_steps, n_out))
    # h(0) is one value, also where it is added to h(1) or where y(1) is computed from it.
    h_t = from_hidden * last[:, :n_h]
    with np.errstate(over="ignore", invalid="ignore"):
        for t in range(n_steps):
            feedback = np.einsum("kn,knh->kh", np.where(late, older, last), W)
            u = drive[:, t] + inside * feedback
            h_before = h_t
            h_t = _changed(u, phi) + ~inside * feedback + accumulated * h_t
            h_t = _changed(h_t, keep_h)
            v = np.einsum("kh,ho->ko", np.where(from_previous, h_before, h_t), net.V) + c
            y_t = _changed(_changed(v, psi), keep_y)
            fed = np.zeros((K, width))
            fed[:, :n_h] = from_hidden * np.where(before, u, h_t)
            fed[:, :n_out] += ~from_hidden * np.where(before, v, y_t)
            last, older = _changed(np.where(thresholded, fed >= 0.5, fed), keep_fed), last
            h[:, t], y[:, t] = h_t, y_t
    is_final_repeated = np.array([cell.is_final_repeated for cell in cells])
    y[is_final_repeated] = y[is_final_repeated, -1:]
    is_reversed = np.array([cell.is_reversed for cell in cells])
    y[is_reversed] = y[is_reversed, ::-1]
    return Trace(h, y)


def _switches(cell: Cell) -> tuple[bool, ...]:
    """The settings that are on or off, in the order in which `run_cells` unpacks them."""
    return (
        cell.is_inside,
        cell.is_accumulated,
        cell.lag == 2,
        cell.signal == "preactivation",
        cell.signal == "threshold",
        cell.fed_back == "hidden",
        cell.output_reads == "before",
    )


def _recurrent(cell: Cell, net: Weights, other_W: Array | None, width: int) -> Array:
    """The matrix (width, n_h) that takes s(t-1) into the hidden layer; rows of spare entries are zero.

    All NaN where the cell's matrix does not have the size that its feedback needs.
    """
    n_h, n_out = net.V.shape
    size = n_h if cell.fed_back == "hidden" else n_out
    W = net.W if cell.weights == "own" or other_W is None else other_W
    filled = np.zeros((width, n_h))
    if cell.W == "absent":
        return filled
    if cell.W in ("diagonal", "first-row"):
        W = np.diag(np.diag(W) if cell.W == "diagonal" else W[0])
    if cell.W == "as-written":
        W = W.T
    if W.shape != (size, n_h):
        return np.full((width, n_h), np.nan)
    filled[:size] = -W if cell.W == "negated" else W
    return filled


def _bias(use: str, own: Array, other: Array, net: Weights) -> Array:
    """A bias as the cell uses it: with a sign, left out, or the other layer's in its place."""
    if use in BIAS_FACTORS:
        return own * BIAS_FACTORS[use]
    if len(own) == len(other):
        return other
    # One output bias fits every hidden neuron; the other way round the first is as good a guess as any.
    return np.full(len(own), other[0] if len(net.c) == 1 else np.nan)


def _inputs(order: Inputs, x: Array) -> Array:
    """What is used for x(1)..x(T), of the same shape."""
    nothing = np.zeros_like(x[:1])
    match order:
        case "next":
            return np.concatenate((x[1:], nothing))
        case "next-wrapped":
            return np.concatenate((x[1:], x[:1]))
        case "previous":
            return np.concatenate((nothing, x[:-1]))
        case "first":
            return np.concatenate([x[:1]] * len(x) or [x])
        case "reversed":
            return x[::-1]
    return x


def _start(cell: Cell, net: Weights, width: int) -> Array:
    """(width,) what is fed back at the first step."""
    bias, activation = (net.b, np.tanh) if cell.fed_back == "hidden" else (net.c, sigmoid)
    filled = np.zeros(width)
    filled[: len(bias)] = activation(bias) if cell.start == "activated-bias" else STARTS[cell.start]
    return filled


def _activations(names: Iterator[Activation]) -> list[Change]:
    return [Change(cells, ACTIVATIONS[name]) for name, cells in _indices_of(names)]


def _roundings(digits: Iterator[tuple[str, int]]) -> list[Change]:
    return [
        Change(cells, _rounding(kept, places))
        for (kept, places), cells in _indices_of(digits)
        if kept != "all"
    ]


def _rounding(kept: str, places: int) -> Callable[[Array], Array]:
    scale = 10.0 ** (places - (kept == "coarse"))
    up = TIE if kept == "cut" else 0.5 + TIE
    return lambda values: np.copysign(np.floor(np.abs(values) * scale + up) / scale, values)


def _indices_of(items: Iterator[T]) -> list[tuple[T, npt.NDArray[np.intp]]]:
    """Each different item, and the indices at which it stands."""
    found: dict[T, list[int]] = {}
    for k, item in enumerate(items):
        found.setdefault(item, []).append(k)
    return [(item, np.array(cells)) for item, cells in found.items()]


def _changed(values: Array, changes: list[Change]) -> Array:
    """A copy of (K, n) values in which each change is made to the rows of its cells."""
    changed = values.copy()
    for change in changes:
        changed[change.cells] = change.function(values[change.cells])
    return changed
