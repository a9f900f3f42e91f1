"""Who is on the list: people added from a class list, what each may do, and how each comes in."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from grader.errors import CannotDo, SubmissionError
from grader.lms.roster import roster_of
from grader.reports.html.elements import Child, element
from grader.serve import people
from grader.serve.actions import log_action
from grader.serve.frame import button, buttons, form, labelled, one_of, page, path_of_person
from grader.serve.people import Person, Role
from grader.serve.server import Server

NAMES_LOGGED = 20


async def roster(server: Server, request: Request) -> Response:
    """Upload a class list: people are added, and names put right; nobody is removed, and no role changes."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    if request.method == "GET":
        return _form(person)
    async with request.form(max_files=1, max_fields=5) as sent:
        upload = sent.get("file")
        if upload is None or isinstance(upload, str) or not upload.filename:
            raise HTTPException(400, "No file was chosen. Nothing was changed.")
        data = await upload.read()
    try:
        listed = roster_of(data, "the list")
    except SubmissionError as error:
        return _form(person, f"{error}. Nothing was changed.")
    if not listed:
        return _form(person, "The list has nobody on it. Nothing was changed.")

    def write(connection: Connection) -> tuple[list[str], list[str]]:
        there = {one.id: one for one in people.everybody(connection)}
        found = {one.id: Person(id=one.id, name=one.name, role=Role.STUDENT) for one in listed}
        students = [one for one in found.values() if one.id not in there or not there[one.id].is_staff]
        new = [one.id for one in students if one.id not in there]
        people.keep_people(connection, students)
        more = f" and {len(new) - NAMES_LOGGED} more" if len(new) > NAMES_LOGGED else ""
        log_action(connection, person, "roster", f"{len(new)} new", f"{', '.join(new[:NAMES_LOGGED])}{more}")
        gone = [one.id for one in there.values() if not one.is_staff and one.id not in found]
        return new, gone

    new, gone = await server.writing(write)
    notice = f"{len(listed)} read, {len(new)} of them new."
    missing = f"{len(gone)} who are not on this list stay: {', '.join(gone)}." if gone else ""
    return _form(person, notice, missing)


def _form(person: Person, *notice: str) -> Response:
    chosen = element(
        "input", {"type": "file", "id": "file", "name": "file", "accept": ".csv", "required": ""}
    )
    hint = "With a header; one column is called student, id, username, email or the like, another name."
    blocks: list[Child] = [element("p", {"role": "status"}, one) for one in notice if one]
    return page(
        "Class list",
        element("h1", {}, "Class list"),
        *blocks,
        element(
            "p",
            {},
            "People are added and names put right. Nobody is removed, and no role changes; who was removed "
            "and is on the list comes back, without the links of before.",
        ),
        form("/staff/roster", labelled("A CSV file: ", chosen, hint), button("Add people"), upload=True),
        element("p", {}, element("a", {"href": "/staff"}, "Back")),
        person=person,
    )


def role_form(whose: Person) -> Child:
    """The form by which an instructor changes what somebody may do."""
    chosen = one_of({one.value: one.value for one in Role}, whose.role.value, id="role", name="role")
    return form(
        f"{path_of_person(whose.id)}/role",
        labelled("Role ", chosen, "Who gets another one signs in again."),
        button("Change the role"),
    )


async def change_role(server: Server, request: Request) -> Response:
    """Change what somebody may do."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]
    async with request.form(max_files=0, max_fields=5) as sent:
        chosen = str(sent.get("role", ""))
    if chosen not in list(Role):
        raise HTTPException(400, "There is no such role. Nothing was changed.")

    def write(connection: Connection) -> None:
        if people.find_person(connection, whose) is None:
            raise HTTPException(404)
        before = people.set_role(connection, whose, Role(chosen))
        log_action(connection, person, "role", whose, f"{before.value} becomes {chosen}")

    try:
        await server.writing(write)
    except CannotDo as error:
        raise HTTPException(409, f"{error}. Nothing was changed.") from None
    return RedirectResponse(path_of_person(whose), 303)


def membership_form(id: str, *, is_removed: bool) -> Child:
    """Remove somebody from the course, or bring the person back."""
    does, words = ("back", "Bring back, as a student") if is_removed else ("remove", "Remove from the course")
    notice = "Nobody comes in by a link or code from before; what was handed in, and marks, stay."
    return form(
        f"{path_of_person(id)}/membership",
        buttons(
            button(words, name="do", value=does),
            element("span", {"class": "quiet"}, notice),
        ),
    )


async def membership(server: Server, request: Request) -> Response:
    """Remove somebody, or bring back who was removed."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]
    async with request.form(max_files=0, max_fields=5) as sent:
        does = sent.get("do")

    def write(connection: Connection) -> None:
        gone = {one.id: one for one in people.removed(connection)}
        if does == "back" and whose in gone:
            back = Person(id=whose, name=gone[whose].name, role=Role.STUDENT)
            people.keep_people(connection, [back])
            log_action(connection, person, "bring-back", whose)
        elif does == "remove" and whose not in gone:
            if people.find_person(connection, whose) is None:
                raise HTTPException(404)
            people.remove(connection, whose)
            log_action(connection, person, "remove", whose)
        elif whose not in gone and people.find_person(connection, whose) is None:
            raise HTTPException(404)

    try:
        await server.writing(write)
    except CannotDo as error:
        raise HTTPException(409, f"{error}. Nothing was changed.") from None
    return RedirectResponse(path_of_person(whose), 303)


async def new_link(server: Server, request: Request) -> Response:
    """A new link and code for somebody, shown once."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]

    def write(connection: Connection) -> tuple[str, str]:
        made = people.new_link(connection, whose), people.new_code(connection, whose)
        log_action(connection, person, "new-link", whose)
        return made

    try:
        link, code = await server.writing(write)
    except CannotDo:
        raise HTTPException(404) from None
    words = f"{server.root}/in/{link}"
    return page(
        "New link",
        element("h1", {}, f"A way in for {whose}"),
        element("p", {}, "Shown once; nobody can look it up again."),
        element("p", {}, "Link: ", element("code", {}, words)),
        element("p", {}, "Code, to be typed under /in: ", element("code", {}, code)),
        element("p", {}, element("a", {"href": "/staff"}, "Back")),
        person=person,
    )


async def revoke(server: Server, request: Request) -> Response:
    """Make somebody's links and codes useless."""
    person = await server.require_person(request, Role.INSTRUCTOR)
    whose = request.path_params["person"]

    def write(connection: Connection) -> None:
        people.revoke(connection, whose)
        log_action(connection, person, "revoke", whose)

    await server.writing(write)
    return RedirectResponse("/staff", 303)


ROUTES = (
    ("/staff/roster", roster, "GET", "POST"),
    ("/staff/people/{person}/role", change_role, "POST"),
    ("/staff/people/{person}/membership", membership, "POST"),
    ("/staff/people/{person}/link", new_link, "POST"),
    ("/staff/people/{person}/revoke", revoke, "POST"),
)
