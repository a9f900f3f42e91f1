"""Known mistakes over time: a drawing by day, and a row for each mistake."""

from __future__ import annotations

import datetime
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence

from grader.classroom.mistake_days import Made, MistakeDays, by_mistake, spans, students_by_day
from grader.classroom.pages.pictures import BOTTOM, HEIGHT, TOP, WIDTH, drawing
from grader.model.text import counted
from grader.reports.html.elements import Child, element, table
from grader.reports.html.figures import figure, folded

LONGEST_MESSAGE = 300


def body(made: Sequence[Made]) -> list[Child]:
    """What stands on the page."""
    if not made:
        return [element("p", {}, "No mistake of this class has a name.")]
    every = by_mistake(made)
    rows: Iterable[list[Child]] = (
        [str(len(one.students)), one.question, _message_cell(one), _days(one)] for one in every
    )
    headings = ["students", "question", "mistake", "first and last day"]
    by_day = (
        [f"{one.question}: {one.diagnosis.id}", str(day), str(n)]
        for one in every
        for day, n in one.days.items()
    )
    return [
        element("p", {}, "Of everything that was handed in, not only of what counts."),
        bars(students_by_day(made)),
        table(headings, rows, "Known mistakes, the most frequent first"),
        folded("Each mistake, day by day", ["mistake", "day", "students"], by_day),
    ]


def _message_cell(one: MistakeDays) -> ET.Element:
    message, id = one.diagnosis.message, one.diagnosis.id
    short = message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"
    return element("div", {"class": "wide"}, element("p", {}, short), element("code", {}, id))


def _days(one: MistakeDays) -> str:
    first, last = min(one.days), max(one.days)
    return str(first) if first == last else f"{first} to {last}"


def bars(counts: Mapping[datetime.date, int]) -> ET.Element:
    """How many students made a known mistake, a bar a day, or a span of days where there are many.

    Args:
        counts: By day, not empty.
    """
    ranges = spans(sorted(counts))
    heights = [sum(n for day, n in counts.items() if first <= day <= last) for first, last in ranges]
    most, step = max(heights), WIDTH / len(ranges)
    drawn: list[ET.Element] = []
    for at, count in enumerate(heights):
        tall = round((HEIGHT - TOP - BOTTOM) * count / most)
        top, left = HEIGHT - BOTTOM - tall, at * step
        place = {"x": f"{left + step * 0.1:.1f}", "y": str(top), "width": f"{step * 0.8:.1f}"}
        drawn.append(element("rect", {"class": "bar", **place, "height": str(tall)}))
        if len(ranges) <= MOST_NUMBERS and count:
            middle = {"x": f"{left + step / 2:.1f}", "y": str(top - 4), "text-anchor": "middle"}
            drawn.append(element("text", middle, str(count)))
    axis = element("path", {"class": "axis", "d": f"M0 {HEIGHT - BOTTOM}H{WIDTH}"})
    svg = drawing(HEIGHT, "How many students made a known mistake over time", [*drawn, axis, *_ends(ranges)])
    rows = ([_named(one), str(count)] for one, count in zip(ranges, heights, strict=True))
    return figure(
        svg, _finding(ranges, heights), folded("The numbers of students", ["days", "students"], rows)
    )


MOST_NUMBERS = 16
"""Bars that are wide enough for a number over each."""


def _ends(ranges: Sequence[tuple[datetime.date, datetime.date]]) -> Iterable[ET.Element]:
    height = {"y": str(HEIGHT - 4)}
    yield element("text", {**height, "x": "0", "text-anchor": "start"}, str(ranges[0][0]))
    if len(ranges) > 1:
        yield element("text", {**height, "x": str(WIDTH), "text-anchor": "end"}, str(ranges[-1][1]))


def _named(days: tuple[datetime.date, datetime.date]) -> str:
    first, last = days
    return str(first) if first == last else f"{first} to {last}"


def _finding(ranges: Sequence[tuple[datetime.date, datetime.date]], heights: Sequence[int]) -> str:
    most = max(heights)
    when = _named(ranges[heights.index(most)])
    each = "" if all(first == last for first, last in ranges) else ", each day counted"
    return f"Most on {when}: {counted(most, 'student')} with a known mistake{each}."
