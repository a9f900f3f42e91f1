"""Our small scripts on a student's page: nothing typed elsewhere is lost, and times are the reader's too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100)]

PAGE = "/exercise/mit-6390-recitation-8"


def text_of(page: Any, question: str, field: str) -> Any:
    return page.locator(f"section:has(> h2#question-{question}) textarea[name$='/{field}']")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("name", ["Submit", "Save", "Preview"])
def test_pressing_at_one_question_keeps_what_stands_in_another(
    tab_of: Callable[..., Any], name: str, scripts: bool
) -> None:
    tab = tab_of(f"two-questions-{name}-{scripts}".lower(), java_script_enabled=scripts)
    tab.go(PAGE)
    text_of(tab.page, "a_i", "Wss").fill("typed first")
    other = tab.page.locator("section:has(> h2#question-a_ii)").first
    other.locator("[name^='field.']").first.fill("1 1 1 1")
    other.get_by_role("button", name=name, exact=True).click()
    if name == "Submit":
        tab.page.wait_for_url("**/hand-in/*")
        tab.wait_until_marked()
    else:
        other.get_by_text("not submitted").wait_for()
        assert "not submitted" in tab.page.locator("section:has(> h2#question-a_i) .note").inner_text()
    tab.go(PAGE)
    assert text_of(tab.page, "a_i", "Wss").input_value() == "typed first"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_hint_and_a_file_keep_what_was_typed(tab_of: Callable[..., Any], scripts: bool) -> None:
    tab = tab_of(f"asks-{scripts}".lower(), java_script_enabled=scripts)
    tab.go(PAGE)
    text_of(tab.page, "a_i", "Wss").fill("typed first")
    tab.page.get_by_role("button", name="Show hint 1").first.click()
    tab.page.locator("details.hint").wait_for()
    assert text_of(tab.page, "a_i", "Wss").input_value() == "typed first"
    text_of(tab.page, "a_i", "Wss").fill("typed next")
    answer = {
        "name": "answers.json",
        "mimeType": "application/json",
        "buffer": b'{"a_ii": {"g1": [6, 6, 6, 6]}}',
    }
    tab.page.get_by_label("A .py, .ipynb, .json or .npz file").set_input_files(answer)
    tab.page.get_by_role("button", name="Submit the file").click()
    tab.page.wait_for_url("**/hand-in/*")
    tab.wait_until_marked()
    assert "1 correct" in tab.page.inner_text("main")
    tab.go(PAGE)
    assert text_of(tab.page, "a_i", "Wss").input_value() == "typed next"


def test_a_page_with_something_typed_is_not_left_unasked(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("leaves")
    tab.go(PAGE)
    asked: list[str] = []
    tab.page.on("dialog", lambda one: (asked.append(one.type), one.accept()))
    text_of(tab.page, "a_i", "Wss").fill("typed")
    tab.page.get_by_role("link", name="Course", exact=True).click()
    tab.page.wait_for_url(tab.address + "/")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize(
    ("zone", "scripts", "told"),
    [
        ("America/New_York", True, "Mon 01 Jun 2099, 23:59 CEST (UTC+2), for you Mon 01 Jun, 17:59"),
        ("Europe/Paris", True, "Mon 01 Jun 2099, 23:59 CEST (UTC+2)."),
        ("America/New_York", False, "Mon 01 Jun 2099, 23:59 CEST (UTC+2)."),
    ],
)
def test_a_due_time_is_told_on_the_readers_clock_where_it_is_another(
    site: Any, tab_of: Callable[..., Any], zone: str, scripts: bool, told: str
) -> None:
    file = site.server.course.folder / "course.toml"
    before = file.read_text(encoding="utf-8")
    name = '[exercise."mit-6390-recitation-8"]\n'
    file.write_text(before.replace(name, f"{name}due = 2099-06-01T23:59:00\n"), encoding="utf-8")
    try:
        tab = tab_of(f"clock-{zone[:2]}-{scripts}".lower(), timezone_id=zone, java_script_enabled=scripts)
        tab.go(PAGE)
        words = tab.page.locator("li:has(time)").first.inner_text()
    finally:
        file.write_text(before, encoding="utf-8")
    assert words.startswith(f"Due {told}")
