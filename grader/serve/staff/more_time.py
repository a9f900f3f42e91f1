"""What a student was given more time for, by the course file and in the browser, and a form to give it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence

from grader.gradebook.course import Course, CourseExtension
from grader.gradebook.extensions import Extension
from grader.model.exercise import Exercise
from grader.model.text import composed
from grader.reports.html.elements import Child, element, table
from grader.serve.frame import button, buttons, form, labelled, one_of, path_of_person
from grader.serve.moments import on_clocks
from grader.serve.people import Person, Role
from grader.serve.student.rules import moment

LONGEST_WHY = 2000
IN_FILE = "the course file"


def more_time(
    course: Course,
    extended: Course,
    extensions: Sequence[Extension],
    exercises: Mapping[str, Exercise],
    student: str,
    person: Person,
    typed: Mapping[str, str],
) -> Iterator[Child]:
    """The part of a student's page about more time.

    Args:
        course: As its file has it.
        extended: With what was given in the browser.
        extensions: What was given there and taken back, oldest first.
        exercises: Of the course, by id.
        student: Whose page it is.
        person: Who looks.
        typed: What was typed and could not be kept.
    """
    rows = [*_in_file(course, student), *(_extension_row(one, course.time_zone) for one in extensions)]
    is_instructor = person.role is Role.INSTRUCTOR
    if not rows and not is_instructor:
        return
    yield element("h2", {"id": "more-time"}, "More time")
    if dues := list(_dues(course, extended, exercises, student)):
        yield table(["exercise", "due for this student"], dues, "What holds now")
    if rows:
        headings = [f"when ({course.time_zone})", "who", "exercise", "until", "why"]
        yield table(headings, rows, "More time that was given, the last of each counts")
    if is_instructor:
        yield _form(course, exercises, student, typed)


def _dues(
    course: Course, extended: Course, exercises: Mapping[str, Exercise], student: str
) -> Iterator[list[Child]]:
    """Exercises whose due time for the student differs from everybody's."""
    for one in exercises.values():
        own, others = extended.policy(student, one.id), course.policy("", one.id)
        at = own.due or own.cutoff
        if at is not None and (own.due, own.cutoff) != (others.due, others.cutoff):
            yield [one.title, moment(at, course.time_zone)]


def _in_file(course: Course, student: str) -> Iterator[list[Child]]:
    for one in course.extension:
        if composed(one.student) == composed(student):
            yield ["", IN_FILE, one.exercise or "all", _terms(one), one.why]


def _terms(one: CourseExtension) -> str:
    parts = [
        f"{one.days:g} days more" if one.days else "",
        _local(one.until) if one.until else "",
        f"accepted until {_local(one.cutoff)}" if one.cutoff else "",
        f"{one.limit} attempts" if one.limit else "",
    ]
    return "; ".join(part for part in parts if part)


def _local(at: datetime.datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")


def _extension_row(one: Extension, zone: str) -> list[Child]:
    until = "taken back" if one.until is None else one.until.replace("T", " ")
    return [on_clocks(one.made_at, zone), one.who, one.exercise, until, one.why]


def _form(course: Course, exercises: Mapping[str, Exercise], student: str, typed: Mapping[str, str]) -> Child:
    titles = {id: one.title for id, one in exercises.items()}
    exercise = one_of(titles, typed.get("exercise", ""), id="in", name="exercise")
    until = {"id": "until", "name": "until", "type": "datetime-local", "value": typed.get("until", "")}
    why = {"id": "why-more-time", "name": "why", "maxlength": str(LONGEST_WHY), "required": ""}
    fields = element(
        "fieldset",
        {},
        element("legend", {}, "Give more time"),
        labelled("In ", exercise),
        labelled("Until ", element("input", until), f"On the course's clocks, {course.time_zone}."),
        labelled("Why ", element("input", {**why, "value": typed.get("why", "")}), "Staff read this."),
        buttons(
            button("Give this time", name="do", value="give"),
            button("Take back what was given", name="do", value="withdraw"),
        ),
    )
    return form(f"{path_of_person(student)}/time", fields)
