"""What a page does with what is typed: it says how it is read, saves it, and loses none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100), pytest.mark.xdist_group("typing")]

SCRIPTS = {"with scripts": True, "without scripts": False}
EXERCISE = "/exercise/mit-6390-recitation-8"


def form_of(page: Any, question: str) -> Any:
    """The form of a question."""
    return page.locator(f"section:has(> h2#question-{question})").first


def press(form: Any, name: str) -> None:
    """Press a button of a form."""
    form.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_a_preview_says_how_it_is_read_and_costs_nothing(tab_of: Callable[..., Any], scripts: str) -> None:
    tab = tab_of(f"previews {scripts}".replace(" ", "-"), java_script_enabled=SCRIPTS[scripts])
    tab.go(EXERCISE)
    form = form_of(tab.page, "b_i")
    form.locator("[name$='/Wss']").fill("[1 2; 3 4]")
    form.locator("[name$='/Wo']").fill("[1 2; 3]")
    press(form, "Preview")
    reading = form_of(tab.page, "b_i").locator(".reading")
    reading.locator("mtable").wait_for()
    assert "Wss: a 2 x 2 matrix" in reading.inner_text()
    assert "Wo: this cannot be read. the rows are not of one length" in reading.inner_text()
    said = form_of(tab.page, "b_i").locator(".note").inner_text()
    assert re.fullmatch(r"Saved \d\d:\d\d:\d\d(?: \(.*\))?; not submitted\.", said)
    tab.go(EXERCISE)
    assert form_of(tab.page, "b_i").locator("[name$='/Wss']").input_value() == "[1 2; 3 4]"
    assert tab.page.locator("h2#earlier").count() == 0


def test_leaving_is_warned_of_only_when_something_changed(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("leaves")
    warned: list[str] = []
    tab.page.on("dialog", lambda one: (warned.append(one.type), one.accept()))
    tab.go(EXERCISE)
    field = form_of(tab.page, "a_i").locator("[name$='/Wss']")
    field.fill("2x2")
    field.fill("")
    tab.go("/")
    assert warned == []
    tab.go(EXERCISE)
    form_of(tab.page, "a_i").locator("[name$='/Wss']").fill("2x2")
    tab.go("/")
    assert warned == ["beforeunload"]
    tab.go(EXERCISE)
    form_of(tab.page, "a_i").locator("[name$='/Wss']").fill("2x3")
    press(form_of(tab.page, "a_i"), "Save")
    tab.page.get_by_text("not submitted").wait_for()
    tab.go("/")
    assert warned == ["beforeunload"]


def test_submitting_one_question_saves_what_was_typed_for_another(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("two-questions")
    tab.go(EXERCISE)
    form_of(tab.page, "b_i").locator("[name$='/Wss']").fill("[7]")
    form_of(tab.page, "a_i").locator("[name$='/Wss']").fill("2x2")
    press(form_of(tab.page, "a_i"), "Submit")
    tab.page.wait_for_url("**/hand-in/*")
    tab.wait_until_marked()
    tab.go(EXERCISE)
    assert form_of(tab.page, "b_i").locator("[name$='/Wss']").input_value() == "[7]"


def test_without_a_network_nothing_is_lost(site: Any) -> None:
    tab = site.signed_in("on-a-train")
    tab.go(EXERCISE)
    form = form_of(tab.page, "a_i")
    form.locator("[name$='/Wss']").fill("2x2")
    tab.page.context.set_offline(True)
    for name, done in (("Save", "saved"), ("Preview", "saved"), ("Submit", "submitted")):
        press(form, name)
        form.get_by_text(f"Not {done}: the server cannot be reached.").wait_for()
    tab.page.context.set_offline(False)
    press(form, "Submit")
    tab.page.wait_for_url("**/hand-in/*")
    assert tab.outside == []


def test_when_the_session_has_ended_it_stays_on_the_page(site: Any) -> None:
    tab = site.signed_in("long-lunch")
    tab.go(EXERCISE)
    form = form_of(tab.page, "a_i")
    form.locator("[name$='/Wss']").fill("2x2")
    tab.page.context.clear_cookies()
    press(form, "Submit")
    form.get_by_text("Not submitted: you are not signed in any more.").wait_for()
    tab.page.request.post(site.link("long-lunch"), headers={"origin": site.address})
    press(form, "Submit")
    tab.page.wait_for_url("**/hand-in/*")


def test_a_file_that_cannot_be_sent_says_so_beside_its_button(site: Any) -> None:
    tab = site.signed_in("longer-lunch")
    tab.go(EXERCISE)
    form_of(tab.page, "a_i").locator("[name$='/Wss']").fill("2x2")
    tab.page.context.clear_cookies()
    upload = tab.page.locator("section:has(> h2#upload)")
    tab.page.set_input_files("#file", {"name": "a.json", "mimeType": "application/json", "buffer": b"{}"})
    press(upload, "Submit the file")
    upload.get_by_text("Not saved: you are not signed in any more.").wait_for()
    tab.page.request.post(site.link("longer-lunch"), headers={"origin": site.address})
    press(upload, "Submit the file")
    tab.page.wait_for_url("**/hand-in/*")


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_what_two_tabs_typed_is_told_where_a_question_was_handed_in(
    tab_of: Callable[..., Any], scripts: str
) -> None:
    tab = tab_of(f"has two tabs {scripts}".replace(" ", "-"), java_script_enabled=SCRIPTS[scripts])
    tab.go("/exercise/sums")
    other = tab.page.context.new_page()
    other.goto(tab.page.url)
    form_of(other, "b").locator("[name$='/sum']").fill("from one")
    press(form_of(other, "b"), "Save")
    form_of(other, "b").get_by_text("not submitted").wait_for()
    form_of(tab.page, "a").locator("[name$='/sum']").fill("4")
    form_of(tab.page, "b").locator("[name$='/sum']").fill("from the other")
    press(form_of(tab.page, "a"), "Submit")
    tab.page.get_by_text("For 2 something else was saved or submitted elsewhere meanwhile.").wait_for()
    tab.wait_until_marked()
    tab.page.get_by_role("link", name="All that you typed for 2").click()
    tab.page.wait_for_url("**/b/typed")
    for text in ("from one", "from the other"):
        assert text in tab.page.locator("main").inner_text()


def test_pressing_twice_is_one_submission(site: Any, tab_of: Callable[..., Any]) -> None:
    tab = tab_of("in-a-hurry")
    tab.go(EXERCISE)
    form = form_of(tab.page, "a_i")
    form.locator("[name$='/Wss']").fill("2x2")
    form.get_by_role("button", name="Submit", exact=True).dblclick()
    tab.page.wait_for_url("**/hand-in/*")
    tab.wait_until_marked()
    tab.go(EXERCISE)
    assert tab.page.locator("section:has(> h2#earlier) tbody tr").count() == 1


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_enter_in_a_field_hands_nothing_in(tab_of: Callable[..., Any], scripts: str) -> None:
    tab = tab_of(f"enters {scripts}".replace(" ", "-"), java_script_enabled=SCRIPTS[scripts])
    tab.go("/exercise/controls")
    cell = tab.page.locator("[name$='/v.2.0']")
    cell.fill("1")
    cell.press("Enter")
    assert "/hand-in/" not in tab.page.url
    tab.go("/exercise/controls")
    assert tab.page.locator("h2#earlier").count() == 0


def test_what_is_to_be_chosen_from_stands_on_the_page_once(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("reader")
    tab.go("/exercise/controls")
    words = tab.page.locator("section:has(> h2#question-one)").inner_text()
    assert words.count("the output gate") == 1
    assert "by its letter" not in words
