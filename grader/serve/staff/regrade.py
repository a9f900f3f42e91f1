"""Marking all of an exercise anew: begun with a reason, looked at while nothing stands yet, then applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.gradebook.read_records import stored_attempts
from grader.model.exercise import Exercise
from grader.model.text import counted
from grader.reports.html.elements import Child, element, table
from grader.serve.actions import log_action
from grader.serve.frame import alert, button, buttons, form, labelled, one_of, page, path_of_exercise
from grader.serve.in_path import exercise_of, number_in
from grader.serve.moments import on_clocks
from grader.serve.people import Person, Role
from grader.serve.regrading import settling, trial
from grader.serve.regrading.proposal import Proposal, proposal_blocks, propose
from grader.serve.regrading.trial import NotNow
from grader.serve.server import Server

LOOK_AGAIN_S = 2
LONGEST_WHY = 2000


def path_of_regrades(exercise: str) -> str:
    """Where a regrade of an exercise is begun."""
    return f"{path_of_exercise(exercise)}/regrade"


async def begin_page(server: Server, request: Request) -> Response:
    """Begin a regrade of an exercise, and see those before."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    exercise = exercise_of(server, request)
    if request.method == "GET":
        return await _begin_page(server, person, exercise)
    async with request.form(max_files=0, max_fields=10) as sent:
        typed = {name: str(sent.get(name, "")).strip() for name in ("question", "why", "never_lower")}
    if not 0 < len(typed["why"]) <= LONGEST_WHY:
        words = "Say why" if not typed["why"] else f"The reason has more than {LONGEST_WHY} characters"
        return await _begin_page(server, person, exercise, words, typed)
    if typed["question"] not in ("", *(one.id for one in exercise.questions)):
        return await _begin_page(server, person, exercise, "The exercise has no such question", typed)

    def write(connection: Connection) -> int:
        number = trial.begin(
            connection,
            exercise,
            typed["question"],
            person.id,
            typed["why"],
            never_lower=bool(typed["never_lower"]),
        )
        what = typed["question"] or "all questions"
        log_action(
            connection, person, "regrade-begun", exercise.id, f"regrade {number}, {what}: {typed['why']}"
        )
        return number

    try:
        number = await server.writing(write)
    except NotNow as error:
        return await _begin_page(server, person, exercise, str(error).capitalize(), typed)
    return RedirectResponse(f"/staff/regrades/{number}", 303)


