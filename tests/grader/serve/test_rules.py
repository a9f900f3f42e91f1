"""What a course's rules forbid is told before anything is pressed, and refused with nothing lost."""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.gradebook.current import current_standings
from grader.gradebook.read_records import stored_attempts
from grader.serve.server import Server
from grader.serve.student.rules import moment
from tests.grader.serve.conftest import press_of, signed_in, text_of, wait_until_done
from tests.grader.serve.test_student import EXERCISE, RIGHT, report_of

ID = EXERCISE.rpartition("/")[2]


def with_rules(tmp_path: Path, rules: str) -> None:
    """Give the course's exercise rules, while its server runs."""
    course = f'time_zone = "Europe/Berlin"\n[exercise."{ID}"]\n{rules}\n'
    (tmp_path / "course" / "course.toml").write_text(course)


def press(client: TestClient, question: str, number: int, **typed: str) -> int:
    data = {f"field.{name}": value for name, value in typed.items()}
    return client.post(f"{EXERCISE}/{question}", data={**data, "press": f"{question}-{number}"}).status_code


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ("due = 2099-06-01T23:59:00", "Due Mon 01 Jun 2099, 23:59 CEST (UTC+2)."),
        ("due = 2099-01-07T12:00:00Z", "Due Wed 07 Jan 2099, 13:00 CET (UTC+1)."),
        (
            'due = 2099-06-01T23:59:00\nlate = { per_day = "10%", cap = "1/2", grace_minutes = 15 }',
            "For each day late that has begun, 10 % is taken off, 50 % at most. "
            "Up to 15 minutes late cost nothing.",
        ),
        ("cutoff = 2099-06-01T23:59:00", "Nothing is accepted after Mon 01 Jun 2099, 23:59 CEST (UTC+2)."),
        ("attempts = { limit = 2 }", "Each question can be submitted twice"),
        ("attempts = { limit = 2 }", "2 attempts left."),
        ("attempts = { per_hour = 3 }", "Each question can be submitted 3 times within an hour."),
        ('attempts = { counts = "best" }', "The best of your submissions counts"),
    ],
)
def test_a_rule_is_told_before_anything_is_pressed(
    server: Server, tmp_path: Path, rules: str, told: str
) -> None:
    with_rules(tmp_path, rules)
    page = text_of(signed_in(server, "amara").get(EXERCISE).text)
    assert told.replace(" %", "%") in page.replace(" %", "%").replace("\N{NO-BREAK SPACE}%", "%")


def test_after_the_cutoff_what_is_typed_is_kept_and_not_submitted(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, "cutoff = 2020-01-01T00:00:00")
    client = signed_in(server, "amara")
    page = client.get(EXERCISE).text
    assert "The time to submit is over" in page
    assert 'value="submit"' not in page
    assert press(client, "a_i", 1, Wss="my own 2x2") == 409
    assert "my own 2x2" in client.get(EXERCISE).text
    file = {"file": ("answer.json", b"{}")}
    assert client.post(EXERCISE, files=file, data={"press": "file"}).status_code == 409
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from hand_ins").scalar() == 0


def test_before_it_opens_nothing_is_shown_and_nothing_taken(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, "opens = 2099-06-01T08:00:00")
    client = signed_in(server, "amara")
    page = client.get(EXERCISE).text
    assert "It opens Mon 01 Jun 2099, 08:00 CEST (UTC+2)." in text_of(page)
    assert "Submit" not in page
    assert press(client, "a_i", 1, Wss="2x2") == 409
    assert client.post(f"{EXERCISE}/a_i/hint/1").status_code == 404


def test_each_question_has_its_own_attempts_and_all_of_them_count(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, "attempts = { limit = 1 }")
    with signed_in(server, "amara") as client:
        typed = {name.removeprefix("field."): value for name, value in RIGHT.items()}
        assert press(client, "a_ii", 1, **{"g1.0.0": "1 1 1 1"}) == 303
        wait_until_done(client)
        # The first of another question is not the second attempt.
        assert press(client, "a_i", 1, **typed) == 303
        wait_until_done(client)
        assert press(client, "a_i", 2, **{**typed, "Wss": "typed later"}) == 409
        # The same press again is no new one: it leads to what it became.
        assert press(client, "a_i", 1, **typed) == 303
        page = client.get(EXERCISE).text
    assert "typed later" in page
    assert "No attempts are left." in page
    assert "correct, 5 of 5 points." in text_of(page)
    with server.book.reading() as connection:
        (stands,) = current_standings(connection, server.course.course, ID, "amara")
        assert [one.question for one in stored_attempts(connection)] == ["a_ii", "a_i"]
    assert stands.points == 5


