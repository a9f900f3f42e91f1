"""The index of a class for staff: figures first, then the students who need a look, then everybody."""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from importlib.resources import files
from typing import NamedTuple

from grader.classroom.pages.overview import KnownMistake, Overview
from grader.classroom.pages.pictures import SIGNS, histogram, share_text, signed, verdict_bars
from grader.classroom.remarks import remarks
from grader.classroom.similarity import Similarities, shared
from grader.classroom.statistics import summary
from grader.gradebook.records import StoredMark
from grader.gradebook.standing import Standing
from grader.model.outcome import Verdict
from grader.model.share import points_text
from grader.reports.html.elements import Child, add, element, list_of, table
from grader.reports.html.figures import folded
from grader.reports.html.page import page
from grader.reports.wording import percent_text

LONGEST_NAME = 60
LONGEST_TEXT = 400
MOST_PAIRS = 100
"""Of similar submissions, those with most in common first; `stats --format json` has all."""


class TableOrder(NamedTuple):
    """An order of the table of students.

    Args:
        title: Such as "by name".
        key: What is smaller comes first.
    """

    title: str
    key: Callable[[Standing], tuple[object, ...]]


def by_name(one: Standing) -> tuple[str, str]:
    """The key by which names are sorted, upper and lower case alike."""
    return one.student.casefold(), one.student


ORDERS = (
    TableOrder("by name", by_name),
    TableOrder("by points, lowest first", lambda one: (one.fraction, *by_name(one))),
    TableOrder("by points, highest first", lambda one: (-one.fraction, *by_name(one))),
)
# Without a time one is last, not first.
BY_TIME = TableOrder(
    "by time of handing in, latest first",
    lambda one: (-one.when.at.timestamp() if one.when.at else float("inf"), *by_name(one)),
)


def render(class_: Overview) -> str:
    """The page."""
    return page(f"{class_.title}: the class", *body(class_), more_style=style())


def body(class_: Overview, *, has_similar: bool = True) -> list[Child]:
    """What stands on the page, for a page with another frame too.

    Args:
        class_: What it tells.
        has_similar: Whether what submissions have in common was looked for.
    """
    common = (
        [_section("common", "In common, and rare in this class", _similar(class_))] if has_similar else []
    )
    return [
        _head(class_, has_similar=has_similar),
        _section("look", "To be looked at", _concerns(class_)),
        _section(
            "points", "Points", [histogram(class_.figures) or element("p", {}, "Nothing is decided yet.")]
        ),
        _section("questions", "Questions", _questions(class_)),
        _section("mistakes", "Known mistakes", _mistakes(class_)),
        *common,
        _section("students", "Students", _students(class_)),
    ]


@functools.cache
def style() -> str:
    """The style of this page, beside that of all pages."""
    return files("grader.classroom.pages").joinpath("class.css").read_text(encoding="utf-8")


def _head(class_: Overview, *, has_similar: bool) -> ET.Element:
    label = "For staff: this page names everybody. Each student gets one page of the folder students."
    places = {"look": "to be looked at", "points": "points", "questions": "questions"}
    places |= {"mistakes": "known mistakes", **({"common": "in common"} if has_similar else {})}
    places["students"] = "students"
    links = (element("li", {}, element("a", {"href": f"#{to}"}, text)) for to, text in places.items())
    return element(
        "header",
        {},
        element("h1", {}, class_.title),
        element("p", {"class": "staff"}, label),
        element("p", {"class": "total"}, summary(class_.figures)),
        list_of(class_.figures.warnings),
        element("nav", {"aria-label": "On this page"}, element("ul", {"class": "contents"}, *links)),
    )


def _section(name: str, title: str, children: Iterable[Child]) -> ET.Element:
    heading = element("h2", {"id": name}, title)
    return element("section", {"aria-labelledby": name}, heading, *children)


def _concerns(class_: Overview) -> list[Child]:
    if not class_.concerns:
        return [element("p", {}, "Nothing: everything is read, decided and has a time that can be true.")]
    rows: Iterable[list[Child]] = (
        [_link(class_, one.student), element("div", {"class": "wide"}, _short(one.what))]
        for one in class_.concerns
    )
    return [table(["student", "what"], rows, "What staff should look at")]


def _questions(class_: Overview) -> list[Child]:
    rows: Iterable[list[Child]] = (
        [
            class_.labels.get(one.question, ""),
            one.question,
            "open" if one.difficulty is None else share_text(one.difficulty),
            _tells_apart(one.discrimination),
        ]
        for one in class_.figures.questions
    )
    headings = ["", "question", "mean share", "discrimination"]
    caption = "How much was earned, and how well each question goes with all others (correlation, -1 to 1)"
    return [verdict_bars(class_.figures, class_.labels), table(headings, rows, caption)]


