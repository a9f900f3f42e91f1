"""Every page in a browser: everyone can read it, at any width and on paper; it loads and runs nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100)]

LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "width": 1000},
    "dark": {"color_scheme": "dark", "width": 1000},
    "narrow": {"color_scheme": "light", "width": 320},
    "print": {"media": "print", "color_scheme": "dark", "width": 718},  # A4 less a centimetre on each side
}
WIDEST = "document.documentElement.scrollWidth"
# On paper nobody can scroll to what is cut off.
CUT_OFF = """[...document.querySelectorAll('body *')].filter(one => one.clientWidth
    && getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1
).map(one => one.outerHTML.slice(0, 150))"""
REACHABLE = "a[href], summary, button, input, select, textarea, [tabindex='0']"
NUMBER = f'[...document.querySelectorAll("{REACHABLE}")].map((one, i) => one.dataset.nth = i).length'
FOCUSED = """(() => {
    const one = document.activeElement, style = getComputedStyle(one);
    return [one.dataset.nth ?? null, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0];
})()"""
LOST_LINKS = """[...document.querySelectorAll("a[href^='#']")].map(one => one.getAttribute('href').slice(1))
    .filter(id => document.querySelectorAll('#' + CSS.escape(id)).length !== 1)"""
ACTIVE = "script, iframe, object, embed, form, base, link, img:not([src^='data:'])"
HANDLERS = """[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).map(one => one.name)
    .filter(name => name.startsWith('on') || ['style', 'autofocus', 'srcdoc'].includes(name))"""


def wear(page: Any, look: str) -> None:
    chosen = {"media": "screen", **LOOKS[look]}
    page.set_viewport_size({"width": chosen.pop("width"), "height": 900})
    page.emulate_media(**chosen)


@pytest.mark.parametrize("look", LOOKS)
def test_everyone_can_read_it(opened: Any, look: str) -> None:
    wear(opened.page, look)
    assert opened.violations() == []
    assert opened.page.evaluate(WIDEST) <= LOOKS[look]["width"]
    assert look != "print" or opened.page.evaluate(CUT_OFF) == []


def test_it_can_be_printed(opened: Any) -> None:
    assert opened.page.pdf().startswith(b"%PDF")


def test_the_keyboard_reaches_all_that_can_be_used(opened: Any) -> None:
    wear(opened.page, "light")
    opened.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    opened.page.evaluate("document.activeElement.blur()")
    expected = set(map(str, range(opened.page.evaluate(NUMBER))))
    reached, unseen = set(), []
    for _ in range(len(expected) + 3):
        opened.page.keyboard.press("Tab")
        number, is_seen = opened.page.evaluate(FOCUSED)
        if number is not None:
            reached.add(number)
            unseen += [] if is_seen else [number]
    assert reached == expected
    assert unseen == []
    assert opened.page.evaluate(LOST_LINKS) == []


def test_it_asks_for_nothing_and_its_policy_has_nothing_to_stop(opened: Any) -> None:
    assert opened.asked_for == []
    assert opened.refused() == []


@pytest.mark.usefixtures("strange")
def test_what_strangers_write_is_text(opened: Any) -> None:
    page = opened.page
    assert page.locator(ACTIVE).count() == 0
    assert page.evaluate(HANDLERS) == []
    assert page.evaluate("window.hit") is None
    text = page.evaluate("document.body.textContent")
    assert text.count("onerror=hit=1") >= 2
    assert {one for one in text if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Co")} <= {"\n"}


@pytest.fixture
def strange() -> None:
    """Asks for the pages alone that hold hostile text."""


def test_these_tests_see_what_they_look_for(open_page: Callable[..., Any]) -> None:
    """A page with every fault: none of the tests above could fail otherwise."""
    bad = open_page(
        "<!doctype html><html><head><title>x</title>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src http:\"></head><body>"
        "<h1 style='color:#ccc'>pale</h1><p><a href='#nowhere' tabindex=-1>lost</a></p>"
        "<img src='http://outside.invalid/a.png' alt=x>"
        "<div style='overflow:hidden'>x</div><p>" + "W" * 900 + "</p></body></html>"
    )
    wear(bad.page, "narrow")
    assert any(one.startswith("landmark-one-main") for one in bad.violations())
    assert bad.page.evaluate(WIDEST) > 320
    assert bad.asked_for == ["http://outside.invalid/a.png"]
    assert any(one.startswith("style-src") for one in bad.refused())
    assert bad.page.evaluate(LOST_LINKS) == ["nowhere"]
    bad.page.keyboard.press("Tab")
    assert bad.page.evaluate(NUMBER) == 1
    assert bad.page.evaluate(FOCUSED)[0] is None
    bad.page.context.close()
