"""What a student typed is there again, whatever happened: two tabs, a dropped line, an ended session."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.gradebook.kept_files import submission
from grader.serve.people import Role
from grader.serve.running import server_for
from grader.serve.server import Server
from tests.grader.serve.conftest import OURS, course_in, new_client, signed_in
from tests.grader.serve.page_forms import PageForm
from tests.grader.serve.test_student import EXERCISE
from tests.grader.serve.words_course import words_server

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
QUESTION = f"{EXERCISE}/a_i"
ODD = (
    'def f(x):\n\treturn x[::2]  ## a tab, "quotes" & <b>\n\n'
    "# zero\u200bwidth, \u202eturned, \u00a0, \U0001f469\u200d\U0001f4bb"
)


def field_of(page: str, name: str, question: str = "a_i") -> str:
    """What stands in a text of a page, as a browser reads it."""
    return dict(PageForm(page).fields)[f"field.{question}/{name}"]


class Tab:
    """A page that was opened once and is used however long after.

    Args:
        client: The browser.
        action: Where its form sends to.
    """

    def __init__(self, client: TestClient, action: str = QUESTION) -> None:
        self.client, self.action = client, action
        self.fields = dict(PageForm(client.get(EXERCISE).text).fields)

    def data(self, action: str, **typed: str) -> dict[str, str]:
        """What a press sends."""
        own = self.action.rpartition("/")[2]
        return {
            **self.fields,
            "action": action,
            **{f"field.{own}/{name}": one for name, one in typed.items()},
        }

    def press(self, action: str, **typed: str) -> int:
        """Press a button of it; the number of the hand-in, or the status."""
        got = self.client.post(self.action, data=self.data(action, **typed))
        place = got.headers.get("location", "")
        return int(place.rpartition("/")[2]) if "hand-in" in place else got.status_code


def n_hand_ins(server: Server) -> int:
    with server.book.reading() as connection:
        return int(connection.exec_driver_sql("select count(*) from hand_ins").scalar_one())


@pytest.fixture
def client(server: Server) -> TestClient:
    return signed_in(server, "amara")


def test_a_double_click_and_a_resend_are_one_hand_in(server: Server, client: TestClient) -> None:
    tab = Tab(client)
    together: list[int] = []
    clicks = [
        threading.Thread(target=lambda: together.append(tab.press("submit", Wss="2x2"))) for _ in range(4)
    ]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(60)
    assert together == [1] * 4
    assert tab.press("submit", Wss="2x2") == 1
    assert n_hand_ins(server) == 1


def test_a_form_that_the_browser_shows_again_hands_in_what_stands_in_it_now(
    server: Server, client: TestClient
) -> None:
    """Going back shows the form as it was, with the key of its first press."""
    tab = Tab(client)
    assert tab.press("submit", Wss="2x2") == 1
    assert tab.press("submit", Wss="3x3") == 2
    assert field_of(client.get(EXERCISE).text, "Wss") == "3x3"


def test_submitting_in_one_tab_keeps_what_another_saved_since(client: TestClient) -> None:
    first, second = Tab(client), Tab(client)
    assert second.press("save", Wss="the newer one") == 303
    assert first.press("submit", Wss="2x2") == 1
    page = client.get(EXERCISE).text
    assert field_of(page, "Wss") == "the newer one"
    assert "not submitted" in page


def test_what_was_submitted_from_its_own_form_is_no_draft_any_more(client: TestClient) -> None:
    assert Tab(client).press("save", Wss="2x3") == 303
    assert Tab(client).press("submit", Wss="2x2") == 1
    page = client.get(EXERCISE).text
    assert field_of(page, "Wss") == "2x2"
    assert "not submitted" not in page


def test_each_of_two_tabs_finds_what_it_saved(client: TestClient) -> None:
    first, second = Tab(client), Tab(client)
    first.press("save", Wss="from the first")
    second.press("save", Wss="from the second")
    second.press("submit", Wss="from the second, later")
    page = client.get(f"{QUESTION}/typed").text
    assert [one for one in ("from the first", "from the second", "from the second, later") if one in page]
    again = next(one for one in FORM.findall(page) if "from the first" in one)
    data = {name: html.unescape(value) for name, value in HIDDEN.findall(again)}
    assert client.post(QUESTION, data=data).status_code == 303
    assert field_of(client.get(EXERCISE).text, "Wss") == "from the first"


def test_saving_often_keeps_the_last_twenty_of_each_question(server: Server, client: TestClient) -> None:
    tab = Tab(client)
    for number in range(30):
        tab.press("save", Wss=f"version {number}.")
    page = client.get(f"{QUESTION}/typed").text
    assert re.findall(r"version (\d+)\.", page)[::2] == [str(number) for number in range(29, 9, -1)]
    with server.book.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from drafts").scalar() == 20


def test_saving_much_leaves_the_newest_and_what_has_room(server: Server, client: TestClient) -> None:
    tab = Tab(client)
    for letter in "abcdef":
        # With the names of the fields four older ones are more than 400,000 letters.
        tab.press("save", **dict.fromkeys(("Wss", "Wsx", "Wo", "z1", "z2"), letter * 20_000))
    with server.book.reading() as connection:
        kept = connection.exec_driver_sql("select typed from drafts order by id").all()
    assert [row[0][8] for row in kept] == ["c", "d", "e", "f"]


@pytest.mark.parametrize("action", ["save", "submit"])
def test_every_letter_comes_back_as_it_was_typed(client: TestClient, action: str) -> None:
    Tab(client).press(action, Wss=ODD)
    assert field_of(client.get(EXERCISE).text, "Wss") == ODD


def test_lines_that_a_browser_counts_once_are_not_cut(client: TestClient) -> None:
    long = "1\n" * 10_000
    Tab(client).press("save", Wss=long.replace("\n", "\r\n"))
    assert field_of(client.get(EXERCISE).text, "Wss") == long


@pytest.mark.parametrize("action", ["save", "submit"])
def test_what_is_longer_than_is_read_is_not_cut_but_comes_back(
    server: Server, client: TestClient, action: str
) -> None:
    assert 'maxlength="20000"' not in client.get(EXERCISE).text
    long = "1 " * 10_001
    page = client.post(QUESTION, data={"field.Wss": long, "press": "1", "action": action})
    assert page.status_code == 400
    assert "Wss: longer than 20,000 characters" in page.text
    assert sent_again(page.text)[1]["field.Wss"] == long
    assert n_hand_ins(server) == 0


def test_another_server_takes_a_form_that_the_one_before_made(tmp_path: Path) -> None:
    course = course_in(tmp_path)
    with server_for(course, jobs=1, root=OURS) as before:
        client = signed_in(before, "amara")
        tab = Tab(client)
        assert tab.press("save", Wss="typed before") == 303
        assert tab.press("submit", Wss="2x2") == 1
        cookies = dict(client.cookies)
    with server_for(course, jobs=1, root=OURS) as after:
        tab.client = new_client(after)
        tab.client.cookies.update(cookies)
        assert tab.press("submit", Wss="2x2") == 1
        assert tab.press("submit", Wss="2x3") == 2
        assert "typed before" in tab.client.get(f"{QUESTION}/typed").text


def sent_again(page: str) -> tuple[str, dict[str, str]]:
    """The form of a page that holds what was typed: where it sends to, and what."""
    found = next(one for one in FORM.findall(page) if "Send it again" in one)
    action = re.search(r'action="([^"]+)"', found)
    assert action
    return action[1], {name: html.unescape(value) for name, value in HIDDEN.findall(found)}


WORDS_OF_STAFF = {
    "/staff/people/amara/points": {"exercise": "x", "points": "3", "why": ODD},
    "/staff/words/w-1": {"start": "then", "points": "1", "comment": ODD},
    "/hand-in/1/wrong": {"words": ODD},
    QUESTION: {"field.Wss": ODD, "press": "1", "action": "submit"},
}


@pytest.mark.parametrize("path", WORDS_OF_STAFF)
def test_what_is_typed_into_any_form_outlives_the_session(server: Server, path: str) -> None:
    page = new_client(server).post(path, data=WORDS_OF_STAFF[path])
    assert page.status_code == 401
    assert sent_again(page.text) == (path, WORDS_OF_STAFF[path])
    assert "2]  ##" in html.unescape(page.text).split("What you typed")[1]


def test_a_file_outlives_the_session_too(server: Server, client: TestClient) -> None:
    data = bytes(range(256)) * 8000
    nobody = new_client(server)
    page = nobody.post(EXERCISE, files={"file": ("mine.npz", data)}, data={"press": "1", "who": "amara"})
    assert page.status_code == 401
    path, fields = sent_again(page.text)
    got = client.post(path, data=fields, files={"unused": ("", b"")})
    assert got.status_code == 303, got.text
    with server.book.reading() as connection:
        digest = connection.exec_driver_sql("select submission from hand_ins").scalar_one()
        kept = submission(connection, digest, "amara").files
    assert [(one.name, one.data) for one in kept] == [("answer.npz", data)]


@pytest.mark.parametrize("path", [f"{EXERCISE}/gone", "/exercise/gone/a_i"])
def test_what_was_typed_for_a_question_that_is_there_no_longer_comes_back(
    client: TestClient, path: str
) -> None:
    page = client.post(path, data={"field.Wss": ODD, "press": "1"})
    assert page.status_code == 404
    assert sent_again(page.text)[1]["field.Wss"] == ODD


def test_what_was_typed_when_the_server_fails_comes_back(
    server: Server, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = Tab(client)

    def fail(*given: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("grader.serve.inbox.keep_submission", fail)
        page = client.post(QUESTION, data=tab.data("submit", Wss=ODD))
    assert page.status_code == 500
    path, fields = sent_again(page.text)
    assert client.post(path, data=fields).status_code == 303
    assert field_of(client.get(EXERCISE).text, "Wss") == ODD


def test_what_one_typed_is_not_handed_in_as_another_who_signed_in_since(
    server: Server, client: TestClient
) -> None:
    tab = Tab(client)
    tab.client = signed_in(server, "bruno")
    assert tab.press("submit", Wss="2x2") == 409
    assert tab.press("save", Wss="2x2") == 409
    assert n_hand_ins(server) == 0
    # Who says that it is the own hands it in.
    page = tab.client.post(QUESTION, data=tab.data("submit", Wss="2x2"))
    path, fields = sent_again(page.text)
    assert tab.client.post(path, data=fields).status_code == 303


@pytest.mark.parametrize("typed", [{}, {"Wss": " ", "z1": "\n"}, {"nonsense": "2x2"}])
def test_nothing_at_all_takes_no_attempt_and_no_draft(
    server: Server, client: TestClient, typed: dict[str, str]
) -> None:
    Tab(client).press("save", Wss="2x2")
    data = {f"field.{name}": one for name, one in typed.items()}
    page = client.post(QUESTION, data={"press": "1", **data})
    assert page.status_code == 409
    assert "it asks for Wss, Wsx, Wo, z1 and z2" in page.text
    assert n_hand_ins(server) == 0
    assert field_of(client.get(EXERCISE).text, "Wss") == "2x2"


@pytest.fixture
def code_server(tmp_path: Path) -> Iterator[Server]:
    with server_for(course_in(tmp_path, "ntu-cz4042-tutorial-8"), jobs=1, root=OURS) as made:
        yield made


def test_code_as_it_stood_in_the_form_is_nothing(code_server: Server) -> None:
    client = signed_in(code_server, "amara")
    page = client.get("/exercise/ntu-cz4042-tutorial-8").text
    name, code = next(one for one in PageForm(page).fields if one[0].endswith("/code"))
    path = f"/exercise/ntu-cz4042-tutorial-8/{name.removeprefix('field.').removesuffix('/code')}"
    assert code.startswith("def ")
    assert client.post(path, data={"field.code": code, "press": "1"}).status_code == 409
    assert client.post(path, data={"field.code": f"{code}# mine\n", "press": "1"}).status_code == 303


def test_a_marker_whose_session_ended_sends_the_mark_again(tmp_path: Path) -> None:
    with words_server(tmp_path, ada="Many factors.") as server:
        marker = signed_in(server, "xenia", Role.ASSISTANT)
        mark = {"mark": "first:0", "points": "2", "comment": ODD, "then": "stay"}
        page = new_client(server).post("/staff/words/w-1", data=mark)
        path, fields = sent_again(page.text)
        assert fields == mark
        assert marker.post(path, data=fields).status_code == 303
