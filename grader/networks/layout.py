"""How a course lays out what its functions take and return: axes by name, such as N x T x n_in.

N counts sequences and T steps; the others are sizes of the network. An axis "1" has one entry: a column.
The standard order is steps, sequences, then the axes of the declaration.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from grader.answers.arrays import FloatArray
from grader.networks.equations.sizes import Size, read_size

STEPS, SEQUENCES, ONE, NUMBER = "T", "N", "1", "number"
Axes: TypeAlias = tuple[str, ...]
When: TypeAlias = Literal["every step", "first", "last", "once"]
RETURN = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s*(?::\s*(?P<axes>.*?))?(?:\s+(?P<when>last|first))?\s*", re.ASCII
)
EXAMPLE = '"h: N x T x n_h", "c: N x n_h last"'


class Turn(NamedTuple):
    """How arrays of one layout and sizes are brought into the standard order.

    Args:
        inner: The shape without axes of one entry.
        order: Which of these axes comes where.
        whole: The shape in the standard order.
    """

    inner: tuple[int, ...]
    order: tuple[int, ...]
    whole: tuple[int, ...]

    def to_standard(self, array: FloatArray) -> FloatArray:
        """The array in the standard order."""
        return array.reshape(self.inner).transpose(self.order).reshape(self.whole)


class ArrayLayout(NamedTuple):
    """The axes of one array, in the standard order and in the course's.

    Args:
        standard: (T, N, ...) of a signal, (N, ...) of a start, the declaration's of a parameter.
        own: The course's; an axis of the standard order that is not among them has one entry.
    """

    standard: Axes
    own: Axes

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape in the course's layout."""
        return tuple(size_of(axis, sizes) for axis in self.own)

    def laid_out(self, array: FloatArray, sizes: Mapping[str, int]) -> FloatArray:
        """An array of the standard order in the course's layout."""
        kept = self._places()
        left = [place for place in range(len(self.standard)) if place not in kept]
        return np.ascontiguousarray(array.transpose(*kept, *left)).reshape(self.shape(sizes))

    def in_standard_order(self, array: FloatArray, sizes: Mapping[str, int]) -> FloatArray:
        """The other way round: an array of the course's layout in the standard order."""
        return self.turn(sizes).to_standard(array)

    def turn(self, sizes: Mapping[str, int]) -> Turn:
        """How arrays of these sizes are brought into the standard order."""
        kept = self._places()
        inner = tuple(size_of(self.standard[place], sizes) for place in kept)
        whole = tuple(
            size_of(axis, sizes) if place in kept else 1 for place, axis in enumerate(self.standard)
        )
        return Turn(inner, tuple(np.argsort(kept).tolist()), whole)

    def _places(self) -> list[int]:
        """Where each of the course's axes stands in the standard order."""
        left, places = list(range(len(self.standard))), []
        for axis in self.own:
            if axis != ONE:
                places.append(next(place for place in left if self.standard[place] == axis))
                left.remove(places[-1])
        return places

    def __str__(self) -> str:
        """As people write it: (N, T, n_h)."""
        return f"({', '.join(self.own)}{',' * (len(self.own) == 1)})"


class Returned(NamedTuple):
    """One thing that a function is to return.

    Args:
        name: The variable.
        when: Of every step, of the first or the last alone, or of the whole sequence once.
        layout: Its axes.
    """

    name: str
    when: When
    layout: ArrayLayout


def size_of(axis: str, sizes: Mapping[str, int]) -> int:
    """How many entries an axis such as n_h, 4*n_h or 1 has."""
    return sizes[axis] if axis in sizes else int(_size(axis).at(sizes))


def read_axes(text: str, standard: Sequence[str], where: str) -> Axes:
    """The axes of a layout, checked against those of the standard order.

    Args:
        text: "N x T x n_in".
        standard: T and N may be left out, the others not.
        where: What the text is, for the message.

    Raises:
        ValueError: If an axis is unknown, missing or there twice.
    """
    own = () if text.strip() == NUMBER else tuple(_axis(part, where) for part in text.split(" x "))
    left = [axis for axis in standard if axis != ONE]
    for axis in own:
        if axis == ONE:
            continue
        if axis not in left:
            fault = "there twice" if axis in standard else "no axis of it"
            raise ValueError(f"{where}: {axis} is {fault}; its axes are {' x '.join(standard) or NUMBER}")
        left.remove(axis)
    missing = [axis for axis in left if axis not in (STEPS, SEQUENCES)]
    if missing:
        raise ValueError(f"{where}: {text!r} leaves out {missing[0]}")
    return own


def split_return(text: str) -> tuple[str, str | None, str]:
    """The name, the axes and "first", "last" or "" of a text such as "c: N x n_h last".

    Raises:
        ValueError: If it is none.
    """
    match = RETURN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"returns: {text!r}; wanted texts such as {EXAMPLE}")
    return match["name"], match["axes"], match["when"] or ""


def axes_of(shape: Sequence[Size]) -> Axes:
    """The names of the axes of a declared shape."""
    return tuple(map(str, shape))


@functools.lru_cache(maxsize=256)
def _size(axis: str) -> Size:
    return read_size(axis)


def _axis(text: str, where: str) -> str:
    try:
        return text.strip() if text.strip() in (STEPS, SEQUENCES) else str(read_size(text))
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from None
