"""Words to be marked, in the browser: each answer is given to one marker at a time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection, select
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.classroom.hand_marking import CannotGive, mark_of, question_of, rubric_of, says_the_same
from grader.gradebook.hand_marks import HandMark, difference, last_of
from grader.gradebook.hand_marks import Role as MarkRole
from grader.gradebook.queue import (
    Entry,
    NotMarked,
    Seeks,
    claim_next,
    entries,
    hand_marks,
    is_free,
    keep_mark,
    state_of,
)
from grader.gradebook.similar_texts import like
from grader.gradebook.tables import ATTEMPTS
from grader.model.exercise import Question
from grader.model.share import points_text
from grader.model.text import counted
from grader.reports.html.elements import Child, element, paragraphs, prose, table
from grader.serve.actions import log_action
from grader.serve.app import Server
from grader.serve.frame import button, form, hidden, labelled, page
from grader.serve.moments import on_clocks
from grader.serve.people import STAFF, Person, Role

CLAIM_MINUTES = 20.0
"""For so long nobody else is given an answer that somebody looks at."""

LONGEST_COMMENT = 10_000
LONGEST_START = 60
MOST_FIELDS = 200
MOST_LISTED = 500

ROLES: Mapping[MarkRole, str] = {
    "first": "first mark",
    "second": "second mark, beside the first",
    "settled": "the mark that stands, where two differ",
}


async def queue(server: Server, request: Request) -> Response:
    """What waits for a mark, question by question."""
    person = await server.person(request, *STAFF)
    found = [
        one for one in await server.reading(lambda c: _entries(c, server)) if one.is_pending or one.marks
    ]
    waiting = [one for one in found if one.is_open]
    told = f"{len(waiting)} wait, {len(found) - len(waiting)} marked."
    blocks: list[Child] = [element("h1", {}, "Words to be marked"), element("p", {}, told)]
    if "nothing" in request.query_params:
        blocks.append(element("p", {"role": "status"}, "Nothing more waits for you there."))
    blocks.append(_questions(found, person))
    blocks.append(_listed(waiting, "Open"))
    blocks.append(_listed([one for one in found if not one.is_open], "Marked"))
    return page("Words to be marked", *blocks, person=person)


def _questions(found: Sequence[Entry], person: Person) -> ET.Element:
    rows: list[list[Child]] = []
    for exercise, question in dict.fromkeys((one.exercise, one.question) for one in found):
        of = [one for one in found if (one.exercise, one.question) == (exercise, question)]
        n_second = sum(is_free(one, one.marks, "second", person.id) for one in of)
        rows.append(
            [
                exercise,
                question,
                str(sum(one.is_open for one in of)),
                str(sum(not one.is_open for one in of)),
                str(sum(bool(difference(one.marks)) and one.is_open for one in of)),
                _give(exercise, question, "first", "Mark the next"),
                _give(exercise, question, "second", "Second mark") if n_second else "",
            ]
        )
    headings = ["exercise", "question", "open", "marked", "two differ", "mark", "second mark"]
    return table(headings, rows, "Questions in words")


def _give(exercise: str, question: str, seeks: Seeks, words: str) -> ET.Element:
    unnamed = element("input", {"type": "checkbox", "name": "anonymous", "value": "1"})
    return form(
        "/staff/words/next",
        *hidden({"exercise": exercise, "question": question, "seeks": seeks}),
        button(words),
        element("label", {}, unnamed, " unnamed"),
        kind="plain",
    )


def _listed(found: Sequence[Entry], caption: str) -> ET.Element | None:
    if not found:
        return None
    rows: list[list[Child]] = []
    for one in found[:MOST_LISTED]:
        start = f"{one.text[:LONGEST_START]}..." if len(one.text) > LONGEST_START else one.text
        link = element("a", {"href": _path(one.id)}, one.id)
        rows.append([link, one.exercise, state_of(one.marks), start])
    more = f" (the first {MOST_LISTED} of {len(found)})" if len(found) > MOST_LISTED else ""
    return table(["answer", "exercise", "state", "begins"], rows, f"{caption}{more}")


async def next_answer(server: Server, request: Request) -> Response:
    """The next answer that nobody has marked and nobody else looks at, from now on this marker's."""
    person = await server.person(request, *STAFF)
    async with request.form(max_files=0, max_fields=10) as sent:
        exercise, question = str(sent.get("exercise", "")), str(sent.get("question", ""))
        seeks: Seeks = "second" if sent.get("seeks") == "second" else "first"
        unnamed = "anonymous" in sent
    return await _given_next(server, person, exercise, question, seeks, unnamed=unnamed)


