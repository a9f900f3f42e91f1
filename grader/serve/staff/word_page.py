"""An answer in words as its marker sees it: the words, marks so far, the next mark, and texts like it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

import msgspec
from starlette.datastructures import FormData
from starlette.responses import Response

from grader.classroom.hand_marking import rubric_of
from grader.gradebook.hand_marks import HandMark, difference, last_of
from grader.gradebook.hand_marks import Role as MarkRole
from grader.gradebook.queue import Entry
from grader.gradebook.similar_texts import texts_like
from grader.model.exercise import Question
from grader.model.share import points_text
from grader.model.text import counted
from grader.reports.html.elements import Child, element, paragraphs, prose
from grader.serve.frame import alert, button, buttons, form, hidden, labelled, page, path_of_person
from grader.serve.moments import on_clocks
from grader.serve.people import Person, Role

LONGEST_COMMENT = 10_000


ROLES: Mapping[MarkRole, str] = {
    "first": "first mark",
    "second": "second mark, beside the first",
    "settled": "the mark that stands, where two differ",
}


class AnswerToMark(msgspec.Struct, frozen=True):
    """An answer with what a marker needs to see.

    Args:
        entry: The answer.
        question: As it was asked; None where its exercise cannot be read any more.
        others: Of the same question.
        zone: The course's.
    """

    entry: Entry
    question: Question | None
    others: tuple[Entry, ...]
    zone: str


def path_of_answer(id: str, *, unnamed: bool = False) -> str:
    """The address of an answer's page."""
    return f"/staff/words/{quote(id, safe='')}{'?anonymous=1' if unnamed else ''}"


NOTHING_TYPED = FormData()


def word_page(
    answer: AnswerToMark,
    person: Person,
    *,
    unnamed: bool,
    problem: str = "",
    typed: FormData = NOTHING_TYPED,
    status: int = 200,
) -> Response:
    """The page of one answer.

    Args:
        answer: The answer.
        person: The marker.
        unnamed: Whether its student is not named.
        problem: Why what was typed is not kept.
        typed: What was typed, where it is not kept.
        status: Of the response.
    """
    entry = answer.entry
    blocks: list[Child] = [element("h1", {}, entry.id)]
    blocks.append(alert(problem, "Nothing was kept; what you typed is below."))
    asked = f"{entry.exercise}, question {entry.question}, {points_text(entry.max_points)} points"
    blocks.append(element("p", {}, asked))
    if not unnamed:
        whose = element("a", {"href": path_of_person(entry.student)}, entry.student)
        blocks.append(element("p", {}, "By ", whose))
    if answer.question is not None:
        asked_for = element("summary", {}, "What was asked")
        blocks.append(element("details", {}, asked_for, *paragraphs(answer.question.prompt)))
    blocks.append(element("pre", {"class": "words"}, entry.text))
    blocks += [element("p", {}, f"Given: {_hand_mark_text(one, answer.zone)}") for one in entry.marks]
    blocks.append(_form(answer, person, unnamed, typed))
    blocks += _alike(answer, unnamed)
    blocks.append(element("p", {}, element("a", {"href": "/staff/words"}, "Back to the queue")))
    return page(entry.id, *blocks, person=person, status=status)


def _hand_mark_text(mark: HandMark, zone: str) -> str:
    items = f" ({', '.join(mark.items)})" if mark.items else ""
    at = f"{on_clocks(mark.made_at, zone)} ({zone})"
    comment = f": {mark.comment}" if mark.comment else ""
    again = f", put right {counted(mark.revision - 1, 'time')}" if mark.revision > 1 else ""
    return f"{mark.role} mark, {points_text(mark.points)} points{items} by {mark.who} on {at}{again}{comment}"


def _form(answer: AnswerToMark, person: Person, unnamed: bool, typed: FormData) -> ET.Element:
    may = marks_to_give(answer.entry.marks, person)
    if not may:
        return element("p", {"class": "quiet"}, "There is no mark that you could give here.")
    own = next((before for before in may.values() if before is not None), None)
    ticked = set(map(str, typed.getlist("item"))) if typed else set(own.items if own else ())
    points = str(typed.get("points", "")) if typed else (own.points if own and not own.items else "")
    comment = str(typed.get("comment", "")) if typed else (own.comment if own else "")
    points_box = element(
        "input", {"id": "points", "name": "points", "value": points, "maxlength": "30", "autocomplete": "off"}
    )
    comment_box = element(
        "textarea",
        {"id": "comment", "name": "comment", "rows": "4", "maxlength": str(LONGEST_COMMENT)},
        comment,
    )
    return form(
        path_of_answer(answer.entry.id),
        *hidden({"anonymous": "1"} if unnamed else {}),
        _which(may),
        _rubric(answer, ticked),
        labelled("Points: ", points_box, "Such as 1.5 or 3/2; those of the items if left empty."),
        labelled("Comment for the student: ", comment_box),
        buttons(
            button("Keep, and show the next", name="then", value="next"),
            button("Keep", name="then", value="stay"),
        ),
    )


def _which(may: Mapping[MarkRole, HandMark | None]) -> ET.Element:
    choices: list[Child] = []
    for at, (role, before) in enumerate(may.items()):
        of = {"type": "radio", "name": "mark", "id": f"mark-{role}", "value": _as_seen(role, before)}
        again = " (puts right what was given)" if before is not None else ""
        choices.append(
            element(
                "div",
                {"class": "choice"},
                element("input", {**of, **({"checked": ""} if at == 0 else {})}),
                element("label", {"for": f"mark-{role}"}, f"{ROLES[role]}{again}"),
            )
        )
    return element("fieldset", {}, element("legend", {}, "Which mark"), *choices)


def _as_seen(role: MarkRole, before: HandMark | None) -> str:
    """A mark to give, and what was there when the marker looked: what came since is not written over."""
    return f"{role}:{0 if before is None else before.revision}"


def _rubric(answer: AnswerToMark, ticked: set[str]) -> ET.Element | None:
    rubric = rubric_of(answer.question)
    choices: list[Child] = []
    for item in rubric:
        of = {"type": "checkbox", "name": "item", "id": f"item-{item.id}", "value": item.id}
        is_ticked = {"checked": ""} if item.id in ticked else {}
        label = prose(f"{item.text} ({points_text(item.points)})", "label")
        label.set("for", f"item-{item.id}")
        choices.append(element("div", {"class": "choice"}, element("input", {**of, **is_ticked}), label))
    return (
        element("fieldset", {}, element("legend", {}, "What a marker looks for"), *choices)
        if rubric
        else None
    )


def _alike(answer: AnswerToMark, unnamed: bool) -> Iterator[ET.Element]:
    for one in texts_like(answer.entry.text, [other.text for other in answer.others]):
        other = answer.others[one.place]
        name = other.id if unnamed else f"{other.id}, {other.student}"
        title = element("summary", {}, f"Like it by {one.share:.0%}: {name}")
        yield element("details", {}, title, element("pre", {"class": "words"}, other.text))


def marks_to_give(marks: Sequence[HandMark], person: Person) -> dict[MarkRole, HandMark | None]:
    """The marks that somebody may give an answer, each with what it would put right.

    Where two markers differ, an instructor settles it.
    """
    first, second = last_of("first", marks), last_of("second", marks)
    may: dict[MarkRole, HandMark | None] = {}
    if difference(marks) and person.role is Role.INSTRUCTOR:
        may["settled"] = last_of("settled", marks)
    if first is None or first.who == person.id:
        may["first"] = first
    elif second is None or second.who == person.id:
        may["second"] = second
    return may
