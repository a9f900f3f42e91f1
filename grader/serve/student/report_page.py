"""One hand-in: its place in the queue, then its report."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from grader.gradebook.kept_reports import reports
from grader.gradebook.read_records import standing_result
from grader.reports import View, html_report
from grader.reports.html.elements import Child, element
from grader.reports.json_report import report_from_record
from grader.serve import inbox
from grader.serve.crowd import MOST_OF_ONE, most_watching
from grader.serve.frame import page
from grader.serve.in_path import number_in, own_hand_in
from grader.serve.places import Place, look_again_s, place_text
from grader.serve.server import Server
from grader.serve.student.complaints import complaint_blocks, complaints_of
from grader.serve.student.rules import moment
from grader.serve.student.typed_page import beside_lines

LONGEST_WATCH_S = 300.0
SHORTEST_REFRESH_S = 2


async def hand_in(server: Server, request: Request) -> Response:
    """A hand-in: its place in the queue, then its report."""
    person = await server.require_person(request)
    number = number_in(request)

    def read(connection: Connection) -> tuple[Row[Any], dict[str, Any] | None, list[Any]] | None:
        row = own_hand_in(connection, person, number)
        return None if row is None else (row, _record(connection, row), complaints_of(connection, number))

    found = await server.reading(read)
    if found is None:
        raise HTTPException(404)
    row, record, complaints = found
    exercise = server.course.exercises.get(row.exercise)
    # Outside of what the report takes the place of, as it stands whether it waits or is marked.
    beside = [*beside_lines(exercise, request.query_params.getlist("beside"))] if exercise else []
    back = element("p", {}, element("a", {"href": f"/exercise/{row.exercise}"}, "Back to the exercise"))
    received = moment(datetime.datetime.fromisoformat(row.received_at), server.course.course.time_zone)
    receipt = element("p", {"class": "quiet"}, f"Receipt: hand-in {number}, received ", received, ".")
    if row.state == inbox.REPLACED:
        return page("Replaced", _marked(*_replaced(), receipt), back, person=person)
    if record is None and exercise is None:
        return page("Kept", _marked(*_without_exercise(row.exercise), receipt), person=person)
    if record is None:
        place, pace_s = await server.places.of(number) or Place(row.state), server.marker.pace_s
        waits = _waiting(number, place, pace_s, receipt)
        again_s = max(SHORTEST_REFRESH_S, round(look_again_s(place, pace_s)))
        return page("Waiting", *waits, *beside, back, person=person, again_s=again_s)
    report = report_blocks(server, row.exercise, row.question, record)
    return page(
        "Report",
        _marked(*report, receipt, *complaint_blocks(row, complaints, person)),
        *beside,
        back,
        person=person,
    )


def _replaced() -> Iterator[Child]:
    words = "You handed in this question again before this one was begun: the later one is marked."
    yield element("h1", {}, "Replaced")
    yield element("p", {}, words)


def _without_exercise(id: str) -> Iterator[Child]:
    """For an exercise that was taken away: its hand-ins are claimed as soon as it is there again."""
    words = (
        f"Your course does not have the exercise {id} at the moment. What you handed in is "
        "kept, your course sees it, and it is marked when the exercise is there again."
    )
    yield element("h1", {}, "Kept, and not marked yet")
    yield element("p", {"role": "status"}, words)


def _waiting(number: int, place: Place, pace_s: float, receipt: Child) -> Iterator[Child]:
    """The place in the queue stands outside of what the report replaces: screen readers say what changes."""
    yield _marked(element("h1", {}, "Kept, and waiting to be marked"), receipt)
    events = f"/hand-in/{number}/events"
    yield element("p", {"role": "status", "id": "place", "data-events": events}, place_text(place, pace_s))


def _marked(*blocks: Child) -> Child:
    """What a script takes from this page, as soon as it is marked, into the one that waits."""
    return element("div", {"id": "marked"}, *blocks)


def report_blocks(server: Server, name: str, question: str, record: dict[str, Any]) -> Iterator[Child]:
    """The report of a hand-in as its student sees it: of one question, or of all if `question` is empty."""
    exercise = server.course.exercises.get(name)
    report = report_from_record(record, exercise.title if exercise else "")
    if question:
        # What the others earn is on the page of the exercise; here one wants to know what was wrong.
        shown = tuple(one for one in report.questions if one.id == question)
        report = msgspec.structs.replace(report, questions=shown)
    yield from html_report.body(report, View())


def _record(connection: Connection, row: Row[Any]) -> dict[str, Any] | None:
    """The report that stands for a hand-in."""
    if row.attempt is None:
        return None
    result = standing_result(connection, row.attempt)
    return next(record for _, record in reports(connection, [result]))


async def events(server: Server, request: Request) -> Response:
    """The live place in the queue of a hand-in, as server-sent events, until it is done."""
    person = await server.require_person(request)
    number = number_in(request)
    if await server.reading(lambda connection: own_hand_in(connection, person, number)) is None:
        raise HTTPException(404)

    if sum(server.watching.values()) >= most_watching() or server.watching[person.id] >= MOST_OF_ONE:
        # To a browser it means: do not ask again; the page then looks again as a whole.
        return Response(status_code=204)

    async def live_changes() -> AsyncIterator[str]:
        server.watching[person.id] += 1
        try:
            async for ahead in _changes(server, number):
                yield f"data: {ahead}\n\n"
            yield "event: done\ndata: done\n\n"
        finally:
            server.watching[person.id] -= 1
            if not server.watching[person.id]:
                del server.watching[person.id]

    # nginx would keep what is sent until it has some more.
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(live_changes(), media_type="text/event-stream", headers=headers)


async def _changes(server: Server, number: int) -> AsyncIterator[int]:
    """How many are ahead, -1 when it is being marked, each time that changes, until it is done."""
    before, ends = None, time.monotonic() + LONGEST_WATCH_S
    while time.monotonic() < ends:
        place = await server.places.of(number)
        if place is None or place.state in (inbox.DONE, inbox.REPLACED):
            return
        ahead = place.ahead if place.state == inbox.WAITING else -1
        if ahead != before:
            yield ahead
        before = ahead
        await asyncio.sleep(look_again_s(place, server.marker.pace_s))


ROUTES = (
    ("/hand-in/{number:int}", hand_in, "GET"),
    ("/hand-in/{number:int}/events", events, "GET"),
)