async def _given_next(
    server: Server, person: Person, exercise: str, question: str, seeks: Seeks, *, unnamed: bool
) -> Response:
    found = await server.reading(lambda connection: _entries(connection, server, exercise))
    waiting = [one for one in found if one.question == question and one.is_pending]

    def claim(connection: Connection) -> Entry | None:
        given = claim_next(connection, waiting, person.id, CLAIM_MINUTES, seeks)
        if given is not None:
            log_action(connection, person, "claim-words", given.id, seeks)
        return given

    given = await server.writing(claim)
    if given is None:
        return RedirectResponse("/staff/words?nothing=1", 303)
    return RedirectResponse(_path(given.id, unnamed=unnamed), 303)


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


async def answer_page(server: Server, request: Request) -> Response:
    """One answer whole: the words, what a marker looks for, marks so far, and texts like it."""
    person = await server.person(request, *STAFF)
    found = await _answer(server, request)
    return _page(found, person, unnamed="anonymous" in request.query_params)


async def _answer(server: Server, request: Request) -> AnswerToMark:
    id = request.path_params["entry"]
    found = await server.reading(lambda connection: _find(connection, server, id))
    if found is None:
        raise HTTPException(404)
    return found


def _find(connection: Connection, server: Server, id: str) -> AnswerToMark | None:
    attempt = id.rpartition("-")[2]
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) < 15):
        return None
    exercise = connection.execute(select(ATTEMPTS.c.exercise).where(ATTEMPTS.c.id == int(attempt))).scalar()
    if exercise is None:
        return None
    all_entries = _entries(connection, server, exercise)
    entry = next((one for one in all_entries if one.id == id), None)
    if entry is None:
        return None
    others = (one for one in all_entries if one.question == entry.question and one is not entry)
    return AnswerToMark(entry, question_of(connection, entry), tuple(others), server.course.course.time_zone)


def _entries(connection: Connection, server: Server, exercise: str | None = None) -> list[Entry]:
    stand = server.standings.now(connection, server.course.course, exercise)
    return entries(connection, stand, hand_marks(connection))


def _path(id: str, *, unnamed: bool = False) -> str:
    return f"/staff/words/{quote(id, safe='')}{'?anonymous=1' if unnamed else ''}"


NOTHING_TYPED = FormData()


def _page(
    found: AnswerToMark,
    person: Person,
    *,
    unnamed: bool,
    problem: str = "",
    typed: FormData = NOTHING_TYPED,
    status: int = 200,
) -> Response:
    entry = found.entry
    blocks: list[Child] = [element("h1", {}, entry.id)]
    if problem:
        words = f"{problem}. Nothing was kept; what you typed is below."
        blocks.append(element("p", {"class": "problem", "role": "alert"}, words))
    asked = f"{entry.exercise}, question {entry.question}, {points_text(entry.max_points)} points"
    blocks.append(element("p", {}, asked))
    if not unnamed:
        whose = element("a", {"href": f"/staff/people/{quote(entry.student, safe='')}"}, entry.student)
        blocks.append(element("p", {}, "By ", whose))
    if found.question is not None:
        asked_for = element("summary", {}, "What was asked")
        blocks.append(element("details", {}, asked_for, *paragraphs(found.question.prompt)))
    blocks.append(element("pre", {"class": "words"}, entry.text))
    blocks += [element("p", {}, f"Given: {_told(one, found.zone)}") for one in entry.marks]
    blocks.append(_form(found, person, unnamed, typed))
    blocks += _alike(found, unnamed)
    blocks.append(element("p", {}, element("a", {"href": "/staff/words"}, "Back to the queue")))
    return page(entry.id, *blocks, person=person, status=status)


def _told(mark: HandMark, zone: str) -> str:
    items = f" ({', '.join(mark.items)})" if mark.items else ""
    at = f"{on_clocks(mark.made_at, zone)} ({zone})"
    comment = f": {mark.comment}" if mark.comment else ""
    again = f", put right {counted(mark.revision - 1, 'time')}" if mark.revision > 1 else ""
    return f"{mark.role} mark, {points_text(mark.points)} points{items} by {mark.who} on {at}{again}{comment}"


