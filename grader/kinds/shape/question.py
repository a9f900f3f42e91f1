"""What is asked: shapes of a network's matrices and vectors, by named axes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from grader.kinds.shape.of_network import axes_in, sizes_in
from grader.model.control import Control, Line
from grader.model.kind import Asks, Params
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network

MAX_AXES = 3
# Where no sizes are given formulas are looked at for these: none is a sum or a multiple of others.
LENGTHS = (10_007, 100_003, 1_000_003, 10_000_019, 100_000_007, 1_000_000_007, 10_000_000_019)


class ShapeParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `shape`.

    Args:
        sizes: How long each named axis is. With a network they may be left out: then shapes are asked as
            formulas in the names, such as "4*n_h x n_in".
        shapes: For each field its axes: a name, a sum of names such as "state + input", a multiple such as
            "4*state", or a whole number as text. A vector is the column ("state", "1").
        network: In place of `shapes`: the shapes are those of its parameters, inputs and variables.
        asked: Which of these; left out, all parameters that are vectors or matrices.
        aliases: Other names of sizes: {H = "n_h"}.
    """

    sizes: dict[str, int] = msgspec.field(default_factory=dict)
    shapes: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    network: NetworkTable | None = None
    asked: tuple[str, ...] = ()
    aliases: dict[str, str] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.shapes) is (self.network is not None):
            what = (
                "shapes is empty: name at least one field"
                if self.network is None
                else "give either a network or shapes"
            )
            raise ValueError(what)
        for axis, size in self.sizes.items():
            if not axis.isidentifier():
                raise ValueError(f"sizes: {axis!r} is no name for an axis")
            if size < 1:
                raise ValueError(f"sizes.{axis} is {size}; an axis has at least 1 entry")
        if self.network is None:
            for name, value in (("asked", self.asked), ("aliases", self.aliases)):
                if value:
                    raise ValueError(f"{name} goes with a network")
        else:
            _check_network(self, network_of(self.network))
        for field, axes in self.axes.items():
            if not 1 <= len(axes) <= MAX_AXES:
                raise ValueError(f"shapes.{field} has {len(axes)} axes; 1 to {MAX_AXES} are wanted")
            for axis in axes:
                axis_size(axis, self.lengths, f"shapes.{field}")

    @property
    def axes(self) -> Mapping[str, tuple[str, ...]]:
        """What the axes of each field are."""
        if self.network is None:
            return self.shapes
        return axes_in(self.network, self.asked)

    @property
    def lengths(self) -> Mapping[str, int]:
        """How long each named axis is; where that is not given, lengths that tell formulas from others."""
        return self.sizes or dict(zip(size_names(self), LENGTHS, strict=False))

    @property
    def is_symbolic(self) -> bool:
        """Whether shapes are asked as formulas."""
        return self.network is not None and not self.sizes and bool(size_names(self))


def size_names(params: ShapeParams) -> tuple[str, ...]:
    """Names of the sizes that formulas may be written in."""
    return tuple(params.sizes) if params.network is None else sizes_in(params.network)


def _check_network(params: ShapeParams, network: Network) -> None:
    known = {**network.inputs, **network.parameters, **network.shapes}
    for name in params.asked:
        if not known.get(name):
            what = "is a number and has no shape" if name in known else "is nothing of the network"
            raise ValueError(
                f"asked: {name!r} {what}; wanted {joined([n for n in known if known[n]], ' or ')}"
            )
    if len(set(params.asked)) < len(params.asked):
        raise ValueError("asked names something twice")
    if not params.asked and not any(network.weights.values()):
        raise ValueError("asked: the network has no weights with a shape; name variables or inputs")
    names = size_names(params)
    if len(names) > len(LENGTHS) and not params.sizes:
        raise ValueError(
            f"the network has {len(names)} sizes; formulas can be asked in {len(LENGTHS)} of them"
        )
    for name in (*params.sizes, *params.aliases.values()):
        if name not in names:
            raise ValueError(f"{name!r} is no size of the network; they are {joined(names)}")
    if params.sizes and (missing := [name for name in names if name not in params.sizes]):
        raise ValueError(f"sizes: {joined(missing)} left out; give all of them, or none for formulas")


def asks(params: ShapeParams) -> Asks:
    """One field for each shape."""
    return Asks(fields=tuple(params.axes))


def axis_size(axis: str, sizes: Mapping[str, int], where: str) -> int:
    """The length of an axis: a named one, a multiple or a sum of those, or a whole number as text.

    Raises:
        ValueError: If a term is neither a name in `sizes` nor a whole number from 1 on.
    """
    total = 0
    for term in terms_of(axis):
        times, name = factors_of(term)
        if name in sizes:
            total += times * sizes[name]
        elif is_number(term) and int(term) >= 1:
            total += int(term)
        else:
            known = ", ".join(sorted(sizes)) or "none"
            raise ValueError(f"{where}: unknown axis {term!r}; the axes in sizes are: {known}")
    return total


def terms_of(axis: str) -> list[str]:
    """What an axis is the sum of: names of sizes, multiples of them, and whole numbers as text."""
    return [term.strip() for term in axis.split("+")]


def factors_of(term: str) -> tuple[int, str]:
    """How many times which size a term is: 4 and "n_h" of "4*n_h"."""
    times, star, name = term.partition("*")
    return (int(times), name.strip()) if star and is_number(times.strip()) else (1, term)


def is_number(term: str) -> bool:
    """Whether a term is a whole number."""
    return term.isascii() and term.isdigit()


def parts_of(axis: str) -> list[str]:
    """The named sizes of which an axis is the sum."""
    return [factors_of(term)[1] for term in terms_of(axis) if not is_number(term)]


def controls(params: ShapeParams) -> dict[str, Control]:
    """A line for each shape."""
    return {name: Line() for name in params.axes}
