"""The page of a hand-in that waits turns into its report, and takes nobody from where they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from grader.serve import inbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100), pytest.mark.xdist_group("waiting")]

STATUS = "p[role=status]"


@pytest.fixture
def let_go(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Nothing is marked until this is called."""
    claim = inbox.claim
    is_held = True

    def when_let_go(*given: Any, **named: Any) -> Any:
        return None if is_held else claim(*given, **named)

    def go_on() -> None:
        nonlocal is_held
        is_held = False

    monkeypatch.setattr(inbox, "claim", when_let_go)
    return go_on


def waiting_page(tab: Any) -> Any:
    """The page of an answer that was just handed in."""
    tab.go("/exercise/controls")
    form = tab.page.locator("section:has(> h2#question-number)").first
    form.locator("[name$='/a']").fill("0.5")
    form.get_by_role("button", name="Submit", exact=True).click()
    tab.page.wait_for_url("**/hand-in/*")
    tab.page.get_by_text("Kept, and waiting to be marked").wait_for()
    return tab.page


def test_the_report_comes_into_the_page_and_the_focus_stays(
    tab_of: Callable[..., Any], let_go: Callable[[], None]
) -> None:
    page = waiting_page(tab_of("reads", timezone_id="America/New_York"))
    page.get_by_role("link", name="Back to the exercise").focus()
    page.evaluate("window.unchanged = document.activeElement")
    before = page.locator(STATUS).element_handle()
    let_go()
    page.get_by_text("1 correct").wait_for()
    # A page that was loaded anew would know nothing of these.
    assert page.evaluate("document.activeElement === window.unchanged")
    assert before.inner_text() == "Report: it stands above."
    assert page.title() == "Report"
    assert ", for you " in page.get_by_text("Receipt: hand-in").inner_text()
    page.get_by_text("This is wrong").click()
    page.get_by_label("What is wrong with this report?").fill("Nothing.")
    page.get_by_role("button", name="Tell the course").click()
    page.get_by_text("You told the course that this is wrong: Nothing.").wait_for()


def test_where_nothing_is_told_live_the_page_looks_again(
    site: Any, tab_of: Callable[..., Any], let_go: Callable[[], None]
) -> None:
    tab = tab_of("one-of-many")
    tab.page.clock.install()
    tab.page.route("**/events", lambda one: one.fulfill(status=204))
    page = waiting_page(tab)
    page.evaluate("window.unchanged = true")
    let_go()
    for _ in range(300):
        if page.request.get(f"{site.address}/health").json()["waiting"] == 0:
            break
        time.sleep(0.1)
    page.clock.run_for(10_500)
    page.get_by_text("1 correct").wait_for()
    assert page.evaluate("window.unchanged")
