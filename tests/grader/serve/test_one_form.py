"""Pressing anywhere on the page of an exercise loses nothing that stands in it, without any script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from grader.serve.server import Server
from tests.grader.serve.conftest import signed_in, text_of
from tests.grader.serve.page_forms import OpenPage
from tests.grader.serve.sums_course import sums_server

PATH = "/exercise/sums"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with sums_server(tmp_path) as server:
        yield signed_in(server, "ada")


def opened(client: TestClient) -> OpenPage:
    return OpenPage(client, PATH)


def stands(client: TestClient, question: str) -> str:
    """What the page shows in the field of a question."""
    return opened(client).fields[f"field.{question}/sum"]


@pytest.mark.parametrize(
    ("question", "action"), [("a", "submit"), ("a", "save"), ("a", "read"), ("", "save")]
)
def test_what_stands_in_the_other_question_is_saved(client: TestClient, question: str, action: str) -> None:
    page = opened(client).type("b", sum="typed for b")
    if question == "a":
        page.type("a", sum="4")
    page.press(question, action)
    assert stands(client, "b") == "typed for b"
    assert "typed for b" in client.get(f"{PATH}/b/typed").text


def test_a_file_and_a_page_that_was_pressed_in_the_wrong_place_save_it_too(client: TestClient) -> None:
    page = opened(client).type("b", sum="typed for b")
    got = client.post(PATH, data=page.fields, files={"file": ("answers.json", b'{"a": {"sum": 4}}')})
    assert got.headers["location"] == "/hand-in/1"
    assert stands(client, "b") == "typed for b"
    page = opened(client).type("a", sum="typed for a")
    assert client.post(PATH, data=page.fields, files={"file": ("", b"")}).status_code == 400
    assert stands(client, "a") == "typed for a"


def test_a_page_that_was_opened_long_ago_does_not_bring_back_what_stood_there(client: TestClient) -> None:
    opened(client).type("b", sum="first").press("b", "save")
    old = opened(client)
    opened(client).type("b", sum="second").press("b", "save")
    old.type("a", sum="4").press("a", "submit")
    assert stands(client, "b") == "second"
    # What a browser shows again after "back" was typed once, and is kept.
    back = opened(client)
    back.type("b", sum="third").press("b", "save")
    opened(client).type("b", sum="fourth").press("b", "submit")
    back.press("a", "save")
    assert stands(client, "b") == "fourth"
    assert "not submitted" not in text_of(client.get(PATH).text.partition('data-question="b"')[2])


def test_two_tabs_that_both_typed_keep_both_and_say_so(client: TestClient) -> None:
    old = opened(client)
    opened(client).type("b", sum="from one").press("b", "save")
    where = old.type("b", sum="from the other").type("a", sum="4").press("a", "save")
    page = text_of(client.get(where).text)
    assert "What was saved elsewhere meanwhile is under “All that you typed”." in page
    assert stands(client, "b") == "from the other"
    kept = client.get(f"{PATH}/b/typed").text
    assert "from one" in kept
    assert "from the other" in kept


def test_a_page_that_stays_open_does_not_take_what_it_shows_for_what_came_since(client: TestClient) -> None:
    old = opened(client).type("b", sum="third")
    opened(client).type("b", sum="third").press("b", "save")
    opened(client).type("b", sum="fourth").press("b", "submit")
    for text in ("1", "2", "3"):
        assert list(old.type("a", sum=text).press_with_scripts("a", "save")) == ["a"]
        assert stands(client, "b") == "fourth"
    note = old.type("b", sum="fifth").press_with_scripts("", "save")["b"]
    assert "What was saved elsewhere meanwhile is under" in note
    assert stands(client, "b") == "fifth"
    assert old.press_with_scripts("", "save") == {}


def test_what_another_tab_saved_is_told_where_a_question_is_handed_in(client: TestClient) -> None:
    told = "For 2 something else was saved or submitted elsewhere meanwhile. Both are under All that you"
    for text, lands in (("4", "/hand-in/1?beside=b"), ("", "409")):
        old = opened(client)
        opened(client).type("b", sum=f"from one {text}").press("b", "save")
        old.type("a", sum=text).type("b", sum=f"from the other {text}")
        got = client.post(f"{PATH}/a", data={**old.fields, "action": "submit"})
        assert got.headers.get("location", str(got.status_code)) == lands
        page = client.get(lands).text if text else got.text
        assert told in text_of(page)
        assert f'href="{PATH}/b/typed"' in page
    assert told not in text_of(client.get("/hand-in/1?beside=none").text)


def test_a_file_that_is_none_saves_what_was_typed(client: TestClient) -> None:
    page = opened(client).type("b", sum="typed for b")
    got = client.post(PATH, data=page.fields, files={"file": ("answers.exe", b"MZ")})
    assert got.status_code == 400
    assert "Nothing was submitted; what you typed is saved." in text_of(got.text)
    assert stands(client, "b") == "typed for b"


def test_what_was_typed_before_and_is_typed_again_stands(client: TestClient) -> None:
    for text in ("first", "second"):
        opened(client).type("b", sum=text).press("b", "save")
    opened(client).type("b", sum="first").type("a", sum="4").press("a", "submit")
    assert stands(client, "b") == "first"
    opened(client).type("b", sum="").press("", "save")
    assert stands(client, "b") == ""


def test_what_nobody_changed_is_no_draft(client: TestClient) -> None:
    opened(client).type("a", sum="4").press("a", "submit")
    opened(client).type("b", sum="5").press("b", "submit")
    assert "not submitted" not in client.get(PATH).text
    assert opened(client).press("", "save") == PATH


def test_pressing_twice_is_one_hand_in_and_one_draft(client: TestClient) -> None:
    page = opened(client).type("a", sum="4").type("b", sum="typed for b")
    assert page.press("a", "submit") == page.press("a", "submit") == "/hand-in/1"
    assert client.get(f"{PATH}/b/typed").text.count("<section>") == 1


def test_where_the_press_is_refused_the_others_are_saved_all_the_same(tmp_path: Path) -> None:
    with sums_server(tmp_path, "[exercise.sums]\ncutoff = 2020-01-02T00:00:00\n") as server:
        client = signed_in(server, "ada")
        page = opened(client).type("a", sum="5").type("b", sum="typed for b")
        got = client.post(f"{PATH}/a", data={**page.fields, "action": "submit"})
        assert got.status_code == 409
        assert (stands(client, "a"), stands(client, "b")) == ("5", "typed for b")


def test_nothing_filled_in_at_the_question_saves_the_others(client: TestClient) -> None:
    assert opened(client).type("b", sum="typed for b").press("a", "submit") == "409"
    assert stands(client, "b") == "typed for b"


def test_a_hint_that_is_asked_for_saves_all_that_was_typed(server: Server) -> None:
    client = signed_in(server, "amara")
    page = OpenPage(client, "/exercise/mit-6390-recitation-8").type("b_i", Wss="typed for b_i")
    path = next(one["formaction"] for one in page.form.buttons if "/hint/" in one.get("formaction", ""))
    assert client.post(path, data=page.fields).status_code == 303
    assert OpenPage(client, page.path).fields["field.b_i/Wss"] == "typed for b_i"


def test_all_of_a_page_outlives_the_session(server: Server) -> None:
    client = signed_in(server, "amara")
    page = OpenPage(client, "/exercise/mit-6390-recitation-8").type("b_i", Wss="typed for b_i")
    page.type("a_i", Wss="2x2")
    client.cookies.clear()
    got = client.post(f"{page.path}/a_i", data={**page.fields, "action": "submit"})
    assert got.status_code == 401
    assert "typed for b_i" in got.text
