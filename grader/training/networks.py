"""Trained networks: read by name, with rows or columns, Elman or Jordan, and run, many of them together.

All networks of a block go through the time steps at once, in float32: one product of [W^T U^T b; V^T 0 c]
with [h(t-1); x(t); 1] gives the next sums and the last outputs, and one tanh the next activations. What comes
out near an edge is computed again in float64, so a mark never depends on the block that a network was in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Fields, Items, Value
from grader.training.task import FloatArray, Sequences
from reference.bptt import Parameters

NAMES = Parameters._fields
MATRICES = ("U", "W", "V")
# A network of the exercise has five hidden neurons; more than this is no weight matrix.
MAX_HIDDEN = 256
# Larger blocks no longer fit the cache, smaller ones pay for every call.
BLOCK = 128
# float32 is off by about 1e-7 here; a thousand times that is far from any edge that matters.
NEAR_EDGE = 1e-4

Cell: TypeAlias = Literal["elman", "jordan"]
Layout: TypeAlias = Literal["rows", "columns", "mixed"]


class TrainedNetwork(NamedTuple):
    """A network in rows: W[i, j] leads from i to j.

    Args:
        params: float64; W is (n_h, n_h) for an Elman network, (n_out, n_h) for a Jordan network.
        cell: What W feeds back.
        layout: How U and V were given.
        missing: Biases that were not there and count as zero.
    """

    params: Parameters
    cell: Cell = "elman"
    layout: Layout = "rows"
    missing: tuple[str, ...] = ()


def arrays_of(value: Value, where: str, needed: tuple[str, ...] = NAMES) -> dict[str, FloatArray]:
    """The arrays U, W, V, b, c of a dict, a namespace, or a list in this order.

    Args:
        value: A dict, a namespace, or a list.
        where: What it is, for messages.
        needed: Names that must be there.

    Raises:
        Unreadable: If it is no such object, a name is missing, or something is no table of numbers.
    """
    hint = f"wanted a dict with the keys {', '.join(NAMES)}"
    match value:
        case Fields(fields=fields):
            found = {_plain_name(name): field for name, field in fields.items()}
        case Items(items=items) if len(items) == len(NAMES):
            found = dict(zip(NAMES, items, strict=True))
        case _:
            raise Unreadable(f"{describe(value)} where weights were wanted", hint, where, "not-weights")
    lacking = [name for name in needed if name not in found]
    if lacking:
        raise Unreadable(f"{' and '.join(lacking)} not there", hint, where, "missing-weight")
    return {name: to_numpy(found[name], name) for name in NAMES if name in found}


def _plain_name(name: str) -> str:
    """U for U, dU, grad_U; b for b and B."""
    for start in ("grad_", "d_", "d"):
        if name.startswith(start) and len(name) == len(start) + 1:
            name = name[-1]
    known = {one.lower(): one for one in NAMES}
    return known.get(name.lower(), name)


def read_network(value: Value, n_in: int, n_out: int, where: str) -> TrainedNetwork:
    """The network of an answer.

    Args:
        value: Its weights.
        n_in: Inputs it must have.
        n_out: Outputs it must have.
        where: The field's name, for messages.

    Raises:
        Unreadable: If a number is not finite ("not-finite") or the shapes are no network ("shape").
    """
    arrays = arrays_of(value, where, MATRICES)
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            hint = "training may have diverged: look at the loss, or keep the best weights"
            raise Unreadable("it has an entry that is not a finite number", hint, name, "not-finite")
    matrices = {name: _matrix(arrays[name], name) for name in MATRICES}
    n_h = _hidden_size(arrays, matrices, n_in)
    U, U_layout = _in_rows(matrices["U"], n_in, n_h, "U", "inputs", "hidden neurons")
    V, V_layout = _in_rows(matrices["V"], n_h, n_out, "V", "hidden neurons", "outputs")
    # Square matrices say nothing; the other one decides.
    layouts = {one for one in (U_layout, V_layout) if one is not None} or {"rows"}
    layout: Layout = "mixed" if len(layouts) > 1 else "columns" if "columns" in layouts else "rows"
    if layout == "columns":
        U, V = (U if U_layout else U.T), (V if V_layout else V.T)
    W, cell = _recurrent(matrices["W"], n_h, n_out, layout)
    b = _bias(arrays.get("b"), n_h, "b", "hidden neuron")
    c = _bias(arrays.get("c"), n_out, "c", "output")
    missing = tuple(name for name in ("b", "c") if name not in arrays)
    return TrainedNetwork(Parameters(U, W, V, b, c), cell, layout, missing)


def _matrix(array: FloatArray, name: str) -> FloatArray:
    if array.ndim != 2 or not all(1 <= size <= MAX_HIDDEN for size in array.shape):
        raise Unreadable(f"its shape is {array.shape}; a matrix was wanted", None, name, "shape")
    return array


def _hidden_size(arrays: dict[str, FloatArray], matrices: dict[str, FloatArray], n_in: int) -> int:
    if "b" in arrays and arrays["b"].size:
        return int(arrays["b"].size)
    first, second = matrices["U"].shape
    return int(second if first == n_in else first)


def _in_rows(
    matrix: FloatArray, rows: int, columns: int, name: str, from_units: str, to_units: str
) -> tuple[FloatArray, Layout | None]:
    """The matrix in rows and how it came; None where it is square."""
    if matrix.shape == (rows, columns):
        return matrix, None if rows == columns else "rows"
    if matrix.shape == (columns, rows):
        return matrix.T, "columns"
    text = f"its shape is {matrix.shape}; it leads from {rows} {from_units} to {columns} {to_units}"
    raise Unreadable(text, f"make it {rows} x {columns}", name, "shape")


def _recurrent(W: FloatArray, n_h: int, n_out: int, layout: Layout) -> tuple[FloatArray, Cell]:
    """W in rows, and by its shape the network that it belongs to; a square W is an Elman network's."""
    if W.shape == (n_h, n_h):
        return (W.T if layout == "columns" else W), "elman"
    if W.shape == (n_out, n_h):
        return W, "jordan"
    if W.shape == (n_h, n_out):
        return W.T, "jordan"
    text = f"its shape is {W.shape}; it leads from {n_h} hidden neurons back to the same {n_h}"
    raise Unreadable(text, f"make it {n_h} x {n_h}", "W", "shape")


def _bias(array: FloatArray | None, size: int, name: str, each: str) -> FloatArray:
    if array is None:
        return np.zeros(size)
    if array.size != size or sum(n != 1 for n in array.shape) > 1:
        text = f"its shape is {array.shape}; wanted one number a {each}: {size}"
        raise Unreadable(text, None, name, "shape")
    return array.reshape(size)


class AsElman(NamedTuple):
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


def as_elman(network: TrainedNetwork) -> AsElman:
    """The Elman network that does the same."""
    U, W, V, b, c = network.params
    if network.cell == "elman":
        return AsElman(U, W, V, b, c, b)
    return AsElman(U, V @ W, V, b + c @ W, c, b)


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


def _score_block(block: list[AsElman], data: Sequences, dtype: type[np.floating]) -> FloatArray:
    wanted = data.y.transpose(1, 2, 0)[data.start :, None].astype(dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        error = _outputs(block, data.x, dtype)[data.start :]
        error -= wanted
        total = np.einsum("tron,tron->ro", error, error).astype(np.float64)
    errors = total / (error.shape[0] * error.shape[3])
    return np.asarray(np.where(np.isnan(errors), np.inf, errors), dtype=np.float64)


def _outputs(block: list[AsElman], x: FloatArray, dtype: type[np.floating]) -> npt.NDArray[np.floating]:
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