def _tells_apart(discrimination: float | None) -> str:
    if discrimination is None:
        return "–"
    who = "; who is good elsewhere does worse here" if discrimination < 0 else ""
    return f"{discrimination:+.2f}{who}"


def _mistakes(class_: Overview) -> list[Child]:
    if not class_.mistakes:
        return [element("p", {}, "No mistake of this class has a name.")]
    rows: Iterable[list[Child]] = ([str(len(one.students)), _mistake(class_, one)] for one in class_.mistakes)
    return [table(["students", "question and mistake"], rows, "Known mistakes, the most frequent first")]


def _mistake(class_: Overview, one: KnownMistake) -> ET.Element:
    who = element("details", {}, element("summary", {}, "who"), _names(class_, one.students))
    message = element("p", {}, element("strong", {}, one.question), f": {_short(one.diagnosis.message)}")
    return element("div", {"class": "wide"}, message, element("code", {}, one.diagnosis.id), who)


def _names(class_: Overview, students: Iterable[str]) -> ET.Element:
    made = element("span", {})
    for number, student in enumerate(students):
        add(made, ", " if number else None)
        add(made, _link(class_, student))
    return made


def _similar(class_: Overview) -> list[Child]:
    found = class_.similar
    if found is None:
        return [element("p", {}, "What submissions have in common could not be found out.")]
    if not found.identical and not found.pairs:
        return [element("p", {}, "No submissions have anything rare in common.")]
    return [element("p", {}, "Something to look at, not a finding."), *_in_common(class_, found)]


def _in_common(class_: Overview, found: Similarities) -> Iterable[Child]:
    if found.identical:
        groups: Iterable[list[Child]] = ([str(len(one)), _names(class_, one)] for one in found.identical)
        yield table(["", "students"], groups, "Identical files")
    if found.pairs:
        pairs: Iterable[list[Child]] = (
            [_names(class_, one.students), shared(one)] for one in found.pairs[:MOST_PAIRS]
        )
        yield table(["students", "in common"], pairs, "Submissions with something rare in common")
    more = len(found.pairs) - MOST_PAIRS
    if more > 0:
        yield element("p", {}, f"And {more} more pairs; rnngrade stats --format json has all.")


def _students(class_: Overview) -> Iterable[Child]:
    yield element("p", {"class": "quiet"}, ", ".join(signed(one.value) for one in Verdict))
    has_times = any(one.when.at for one in class_.standings)
    questions = [one.question for one in class_.figures.questions]
    headings = ["student", "points", "share", *(["handed in"] if has_times else []), *questions, "remarks"]
    rows = {one.student: _row(class_, one, questions, has_times=has_times) for one in class_.standings}
    for number, order in enumerate((*ORDERS, *([BY_TIME] if has_times else []))):
        students = sorted(class_.standings, key=order.key)
        made = folded(f"Students {order.title}", headings, (rows[one.student] for one in students))
        made.set("class", "students")
        if not number:
            made.set("open", "open")
        yield made


def _row(class_: Overview, one: Standing, questions: Sequence[str], *, has_times: bool) -> list[Child]:
    marks = {mark.question: mark for mark in one.marks}
    points = f"{points_text(one.points)} / {points_text(one.max_points)}"
    time = one.when.at.strftime("%Y-%m-%d %H:%M") if one.when.at else ""
    state = [
        *(["undecided"] if one.is_undecided else []),
        *(["pending"] if one.is_pending else []),
        *remarks(one),
    ]
    return [
        _link(class_, one.student, one.attempt.name),
        points,
        percent_text(one.fraction),
        *([time] if has_times else []),
        *(_mark(marks.get(question)) for question in questions),
        "; ".join(state),
    ]


def _mark(mark: StoredMark | None) -> str:
    if mark is None:
        return ""
    is_open = mark.verdict in (Verdict.UNDECIDED, Verdict.PENDING)
    sign = SIGNS.get(mark.verdict, "")
    return f"{sign} {'open' if is_open else points_text(Fraction(mark.points))}"


def _link(class_: Overview, student: str, name: str = "") -> Child:
    """A student's name, leading to the page where there is one."""
    text = _short(student, LONGEST_NAME)
    text += f" ({_short(name, LONGEST_NAME)})" if name and name != student else ""
    address = class_.pages.get(student)
    return element("a", {"href": address}, text) if address else text


def _short(text: str, most: int = LONGEST_TEXT) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"
