"""The unrolled network of a question's evidence, drawn: steps from left to right, inputs at the bottom."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from grader.networks.drawn import Link, Shown, UnrolledDrawing, place
from grader.reports.html.elements import Child, element, scrolling, table
from grader.reports.html.figures import figure
from grader.reports.printable import literal

LINE, SIGN = 14, 6.6
"""Height of a line of text, and a generous width of one of its signs, in points of the drawing."""
LONGEST = 30
"""Signs of a value in a node; a longer one stands in the table only."""
LONGEST_NUMBER = 9
MARGIN, NODE_HEIGHT = 8, 3 * LINE + 10
LEAST_GAP, LANE = 56.0, 18.0
"""Between two steps, and the room of an edge beside another."""
Point: TypeAlias = tuple[float, float]


def unrolled_figure(found: UnrolledDrawing) -> ET.Element:
    """The drawing with its caption and its numbers as a table."""
    drawing = _Drawing(found)
    title = f"The network unrolled up to step {drawing.last}, with your numbers"
    svg = element(
        "svg",
        {
            "viewBox": f"0 0 {drawing.width:.0f} {drawing.height:.0f}",
            "width": f"{drawing.width:.0f}",
            "height": f"{drawing.height:.0f}",
            "role": "img",
            "aria-label": f"{title}. {_finding(found)}",
        },
        element("title", {}, title),
        *drawing.edges(),
        *drawing.nodes(),
    )
    return figure(scrolling(svg, title), _finding(found), _numbers(found))


def _finding(found: UnrolledDrawing) -> str:
    texts = [f"{found.wrong} is the first value that is not right."]
    if found.first_step > 1:
        texts.append(f"Steps before {found.first_step} are left out.")
    if found.left_out:
        texts.append(f"Not drawn: {', '.join(found.left_out)}.")
    return " ".join(texts)


@dataclass
class _Drawing:
    """Where everything stands: a column for each step and one before the first, a row for each layer."""

    found: UnrolledDrawing

    def __post_init__(self) -> None:
        self.layers, links = self.found.layers, self.found.links
        self.first, self.last = self.found.first_step, self.found.last_step
        texts = [line for name, t in self.places() for line in self.lines(name, t)]
        self.node_width = max(70.0, max(map(len, texts)) * SIGN + 14)
        # Edges past a layer go around it, each in a lane of its own to the right of the nodes.
        self.lanes: dict[int, float] = {}
        upwards = [6 + _width(_label(link)) - self.node_width / 2 for link in links if self.rise(link) == 1]
        taken = max([0.0, *upwards])
        for number, link in sorted(enumerate(links), key=lambda one: self.rise(one[1])):
            if self.rise(link) > 1:
                self.lanes[number] = taken + LANE
                taken += LANE + _width(_label(link))
        across = max([LEAST_GAP, *(_width(_label(link)) + 2 * LANE for link in links if link.lag)])
        self.gap = taken + across
        tallest = [len(_label(link)) for link in links if not link.lag]
        self.row_gap = max(tallest, default=1) * LINE + 26
        self.columns = range(self.first - 1 if self.found.before else self.first, self.last + 1)
        step = self.node_width + self.gap
        self.width = 2 * MARGIN + len(self.columns) * step - self.gap + taken
        self.height = 2 * MARGIN + len(self.layers) * (NODE_HEIGHT + self.row_gap) - self.row_gap

    def places(self) -> Iterator[tuple[str, int]]:
        """What stands in the drawing."""
        yield from ((name, self.first - 1) for name in self.found.before)
        yield from ((name, self.first + i) for name in self.layers for i in range(self.last - self.first + 1))

    def rise(self, link: Link) -> int:
        """How many layers an edge within a step goes up or down; 0 for one to another step."""
        return 0 if link.lag else abs(self.layers.index(link.target) - self.layers.index(link.source))

    def row(self, name: str, t: int) -> list[Shown] | None:
        """The values of a node, where they are known."""
        if t < self.first:
            found = self.found.before.get(name)
        else:
            found = self.found.values.get(name, [])[t - self.first]
        return found if isinstance(found, list) else None

    def lines(self, name: str, t: int) -> list[str]:
        """What stands in a node."""
        is_right = self.found.is_right(name, t)
        mark = ["✗ not right"] if self.found.is_wrong(name, t) else ["✓ right"] * is_right
        row = self.row(name, t)
        text = "" if row is None else _row_text(row)
        if len(text) > LONGEST:
            text = f"({len(row or ())} numbers)"
        return [place(name, t), *([text] if text else []), *mark]

    def corner(self, name: str, t: int) -> tuple[float, float]:
        """The upper left corner of a node."""
        x = MARGIN + (t - self.columns[0]) * (self.node_width + self.gap)
        above = len(self.layers) - 1 - self.layers.index(name)
        return x, MARGIN + above * (NODE_HEIGHT + self.row_gap)

    def nodes(self) -> Iterator[ET.Element]:
        """All nodes; the first wrong one has corners cut off and a thick edge."""
        for name, t in self.places():
            x, y = self.corner(name, t)
            box = _cut_box if self.found.is_wrong(name, t) else _box
            yield box(x, y, self.node_width)
            lines = self.lines(name, t)
            top = y + (NODE_HEIGHT - len(lines) * LINE) / 2 + LINE - 3
            for number, line in enumerate(lines):
                where = {"x": f"{x + self.node_width / 2:.1f}", "y": f"{top + number * LINE:.1f}"}
                yield element("text", {**where, "text-anchor": "middle"}, line)

    def edges(self) -> Iterator[ET.Element]:
        """All edges between what is drawn, with what they multiply by."""
        drawn = set(self.places())
        for number, link in enumerate(self.found.links):
            for t in range(self.first, self.last + 1):
                source, target = (link.source, t - link.lag), (link.target, t)
                if source in drawn and target in drawn and source != target:
                    start, end = self.corner(*source), self.corner(*target)
                    if link.lag:
                        yield from self._across(start, end, abs(link.lag), _label(link))
                    elif number in self.lanes:
                        yield from self._around(start, end, self.lanes[number], _label(link))
                    else:
                        yield from self._up(start, end, _label(link))

    def _up(self, start: Point, end: Point, label: list[str]) -> Iterator[ET.Element]:
        """To the next layer; the label stands to the right."""
        is_up, x = end[1] < start[1], start[0] + self.node_width / 2
        y1, y2 = (start[1], end[1] + NODE_HEIGHT) if is_up else (start[1] + NODE_HEIGHT, end[1])
        yield _arrow((x, y1), (x, (y1 + y2) / 2), (x, y2), (0, -1 if is_up else 1))
        yield from _text_box(x + 6, (y1 + y2) / 2, label)

    def _around(self, start: Point, end: Point, lane: float, label: list[str]) -> Iterator[ET.Element]:
        """Past layers, from right side to right side."""
        right = start[0] + self.node_width
        y1, y2 = start[1] + NODE_HEIGHT / 4, end[1] + 3 * NODE_HEIGHT / 4
        yield _arrow((right, y1), (right + 2 * lane, (y1 + y2) / 2), (right, y2), (-1, 0))
        # Beside its lower part: a layer that it passes may have edges to the next step.
        yield from _text_box(right + lane + 2, max(y1, y2) - NODE_HEIGHT / 2 - self.row_gap / 2, label)

    def _across(self, start: Point, end: Point, steps: int, label: list[str]) -> Iterator[ET.Element]:
        """To another step; the label stands where it arrives."""
        later = end[0] > start[0]
        way = 1 if later else -1
        x1, x2 = (start[0] + self.node_width, end[0]) if later else (start[0], end[0] + self.node_width)
        y1, y2 = start[1] + NODE_HEIGHT / 2, end[1] + NODE_HEIGHT / 2
        # Past the steps between them it goes below.
        down = 2 * (steps - 1) * (NODE_HEIGHT + self.row_gap / 2)
        yield _arrow((x1, y1), (x2 - way * self.gap / 2, y2 + down), (x2, y2), (way, 0))
        width, height = _width(label), len(label) * LINE + 8
        # Above the edge, or below one that comes from above.
        beside = (height if y1 < y2 else -height) / 2
        yield from _text_box(x2 - LANE - width if later else x2 + LANE, y2 + down / 4 + beside, label)


def _box(x: float, y: float, width: float) -> ET.Element:
    size = {"width": f"{width:.1f}", "height": str(NODE_HEIGHT), "rx": "8"}
    return element("rect", {"class": "node", "x": f"{x:.1f}", "y": f"{y:.1f}", **size})


def _cut_box(x: float, y: float, width: float) -> ET.Element:
    cut, right, bottom = 10, x + width, y + NODE_HEIGHT
    corners = (
        f"M{x + cut:.1f} {y:.1f}H{right - cut:.1f}L{right:.1f} {y + cut:.1f}V{bottom - cut:.1f}"
        f"L{right - cut:.1f} {bottom:.1f}H{x + cut:.1f}L{x:.1f} {bottom - cut:.1f}V{y + cut:.1f}Z"
    )
    return element("path", {"class": "node wrong", "d": corners})


def _width(lines: list[str]) -> float:
    """Of lines of text with a little room around them; 0 for none."""
    return max(map(len, lines)) * SIGN + 6 if lines else 0.0


def _arrow(start: Point, handle: Point, end: Point, way: tuple[int, int]) -> ET.Element:
    """A curve with a head that looks a way, right and down counted."""
    (x1, y1), (x2, y2), (x3, y3), (dx, dy) = start, handle, end, way
    head = f"M{x3:.1f} {y3:.1f}l{-7 * dx - 4 * dy} {-7 * dy - 4 * dx}m{7 * dx + 4 * dy} {7 * dy + 4 * dx}"
    head += f"l{-7 * dx + 4 * dy} {-7 * dy + 4 * dx}"
    return element(
        "path", {"class": "edge", "d": f"M{x1:.1f} {y1:.1f}Q{x2:.1f} {y2:.1f} {x3:.1f} {y3:.1f}{head}"}
    )


def _text_box(left: float, middle: float, lines: list[str]) -> Iterator[ET.Element]:
    """Lines of text on a ground that hides the edge under them."""
    if not lines:
        return
    height, width = len(lines) * LINE + 4, _width(lines)
    top = middle - height / 2
    size = {"width": f"{width:.1f}", "height": f"{height}"}
    yield element("rect", {"class": "ground", "x": f"{left:.1f}", "y": f"{top:.1f}", **size})
    for number, line in enumerate(lines, start=1):
        where = {"x": f"{left + 3:.1f}", "y": f"{top + number * LINE - 2:.1f}"}
        yield element("text", {"class": "numbers", **where}, line)


def _label(link: Link) -> list[str]:
    """What an edge multiplies by: its name, and its numbers row by row."""
    if not link.by:
        return []
    rows = [[_number(entry) for entry in row] for row in link.numbers]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    texts = [
        "\u00a0".join(entry.rjust(w, "\u00a0") for entry, w in zip(row, widths, strict=True)) for row in rows
    ]
    return [*link.by.replace("^T", "ᵀ").split(", "), *texts]


def _row_text(row: list[Shown]) -> str:
    texts = [_number(entry) for entry in row]
    return texts[0] if len(texts) == 1 else f"({', '.join(texts)})"


def _number(value: object) -> str:
    text = literal(value, 4).strip("'\"")
    return text if len(text) <= LONGEST_NUMBER else f"{text[: LONGEST_NUMBER - 1]}…"


def _numbers(found: UnrolledDrawing) -> ET.Element:
    first = found.first_step
    rows: list[list[Child]] = []
    for t in range(first, found.last_step + 1):
        for name in found.layers:
            values = found.values[name][t - first]
            mark = "not right" if found.is_wrong(name, t) else "right" if found.is_right(name, t) else ""
            rows.append([place(name, t), "not handed in" if values is None else literal(values, 6), mark])
    before = [[place(name, first - 1), literal(row, 6), ""] for name, row in found.before.items() if row]
    edges: list[list[Child]] = [
        [
            link.source,
            link.target,
            "the same step" if not link.lag else f"{abs(link.lag)} {'later' if link.lag > 0 else 'earlier'}",
            link.by,
            literal(link.numbers, 6) if link.numbers else "",
        ]
        for link in found.links
    ]
    return element(
        "details",
        {},
        element("summary", {}, "The numbers"),
        table(["value", "yours", ""], [*before, *rows], "Values"),
        table(["from", "to", "at", "times", "numbers"], edges, "Edges"),
    )