def test_what_cannot_be_read_takes_no_attempt(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, "attempts = { limit = 1 }")
    with signed_in(server, "amara") as client:
        assert press(client, "a_i", 1, Wss="no shape at all") == 303
        wait_until_done(client)
        assert "invalid" in text_of(client.get(EXERCISE).text)
        typed = {name.removeprefix("field."): value for name, value in RIGHT.items()}
        assert press(client, "a_i", 2, **typed) == 303
        wait_until_done(client)
    with server.book.reading() as connection:
        (stands,) = current_standings(connection, server.course.course, ID, "amara")
    assert stands.points == 5


def test_what_waits_to_be_marked_takes_an_attempt(server: Server, tmp_path: Path) -> None:
    """Or one could press often before the first is marked; the server here marks nothing."""
    with_rules(tmp_path, "attempts = { limit = 1 }")
    client = signed_in(server, "amara")
    file = {"file": ("answer.json", b"{}")}
    assert client.post(EXERCISE, files=file, data={"press": "file"}).status_code == 303
    assert press(client, "a_i", 1, Wss="2x2") == 409


def test_a_press_of_what_was_typed_when_the_session_had_ended_comes_back(server: Server) -> None:
    client = signed_in(server, "amara")
    cookies = dict(client.cookies)
    sent = {"field.Wss": 'a "2x2"\n<b>', "press": press_of(client.get(EXERCISE).text), "action": "submit"}
    client.cookies.clear()
    page = client.post(f"{EXERCISE}/a_i", data=sent)
    assert page.status_code == 401
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    assert {name: html.unescape(value) for name, value in found} == sent
    assert f'action="{EXERCISE}/a_i"' in page.text
    client.cookies.update(cookies)
    assert client.post(f"{EXERCISE}/a_i", data=sent).status_code == 303


HINTS = "hint_policy = { after = [0, 1], cost = [0.5, 1] }"


def test_a_hint_tells_its_cost_is_recorded_and_shown_again(server: Server, tmp_path: Path) -> None:
    with_rules(tmp_path, HINTS)
    first = server.course.exercises[ID].questions[0].hints[0][:20]
    with signed_in(server, "amara") as client:
        before = client.get(EXERCISE).text
        assert "Show hint 1 of" in before
        assert "costs 0.5 points of this question" in before
        assert first not in before
        assert client.post(f"{EXERCISE}/a_i/hint/2").status_code == 409
        for _ in range(2):
            assert client.post(f"{EXERCISE}/a_i/hint/1").status_code == 303
        after = client.get(EXERCISE).text
        assert "Hint 1, which cost 0.5 points" in after
        assert first in text_of(after)
        typed = {name.removeprefix("field."): value for name, value in RIGHT.items()}
        press(client, "a_i", 1, **typed)
        wait_until_done(client)
        page = text_of(client.get(EXERCISE).text)
        assert "You have 4.5 of" in page, page[:1500]
        assert first not in signed_in(server, "bruno").get(EXERCISE).text


def test_this_is_wrong_reaches_the_course_once(server: Server) -> None:
    with signed_in(server, "amara") as client:
        sent = client.post(f"{EXERCISE}/a_i", data={**RIGHT, "press": "1"})
        place = sent.headers["location"]
        assert "This is wrong" in report_of(client, place)
        for _ in range(2):
            assert client.post(f"{place}/wrong", data={"words": "It <b>is</b> right"}).status_code == 303
        assert "It &lt;b&gt;is&lt;/b&gt; right" in client.get(place).text
    assert signed_in(server, "bruno").post(f"{place}/wrong", data={"words": "x"}).status_code == 404
    with server.book.reading() as connection:
        rows = connection.exec_driver_sql("select hand_in, question, words from complaints").all()
    assert [tuple(row) for row in rows] == [(int(place.rpartition("/")[2]), "a_i", "It <b>is</b> right")]


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("UTC", "Thu 01 Jan 2099, 12:00 UTC"),
        ("Asia/Kolkata", "Thu 01 Jan 2099, 17:30 IST (UTC+5:30)"),
        ("America/St_Johns", "Thu 01 Jan 2099, 08:30 NST (UTC-3:30)"),
        ("America/Sao_Paulo", "Thu 01 Jan 2099, 09:00 UTC-3"),
        ("Pacific/Kiritimati", "Fri 02 Jan 2099, 02:00 UTC+14"),
    ],
)
def test_a_time_says_how_far_the_courses_clocks_are_from_utc(zone: str, told: str) -> None:
    """Offsets and names of the IANA time zone database."""
    found = moment(datetime.datetime(2099, 1, 1, 12, tzinfo=datetime.UTC), zone)
    assert found.text == told
    assert datetime.datetime.fromisoformat(found.attrib["datetime"]).astimezone(datetime.UTC).hour == 12


def test_the_course_page_says_what_counts_beside_each_exercise(server: Server, tmp_path: Path) -> None:
    client = signed_in(server, "amara")
    assert "your last nothing yet, of 34" in text_of(client.get("/").text.replace("</td>", " "))
    with_rules(tmp_path, 'attempts = { counts = "first" }')
    assert "your first of each question" in client.get("/").text
