"""How far everybody is, the class in one exercise, and the marks as a file."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.gradebook.hand_marks import HandMark
from grader.gradebook.queue import keep_mark
from grader.gradebook.records import Override
from grader.gradebook.write_records import keep_override
from grader.serve import people
from grader.serve.people import Person, Role
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in
from tests.grader.serve.words_course import words_server, write_words

EVIL = "<script>alert(1)<script>"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with words_server(tmp_path, ada="Many factors.", bo="No idea.") as made:
        yield made


def rows_of(page: str, caption: str) -> list[list[str]]:
    """The texts of a table's cells."""
    table = next(one for one in page.split("<table") if f"<caption>{caption}" in one)
    rows = table.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    cells = (re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in rows)
    return [[re.sub(r"<[^>]*>", "", cell) for cell in row] for row in cells]


def test_the_first_page_counts_who_handed_in_and_what_is_open(server: Server) -> None:
    staff = signed_in(server, "xenia", Role.ASSISTANT)
    with server.book.writing_durably() as connection:
        people.keep_people(connection, [Person(id="cy", name="Cy", role=Role.STUDENT)])
        keep_mark(connection, HandMark(attempt=1, question="w", role="first", who="xenia", points="3/2"))
    (row,) = rows_of(staff.get("/staff").text, "Exercises")
    assert row == ["Words", "2 of 3", "0", "0", "1", "50 %"]


@pytest.mark.parametrize(
    ("sought", "found"), [("AD", ["ada"]), ("o", ["bo", "zoe"]), ("Bo", ["bo"]), ("<b>", []), ("%", [])]
)
def test_people_are_found_by_a_part_of_their_id_or_name(
    server: Server, sought: str, found: list[str]
) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    page = staff.get("/staff", params={"q": sought}).text
    assert "<b>" not in page
    assert ([row[0] for row in rows_of(page, "People")] if found else []) == found
    assert ("Nobody has such an id or name" in page) is not bool(found)


def test_the_page_looks_again_by_itself_only_where_that_is_asked_for(server: Server) -> None:
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    assert "refresh" not in staff.get("/staff").headers
    assert staff.get("/staff?live=1").headers["refresh"] == "10"


@pytest.mark.parametrize("query", ["", "?similar=1"])
def test_the_class_page_names_who_waits_and_who_handed_in_nothing(server: Server, query: str) -> None:
    write_words(server, EVIL, "\u202eevil")
    staff = signed_in(server, "xenia", Role.ASSISTANT)
    signed_in(server, "cy")
    page = staff.get(f"/staff/exercises/words{query}").text
    assert [row[0] for row in rows_of(page, "What staff should look at")] == [
        "&lt;script&gt;alert(1)&lt;script&gt;",
        "ada",
        "bo",
    ]
    assert "1 without a marked hand-in" in page
    assert "/staff/people/cy" in page
    assert ("In common" in page) is bool(query)
    assert "<script>alert" not in page
    assert not re.search(r"\sstyle=|<style|\son\w+=|href=\"#common", page) or query


def test_an_exercise_that_nobody_handed_in_has_a_page(tmp_path: Path) -> None:
    with words_server(tmp_path) as server:
        staff = signed_in(server, "xenia", Role.ASSISTANT)
        assert "Nothing is marked yet" in staff.get("/staff/exercises/words").text
        assert staff.get("/staff/exercises/elsewhere").status_code == 404


def test_marks_leave_as_attachments_in_which_no_spreadsheet_finds_a_formula(server: Server) -> None:
    evil = "=cmd|' /C calc'!A0"
    write_words(server, evil, "=1+1")
    with server.book.writing_durably() as connection:
        given = Override(student="ada", exercise="words", question=None, points="2", who="zoe", why="@SUM(1)")
        keep_override(connection, given)
    staff = signed_in(server, "zoe", Role.INSTRUCTOR)
    sent = staff.get("/staff/export/csv?exercise=words")
    assert sent.headers["content-disposition"] == 'attachment; filename="marks.csv"'
    assert sent.headers["x-content-type-options"] == "nosniff"
    rows = list(csv.DictReader(io.StringIO(sent.text)))
    assert {row["student"] for row in rows} == {"ada", "bo", f"'{evil}"}
    cells = [cell for row in rows for cell in row.values() if cell]
    assert not [cell for cell in cells if cell[0] in "=+@" or (cell[0] == "-" and not cell[1:].isdigit())]
    records = json.loads(staff.get("/staff/export/json").text)
    assert {one["student"]: one["points"] for one in records} == {"ada": 2, "bo": 0, evil: 0}
    assert staff.get("/staff/export/html").status_code == 404


def test_everybodys_report_is_in_a_zip_with_the_points_that_stand_and_nothing_for_staff(
    server: Server,
) -> None:
    write_words(server, "../<script>", "No <b>idea</b>.")
    with server.book.writing_durably() as connection:
        given = Override(
            student="ada", exercise="words", question="w", points="2", who="zoe", why="said aloud"
        )
        keep_override(connection, given)
    sent = signed_in(server, "zoe", Role.INSTRUCTOR).get("/staff/feedback/words")
    assert sent.headers["content-disposition"] == 'attachment; filename="feedback.zip"'
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(texts) == 3
    assert {"ada.html", "bo.html"} < texts.keys()
    assert not [name for name in texts if set(name) & set("/<>")]
    assert "said aloud" in texts["ada.html"]
    assert "said aloud" not in texts["bo.html"]
    assert not [text for text in texts.values() if "Many factors." in text or "<script>" in text]


def test_a_report_that_cannot_be_shown_stops_nobody_elses(server: Server) -> None:
    with server.book.writing() as connection:
        connection.exec_driver_sql("update results set report = '{}' where id = 1")
    sent = signed_in(server, "zoe", Role.INSTRUCTOR).get("/staff/feedback/words")
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        assert set(archive.namelist()) == {"bo.html", "left-out.txt"}
        assert archive.read("left-out.txt").startswith(b"ada: ")


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("exercises/new.toml", "title = 1", "new.toml: "),
        ("course.toml", 'time_zone = "Nowhere/Land"', "course.toml: time_zone"),
        ("course.toml", b"\xff", "a file cannot be read"),
    ],
)
def test_staff_are_told_what_is_wrong_in_a_file_that_was_changed(
    server: Server, file: str, text: str | bytes, told: str
) -> None:
    zoe, xenia = (signed_in(server, *one) for one in (("zoe", Role.INSTRUCTOR), ("xenia", Role.ASSISTANT)))
    path = server.course.folder / file
    before = path.read_bytes() if path.exists() else None
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for person, sees in ((zoe, told), (xenia, "an instructor sees here what is wrong")):
        page = person.get("/staff").text
        assert f"it stays as it was before: {sees}" in page
        assert str(server.course.folder) not in page
        assert rows_of(page, "Exercises")[0][0] == "Words"
    path.unlink()
    if before is not None:
        path.write_bytes(before)
    assert "cannot be read" not in zoe.get("/staff").text
