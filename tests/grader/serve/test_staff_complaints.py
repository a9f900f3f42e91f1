"""What a student says against a report reaches staff with all that belongs to it, and is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.serve.people import Role
from grader.serve.regrading import trial
from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in, text_of
from tests.grader.serve.sums_course import mark_sums, sums_server
from tests.grader.serve.test_staff_student import logged

EVIL = "2 + 2 is 4 <script>alert(1)</script>\nsee page 3"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Ada was marked wrong, and says so."""
    with sums_server(tmp_path) as made:
        number = mark_sums(made, "ada", 4, 5)
        said = signed_in(made, "ada").post(f"/hand-in/{number}/wrong", data={"words": EVIL})
        assert said.status_code == 303
        yield made


def test_an_assistant_sees_all_that_belongs_to_it_and_answers_and_the_student_reads_it(
    server: Server,
) -> None:
    xenia, ada = signed_in(server, "xenia", Role.ASSISTANT), signed_in(server, "ada")
    assert "(1 not answered)" in xenia.get("/staff").text
    assert "/staff/complaints/1" in xenia.get("/staff/complaints").text
    page = xenia.get("/staff/complaints/1").text
    assert "<script>alert" not in page
    for what in ("2 + 2 is 4 &lt;script&gt;", "&quot;sum&quot;: 4", "1 of 3 points", "/hand-in/1"):
        assert what.replace("&quot;", '"') in page.replace("&quot;", '"'), what
    # Points by hand and regrades are an instructor's.
    assert "Give points by hand" not in page
    sent = xenia.post("/staff/complaints/1", data={"answer": "You are right;\nwe mark it anew.", "seen": ""})
    assert sent.status_code == 303
    assert "The course answered: You are right; we mark it anew." in text_of(ada.get("/hand-in/1").text)
    assert "Nothing waits for an answer" in xenia.get("/staff/complaints").text
    assert [(who, action) for who, action, _ in logged(server)] == [("xenia", "answer")]


def test_an_answer_that_came_meanwhile_is_not_written_over(server: Server) -> None:
    first, second = (signed_in(server, who, Role.INSTRUCTOR) for who in ("zoe", "yan"))
    page = second.get("/staff/complaints/1").text
    assert "Give points by hand" in page
    assert "/staff/exercises/sums/regrade" in page
    for _ in range(2):  # pressed twice
        assert first.post("/staff/complaints/1", data={"answer": "No.", "seen": ""}).status_code == 303
    late = second.post("/staff/complaints/1", data={"answer": "Yes.", "seen": ""})
    assert (late.status_code, "zoe has answered meanwhile" in late.text) == (409, True)
    assert "Yes." in late.text
    assert first.post("/staff/complaints/1", data={"answer": "", "seen": ""}).status_code == 409
    assert len(logged(server)) == 1


def test_the_report_is_shown_as_it_was_when_the_words_were_said(server: Server) -> None:
    folder = server.course.folder
    (folder / "exercises" / "sums.toml").write_text(
        (folder / "exercises" / "sums.toml").read_text().replace("sum = 5", "sum = 4", 1)
    )
    exercise = server.course.exercises["sums"]
    with server.book.writing_durably() as connection:
        number = trial.begin(connection, exercise, "", "zoe", "key", never_lower=False)
    with signed_in(server, "zoe", Role.INSTRUCTOR) as zoe:
        from tests.grader.serve.test_staff_regrade import marked

        marked(zoe, f"/staff/regrades/{number}")
        zoe.post(f"/staff/regrades/{number}", data={"do": "apply", "why": "key"})
        assert "1 of 3 points" in text_of(zoe.get("/staff/complaints/1").text)
        assert "3 of 3 points" in text_of(zoe.get("/hand-in/1").text)


def test_of_one_question_the_report_shows_what_the_student_saw(server: Server) -> None:
    """Bo answered the second question only, and is not told about the first."""
    number = mark_sums(server, "bo", 6, 5, question="b")
    with signed_in(server, "bo") as bo:
        seen = text_of(bo.get(f"/hand-in/{number}").text)
        bo.post(f"/hand-in/{number}/wrong", data={"words": "why?"})
    page = text_of(signed_in(server, "xenia", Role.ASSISTANT).get("/staff/complaints/2").text)
    of_staff = page.split("The report as the student saw it")[1]
    for report in (seen, of_staff):
        assert "1 of 1 points" in report or "1 of 1 point" in report
        assert "That is a product." not in report


def test_nobody_complains_in_anothers_name_or_reads_anothers(server: Server) -> None:
    zoe, bo = signed_in(server, "zoe", Role.INSTRUCTOR), signed_in(server, "bo")
    for client in (zoe, bo):
        assert client.post("/hand-in/1/wrong", data={"words": "x"}).status_code == 404
    assert "ada told the course" in zoe.get("/hand-in/1").text
    assert "This is wrong" not in zoe.get("/hand-in/1").text
    for path in ("/staff/complaints", "/staff/complaints/1"):
        assert bo.get(path).status_code == 404
    assert bo.post("/staff/complaints/1", data={"answer": "x", "seen": ""}).status_code == 404
    assert zoe.get(f"/staff/complaints/{10**30}").status_code == 404
    assert logged(server) == []


def test_a_student_is_told_of_an_answer_until_it_is_read(server: Server) -> None:
    zoe, ada, bo = (
        signed_in(server, "zoe", Role.INSTRUCTOR),
        signed_in(server, "ada"),
        signed_in(server, "bo"),
    )
    told = "Your message about the file that you handed in"

    def pages() -> list[bool]:
        return [f"{told}" in text_of(ada.get(path).text) for path in ("/", "/exercise/sums")]

    assert pages() == [False, False]
    for seen, answer in (("", "No."), (None, "Yes, after all.")):
        before = zoe.get("/staff/complaints/1").text
        seen = seen if seen is not None else before.partition('name="seen" value="')[2].partition('"')[0]
        zoe.post("/staff/complaints/1", data={"answer": answer, "seen": seen})
        assert pages() == [True, True]
        # Looking changes nothing, and it is nobody else's.
        ada.get("/hand-in/1")
        assert bo.post("/hand-in/1/wrong", data={"read": "1"}).status_code == 404
        assert told not in bo.get("/").text
        assert pages() == [True, True]
        assert ada.post("/hand-in/1/wrong", data={"read": "1"}).headers["location"] == "/hand-in/1"
        assert pages() == [False, False]
