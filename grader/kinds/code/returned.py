"""What a network function returned, read generously: in any form that can mean one thing only."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import FloatArray, to_numpy
from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.kinds.code.signature import Signature
from grader.model.text import joined
from grader.model.value import Array, Fields, Items, Nothing, Number, Opaque, Value
from grader.networks.equations.network import Network
from grader.networks.layout import SEQUENCES, STEPS, ArrayLayout, Axes, Turn

# More rows of numbers are the rows of one array.
MOST_IN_A_LIST = 2
# Around the name of what a step has computed: next_h, h_new, h_t, h'.
OF_THIS_STEP = re.compile(
    r"^(?:next|new|cur|current)_?(?=\w)|(?<=\w)(?:_?(?:next|new|cur|current|prime)|_t|'+)$"
)
Shape = tuple[int, ...]


class Wanted(NamedTuple):
    """What a function is to return on one instance.

    Args:
        names: Of the variables, in order.
        layouts: Of each.
        shapes: Of each, in the course's layout.
        turns: Of each, to the standard order.
        others: Shapes of further variables of the network, which may come along unasked, without axes of one
            entry.
        with_start: The same with the start in front.
    """

    names: tuple[str, ...]
    layouts: tuple[ArrayLayout, ...]
    shapes: tuple[Shape, ...]
    turns: tuple[Turn, ...]
    others: frozenset[Shape]
    with_start: frozenset[Shape]

    def fits(self, place: int, shape: Shape) -> bool:
        """Whether an array of that shape can be the one that is wanted at a place, in one way only."""
        return shape == self.shapes[place] or is_same(shape, self.shapes[place], self.layouts[place].own)


class ReadReturn(NamedTuple):
    """What came back, as numbers.

    Args:
        arrays: One for each that is wanted: in the standard order where all fit, else as they came; fewer or
            more where that is what came.
        fits: Whether each has its shape.
        unasked: How many came along unasked.
        is_single: Whether a number of 32 bits is among them.
    """

    arrays: tuple[FloatArray, ...]
    fits: bool
    unasked: int = 0
    is_single: bool = False


def wanted(network: Network, made: Signature, sizes: Mapping[str, int]) -> Wanted:
    """What a function with that signature is to return on an instance of these sizes."""
    asked = {one.name for one in made.returns}
    others: set[Shape] = set()
    with_start: set[Shape] = set()
    for name in network.by_name:
        ends = tuple(size.at(sizes) for size in network.shapes[name])
        others.add(_without_ones((sizes.get(SEQUENCES, 1), *ends)))
        if name not in asked:
            others.update(_whole(sizes, ends))
            with_start.update(_whole(sizes, ends, 1))
    return Wanted(
        tuple(one.name for one in made.returns),
        tuple(one.layout for one in made.returns),
        tuple(one.layout.shape(sizes) for one in made.returns),
        tuple(one.layout.turn(sizes) for one in made.returns),
        frozenset(others),
        frozenset(with_start),
    )


def read(value: Value, asked: Wanted, where: str) -> ReadReturn:
    """What a function returned.

    Args:
        value: The arrays in order, in a tuple or list of any nesting, by name, or stacked; a single one as it
            is. Axes of one entry may be missing, and more of them may be there. What follows must have the
            shape of other variables of the network: all steps, these with the start in front, or one step;
            or be what is kept for the way back, a tuple of arrays or a dict.
        asked: What is wanted.
        where: The function's name, for the message.

    Raises:
        Unreadable: If it holds no arrays of real numbers.
    """
    if isinstance(value, Nothing):
        raise Unreadable("returns None", "end the function with return", where, "returns-none")
    if isinstance(value, Fields) and (by_name := _by_name(value.fields, asked.names)) is not None:
        value = Items(by_name)
    for is_other in (_is_other, _is_kept):
        for parts in _ways(value, asked):
            found = _fitted(parts, asked, where, is_other)
            if found is not None:
                return found
    return _misfit(value, asked, where)


def _by_name(fields: Mapping[str, Value], names: Sequence[str]) -> tuple[Value, ...] | None:
    """What is returned by name, next_h and h_new for h, where no other name could be meant; else None.

    A single array under any name is the only one that is wanted.
    """
    only = next(iter(fields.values())) if len(fields) == len(names) == 1 else None
    if isinstance(only, Array | Items):
        return (only,)
    if all(name in fields for name in names):
        return tuple(fields[name] for name in names)
    found = []
    for name in names:
        # Beside h a next_h may be what is meant, and h the state before.
        loose = [one for one in fields if _of_this_step(one) == name]
        loose = loose or [one for one in fields if _of_this_step(one).lower() == name.lower()]
        if len(loose) != 1:
            return None
        found.append(loose[0])
    return tuple(fields[one] for one in found) if len(set(found)) == len(found) else None


def _of_this_step(name: str) -> str:
    return OF_THIS_STEP.sub("", name.strip())


def is_same(got: Shape, shape: Shape, axes: Axes = ()) -> bool:
    """Whether an array of one shape is one of another but for axes of one entry, left out or put in.

    Not both: (1, 4) may be a transposed (4, 1).

    Args:
        got: The shape of what came back.
        shape: The wanted one.
        axes: Its names; a step is never left out, since a row of one step is no table of one.
    """
    if got == shape:
        return True
    if len(got) == len(shape) or _without_ones(got) != _without_ones(shape):
        return False
    if len(got) > len(shape):
        return _is_within(shape, got)
    ones = [place for place, size in enumerate(shape) if size == 1 and axes[place : place + 1] != (STEPS,)]
    gone = itertools.combinations(ones, len(shape) - len(got))
    return any(got == tuple(size for place, size in enumerate(shape) if place not in out) for out in gone)


def _ways(value: Value, asked: Wanted) -> Iterator[Sequence[Value]]:
    """The arrays that a value may hold, the plainest first."""
    count = len(asked.names)
    if count == 1:
        yield (value,)
    if isinstance(value, Items) and (count > 1 or _may_be_several(value)):
        yield value.items
        if len(value.items) == 1 and isinstance(value.items[0], Items):
            yield value.items[0].items
        yield tuple(_spread(value.items, asked))
    if isinstance(value, Array) and value.shape and value.shape[0] == count > 1:
        yield _rows(value)


def _rows(value: Array) -> tuple[Array, ...]:
    """The arrays that are stacked along the first axis of one."""
    rows = to_numpy(value, "").reshape(value.shape)
    return tuple(Array("<f8", row.shape, np.ascontiguousarray(row, dtype="<f8").tobytes()) for row in rows)


def _may_be_several(value: Items) -> bool:
    """Whether a list, where one array is asked, may hold several: of numbers alone only a pair does."""
    has_arrays = any(isinstance(item, Array) for item in value.items)
    return has_arrays or len(value.items) <= MOST_IN_A_LIST or _shape_of(value) is None


def _spread(items: Sequence[Value], asked: Wanted) -> Iterator[Value]:
    """The items with tuples among them laid open: outputs, (h, c); and what is left to come, stacked."""
    place = 0
    for item in items:
        is_tuple = isinstance(item, Items) and any(isinstance(one, (Array, Items)) for one in item.items)
        shape = _shape_of(item)
        is_wanted = place < len(asked.names) and shape is not None and asked.fits(place, shape)
        inner: Sequence[Value] = (item,)
        if isinstance(item, Items) and is_tuple and not is_wanted:
            inner = item.items
        elif isinstance(item, Array) and not is_wanted and item.shape[:1] == (len(asked.names) - place,):
            inner = _rows(item)
        yield from inner
        place += len(inner)


def _fitted(
    parts: Sequence[Value], asked: Wanted, where: str, is_other: Callable[[Value, Wanted], bool]
) -> ReadReturn | None:
    count = len(asked.names)
    if len(parts) < count:
        return None
    try:
        arrays = [to_numpy(part, where) for part in parts[:count]]
    except Unreadable:
        return None
    if not all(asked.fits(place, array.shape) for place, array in enumerate(arrays)):
        return None
    if not all(is_other(part, asked) for part in parts[count:]):
        return None
    standard = tuple(turn.to_standard(array) for turn, array in zip(asked.turns, arrays, strict=True))
    return ReadReturn(standard, True, len(parts) - count, any(map(_is_single, parts[:count])))


def _misfit(value: Value, asked: Wanted, where: str) -> ReadReturn:
    """What does not fit, as numbers all the same."""
    if len(asked.names) == 1:
        return ReadReturn((to_numpy(value, where),), False)
    items = value.items if isinstance(value, Items) else (value,)
    for name, item in zip(asked.names, items, strict=False):
        if isinstance(item, Nothing):
            raise Unreadable(f"returns None for {name}", "return an array", where, "returns-none")
    if isinstance(value, Fields):
        missing = [name for name in asked.names if name not in value.fields]
        raise Unreadable(
            f"{describe(value)} without {joined(missing)}",
            f"return a tuple of {', '.join(asked.names)}",
            where,
            "not-a-table",
        )
    return ReadReturn(tuple(to_numpy(item, where) for item in items), False)


def _shape_of(value: Value) -> Shape | None:
    try:
        return to_numpy(value, "").shape
    except Unreadable:
        return None


def _is_single(value: Value) -> bool:
    match value:
        case Array(dtype="<f4") | Number(kind="single"):
            return True
        case Items(items=items):
            return any(map(_is_single, items))
    return False


def _whole(sizes: Mapping[str, int], ends: Shape, more: int = 0) -> Iterator[Shape]:
    """The shapes of all steps of a variable, or of some more, without axes of one entry."""
    leads = itertools.permutations((sizes.get(STEPS, 1) + more, sizes.get(SEQUENCES, 1)))
    return (_without_ones((*lead, *ends)) for lead in leads)


def _is_other(value: Value, asked: Wanted) -> bool:
    """Whether it is an array that may come along, of the shape of another variable."""
    shape = _shape_of(value)
    if shape is None:
        return False
    plain = _without_ones(shape)
    # Flat it could be anything.
    return plain in asked.others or (len(shape) > 1 and plain in asked.with_start)


def _is_kept(value: Value, asked: Wanted) -> bool:
    """Whether it may come along, also as what is kept for the way back: no array, but what holds arrays."""
    match value:
        case Fields() | Opaque():
            return True
        case Items(items=items) if any(map(_holds_arrays, items)):
            return True
    return _is_other(value, asked)


def _holds_arrays(value: Value) -> bool:
    match value:
        case Array() | Fields():
            return True
        case Items(items=items):
            return any(map(_holds_arrays, items))
    return False


def _without_ones(shape: Shape) -> Shape:
    return tuple(size for size in shape if size != 1)


def _is_within(part: Shape, whole: Shape) -> bool:
    """Whether a shape is another with some axes left out."""
    rest = iter(whole)
    return all(size in rest for size in part)
