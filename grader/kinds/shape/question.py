"""What is asked: shapes of a network's matrices and vectors, by named axes."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from fractions import Fraction

import msgspec

from grader.errors import Unreadable
from grader.exact.ball import Undefined, Unsure
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.model.control import Control, Shape
from grader.model.kind import Asks, Params
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network

MAX_AXES = 3
SIMPLE = re.compile(r"(?:\d+\s*\*\s*)?\w*")
# Where no sizes are given formulas are looked at for these: none is a sum or a multiple of others.
LENGTHS = (10_007, 100_003, 1_000_003, 10_000_019, 100_000_007, 1_000_000_007, 10_000_000_019)


class ShapeParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `shape`.

    Args:
        sizes: How long each named axis is. A list of names alone, ["n_in", "n_h"], or with a network nothing
            at all: then shapes are asked as formulas in the names, such as "4*n_h x n_in".
        shapes: For each field its axes: a name, a sum of names such as "state + input", a multiple such as
            "4*state", any other formula in the names, or a whole number as text. A vector is the column
            ("state", "1"). Or all in one text: "(n_in + n_h) x n_h".
        network: In place of `shapes`: the shapes are those of its parameters, inputs and variables.
        asked: Which of these; left out, all parameters that are vectors or matrices.
        aliases: Other names of sizes: {H = "n_h"}.
    """

    sizes: dict[str, int] | tuple[str, ...] = msgspec.field(default_factory=dict)
    shapes: dict[str, tuple[str, ...] | str] = msgspec.field(default_factory=dict)
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
        for axis in self.sizes:
            if not axis.isidentifier():
                raise ValueError(f"sizes: {axis!r} is no name for an axis")
        for axis, size in self.given_sizes.items():
            if size < 1:
                raise ValueError(f"sizes.{axis} is {size}; an axis has at least 1 entry")
        if self.network is None:
            _check_alone(self)
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
            return {name: _axes_of(shape) for name, shape in self.shapes.items()}
        return _axes_in(self.network, self.asked)

    @property
    def given_sizes(self) -> Mapping[str, int]:
        """How long each named axis is; empty where formulas are asked."""
        return self.sizes if isinstance(self.sizes, dict) else {}

    @property
    def lengths(self) -> Mapping[str, int]:
        """How long each named axis is; where that is not given, lengths that tell formulas from others."""
        return self.given_sizes or dict(zip(size_names(self), LENGTHS, strict=False))

    @property
    def is_symbolic(self) -> bool:
        """Whether shapes are asked as formulas."""
        if self.network is None:
            return bool(self.sizes) and not self.given_sizes
        return not self.sizes and bool(size_names(self))


def size_names(params: ShapeParams) -> tuple[str, ...]:
    """Names of the sizes that formulas may be written in."""
    if params.network is None:
        return tuple(params.sizes)
    return tuple(sorted(network_of(params.network).size_names))


@functools.lru_cache(maxsize=64)
def _axes_in(table: NetworkTable, asked: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """What the axes of each field are; a vector is a column.

    Args:
        table: The network.
        asked: Names in it; none stands for all parameters that are vectors or matrices.
    """
    network = network_of(table)
    known = {**network.inputs, **network.shapes, **network.parameters}
    trained = (name for name in network.parameters if name not in network.start_arguments)
    names = asked or tuple(name for name in trained if known[name])
    return {name: (*map(str, known[name]), *("1",) * (2 - len(known[name]))) for name in names}


def _check_alone(params: ShapeParams) -> None:
    if params.asked:
        raise ValueError("asked goes with a network")
    if params.aliases and not params.is_symbolic:
        raise ValueError("aliases goes with a network, or with sizes that are names alone")
    names = Names(size_names(params), tuple(params.aliases.items()))
    if params.is_symbolic and len(names.symbols) > len(LENGTHS):
        raise ValueError(f"sizes: formulas can be asked in {len(LENGTHS)} sizes")
    for name in names.symbols if params.is_symbolic else ():
        if names.symbol(name) != name:
            raise ValueError(f"sizes: {name!r} is spelled like another size or alias")
    for name in params.aliases.values():
        if name not in names.symbols:
            raise ValueError(f"aliases: {name!r} is none of the sizes")


def _axes_of(shape: tuple[str, ...] | str) -> tuple[str, ...]:
    """The axes of a shape that may stand in one text, cut at each x."""
    if not isinstance(shape, str):
        return shape
    return tuple(_without_brackets(axis.strip()) for axis in re.split(r"\s+x\s+|×", shape))


def _without_brackets(axis: str) -> str:
    """(n_in + n_h) as n_in + n_h; brackets that do not stand around all of it stay."""
    inner = axis[1:-1]
    is_around = axis[:1] == "(" and axis[-1:] == ")" and not re.search(r"[()]", inner)
    return inner.strip() if is_around else axis


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
    if params.sizes and not params.given_sizes:
        raise ValueError("sizes: of a network their names are known; give numbers, or leave them out")
    if params.sizes and (missing := [name for name in names if name not in params.sizes]):
        raise ValueError(f"sizes: {joined(missing)} left out; give all of them, or none for formulas")


def asks(params: ShapeParams) -> Asks:
    """One field for each shape."""
    return Asks(fields=tuple(params.axes))


def axis_size(axis: str, sizes: Mapping[str, int], where: str) -> int:
    """The length of an axis: a named one, a multiple or a sum of those, a whole number, or a formula.

    Raises:
        ValueError: If it names something else than `sizes`, or is no whole number from 1 on.
    """
    if not all(SIMPLE.fullmatch(term) for term in terms_of(axis)):
        return _of_formula(axis, sizes, where)
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


def _of_formula(axis: str, sizes: Mapping[str, int], where: str) -> int:
    try:
        formula = parse_formula(axis, Names(tuple(sizes)))
        found = evaluate(formula, {name: Fraction(size) for name, size in sizes.items()})
    except (Unreadable, Undefined, Unsure) as error:
        raise ValueError(f"{where}: {error or 'the axis has no value'}") from None
    if not isinstance(found, Fraction) or found.denominator != 1 or found < 1:
        raise ValueError(f"{where}: {axis!r} is no whole number from 1 on for the sizes given")
    return int(found)


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
    """The named sizes whose sum an axis is."""
    return [factors_of(term)[1] for term in terms_of(axis) if not is_number(term)]


def controls(params: ShapeParams) -> dict[str, Control]:
    """A line for each shape."""
    return {name: Shape(size_names(params)) for name in params.axes}
