"""A class list adds people and removes nobody; roles are an instructor's to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.serve import people
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, new_client, signed_in


def roles(server: Server) -> dict[str, str]:
    with server.book.reading() as connection:
        return {one.id: one.role.value for one in people.everybody(connection)}


def actions(server: Server) -> list[tuple[str, str, str]]:
    with server.book.reading() as connection:
        rows = connection.exec_driver_sql("select action, subject, detail from actions order by id").all()
    return [(row[0], row[1], row[2]) for row in rows]


def upload(server: Server, text: str | bytes) -> str:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    sent = staff.post("/staff/roster", files={"file": ("list.csv", text)})
    assert sent.status_code == 200
    return sent.text


def test_a_list_adds_people_keeps_those_not_on_it_and_changes_no_role(server: Server) -> None:
    signed_in(server, "xenia", Role.ASSISTANT)
    told = upload(server, "student;name\namara;Amara A.\ncy;Cy\nxenia;X\n")
    assert "3 read, 1 of them new" in told
    assert "1 who are not on this list stay: bruno" in told
    assert roles(server) == {
        **{"amara": "student", "bruno": "student", "cy": "student"},
        **{"staff": "instructor", "xenia": "assistant", "zoe": "instructor"},
    }
    with server.book.reading() as connection:
        found = people.find_person(connection, "amara")
    assert found is not None
    assert found.name == "Amara A."
    assert actions(server) == [("roster", "1 new", "cy")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no column holds ids"),
        ("a,b\n1,2\n", "no column holds ids"),
        ("student\n", "nobody on it"),
        (b"student\n\xff\n", "is not UTF-8 text"),
        (b"student\n\0\n", ""),
        ('student\n"' + "x" * 200_000 + '"\n', "is not a CSV file"),
    ],
)
def test_what_is_no_list_changes_nothing(server: Server, text: str | bytes, told: str) -> None:
    before = roles(server)
    assert told in upload(server, text)
    assert {one: role for one, role in roles(server).items() if one in before} == before
    if told:
        assert roles(server) == {**before, "zoe": "instructor"}
        assert actions(server) == []


def test_names_from_a_list_are_shown_as_text(server: Server) -> None:
    told = upload(server, "student,name\n<script>alert(1)<script>,\u202eevil\n=cmd,x\n")
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    for page in (told, staff.get("/staff").text, staff.get("/staff/log").text):
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_who_becomes_an_assistant_signs_in_again_and_sees_what_assistants_do(server: Server) -> None:
    staff, amara = signed_in(server, "zoe", Role.INSTRUCTOR), signed_in(server, "amara")
    assert amara.get("/staff").status_code == 404
    assert staff.post("/staff/people/amara/role", data={"role": "assistant"}).status_code == 303
    assert amara.get("/staff").status_code == 401
    again = signed_in(server, "amara")
    assert again.get("/staff").status_code == 200
    assert again.post("/staff/people/amara/role", data={"role": "instructor"}).status_code == 404
    assert actions(server) == [("role", "amara", "student becomes assistant")]


def test_the_last_instructor_stays_one(server: Server) -> None:
    staff = signed_in(server, "staff")
    sent = staff.post("/staff/people/staff/role", data={"role": "student"})
    assert (sent.status_code, "a course needs an instructor" in sent.text) == (409, True)
    assert roles(server)["staff"] == "instructor"
    assert actions(server) == []


@pytest.mark.parametrize(("person", "role", "status"), [("amara", "owner", 400), ("nobody", "student", 404)])
def test_no_other_role_and_nobody_else_can_be_chosen(
    server: Server, person: str, role: str, status: int
) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    assert staff.post(f"/staff/people/{person}/role", data={"role": role}).status_code == status
    assert actions(server) == []


def test_who_is_removed_comes_in_no_more_and_keeps_the_marks(server: Server, tmp_path: Path) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    with server.book.writing_durably() as connection:
        link = people.new_link(connection, "amara")
        code = people.new_code(connection, "amara")
    amara = signed_in(server, "amara")
    assert (
        amara.post("/exercise/mit-6390-recitation-8/a_i", data={"field.Wss": "2x2", "press": "1"}).status_code
        == 303
    )
    for _ in range(2):  # pressed twice
        assert staff.post("/staff/people/amara/membership", data={"do": "remove"}).status_code == 303
    assert amara.get("/").status_code == 401
    assert (
        amara.post("/exercise/mit-6390-recitation-8/a_i", data={"field.Wss": "2x2", "press": "2"}).status_code
        == 401
    )
    browser = new_client(server)
    assert browser.post(f"/in/{link}").status_code == 403
    assert browser.post("/in", data={"code": code}).status_code == 403
    assert "amara" not in roles(server)
    page = staff.get("/staff/people/amara").text
    assert "Role: removed" in page
    assert "/hand-in/1" in page
    # The roster in the folder has her still: that the server starts again is nobody's wish.
    with server_for(tmp_path / "course", jobs=1, root=OURS, is_unsafe_ok=True) as again:
        assert "amara" not in roles(again)
    assert "1 of them new" in upload(server, "student,name\namara,Amara\n")
    assert roles(server)["amara"] == "student"
    # She is back, and what she had before is still of no use.
    assert browser.post(f"/in/{link}").status_code == 403
    assert amara.get("/").status_code == 401
    assert "/hand-in/1" in signed_in(server, "amara").get("/exercise/mit-6390-recitation-8").text
    assert [one[:2] for one in actions(server)] == [("remove", "amara"), ("roster", "1 new")]


def test_who_was_removed_is_brought_back_as_a_student(server: Server) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    xenia = signed_in(server, "xenia", Role.ASSISTANT)
    assert staff.post("/staff/people/xenia/membership", data={"do": "remove"}).status_code == 303
    assert xenia.get("/staff").status_code == 401
    assert staff.post("/staff/people/xenia/membership", data={"do": "back"}).status_code == 303
    assert roles(server)["xenia"] == "student"
    assert staff.post("/staff/people/nobody/membership", data={"do": "remove"}).status_code == 404
    assert staff.post("/staff/people/nobody/membership", data={"do": "back"}).status_code == 404


def test_the_last_instructor_is_not_removed(server: Server) -> None:
    staff = signed_in(server, "staff")
    sent = staff.post("/staff/people/staff/membership", data={"do": "remove"})
    assert (sent.status_code, "a course needs an instructor" in sent.text) == (409, True)
    assert staff.get("/staff").status_code == 200
