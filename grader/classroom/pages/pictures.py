"""Drawings of a class: how many have how many points, and who did how well in which question."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grader.classroom.statistics import QuestionStatistics, Statistics
from grader.model.outcome import Verdict
from grader.model.text import counted, joined
from grader.reports.html.elements import element
from grader.reports.html.figures import figure, folded
from grader.reports.terminal_style import UNICODE
from grader.reports.wording import percent_text

# As wide as a phone, so that no text in a drawing is made smaller there.
WIDTH, HEIGHT = 320, 140
TOP, BOTTOM = 16, 18
ROW, BAR_TOP, BAR_HEIGHT = 38, 17, 15
LONGEST_NAME = 34
NARROWEST_WITH_SIGN = 14

SIGNS = {verdict.value: sign for verdict, sign in UNICODE.verdicts.items()}


def signed(verdict: str) -> str:
    """A verdict with its sign: "✓ correct"."""
    return f"{SIGNS[verdict]} {verdict}"


def share_text(share: float) -> str:
    """A share in whole percent: "67 %"."""
    return percent_text(Fraction(share))


def histogram(figures: Statistics) -> ET.Element | None:
    """How many have 0-10 %, 10-20 %, ... of the points; None where nothing is decided yet."""
    counts = figures.histogram
    most, total = max(counts), sum(counts)
    if not total:
        return None
    step = WIDTH // len(counts)
    made: list[ET.Element] = []
    for at, count in enumerate(counts):
        tall = round((HEIGHT - TOP - BOTTOM) * count / most)
        top = HEIGHT - BOTTOM - tall
        middle = {"x": str(at * step + step // 2), "y": str(top - 4), "text-anchor": "middle"}
        place = {"x": str(at * step + 2), "y": str(top), "width": str(step - 4), "height": str(tall)}
        made += [element("rect", {"class": "bar", **place}), element("text", middle, str(count))]
    axis = element("path", {"class": "axis", "d": f"M0 {HEIGHT - BOTTOM}H{WIDTH}"})
    ends = [("0", "start", "0 %"), (str(WIDTH // 2), "middle", "50 %"), (str(WIDTH), "end", "100 %")]
    marks = (element("text", {"x": x, "y": str(HEIGHT - 4), "text-anchor": to}, text) for x, to, text in ends)
    svg = drawing(HEIGHT, "How many students have how many of the points", [*made, axis, *marks])
    rows = ([_bin(at, len(counts)), str(count)] for at, count in enumerate(counts))
    return figure(svg, _fullest(figures), folded("The numbers of points", ["share", "students"], rows))


def _bin(at: int, count: int) -> str:
    return f"{100 * at // count} to {100 * (at + 1) // count} %"


def _fullest(figures: Statistics) -> str:
    counts = figures.histogram
    fullest = [_bin(at, len(counts)) for at, count in enumerate(counts) if count == max(counts)]
    number, of = max(counts), counted(sum(counts), "student")
    middle = f" The median is {share_text(figures.median)}." if figures.median is not None else ""
    if len(fullest) == 1:
        return f"The fullest tenth is {fullest[0]} of the points, with {number} of {of}.{middle}"
    return f"The fullest tenths are {joined(fullest)} of the points, with {number} of {of} each.{middle}"


def verdict_bars(figures: Statistics, labels: Mapping[str, str]) -> ET.Element | None:
    """A bar for each question: which share of the class has which verdict; None without questions.

    Args:
        figures: The statistics.
        labels: Of the questions, by id.
    """
    questions = figures.questions
    if not questions:
        return None
    made = [_patterns()]
    for row, one in enumerate(questions):
        made += _row(one, _called(labels.get(one.question, ""), one.question), row * ROW)
    svg = drawing(len(questions) * ROW, "Which share of the class has which verdict, a bar a question", made)
    verdicts = [one.value for one in Verdict if any(one.value in each.verdicts for each in questions)]
    rows = ([each.question, *(str(each.verdicts.get(one, 0)) for one in verdicts)] for each in questions)
    numbers = folded("The numbers of verdicts", ["question", *map(signed, verdicts)], rows)
    made_figure = figure(svg, _easiest(questions), numbers)
    made_figure.insert(1, _legend(verdicts))
    return made_figure


def _row(one: QuestionStatistics, name: str, top: int) -> list[ET.Element]:
    share = "open" if one.difficulty is None else share_text(one.difficulty)
    made = [
        element("text", {"x": "0", "y": str(top + 12)}, name),
        element("text", {"x": str(WIDTH), "y": str(top + 12), "text-anchor": "end"}, share),
    ]
    total, left = sum(one.verdicts.values()), 0.0
    for verdict in Verdict:
        wide = WIDTH * one.verdicts.get(verdict.value, 0) / total
        if not wide:
            continue
        place = {"x": f"{left:.1f}", "y": str(top + BAR_TOP), "width": f"{wide:.1f}"}
        made.append(
            element("rect", {"class": f"verdict is-{verdict.value}", **place, "height": str(BAR_HEIGHT)})
        )
        if wide >= NARROWEST_WITH_SIGN:
            at = {"x": f"{left + wide / 2:.1f}", "y": str(top + BAR_TOP + 12), "text-anchor": "middle"}
            made.append(element("text", {"class": "sign", **at}, UNICODE.verdicts[verdict]))
        left += wide
    return made


def _called(label: str, question: str) -> str:
    name = f"{label} {question}".strip()
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _easiest(questions: Sequence[QuestionStatistics]) -> str:
    shares = {one.question: one.difficulty for one in questions if one.difficulty is not None}
    if len(shares) < 2:
        return "Which share of the class has which verdict; on the right the mean share of the points."
    low, high = min(shares.values()), max(shares.values())
    if share_text(low) == share_text(high):
        return f"All questions were as hard: their mean share of the points is {share_text(low)}."
    hard, easy = (joined(name for name, share in shares.items() if share == end) for end in (low, high))
    ends = f"{hard} ({share_text(low)} of the points), the most in {easy} ({share_text(high)})"
    return f"The least was earned in {ends}."


def _legend(verdicts: Sequence[str]) -> ET.Element:
    swatches = (
        element(
            "li",
            {},
            element(
                "svg",
                {"viewBox": "0 0 20 14", "width": "20", "height": "14", "aria-hidden": "true"},
                element("rect", {"class": f"verdict is-{one}", "width": "20", "height": "14"}),
            ),
            f" {signed(one)}",
        )
        for one in verdicts
    )
    return element("ul", {"class": "legend"}, *swatches)


def _patterns() -> ET.Element:
    """Lines and dots that tell verdicts apart without colours."""
    common = {"width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
    drawn = {
        "lines": "M-1 1l2-2M0 6l6-6M5 7l2-2",
        "crosses": "M0 0l6 6M0 6l6-6",
        "stripes": "M0 3h6",
        "dots": "M3 2v2",
    }
    return element(
        "defs",
        {},
        *(
            element("pattern", {"id": name, **common}, element("path", {"class": f"of-{name}", "d": path}))
            for name, path in drawn.items()
        ),
    )


def drawing(height: int, title: str, drawn: Sequence[ET.Element]) -> ET.Element:
    """A drawing as wide as its page, with a title for those who cannot see it.

    Args:
        height: In units of the drawing, of which it is `WIDTH` wide.
        title: What it shows.
        drawn: Its parts.
    """
    box = {"viewBox": f"0 0 {WIDTH} {height}", "width": str(WIDTH * 2)}
    return element(
        "svg",
        {"class": "of-class", **box, "role": "img", "aria-label": title},
        element("title", {}, title),
        *drawn,
    )
