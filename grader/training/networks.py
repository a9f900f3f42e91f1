"""Weights of a network as a student hands them in: by name, with rows or columns, Elman or Jordan."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from grader.answers.arrays import to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.model.value import Fields, Items, Value
from grader.training.task import FloatArray
from reference.bptt import Parameters

NAMES = Parameters._fields
MATRICES = ("U", "W", "V")
# A network of the exercise has five hidden neurons; more than this is no weight matrix.
MAX_HIDDEN = 256

Cell: TypeAlias = Literal["elman", "jordan"]
Layout: TypeAlias = Literal["rows", "columns", "mixed"]


class TrainedNetwork(NamedTuple):
    """A network in rows: W[i, j] leads from i to j.

    Args:
        params: float64; W is (n_h, n_h) for an Elman network, (n_out, n_h) for a Jordan network.
        cell: What W feeds back.
        layout: How U and V were handed in.
        missing: Biases that were not there and count as zero.
    """

    params: Parameters
    cell: Cell = "elman"
    layout: Layout = "rows"
    missing: tuple[str, ...] = ()


def arrays_of(value: Value, where: str, needed: tuple[str, ...] = NAMES) -> dict[str, FloatArray]:
    """The arrays U, W, V, b, c of a dict, a namespace, or a list in this order.

    Args:
        value: What was handed in or returned.
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
    """The network that was handed in.

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
