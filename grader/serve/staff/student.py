"""One student for staff: the standing, everything that was handed in, and each report."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from grader.classroom.remarks import remarks
from grader.gradebook.course import Course
from grader.gradebook.current import current_standings
from grader.gradebook.extensions import Extension, extensions, with_extensions
from grader.gradebook.kept_reports import reports
from grader.gradebook.read_records import overrides, stored_attempts
from grader.gradebook.records import Override, StoredAttempt, total
from grader.gradebook.standing import Standing
from grader.gradebook.tables import ATTEMPTS
from grader.model.share import points_text
from grader.reports import View, html_report
from grader.reports.html.elements import Child, element, table
from grader.reports.json_report import report_from_record
from grader.serve import people
from grader.serve.frame import alert, button, buttons, form, hidden, labelled, one_of, page, path_of_person
from grader.serve.moments import on_clocks
from grader.serve.people import STAFF, Person, Role
from grader.serve.server import Server
from grader.serve.staff.more_time import LONGEST_WHY, more_time
from grader.serve.staff.roster import membership_form, role_form
from grader.serve.tables import HAND_INS


class OfStudent(msgspec.Struct, frozen=True, kw_only=True):
    """All that is there of a student.

    Args:
        person: As the list of people has the student; None where only the gradebook does.
        standings: The student's, by exercise.
        attempts: All of them.
        given: Points that people gave or took back, oldest first.
        hand_ins: What was submitted in the browser, newest first.
        more_time: What was given beside the course file, oldest first.
        course: With that.
        is_removed: Whether the person was in the course and was removed.
    """

    person: Person | None
    standings: dict[str, Standing]
    attempts: Sequence[StoredAttempt]
    given: Sequence[Override]
    hand_ins: Sequence[Row[Any]]
    more_time: Sequence[Extension]
    course: Course
    is_removed: bool = False

    @property
    def is_there(self) -> bool:
        """Whether anything is known of the student."""
        return self.person is not None or self.is_removed or bool(self.attempts)


def read_student(connection: Connection, server: Server, student: str) -> OfStudent:
    """All that is there of a student."""
    attempts = stored_attempts(connection, None, student)
    standings = current_standings(connection, server.course.course, None, student, attempts=attempts)
    of_student = select(HAND_INS).where(HAND_INS.c.person == student).order_by(HAND_INS.c.id.desc())
    return OfStudent(
        person=people.find_person(connection, student),
        standings={one.exercise: one for one in standings},
        attempts=attempts,
        given=overrides(connection, None, student),
        hand_ins=connection.execute(of_student).all(),
        more_time=extensions(connection, student),
        course=with_extensions(connection, server.course.course, student),
        is_removed=student in (one.id for one in people.removed(connection)),
    )


async def student_page(server: Server, request: Request) -> Response:
    """A student: what stands, what was handed in, and what people gave."""
    person = await server.require_person(request, *STAFF)
    return await student_response(server, person, request.path_params["person"])


async def student_response(
    server: Server, person: Person, student: str, problem: str = "", typed: dict[str, str] | None = None
) -> Response:
    """A student's page for staff.

    Args:
        server: The server.
        person: Who looks.
        student: Whose page it is.
        problem: Why something was not kept.
        typed: What it was.
    """
    found = await server.reading(lambda connection: read_student(connection, server, student))
    if not found.is_there:
        raise HTTPException(404)
    name = found.person.name if found.person else found.attempts[0].name if found.attempts else ""
    heading = f"{name} ({student})" if name and name != student else student
    blocks: list[Child] = [element("h1", {}, heading)]
    blocks.append(alert(problem, "Nothing was kept; what you typed is below."))
    gone = "removed" if found.is_removed else "not on the list of people"
    role = found.person.role.value if found.person else gone
    blocks.append(element("p", {}, f"Role: {role}."))
    if found.person is not None and not found.person.is_staff:
        own = f"{path_of_person(student)}/as"
        blocks.append(element("p", {}, element("a", {"href": own}, "The course as the student sees it")))
    if found.person is not None and person.role is Role.INSTRUCTOR:
        blocks.append(role_form(found.person))
    if person.role is Role.INSTRUCTOR and (found.person or found.is_removed):
        blocks.append(membership_form(student, is_removed=found.is_removed))
    of_points = typed if typed and "points" in typed else {}
    titles = {id: one.title for id, one in server.course.exercises.items()}
    there = dict.fromkeys([*titles, *(one.exercise for one in found.attempts)])
    of_time = typed if typed and "until" in typed else {}
    folder = server.course
    blocks += more_time(
        folder.course, found.course, found.more_time, folder.exercises, student, person, of_time
    )
    zone = folder.course.time_zone
    for exercise in there:
        blocks += _exercise(
            found, student, (exercise, titles.get(exercise, exercise)), person, of_points, zone
        )
    blocks.append(element("p", {}, element("a", {"href": "/staff"}, "Back")))
    return page(heading, *blocks, person=person, status=409 if problem else 200)


def _exercise(
    found: OfStudent,
    student: str,
    named: tuple[str, str],
    person: Person,
    typed: dict[str, str],
    zone: str,
) -> list[Child]:
    exercise, title = named
    blocks: list[Child] = [element("h2", {"id": f"exercise-{exercise}"}, title)]
    hand_ins = [one for one in found.hand_ins if one.exercise == exercise]
    attempts = [one for one in found.attempts if one.exercise == exercise]
    standing = found.standings.get(exercise)
    if not attempts and not hand_ins:
        return [*blocks, element("p", {}, "Nothing handed in.")]
    if standing is not None:
        blocks += _standing(standing)
    elif attempts:
        blocks.append(element("p", {"class": "problem"}, "What is kept of this exercise cannot be read."))
    if hand_ins:
        rows: list[list[Child]] = [_hand_in(one, zone) for one in hand_ins]
        blocks.append(table(["hand-in", f"received ({zone})", "question", "state"], rows, "In the browser"))
    if attempts:
        rows = [_attempt(one, zone) for one in attempts]
        blocks.append(table(["attempt", f"submitted ({zone})", "points", ""], rows, "Attempts"))
    given = [one for one in found.given if one.exercise == exercise]
    if given:
        headings = [f"when ({zone})", "who", "what", "points", "why"]
        rows = [_override_row(one, zone) for one in given]
        blocks.append(table(headings, rows, "Points given by hand, the last counts"))
    if standing is not None and person.role is Role.INSTRUCTOR:
        blocks.append(_override_form(standing, student, typed if typed.get("exercise") == exercise else {}))
    return blocks


def _standing(one: Standing) -> list[Child]:
    stands = f"{points_text(one.points)} of {points_text(one.max_points)} points stand"
    text = "; ".join([stands, *remarks(one)])
    by_hand = {given.question for given in one.overrides}
    rows: list[list[Child]] = [
        [
            mark.question,
            mark.verdict,
            points_text(mark.points),
            points_text(Fraction(mark.max_points)),
            "by hand" if mark.question in by_hand else "",
        ]
        for mark in one.marks
    ]
    return [
        element("p", {}, f"{text}."),
        table(["question", "verdict", "points", "most", ""], rows, "What stands"),
    ]


def _hand_in(row: Row[Any], zone: str) -> list[Child]:
    link = element("a", {"href": f"/hand-in/{row.id}"}, str(row.id))
    received = on_clocks(row.received_at, zone, with_seconds=True)
    return [link, received, row.question or "a file for all", row.state]


def _attempt(one: StoredAttempt, zone: str) -> list[Child]:
    path = f"/staff/attempts/{one.attempt}"
    points, most = (total(getattr(mark, of) for mark in one.marks) for of in ("points", "max_points"))
    share = f"{points_text(points)} / {points_text(most)}"
    links = element("span", {}, element("a", {"href": path}, "report for staff"), ", ")
    links.append(element("a", {"href": f"{path}?as=student"}, "as the student sees it"))
    at = on_clocks(one.submitted_at or one.received_at, zone, with_seconds=True)
    return [str(one.number), at, share, links]


def _override_row(one: Override, zone: str) -> list[Child]:
    points = "taken back" if one.points is None else one.points
    return [on_clocks(one.made_at, zone), one.who, one.question or "the total", points, one.why]


def _override_form(standing: Standing, student: str, typed: dict[str, str]) -> Child:
    exercise = standing.exercise
    names = {"": "the total", **{mark.question: f"question {mark.question}" for mark in standing.marks}}
    question = one_of(names, typed.get("question", ""), id=f"question-{exercise}", name="question")
    points = element(
        "input",
        {
            "id": f"points-{exercise}",
            "name": "points",
            "maxlength": "30",
            "value": typed.get("points", ""),
            "autocomplete": "off",
        },
    )
    why = element(
        "input",
        {
            "id": f"why-{exercise}",
            "name": "why",
            "maxlength": str(LONGEST_WHY),
            "required": "",
            "value": typed.get("why", ""),
        },
    )
    fields = element(
        "fieldset",
        {},
        element("legend", {}, "Give points by hand"),
        labelled("For ", question),
        labelled("Points ", points, "Such as 1.5 or 3/2."),
        labelled("Why ", why, "The student reads this."),
        buttons(
            button("Give these points", name="do", value="give"),
            button("Take back what was given", name="do", value="withdraw"),
        ),
    )
    path = f"{path_of_person(student)}/points"
    return form(path, *hidden({"exercise": exercise}), fields)


async def attempt_page(server: Server, request: Request) -> Response:
    """The report of an attempt, for staff or as its student sees it."""
    person = await server.require_person(request, *STAFF)
    number = request.path_params["attempt"]
    as_student = request.query_params.get("as") == "student"

    def read(connection: Connection) -> tuple[StoredAttempt, dict[str, Any]] | None:
        if number >= 2**63:
            return None
        row = connection.execute(select(ATTEMPTS).where(ATTEMPTS.c.id == number)).first()
        if row is None:
            return None
        found = stored_attempts(connection, row.exercise, row.student)
        one = next((each for each in found if each.attempt == number), None)
        return None if one is None else (one, next(record for _, record in reports(connection, [one.result])))

    found = await server.reading(read)
    if found is None:
        raise HTTPException(404)
    attempt, record = found
    exercise = server.course.exercises.get(attempt.exercise)
    report = report_from_record(record, exercise.title if exercise else "")
    student = element("a", {"href": path_of_person(attempt.student)}, attempt.student)
    seen = "as the student sees it" if as_student else "for staff"
    head = element("p", {}, f"Attempt {attempt.number}, {seen}, by ", student)
    view = View(audience="student" if as_student else "staff")
    return page("Report", head, *html_report.body(report, view), person=person)


ROUTES = (
    ("/staff/people/{person}", student_page, "GET"),
    ("/staff/attempts/{attempt:int}", attempt_page, "GET"),
)
