"""Elman and Jordan networks: their forward passes, and what a known mistake changes in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from reference.cell import Cell
from reference.elman import elman
from reference.jordan import jordan
from reference.network import Trace

Network: TypeAlias = Literal["elman", "jordan"]
Work: TypeAlias = Literal["by-hand", "as-code"]
Vector: TypeAlias = tuple[float, ...]
Matrix: TypeAlias = tuple[Vector, ...]
NETWORKS: tuple[Network, ...] = ("elman", "jordan")
FORWARD_PASS: dict[Network, Callable[..., Trace]] = {"elman": elman, "jordan": jordan}
CELL: dict[Network, Cell] = {"elman": Cell(), "jordan": Cell(fed_back="output")}
# Above the error of floating point, far below half a unit of the last place; as in `grader.answers.rounding`.
MARGIN = 1e-9


@dataclass(frozen=True)
class CellChange:
    """What a mistake makes of the right network.

    Args:
        settings: The fields of `Cell` that it changes, with their values. Two mistakes can be made together
            if they share no field.
        networks: In which networks it can be made.
        work: Where it counts as a mistake: in work by hand, rounding to the asked places does not.
        earns_credit: Whether the question's slip credit is given for it.
    """

    settings: Mapping[str, Any]
    networks: tuple[Network, ...] = NETWORKS
    work: tuple[Work, ...] = ("by-hand", "as-code")
    earns_credit: bool = True


class DemonstrationAnswer(NamedTuple):
    """An answer to the question about `DEMONSTRATION`: the outputs of a network, to 2 decimal places."""

    network: Network
    y: tuple[float, ...]