def _form(found: AnswerToMark, person: Person, unnamed: bool, typed: FormData) -> ET.Element:
    may = marks_to_give(found.entry.marks, person)
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
        _path(found.entry.id),
        *hidden({"anonymous": "1"} if unnamed else {}),
        _which(may),
        _rubric(found, ticked),
        labelled("Points: ", points_box, "Such as 1.5 or 3/2; those of the items if left empty."),
        labelled("Comment for the student: ", comment_box),
        element(
            "p",
            {"class": "buttons"},
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


def _rubric(found: AnswerToMark, ticked: set[str]) -> ET.Element | None:
    rubric = rubric_of(found.question)
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


def _alike(found: AnswerToMark, unnamed: bool) -> Iterator[ET.Element]:
    for one in like(found.entry.text, [other.text for other in found.others]):
        other = found.others[one.place]
        name = other.id if unnamed else f"{other.id}, {other.student}"
        title = element("summary", {}, f"Like it by {one.share:.0%}: {name}")
        yield element("details", {}, title, element("pre", {"class": "words"}, other.text))


def marks_to_give(marks: Sequence[HandMark], person: Person) -> dict[MarkRole, HandMark | None]:
    """The marks that somebody may give an answer, each with what it would put right.

    Args:
        marks: Given so far.
        person: The marker; where two markers differ, an instructor settles it.
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


async def give(server: Server, request: Request) -> Response:
    """Keep a mark, unless another came meanwhile; what was typed stays on the page where it is not kept."""
    person = await server.person(request, *STAFF)
    found = await _answer(server, request)
    sent = await request.form(max_files=0, max_fields=MOST_FIELDS)
    unnamed = "anonymous" in sent
    try:
        role, revision, new = _made(found, person, sent)
        await server.writing(lambda connection: _keep(connection, person, new, revision))
    except (CannotGive, NotMarked) as error:
        again = await _answer(server, request)
        return _page(again, person, unnamed=unnamed, problem=error.message, typed=sent, status=409)
    if sent.get("then") != "next":
        return RedirectResponse(_path(found.entry.id, unnamed=unnamed), 303)
    seeks: Seeks = "second" if role == "second" else "first"
    entry = found.entry
    return await _given_next(server, person, entry.exercise, entry.question, seeks, unnamed=unnamed)


def _made(found: AnswerToMark, person: Person, sent: FormData) -> tuple[MarkRole, int, HandMark]:
    """The mark that was typed, and the revision that the marker saw."""
    role, _, seen = str(sent.get("mark", "")).partition(":")
    if role not in ROLES or not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise CannotGive("choose which mark it is")
    rubric = {one.id: one for one in rubric_of(found.question)}
    items = [str(one) for one in sent.getlist("item")]
    if any(one not in rubric for one in items):
        raise CannotGive("the rubric has no such item")
    points = str(sent.get("points", "")).strip() or None
    if points is None and not items:
        raise CannotGive("give points, or items of the rubric; 0 points are given by typing 0")
    comment = str(sent.get("comment", ""))
    if len(comment) > LONGEST_COMMENT:
        raise CannotGive(f"the comment has more than {LONGEST_COMMENT} characters")
    given = cast(MarkRole, role)
    chosen = [rubric[one] for one in dict.fromkeys(items)]
    return given, int(seen), mark_of(found.entry, chosen, points, comment, given, person.id)


def _keep(connection: Connection, person: Person, new: HandMark, revision: int) -> None:
    """Keep a mark in one transaction with its line in the log."""
    given = hand_marks(connection).get((new.attempt, new.question), ())
    before = last_of(new.role, given)
    if before is not None and before.who == person.id and says_the_same(before, new):
        return  # pressed twice
    if new.role not in marks_to_give(given, person):
        raise NotMarked("that mark is not yours to give" if before is None else _came(before))
    if (0 if before is None else before.revision) != revision:
        raise NotMarked(_came(before) if before is not None else "what you saw is not there any more")
    kept = keep_mark(connection, new, corrects=before is not None)
    detail = f"{kept.role} mark, {points_text(kept.points)} points"
    log_action(connection, person, "mark-words", f"{kept.question}-{kept.attempt}", detail)


def _came(before: HandMark) -> str:
    return f"there is a {before.role} mark meanwhile: {points_text(before.points)} points by {before.who}"


ROUTES = (
    ("/staff/words", queue, "GET"),
    ("/staff/words/next", next_answer, "POST"),
    ("/staff/words/{entry}", answer_page, "GET"),
    ("/staff/words/{entry}", give, "POST"),
)
