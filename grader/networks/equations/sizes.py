"""Sizes of vectors and matrices: whole-number linear forms over named sizes, such as n_in + n_h or 4*n_h."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import msgspec

MAX_CHARACTERS = 80
MAX_NUMBER = 10_000
NO_SIZE = "{!r} is no size; write a name, a whole number, n_in + n_h or 4*n_h"
NO_SHAPE = '{!r} is no shape; write "number", "n_h" for a vector, or "n_h x n_in" for a matrix'


class Size(msgspec.Struct, frozen=True):
    """A size: the sum of `coefficient * name`; the name "" stands for 1.

    Args:
        form: (name, coefficient) by name; no coefficient is 0.
    """

    form: tuple[tuple[str, int], ...]

    @staticmethod
    def of(form: Mapping[str, int]) -> Size:
        """The size with these coefficients."""
        return Size(tuple(sorted((name, times) for name, times in form.items() if times)))

    def __add__(self, other: Size) -> Size:
        form = dict(self.form)
        for name, times in other.form:
            form[name] = form.get(name, 0) + times
        return Size.of(form)

    def times(self, number: int) -> Size:
        """The size times a whole number."""
        return Size.of({name: times * number for name, times in self.form})

    def parts(self, number: int) -> Size | None:
        """The size divided by a whole number; None if a rest is left."""
        if any(times % number for _, times in self.form):
            return None
        return Size.of({name: times // number for name, times in self.form})

    @property
    def names(self) -> set[str]:
        """The named sizes in it."""
        return {name for name, _ in self.form if name}

    def at(self, values: Mapping[str, int]) -> int:
        """The number that it is for these values of its names."""
        return sum(times * (values[name] if name else 1) for name, times in self.form)

    def __str__(self) -> str:
        named = [name if times == 1 else f"{times}*{name}" for name, times in self.form if name]
        return " + ".join([*named, *(str(times) for name, times in self.form if not name)]) or "0"


Shape: TypeAlias = tuple[Size, ...]
"""() a number, (n,) a vector, (n, m) a matrix of n rows."""


def read_size(text: str) -> Size:
    """A size as an author writes it.

    Raises:
        ValueError: If it is none.
    """
    wrong = ValueError(NO_SIZE.format(text[:MAX_CHARACTERS]))
    if len(text) > MAX_CHARACTERS or not text.isascii():
        raise wrong
    try:
        size = _size(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise wrong from None
    if not size.form:
        raise wrong
    return size


def _size(node: ast.expr) -> Size:
    match node:
        case ast.Name(id=name):
            return Size.of({name: 1})
        case ast.Constant(value=value):
            return Size.of({"": _whole(value)})
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _size(left) + _size(right)
        case ast.BinOp(left=ast.Constant(value=value), op=ast.Mult(), right=right):
            return _size(right).times(_whole(value))
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=value)):
            return _size(left).times(_whole(value))
    raise ValueError


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_NUMBER:
        raise ValueError
    return value


def read_shape(text: str) -> Shape:
    """A shape as an author writes it: "number", "n_h", or "n_h x n_in".

    Raises:
        ValueError: If it is none.
    """
    text = text.strip()
    if text == "number":
        return ()
    sizes = text.split(" x ")
    if len(sizes) > 2:
        raise ValueError(NO_SHAPE.format(text))
    try:
        return tuple(map(read_size, sizes))
    except ValueError:
        raise ValueError(NO_SHAPE.format(text) if len(sizes) == 1 else NO_SIZE.format(text)) from None


def show_shape(shape: Shape) -> str:
    """A shape in words: a number, a vector of n_h, n_h x n_in."""
    if not shape:
        return "a number"
    return " x ".join(map(str, shape)) if len(shape) == 2 else f"a vector of {shape[0]}"


def bind(shapes: Mapping[str, Shape], arrays: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """The value of each named size.

    Args:
        shapes: Of each array.
        arrays: How long its axes are; one number for each size of its shape.

    Raises:
        ValueError: If an axis is not as long as the others say, or a size does not follow.
    """
    values: dict[str, int] = {}
    left = [
        (name, size, length)
        for name, shape in shapes.items()
        for size, length in zip(shape, arrays[name], strict=False)
    ]
    while left:
        later = [one for one in left if not _bound(*one, values)]
        if len(later) == len(left):
            lost = ", ".join(sorted(later[0][1].names))
            raise ValueError(f"the sizes {lost} do not follow from the arrays")
        left = later
    return values


def _bound(name: str, size: Size, length: int, values: dict[str, int]) -> bool:
    """Whether an axis has at most one unknown size, whose value is then added to the values."""
    unknown = [(one, times) for one, times in size.form if one and one not in values]
    if not unknown:
        if size.at(values) != length:
            raise ValueError(
                f"{name}: {size} = {size.at(values)}, but an axis of {name} has {length} entries"
            )
        return True
    if len(unknown) > 1:
        return False
    ((one, times),) = unknown
    rest = length - size.at({**values, one: 0})
    if rest % times or rest <= 0:
        raise ValueError(f"{name}: an axis of {length} entries is not {size}")
    values[one] = rest // times
    return True
