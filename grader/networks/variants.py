"""What known mistakes give where a network is computed by hand, and which of them fit an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from grader.networks.combinations import Combination, Mask
from grader.networks.forward import CELL, MARGIN, Network
from reference.cell import Cell
from reference.cell_runs import run_cells
from reference.network import Array, Weights


class Variants(NamedTuple):
    """Combinations of mistakes with what they give.

    Args:
        combinations: K of them.
        y: (K, P, T, n_out) outputs by each of P paths: at full precision, and with intermediate values
            rounded to the asked places.
        h: (K, P, T, n_h) hidden activations by the same paths.
    """

    combinations: tuple[Combination, ...]
    y: Array
    h: Array


def variants(network: Network, known: Sequence[Combination], net: Weights, other_W: Array | None) -> Variants:
    """What the combinations give on one network; those that cannot be run are left out.

    Args:
        network: Which it is.
        known: Combinations of mistakes in it.
        net: The question's weights and inputs.
        other_W: The matrix of the other network, for those who answer the question about that one.
    """
    if other_W is None:
        known = [one for one in known if one.cell.weights == "own"]
    y, h = _worked(network, [one.cell for one in known], net, other_W)
    # Two mistakes together may ask for sizes that do not fit: nobody gets numbers out of them.
    runs = np.flatnonzero(~np.isnan(y).any(axis=(1, 2, 3)))
    return Variants(tuple(known[k] for k in runs.tolist()), y[runs], h[runs])


def right_variant(network: Network, places: int, net: Weights) -> Variants:
    """The right answer by the same paths, as a variant without mistakes.

    Args:
        network: Which it is.
        places: Decimal places asked for.
        net: The question's weights and inputs.
    """
    return Variants((), *_worked(network, [replace(CELL[network], places=places)], net, None))


def matching(table: Array, values: Array, places: int) -> Mask:
    """Which variants a handed-in sequence may be: every entry is a rounding of theirs.

    Args:
        table: (K, P, T, n), of `Variants`.
        values: (T, n) as handed in; NaN where an entry is no number, which matches nothing.
        places: Decimal places asked for.
    """
    near: Mask = np.asarray(np.abs(table - values) <= 0.5 * 10.0**-places + MARGIN)
    return np.asarray(np.all(np.any(near, axis=1), axis=(1, 2)))


def sharing(table: Array, one: Array, places: int) -> Mask:
    """Which variants share an answer with one: at every entry some of their paths lie within a unit.

    Args:
        table: (K, P, T, n), of `Variants`.
        one: (Q, T, n), the paths of one.
        places: Decimal places asked for.
    """
    unit = 10.0**-places + 2 * MARGIN
    near: Mask = np.asarray(np.abs(table[:, :, None] - one[None, None]) <= unit)
    return np.asarray(np.all(np.any(near, axis=(1, 2)), axis=(1, 2)))


def _worked(
    network: Network, cells: Sequence[Cell], net: Weights, other_W: Array | None
) -> tuple[Array, Array]:
    """The y and h of `Variants` for K cells."""
    traces = [run_cells(path, net, other_W) for path in _paths(network, cells)]
    return np.stack([one.y for one in traces], axis=1), np.stack([one.h for one in traces], axis=1)


def _paths(network: Network, cells: Sequence[Cell]) -> Iterator[list[Cell]]:
    """For each path the cells that it runs: as they are, then with h, what is fed back, or both rounded."""
    fields = ["h_digits"] if network == "elman" else ["h_digits", "fed_digits"]
    for rounded in ([], *([field] for field in fields), *([fields] if len(fields) > 1 else [])):
        yield [_rounding(cell, rounded) for cell in cells]


def _rounding(cell: Cell, fields: Sequence[str]) -> Cell:
    kept: dict[str, Any] = {field: "rounded" for field in fields if getattr(cell, field) == "all"}
    return replace(cell, **kept)
