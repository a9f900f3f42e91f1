"""Curves of a trained network as text: braille dots where the terminal has them, characters where not."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from grader.reports import View
from grader.reports.blocks import Block, Paragraph
from grader.reports.facts import loss_curve_of, predictions_of
from grader.reports.terminal_style import INDENT, indented

HEIGHT = 5
WIDEST = 72
BRAILLE = 0x2800
# Bits of a braille character: two columns of four dots, from the top.
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
ASCII_MARKS = "*o+x"
BOTH = "#"
LABEL = 8
"""Columns of the axis: seven for a number, one for the line."""
SMALLEST = 2
LARGEST = sys.float_info.max
LARGEST_POWER = 308.25
"""The margin of an axis may reach beyond the largest float."""


class Range(NamedTuple):
    """Smallest and largest value of an axis, and whether it is logarithmic."""

    low: float
    high: float
    is_log: bool

    def place(self, value: float, rows: int) -> int:
        """The row of a value, from 0 at the top; values outside stand at the edge.

        Args:
            value: Finite, and above 0 where the axis is logarithmic.
            rows: How many there are.
        """
        if self.is_log:
            value = math.log10(value)
        # In halves: the difference of two numbers near the largest float would overflow.
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return min(max(round((1 - share) * (rows - 1)), 0), rows - 1)

    def label(self, value: float) -> str:
        """A value of the axis.

        Args:
            value: The logarithm where the axis is logarithmic.
        """
        number = 10.0 ** min(value, LARGEST_POWER) if self.is_log else value
        text = f"{number:.3g}"
        return text if len(text) < LABEL else f"{number:.0e}"


def pictures(evidence: dict[str, Any], view: View) -> Iterator[Block]:
    """A plot of each output, and one of the losses; nothing where the evidence has neither.

    Args:
        evidence: Of a question, JSON-ready.
        view: How wide, and whether in Unicode or ASCII.
    """
    width = min(view.width - INDENT - 2, WIDEST)
    for number, one in enumerate(predictions_of(evidence), start=1):
        legend = "* predicted, o wanted" if not view.unicode else "line predicted, dots wanted"
        yield indented(f"y{number} on a sequence for show ({legend}):", "dim")
        yield from _lines(plot(one, width, HEIGHT, not view.unicode))
    if (found := loss_curve_of(evidence)) is not None:
        yield indented(f"Your losses, one {found.apart}, on a logarithmic axis:", "dim")
        yield from _lines(plot([found.losses], width, HEIGHT, not view.unicode, is_log=True))


def plot(
    series: Sequence[Sequence[object]], width: int, height: int, ascii_only: bool, *, is_log: bool = False
) -> list[str]:
    """Curves over a common axis, with the largest and smallest value at the left.

    The first curve is a joined line, the others are points: where they lie on it they agree.

    Args:
        series: Curves; each is drawn over the whole width. What is no finite number is left out: JSON has
            "nan" and "inf" as texts.
        width: Columns, axis and all.
        height: Lines.
        ascii_only: Whether braille must not be used; then the marks are * o + x and # for several.
        is_log: Whether the axis is logarithmic; values from 0 down are left out.

    Returns:
        `height` lines of at most `width` columns; none where there is nothing to draw or no room.
    """
    columns = width - LABEL
    if columns < SMALLEST or height < SMALLEST:
        return []
    kept = [[_drawn(value, is_log) for value in one] for one in series]
    values = [value for one in kept for value in one if value is not None]
    if not values:
        return []
    span = _range(values, is_log)
    across, down = (1, 1) if ascii_only else (2, 4)
    points = [
        set(_points(one, span, columns * across, height * down, is_joined=number == 0))
        for number, one in enumerate(kept)
    ]
    rows = _ascii(points, columns, height) if ascii_only else _braille(points, columns, height)
    axis = "|" if ascii_only else "│"
    labels = {0: span.label(span.high), height - 1: span.label(span.low)}
    return [f"{labels.get(y, ''):>{LABEL - 1}}{axis}{row}".rstrip() for y, row in enumerate(rows)]


def _drawn(value: object, is_log: bool) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and (number > 0 or not is_log) else None


def _range(values: list[float], is_log: bool) -> Range:
    low, high = min(values), max(values)
    if is_log:
        low, high = math.log10(low), math.log10(high)
    if high - low < 1e-9 * max(abs(high), abs(low), 1e-12):
        margin = max(0.5, 1e-9 * abs(high))
        low, high = max(low - margin, -LARGEST), min(high + margin, LARGEST)
    return Range(low, high, is_log)


def _points(
    values: list[float | None], span: Range, columns: int, rows: int, is_joined: bool
) -> Iterator[tuple[int, int]]:
    """Column and row of every dot of a curve."""
    before: tuple[int, int] | None = None
    for i, value in enumerate(values):
        if value is None:
            before = None
            continue
        here = round(i * (columns - 1) / max(len(values) - 1, 1)), span.place(value, rows)
        yield here
        if is_joined and before is not None:
            yield from _between(before, here)
        before = here


def _between(start: tuple[int, int], end: tuple[int, int]) -> Iterator[tuple[int, int]]:
    steps = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    for i in range(1, steps):
        yield tuple(round(a + (b - a) * i / steps) for a, b in zip(start, end, strict=True))  # type: ignore[misc]


def _braille(points: list[set[tuple[int, int]]], columns: int, height: int) -> list[str]:
    cells = [[0] * columns for _ in range(height)]
    for x, y in set().union(*points):
        cells[y // 4][x // 2] |= DOTS[x % 2][y % 4]
    return ["".join(chr(BRAILLE + bits) if bits else " " for bits in row) for row in cells]


def _ascii(points: list[set[tuple[int, int]]], columns: int, height: int) -> list[str]:
    cells = [[" "] * columns for _ in range(height)]
    for number, curve in enumerate(points):
        for x, y in curve:
            mark = ASCII_MARKS[number % len(ASCII_MARKS)]
            cells[y][x] = mark if cells[y][x] == " " else BOTH
    return ["".join(row) for row in cells]


def _lines(lines: list[str]) -> Iterator[Block]:
    for line in lines:
        yield Paragraph(((" " * INDENT + line, ""),), is_wrapped=False)
