"""Every page of a course as people look at it: on a telephone, in the dark, with a reader of screens."""

from __future__ import annotations

from typing import Any

import pytest

from grader.serve.people import Role
from grader.specs.catalog import installed_files
from tests.grader.serve.words_course import write_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150), pytest.mark.xdist_group("looks")]

LONG = "W" * 300
WIDEST = "document.documentElement.scrollWidth"
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1000, "height": 900}
# Without it indices stand as high as what they belong to.
HAS_FONT = "document.fonts.ready.then(() => [...document.fonts].some(one => one.status === 'loaded'))"
# A finger needs room.
TOO_SMALL = """[...document.querySelectorAll('main button')].filter(one => {
    const box = one.getBoundingClientRect();
    return box.width && (box.height < 24 || box.width < 24);
}).map(one => one.outerHTML.slice(0, 150))"""

STUDENT = {
    "the course": "/",
    **{f"exercise {name}": f"/exercise/{name}" for name in (*installed_files(), "controls", "words")},
    "a reading": "/exercise/controls?read=matrix",
    "what cannot be read": "/exercise/rnn-by-formula?read=unroll",
    "all that was typed": "/exercise/controls/matrix/typed",
    "a report": "/hand-in/1",
}
STAFF = {
    "progress": "/staff",
    "words": "/staff/words",
    "one answer in words": "/staff/words/w-1",
    "a student": "/staff/people/looks",
    "a student's page": "/staff/people/looks/as/exercise/controls",
    "a class": "/staff/exercises/controls",
    "a regrade": "/staff/exercises/controls/regrade",
    "the class list": "/staff/roster",
    "complaints": "/staff/complaints",
    "who did what": "/staff/log",
}
NOBODY = {"signing in": "/in", "a link": "/in/nobody's", "no page": "/nowhere"}
PAGES = {**STUDENT, **STAFF, **NOBODY}


@pytest.fixture(scope="module")
def tabs(site: Any) -> dict[str, Any]:
    """A tab of a student who did something everywhere, one of an instructor, one of nobody."""
    student = site.signed_in("looks")
    write_words(site.server, "looks", f"Words of one who writes {LONG}")
    typed = {
        "controls/matrix": {"field.M.0.0": "[1 2 3; 4 5 6]"},
        "rnn-by-formula/unroll": {"field.g3": f"w^2*x1 + {LONG}"},
    }
    for path, fields in typed.items():
        student.page.request.post(
            f"{site.address}/exercise/{path}",
            form={**fields, "action": "save"},
            headers={"origin": site.address},
        )
    student.go("/exercise/controls")
    form = student.page.locator("section:has(> h2#question-matrix)").first
    form.get_by_role("button", name="Submit", exact=True).click()
    student.page.wait_for_url("**/hand-in/*")
    student.wait_until_marked()
    PAGES["a report"] = student.page.url.removeprefix(site.address)
    return {"student": student, "staff": site.signed_in("ines", Role.INSTRUCTOR), "nobody": site.tab()}


@pytest.mark.parametrize("name", PAGES)
def test_everyone_can_read_it(tabs: dict[str, Any], name: str) -> None:
    tab = tabs["student" if name in STUDENT else "staff" if name in STAFF else "nobody"]
    page = tab.page
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="light")
    tab.go(PAGES[name])
    assert page.evaluate(WIDEST) <= PHONE["width"]
    assert page.evaluate(TOO_SMALL) == []
    assert tab.violations() == []
    assert page.locator("math").count() == 0 or page.evaluate(HAS_FONT)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(WIDEST) <= DESK["width"]
    assert tab.violations() == []
    assert page.evaluate("refused") == []
    assert tab.outside == []
    # A page that is not there is said to be so on the console, too.
    assert [one for one in tab.console if "404" not in one] == []


def test_on_a_telephone_without_scripts_nothing_is_wider(site: Any) -> None:
    tab = site.signed_in("telephone", java_script_enabled=False, viewport=PHONE, is_mobile=True)
    for path in ("/exercise/controls", "/exercise/mit-6390-recitation-8", "/exercise/rnn-paper"):
        tab.go(path)
        width = tab.page.locator("html").bounding_box()["width"]
        right = max(one["x"] + one["width"] for one in boxes(tab.page))
        assert right <= width <= PHONE["width"], path
    assert tab.outside == []


def boxes(page: Any) -> list[dict[str, float]]:
    """Where the forms and their parts are."""
    found = page.locator("main form, main fieldset, main textarea, main button").all()
    return [box for box in (one.bounding_box() for one in found) if box]
