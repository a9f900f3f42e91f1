"""The course as a whole, for staff: how far everybody is in each exercise, who is in it, and who did what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import Connection, distinct, func, or_, select
from starlette.requests import Request
from starlette.responses import Response

from grader.gradebook.standing import Standing
from grader.model.text import counted
from grader.reports.html.elements import Child, element, list_of, table
from grader.reports.wording import percent_text
from grader.serve import inbox, people
from grader.serve.actions import last_actions
from grader.serve.frame import button, form, page, path_of_exercise, path_of_person
from grader.serve.moments import on_clocks
from grader.serve.people import STAFF, Person, Role
from grader.serve.server import Server
from grader.serve.staff.complaints import count_open
from grader.serve.tables import HAND_INS, PASSBACKS

LOOK_AGAIN_S = 10
LONGEST_SEARCH = 200


class UnsentScores(msgspec.Struct, frozen=True):
    """Scores that wait to be sent to platforms.

    Args:
        count: How many students' points in an exercise.
        next_at: When one that failed is tried again, in UTC; None where none failed.
        error: What went wrong with it.
    """

    count: int = 0
    next_at: str | None = None
    error: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far the course is.

    Args:
        everybody: Who may come in.
        hand_ins: How many each submitted in the browser.
        who: How many people submitted each exercise in the browser.
        open: How many hand-ins of each exercise wait or are being marked.
        standings: Of all students, in all exercises.
        complaints: How many students' complaints nobody has answered.
        unsent: Scores that a learning platform does not have yet.
    """

    everybody: Sequence[Person]
    hand_ins: Mapping[str, int]
    who: Mapping[str, int]
    open: Mapping[str, int]
    standings: Sequence[Standing]
    complaints: int = 0
    unsent: UnsentScores = UnsentScores()


def read_progress(connection: Connection, server: Server) -> Progress:
    """How far the course is now."""
    of_people = select(HAND_INS.c.person, func.count()).group_by(HAND_INS.c.person)
    of_exercises = select(HAND_INS.c.exercise, func.count(distinct(HAND_INS.c.person)))
    is_open = HAND_INS.c.state.in_((inbox.WAITING, inbox.RUNNING))
    waiting = select(HAND_INS.c.exercise, func.count()).where(is_open)

    def numbers(found: object) -> Counter[str]:
        return Counter({row[0]: row[1] for row in connection.execute(found)})  # type: ignore[call-overload]

    return Progress(
        everybody=people.everybody(connection),
        hand_ins=numbers(of_people),
        who=numbers(of_exercises.group_by(HAND_INS.c.exercise)),
        open=numbers(waiting.group_by(HAND_INS.c.exercise)),
        standings=server.standings.now(connection, server.course.course),
        complaints=count_open(connection),
        unsent=unsent_scores(connection),
    )


async def overview(server: Server, request: Request) -> Response:
    """Who is in the course, and how far everybody is; looks again by itself where that is asked for."""
    person = await server.require_person(request, *STAFF)
    found = await server.reading(lambda connection: read_progress(connection, server))
    sought = request.query_params.get("q", "")[:LONGEST_SEARCH]
    is_live = "live" in request.query_params
    blocks: list[Child] = [element("h1", {}, "Staff"), _places(person, found, is_live=is_live)]
    blocks += _not_read(server, person)
    blocks += _without_exercise(server, found)
    blocks += _unsent_line(found.unsent, server.course.course.time_zone)
    blocks.append(_exercises(server, found))
    blocks.append(_search(sought))
    blocks.append(_people(found, person, sought))
    response = page("Staff", *blocks, person=person)
    if is_live:
        response.headers["refresh"] = str(LOOK_AGAIN_S)
    return response


def _places(person: Person, progress: Progress, *, is_live: bool) -> Child:
    open_ones = f" ({progress.complaints} not answered)" if progress.complaints else ""
    places = {"/staff/words": "Words to be marked"}
    places |= {"/staff/complaints": f"What students say is wrong{open_ones}"}
    if person.role is Role.INSTRUCTOR:
        places |= {
            "/staff/roster": "Class list",
            "/staff/uploads": "Upload an exercise",
            "/staff/log": "Who did what",
        }
        places |= {f"/staff/export/{one}": f"All marks as {one.upper()}" for one in ("csv", "json")}
    every = f"Look again every {LOOK_AGAIN_S} s"
    places |= {"/staff": "Do not look again by itself"} if is_live else {"/staff?live=1": every}
    return list_of(element("a", {"href": path}, words) for path, words in places.items())


def _not_read(server: Server, person: Person) -> Iterator[Child]:
    """Files of the course that were changed and are wrong now; what is in them is an instructor's to read."""
    problem = server.course.problem
    if problem:
        what = problem if person.role is Role.INSTRUCTOR else "an instructor sees here what is wrong"
        sentence = f"The course's files were changed and cannot be read; it stays as it was before: {what}"
        yield element("p", {"class": "problem"}, sentence)


