"""Drawings in SVG: each with a title, a caption that says what it shows, and its numbers as a table."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from grader.reports.html.elements import Child, element, table

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 62, 10, 10, 24
MOST_ROWS = 60
"""Rows of a table of numbers; of a longer curve every second, third, ... value is listed."""


class Curve(NamedTuple):
    """A curve over 1, 2, 3 ...

    Args:
        name: What it is, a word or two.
        values: What is no finite number is left out.
        is_points: Whether it is drawn as points, else as a line.
    """

    name: str
    values: Sequence[object]
    is_points: bool = False


def share_bar(share: Fraction, label: str) -> ET.Element:
    """A bar of which a share is full.

    Args:
        share: From 0 to 1.
        label: The same in words.
    """
    full = f"{float(min(max(share, Fraction(0)), Fraction(1))) * 200:.1f}"
    return element(
        "svg",
        {"viewBox": "0 0 200 12", "width": "200", "height": "12", "role": "img", "aria-label": label},
        element("rect", {"class": "bar", "width": full, "height": "12"}),
        element("rect", {"class": "frame", "x": "0.5", "y": "0.5", "width": "199", "height": "11"}),
    )


def curves(
    title: str, finding: str, chosen: Sequence[Curve], *, is_log: bool = False, marked: int | None = None
) -> ET.Element | None:
    """Curves over a common axis; None where there is nothing finite to draw.

    Args:
        title: What is drawn.
        finding: What one sees in it, the caption.
        chosen: At least one.
        is_log: Whether the axis is logarithmic; values from 0 down are left out.
        marked: A place that a line and its number point out, counted from 1.
    """
    kept = [[_height(value, is_log) for value in one.values] for one in chosen]
    heights = [value for one in kept for value in one if value is not None]
    if not heights:
        return None
    low, high = min(heights), max(heights)
    if high - low < 1e-12 * max(1.0, abs(high)):
        low, high = low - 0.5, high + 0.5
    drawn = [
        _drawn(values, low, high, "second" if number else "first", is_points=one.is_points)
        for number, (one, values) in enumerate(zip(chosen, kept, strict=True))
    ]
    svg = element(
        "svg",
        {"viewBox": f"0 0 {WIDTH} {HEIGHT}", "width": str(WIDTH), "role": "img", "aria-label": title},
        element("title", {}, title),
        *_axes(low, high, is_log, max(len(one) for one in kept)),
        *(path for one in drawn for path in one),
        *_mark(marked, max(len(one) for one in kept)),
    )
    return figure(svg, finding, _numbers(chosen))


def figure(svg: ET.Element, finding: str, numbers: ET.Element) -> ET.Element:
    """A drawing, what one sees in it, and its numbers, folded away.

    Args:
        svg: The drawing, with a title, or the box in which it scrolls.
        finding: What one sees in it, the caption.
        numbers: Tables that open where one wants them.
    """
    return element("figure", {}, svg, element("figcaption", {}, finding), numbers)


def folded(title: str, headings: Iterable[str], rows: Iterable[Iterable[Child]]) -> ET.Element:
    """A table that opens where one wants it.

    Args:
        title: What stands there while it is closed, and over the table.
        headings: Of its columns.
        rows: Cells of each row.
    """
    return element("details", {}, element("summary", {}, title), table(headings, rows, title))


def _height(value: object, is_log: bool) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not math.isfinite(number) or (is_log and number <= 0):
        return None
    return math.log10(number) if is_log else number


def _place(value: float, low: float, high: float) -> float:
    # In halves: the difference of two numbers near the largest float would overflow.
    share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _axes(low: float, high: float, is_log: bool, count: int) -> list[ET.Element]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    made = [element("path", {"class": "axis", "d": f"M{LEFT} {TOP}V{bottom}H{right}"})]
    for value in (low, high):
        number = 10.0 ** min(value, 308.0) if is_log else value
        where = {"x": str(LEFT - 6), "y": f"{_place(value, low, high) + 4:.1f}", "text-anchor": "end"}
        made.append(element("text", where, f"{number:.3g}"))
    made.append(element("text", {"x": str(LEFT), "y": str(HEIGHT - 6)}, "1"))
    made.append(element("text", {"x": str(right), "y": str(HEIGHT - 6), "text-anchor": "end"}, str(count)))
    return made


def _mark(place: int | None, count: int) -> list[ET.Element]:
    if place is None or not 1 <= place <= count:
        return []
    x = LEFT + 4 + (place - 1) * (WIDTH - LEFT - RIGHT - 8) / max(count - 1, 1)
    side = "end" if x > WIDTH / 2 else "start"
    where = {"x": f"{x + (-5 if side == 'end' else 5):.1f}", "y": str(TOP + 10), "text-anchor": side}
    line = element("path", {"class": "marked", "d": f"M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"})
    return [line, element("text", where, f"t = {place}")]


def _drawn(
    values: Sequence[float | None], low: float, high: float, name: str, *, is_points: bool
) -> list[ET.Element]:
    across = (WIDTH - LEFT - RIGHT - 8) / max(len(values) - 1, 1)
    spots = [
        None if value is None else (LEFT + 4 + i * across, _place(value, low, high))
        for i, value in enumerate(values)
    ]
    if is_points:
        dots = (f"M{x - 3:.1f} {y - 3:.1f}l6 6m0-6l-6 6" for x, y in filter(None, spots))
        return [element("path", {"class": name, "d": "".join(dots)})]
    line, pen = "", "M"
    for spot in spots:
        line += f"{pen}{spot[0]:.1f} {spot[1]:.1f}" if spot else ""
        pen = "L" if spot else "M"
    return [element("path", {"class": name, "d": line})]


def _numbers(chosen: Sequence[Curve]) -> ET.Element:
    length = max(len(one.values) for one in chosen)
    every = max(1, math.ceil(length / MOST_ROWS))
    rows: list[list[Child]] = [
        [str(i + 1), *(_number(one.values[i]) if i < len(one.values) else "" for one in chosen)]
        for i in range(0, length, every)
    ]
    title = "The numbers" if every == 1 else f"The numbers, every {every}th"
    return folded(title, ["", *(one.name for one in chosen)], rows)


def _number(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)[:40]
