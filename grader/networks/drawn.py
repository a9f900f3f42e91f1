"""A network unrolled over the steps before a mistake: what a report draws, read off the equations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import msgspec

from grader.networks.equations.network import Network
from grader.networks.equations.printing import written
from grader.networks.equations.tree import (
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Transpose,
    children,
    signals_of,
)

MOST_STEPS, LEAST_STEPS, MOST_NODES = 4, 2, 16
MOST_LAYERS = 6
"""The most variables of a step; of more, those that are neither input, remembered nor output are left out."""
MOST_ENTRIES = 24
"""The most entries of a matrix whose numbers stand on an edge."""

Number: TypeAlias = int | float | str
Shown: TypeAlias = Any
"""A `Number`; in a report from elsewhere anything that JSON can hold, which is shown as text."""
Rows: TypeAlias = Sequence[Sequence[Number]]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An edge, the same at every step.

    Args:
        source: The input or variable that it comes from.
        target: The variable that it goes to.
        lag: How many steps later it arrives.
        by: What it is multiplied by: "W^T"; "Wssx, columns 1-2" for a part of a stack; empty for nothing.
        numbers: That matrix, as it is multiplied; empty where it is too large or no parameter by itself.
    """

    source: str
    target: str
    lag: int
    by: str = ""
    numbers: list[list[Shown]] = []


class UnrolledDrawing(msgspec.Struct, frozen=True, kw_only=True):
    """A network over a few steps.

    Args:
        layers: Inputs and variables of a step, in the order in which they are computed.
        links: The edges.
        first_step: The first that is drawn, counted from 1.
        values: For each layer a row for each of these steps; None where it is not known.
        before: The same at the step before.
        right: Those that are known to be right, such as "y(1)".
        wrong: The first that is not; empty where none is.
        left_out: Variables that are not drawn.
    """

    layers: list[str]
    links: list[Link]
    first_step: int
    values: dict[str, list[list[Shown] | None]]
    before: dict[str, list[Shown] | None]
    right: list[str]
    wrong: str
    left_out: list[str]

    @property
    def last_step(self) -> int:
        """The last step that is drawn."""
        return self.first_step + max(map(len, self.values.values())) - 1

    @property
    def wrong_layer(self) -> str | None:
        """The input or variable that is the first wrong one."""
        steps = range(self.first_step, self.last_step + 1)
        return next((one for one in self.layers for t in steps if self.is_wrong(one, t)), None)

    def is_wrong(self, name: str, t: int) -> bool:
        """Whether a value is the first wrong one."""
        return place(name, t) == self.wrong

    def is_right(self, name: str, t: int) -> bool:
        """Whether a value is known to be right."""
        return place(name, t) in self.right


def place(name: str, t: int) -> str:
    """What a value at a step is called."""
    return f"{name}({t})"


class DrawnRun(NamedTuple):
    """What is known of a run.

    Args:
        values: Of inputs and variables by name: a row for each step from the first; None where not known.
        parameters: As rows, start arguments too; a vector is one row.
        wrong: The variable and the step, from 1, that is the first wrong one.
        right: Those that are known to be right.
    """

    values: Mapping[str, Sequence[Sequence[Number] | None]]
    parameters: Mapping[str, Rows]
    wrong: tuple[str, int]
    right: Iterable[tuple[str, int]] = ()


