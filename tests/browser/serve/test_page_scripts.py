"""Our small scripts on a student's page: nothing typed elsewhere is lost, and times are the reader's too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100)]

PAGE = "/exercise/mit-6390-recitation-8"


def text_of(page: Any, question: str, field: str) -> Any:
    return page.locator(f"section:has(> h2#question-{question}) textarea[name='field.{field}']")


def test_pressing_at_one_question_keeps_what_stands_in_another(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("two-questions")
    tab.go(PAGE)
    text_of(tab.page, "a_i", "Wss").fill("typed first")
    other = tab.page.locator("section:has(> h2#question-a_ii) form").first
    other.locator("[name^='field.']").first.fill("1 1 1 1")
    other.get_by_role("button", name="Submit", exact=True).click()
    tab.page.wait_for_url("**/hand-in/*")
    tab.go(PAGE)
    assert text_of(tab.page, "a_i", "Wss").input_value() == "typed first"


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