def _without_exercise(server: Server, progress: Progress) -> Iterator[Child]:
    """Hand-ins of exercises that were taken out of the course before they were marked."""
    for name in sorted(progress.open.keys() - server.course.exercises.keys()):
        sentence = (
            f"{counted(progress.open[name], 'hand-in')} of {name} cannot be marked: the course does not have "
            "that exercise any more. What was handed in is kept, and marked when its file, or its table in "
            "course.toml, is back."
        )
        yield element("p", {"class": "problem"}, sentence)


def _exercises(server: Server, progress: Progress) -> Child:
    n_students = sum(not one.is_staff for one in progress.everybody)
    rows: list[list[Child]] = []
    for exercise in server.course.exercises.values():
        standings = [one for one in progress.standings if one.exercise == exercise.id]
        decided = [one.fraction for one in standings if not one.is_undecided and not one.is_pending]
        path = path_of_exercise(exercise.id)
        rows.append(
            [
                element("a", {"href": path}, exercise.title),
                f"{max(len(standings), progress.who.get(exercise.id, 0))} of {n_students}",
                str(progress.open.get(exercise.id, 0)),
                str(sum(one.is_undecided for one in standings)),
                str(sum(one.is_pending for one in standings)),
                percent_text(sum(decided, start=decided[0] * 0) / len(decided)) if decided else "",
            ]
        )
    headings = ["exercise", "handed in", "being marked", "undecided", "wait for a person", "mean"]
    return table(headings, rows, "Exercises")


def _search(sought: str) -> Child:
    box = {"id": "q", "name": "q", "value": sought, "maxlength": str(LONGEST_SEARCH), "type": "search"}
    label = element("label", {"for": "q"}, "Id or name ")
    return element(
        "form",
        {"method": "get", "action": "/staff", "role": "search"},
        label,
        element("input", box),
        button("Find"),
    )


def _people(progress: Progress, person: Person, sought: str) -> Child:
    key = sought.strip().casefold()
    shown = [one for one in progress.everybody if key in one.id.casefold() or key in one.name.casefold()]
    state = {
        kind: {one.student for one in progress.standings if getattr(one, f"is_{kind}")}
        for kind in ("undecided", "pending")
    }
    rows: list[list[Child]] = []
    for one in shown:
        path = path_of_person(one.id)
        may = person.role is Role.INSTRUCTOR
        rows.append(
            [
                element("a", {"href": path}, one.id),
                one.name,
                one.role.value,
                str(progress.hand_ins.get(one.id, 0)),
                ", ".join(kind for kind, whose in state.items() if one.id in whose),
                form(f"{path}/link", button("New link"), kind="plain") if may else "",
                form(f"{path}/revoke", button("Revoke"), kind="plain") if may else "",
            ]
        )
    if not rows:
        return element("p", {"role": "status"}, "Nobody has such an id or name.")
    return table(["id", "name", "role", "hand-ins", "open", "link", "revoke"], rows, "People")


def unsent_scores(connection: Connection) -> UnsentScores:
    """How many scores wait to be sent to platforms, and the last error."""
    is_unsent = PASSBACKS.c.wanted.is_not(None) & or_(
        PASSBACKS.c.sent.is_(None), PASSBACKS.c.sent != PASSBACKS.c.wanted
    )
    count = int(connection.execute(select(func.count()).where(is_unsent)).scalar_one())
    failed = select(PASSBACKS.c.next_at, PASSBACKS.c.error).where(is_unsent, PASSBACKS.c.error.is_not(None))
    last = connection.execute(failed.order_by(PASSBACKS.c.next_at.desc()).limit(1)).first()
    return UnsentScores(count) if last is None else UnsentScores(count, last.next_at, last.error)


def _unsent_line(unsent: UnsentScores, zone: str) -> Iterator[Child]:
    """A line on how many scores wait, and the last error; nothing where none waits."""
    if not unsent.count:
        return
    words = f"{counted(unsent.count, 'score')} not told to the learning platform yet."
    if not unsent.error or unsent.next_at is None:
        yield element("p", {}, words)
        return
    again = f"It is tried again, next at {on_clocks(unsent.next_at, zone)} ({zone})."
    yield element("p", {"class": "problem"}, f"{words} The last error: {unsent.error.rstrip('.')}. {again}")


async def log(server: Server, request: Request) -> Response:
    """Who did what, newest first."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    zone = server.course.course.time_zone
    rows = [
        [on_clocks(at, zone, with_seconds=True), *rest] for at, *rest in await server.reading(last_actions)
    ]
    listed = table([f"when ({zone})", "who", "role", "what", "on", ""], rows, "Actions")
    return page("Who did what", element("h1", {}, "Who did what"), listed, person=person)


ROUTES = (("/staff", overview, "GET"), ("/staff/log", log, "GET"))