def unrolled(network: Network, run: DrawnRun) -> UnrolledDrawing | None:
    """The network up to the step that goes wrong; None where it is too large to be drawn.

    Args:
        network: Any one; what has a single value for all steps is not drawn.
        run: What is known of it.
    """
    order = [name for group in network.groups for name in group.names]
    statics = {one.name for one in network.equations if one.is_static}
    layers = [*network.inputs, *(name for name in order if name not in statics)]
    links = [link for name in layers if name in network.by_name for link in _links(network, name, run)]
    hidden = _hidden(network, layers, links, run) if len(layers) > MOST_LAYERS else []
    for name in hidden:
        links = _without(name, links)
    kept = [name for name in layers if name not in hidden]
    name, last = run.wrong
    if len(kept) > MOST_LAYERS or name not in kept:
        return None
    steps = max(LEAST_STEPS, min(MOST_STEPS, MOST_NODES // len(kept)))
    first = max(1, last - steps + 1)
    remembered = {link.source for link in links if link.lag > 0}
    return UnrolledDrawing(
        layers=kept,
        links=links,
        first_step=first,
        values={one: [_row(run, one, t) for t in range(first, last + 1)] for one in kept},
        before={
            one: _row(run, one, first - 1) if first > 1 else _start(network, one, run)
            for one in kept
            if one in remembered
        },
        right=[place(one, t) for one, t in run.right if first <= t <= last and one in kept],
        wrong=place(name, last),
        left_out=hidden,
    )


def _row(run: DrawnRun, name: str, t: int) -> list[Number] | None:
    rows = run.values.get(name, ())
    found = rows[t - 1] if t <= len(rows) else None
    return None if found is None else list(found)


def _start(network: Network, name: str, run: DrawnRun) -> list[Number] | None:
    match network.start.get(name):
        case None:
            width = _width(Signal(name), run)
            return None if width is None else [0] * width
        case Parameter(argument) if argument in run.parameters:
            return [number for row in run.parameters[argument] for number in row]
    return None


def _hidden(network: Network, layers: Sequence[str], links: Sequence[Link], run: DrawnRun) -> list[str]:
    shown = {*network.inputs, *network.output, run.wrong[0]} | {link.source for link in links if link.lag}
    return [name for name in layers if name not in shown]


def _without(name: str, links: Sequence[Link]) -> list[Link]:
    """The links with those through a variable in one piece."""
    into = [link for link in links if link.target == name]
    out = [link for link in links if link.source == name]
    found = {
        (link.source, link.target, link.lag): link for link in links if name not in (link.source, link.target)
    }
    for a in into:
        for b in out:
            joined = Link(source=a.source, target=b.target, lag=a.lag + b.lag)
            found.setdefault((joined.source, joined.target, joined.lag), joined)
    return list(found.values())


class _Factor(NamedTuple):
    """What multiplies a signal.

    Args:
        node: The matrix, or what else has no step.
        is_left: Whether it stands to the left of a column; else to the right of a row.
        entries: Which entries of what is multiplied are the signal's, from and up to; None for all.
        is_whole: False where the signal is a part of what is multiplied, and it is not known which.
    """

    node: Node
    is_left: bool = True
    entries: tuple[int, int] | None = None
    is_whole: bool = True


def _links(network: Network, target: str, run: DrawnRun) -> Iterator[Link]:
    """The edges into a variable; one from each signal, step and matrix."""
    found: dict[tuple[str, int, str], Link] = {}
    for signal, factor in _read(network.by_name[target].right_side, None, run):
        by = _name(factor) if factor else ""
        numbers = _numbers(factor, run) if factor else []
        link = Link(source=signal.name, target=target, lag=signal.lag, by=by, numbers=numbers)
        found.setdefault((signal.name, signal.lag, by), link)
    # What also acts without a matrix, such as on a gate, has one edge for each of its matrices.
    named = {(source, lag) for source, lag, by in found if by}
    yield from (link for key, link in found.items() if key[2] or key[:2] not in named)


def _name(factor: _Factor) -> str:
    text = written(factor.node)
    if factor.entries is None:
        return text
    first, last = factor.entries[0] + 1, factor.entries[1]
    many, one = ("columns", "column") if factor.is_left else ("rows", "row")
    return f"{text}, {one} {last}" if first == last else f"{text}, {many} {first}-{last}"


def _read(node: Node, factor: _Factor | None, run: DrawnRun) -> Iterator[tuple[Signal, _Factor | None]]:
    """Each signal with what multiplies it."""
    match node:
        case Signal():
            yield node, factor
        case MatrixProduct(left, right) if not signals_of(left):
            yield from _read(right, _Factor(left), run)
        case MatrixProduct(left, right) if not signals_of(right):
            yield from _read(left, _Factor(right, is_left=False), run)
        case Function(name="stack", args=args) if factor is not None:
            start: int | None = 0
            for arg in args:
                width = _width(arg, run)
                end = None if start is None or width is None else start + width
                entries = None if start is None or end is None else (start, end)
                part = factor._replace(entries=entries, is_whole=entries is not None)
                yield from _read(arg, part, run)
                start = end
        case Product(factors) if factor is None and (
            known := [one for one in factors if not signals_of(one)]
        ):
            for one in factors:
                yield from _read(one, _Factor(known[0] if len(known) == 1 else Product(tuple(known))), run)
        case _:
            for child in children(node):
                yield from _read(child, factor, run)


def _width(node: Node, run: DrawnRun) -> int | None:
    """How many entries a part of a stack has, where that is known."""
    if not isinstance(node, Signal):
        return None
    rows = [row for row in run.values.get(node.name, ()) if row is not None]
    return len(rows[0]) if rows else None


def _numbers(factor: _Factor, run: DrawnRun) -> list[list[Number]]:
    node, is_transposed = factor.node, False
    while isinstance(node, Transpose):
        node, is_transposed = node.arg, not is_transposed
    if not isinstance(node, Parameter) or node.name not in run.parameters or not factor.is_whole:
        return []
    rows = [list(row) for row in run.parameters[node.name]]
    if is_transposed:
        rows = [list(column) for column in zip(*rows, strict=True)]
    if factor.entries is not None:
        own = slice(*factor.entries)
        rows = [row[own] for row in rows] if factor.is_left else rows[own]
    return rows if sum(map(len, rows)) <= MOST_ENTRIES else []


def value_row(value: Any, number: Any) -> list[Number]:
    """A value as a row of numbers.

    Args:
        value: An entry, or a tuple of them.
        number: From an entry to a number of a report.
    """
    return [number(one) for one in value] if isinstance(value, tuple) else [number(value)]
