"""One value out of a stream, as its declaration wants it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from grader.variants.code import MOST, Stream
from grader.variants.declaration import MOST_ENTRIES, DrawTable, OptionTable, VariantError, number_of, step_of
from grader.variants.values import Value, read_value


def drawn_value(draw: DrawTable, stream: Stream, size_of: Callable[[str], Value], key: str) -> Value:
    """The value of one declared name.

    Args:
        draw: Its declaration.
        stream: Its numbers.
        size_of: The value of another name, for sizes.
        key: Of the declaration, for errors.

    Raises:
        VariantError: If there are not as many different values as are wanted.
    """
    take = _size(draw.take, size_of, f"{key}.take")
    if draw.options is not None:
        return _options(draw.options, take, draw.right, stream, key)
    if draw.some_of is not None:
        return _some(draw.some_of, take, stream, key)
    n_values, value_at = _choices(draw, key)
    return _shaped(n_values, value_at, draw, stream, size_of, key)


def _choices(draw: DrawTable, key: str) -> tuple[int, Callable[[int], Value]]:
    """How many values there are to draw from, and from a number to its value."""
    if draw.one_of is not None:
        left = [
            one for one in _read_all(draw.one_of, f"{key}.one_of") if one not in _read_all(draw.without, key)
        ]
        if not left:
            raise VariantError(f"{key}.without", "leaves nothing to draw")
        return len(left), left.__getitem__
    assert draw.between is not None
    low, high = (number_of(one, f"{key}.between") for one in draw.between)
    step = step_of(draw, key)
    size = math.floor((high - low) / step) + 1
    without = {(number_of(one, f"{key}.without") - low) / step for one in draw.without}
    gaps = sorted(int(one) for one in without if one.denominator == 1 and 0 <= one < size)
    if size > MOST:
        raise VariantError(
            f"{key}.between", "has more than 2^128 numbers", "take a larger step, or fewer places"
        )
    if len(gaps) == size:
        raise VariantError(f"{key}.without", "leaves nothing to draw")

    def value_at(index: int) -> Fraction:
        for gap in gaps:
            index += gap <= index
        return low + index * step

    return size - len(gaps), value_at


def _shaped(
    n_values: int,
    value_at: Callable[[int], Value],
    draw: DrawTable,
    stream: Stream,
    size_of: Callable[[str], Value],
    key: str,
) -> Value:
    if not draw.shape:
        return value_at(stream.below(n_values))
    if len(draw.shape) > 2:
        raise VariantError(f"{key}.shape", f"has {len(draw.shape)} sizes; a vector has one, a matrix two")
    sizes = [_size(one, size_of, f"{key}.shape") or 0 for one in draw.shape]
    total = math.prod(sizes)
    if not 1 <= total <= MOST_ENTRIES:
        raise VariantError(f"{key}.shape", f"makes {total} entries; wanted 1 to {MOST_ENTRIES}")
    if draw.distinct and total > n_values:
        raise VariantError(
            f"{key}.distinct", f"wants {total} different entries, and there are {n_values} to draw from"
        )
    entries: list[Value] = []
    while len(entries) < total:
        one = value_at(stream.below(n_values))
        if not (draw.distinct and one in entries):
            entries.append(one)
    if len(sizes) == 1:
        return tuple(entries)
    return tuple(tuple(entries[row : row + sizes[1]]) for row in range(0, total, sizes[1]))


def _size(written: int | str | None, size_of: Callable[[str], Value], key: str) -> int | None:
    if written is None:
        return None
    found = Fraction(written) if isinstance(written, int) else size_of(written)
    if not isinstance(found, Fraction) or found.denominator != 1 or found < 1:
        raise VariantError(key, f"{written!r} is no whole number from 1 on")
    return int(found)


def _some(written: Sequence[object], take: int | None, stream: Stream, key: str) -> Value:
    every = _read_all(written, f"{key}.some_of")
    take = len(every) if take is None else take
    if take > len(every):
        raise VariantError(f"{key}.take", f"wants {take} of {len(every)}")
    return tuple(every[index] for index in stream.sample(len(every), take))


def _options(
    options: Sequence[OptionTable], take: int | None, n_right: int | None, stream: Stream, key: str
) -> Value:
    take = len(options) if take is None else take
    right = [one for one in options if one.right]
    wrong = [one for one in options if not one.right]
    n_right = len(right) if n_right is None else n_right
    if not 0 <= take - n_right <= len(wrong):
        raise VariantError(
            f"{key}.take",
            f"wants {take} options, {n_right} of them right; {len(right)} are right and {len(wrong)} wrong",
        )
    kept = [right[index] for index in stream.sample(len(right), n_right)]
    kept += [wrong[index] for index in stream.sample(len(wrong), take - n_right)]
    shown = [kept[index] for index in stream.sample(len(kept), len(kept))]
    return {
        "options": {one.id: one.text for one in shown},
        "right": tuple(one.id for one in shown if one.right),
        "why": {one.id: one.why for one in shown if one.why},
    }


def _read_all(written: Sequence[object], key: str) -> list[Value]:
    try:
        return [read_value(one) for one in written]
    except ValueError as error:
        raise VariantError(key, str(error)) from None