async def _begin_page(
    server: Server,
    person: Person,
    exercise: Exercise,
    problem: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    def read(connection: Connection) -> tuple[int, int, list[Row[Any]]]:
        attempts = stored_attempts(connection, exercise.id)
        older = sum(one.exercise_digest != exercise.digest for one in attempts)
        return len(attempts), older, trial.every(connection, exercise.id)

    count, older, before = await server.reading(read)
    title = f"Mark {exercise.title} anew"
    sentence = f"{older} of {counted(count, 'marked attempt')} had another version of this exercise."
    blocks: list[Child] = [
        element("h1", {}, title),
        alert(problem, "Nothing was begun."),
        element("p", {}, sentence if count else "Nothing of this exercise is marked yet."),
        element(
            "p",
            {},
            "All of them are marked with the exercise as it is now, while no student waits. Nothing stands "
            "until you have seen who changes and apply it; points given by hand stay.",
        ),
    ]
    if count:
        blocks.append(_begin_form(exercise, typed or {}))
    if before:
        zone = server.course.course.time_zone
        rows = [_regrade(one, zone) for one in before]
        blocks.append(table(["regrade", f"begun ({zone})", "by", "of", "why", "state"], rows, "Regrades"))
    back = path_of_exercise(exercise.id)
    blocks.append(element("p", {}, element("a", {"href": back}, "Back to the exercise")))
    return page(title, *blocks, person=person, status=409 if problem else 200)


def _begin_form(exercise: Exercise, typed: dict[str, str]) -> Child:
    names = {"": "all questions", **{one.id: f"{one.label} {one.id}".strip() for one in exercise.questions}}
    question = one_of(names, typed.get("question", ""), id="question", name="question")
    lower = {"type": "checkbox", "id": "never-lower", "name": "never_lower", "value": "1"}
    lower |= {"checked": ""} if typed.get("never_lower") else {}
    return form(
        path_of_regrades(exercise.id),
        labelled("Questions ", question),
        _why("Why ", typed.get("why", "")),
        element(
            "div",
            {"class": "choice"},
            element("input", lower),
            element("label", {"for": "never-lower"}, "Whoever would get fewer points keeps the old mark"),
        ),
        buttons(button("Mark anew")),
    )


def _why(label: str, value: str = "") -> Child:
    attributes = {"id": "why", "name": "why", "maxlength": str(LONGEST_WHY), "required": ""}
    return labelled(label, element("input", {**attributes, "value": value, "autocomplete": "off"}))


def _regrade(row: Row[Any], zone: str) -> list[Child]:
    link = element("a", {"href": f"/staff/regrades/{row.id}"}, f"Regrade {row.id}")
    return [link, on_clocks(row.made_at, zone), row.who, row.question or "all", row.why, row.state]


async def regrade_page(server: Server, request: Request) -> Response:
    """One regrade: how far it is, who would change, or what became of it."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    return await _regrade_page(server, person, number_in(request))


async def _regrade_page(server: Server, person: Person, number: int, problem: str = "") -> Response:
    def read(connection: Connection) -> tuple[Row[Any], trial.TrialProgress, Proposal | None] | None:
        row = trial.find(connection, number)
        if row is None:
            return None
        is_ready = row.state == trial.READY
        found = propose(connection, server.course.course, row) if is_ready else None
        return row, trial.progress(connection, number), found

    read_now = await server.reading(read)
    if read_now is None:
        raise HTTPException(404)
    row, progress, proposal = read_now
    exercise = server.course.exercises.get(row.exercise)
    blocks = _of_regrade(row, exercise, server.course.course.time_zone, progress, proposal, problem)
    response = page(f"Regrade {number}", *blocks, person=person, status=409 if problem else 200)
    if row.state == trial.MARKING and not problem:
        response.headers["refresh"] = str(LOOK_AGAIN_S)
    return response


def _of_regrade(
    row: Row[Any],
    exercise: Exercise | None,
    zone: str,
    progress: trial.TrialProgress,
    proposal: Proposal | None,
    problem: str,
) -> Iterator[Child]:
    of = f"question {row.question}" if row.question else "all questions"
    name = exercise.title if exercise else row.exercise
    yield element("h1", {}, f"Regrade {row.id}")
    yield alert(problem, "Nothing was changed.")
    begun = f"{name}, {of}; begun by {row.who} at {on_clocks(row.made_at, zone)} ({zone}): {row.why}"
    yield element("p", {}, begun)
    if row.state == trial.MARKING:
        yield from (*_how_far(progress), _settle_form(row.id, is_ready=False))
    elif proposal is not None:
        is_current = exercise is not None and exercise.digest == row.digest
        yield from proposal_blocks(proposal, "would change")
        if not is_current:
            words = "The exercise has changed since this regrade began: discard it, and begin another."
            yield element("p", {"class": "problem"}, words)
        yield _settle_form(row.id, is_ready=is_current)
    else:
        yield from _settled(row, zone)
    yield element(
        "p", {}, element("a", {"href": path_of_regrades(row.exercise)}, "Regrades of this exercise")
    )


def _how_far(progress: trial.TrialProgress) -> list[Child]:
    words = f"{progress.done} of {progress.of} submissions are marked. Nothing stands yet."
    meter = {"max": str(progress.of), "value": str(progress.done), "aria-label": "Marked"}
    return [element("p", {"role": "status"}, words), element("p", {}, element("progress", meter))]


def _settled(row: Row[Any], zone: str) -> list[Child]:
    """What became of a regrade that was applied or discarded."""
    words = f"{row.state.capitalize()} by {row.settled_by} at {on_clocks(row.settled_at, zone)}"
    blocks: list[Child] = [element("p", {}, f"{words}: {row.settled_why}")]
    if row.changed:
        blocks += proposal_blocks(msgspec.json.decode(row.changed, type=Proposal), "changed")
    return blocks


def _settle_form(number: int, *, is_ready: bool) -> Child:
    return form(
        f"/staff/regrades/{number}",
        _why("Why " if is_ready else "Why it is discarded "),
        buttons(
            button("Apply: let the new marks stand", name="do", value="apply") if is_ready else None,
            button("Discard: leave all as it is", name="do", value="discard"),
        ),
    )


async def settle(server: Server, request: Request) -> Response:
    """Let a regrade's marks stand, or leave all as it is."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    number = number_in(request)
    async with request.form(max_files=0, max_fields=5) as sent:
        does_apply, why = sent.get("do") == "apply", str(sent.get("why", "")).strip()
    if not 0 < len(why) <= LONGEST_WHY:
        return await _regrade_page(server, person, number, f"Say why, in at most {LONGEST_WHY} characters")

    def write(connection: Connection) -> None:
        row = trial.find(connection, number)
        if row is None:
            raise HTTPException(404)
        if not does_apply:
            settling.discard(connection, number, person.id, why)
            log_action(connection, person, "regrade-discarded", row.exercise, f"regrade {number}: {why}")
            return
        exercise = server.course.exercises.get(row.exercise)
        if exercise is None or exercise.digest != row.digest:
            raise NotNow("the exercise has changed since this regrade began")
        found = propose(connection, server.course.course, row)
        changed = msgspec.json.encode(found).decode()
        count = settling.apply(connection, number, person.id, why, changed)
        detail = (
            f"regrade {number}: {len(found.changed)} students change, {count} attempts marked anew: {why}"
        )
        log_action(connection, person, "regrade-applied", row.exercise, detail)

    try:
        await server.writing(write)
    except NotNow as error:
        return await _regrade_page(server, person, number, str(error).capitalize())
    return RedirectResponse(f"/staff/regrades/{number}", 303)


ROUTES = (
    ("/staff/exercises/{exercise}/regrade", begin_page, "GET", "POST"),
    ("/staff/regrades/{number:int}", regrade_page, "GET"),
    ("/staff/regrades/{number:int}", settle, "POST"),
)
