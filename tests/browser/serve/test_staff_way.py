"""What staff do in a browser, with scripts and without: words, points by hand, a regrade, an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from grader.serve.people import Role
from tests.grader.serve.sums_course import write_sums

pytestmark = [pytest.mark.browser, pytest.mark.timeout(100), pytest.mark.xdist_group("staff")]

SCRIPTS = {"with scripts": True, "without scripts": False}
SAID = "Many factors below one are multiplied."


def hand_in(tab: Any, exercise: str, question: str, **fields: str) -> None:
    """A student's answer, typed and submitted."""
    tab.go(f"/exercise/{exercise}")
    form = tab.page.locator(f"section:has(> h2#question-{question})").first
    for name, text in fields.items():
        form.locator(f"[name$='/{name}']").fill(text)
    form.get_by_role("button", name="Submit", exact=True).click()
    tab.page.wait_for_url("**/hand-in/*")
    tab.wait_until_marked()


def standing(tab: Any, exercise: str) -> str:
    """What a student has of an exercise."""
    tab.go(f"/exercise/{exercise}")
    text: str = tab.page.locator("main > .standing").inner_text()
    return text


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_an_assistant_marks_words_in_the_queue(tab_of: Callable[..., Any], scripts: str) -> None:
    at = {"java_script_enabled": SCRIPTS[scripts]}
    student = tab_of(f"writes-{scripts}".replace(" ", "-"), **at)
    hand_in(student, "words", "w", text=SAID)
    assistant = tab_of(f"marks-{scripts}".replace(" ", "-"), Role.ASSISTANT, **at)
    assistant.go("/staff")
    assistant.page.get_by_role("link", name="words").first.click()
    assistant.press("Mark the next")
    assert SAID in assistant.page.inner_text("pre.words")
    assistant.page.get_by_label("names the product").check()
    assistant.page.get_by_label("Comment for the student").fill("And over many steps?")
    assistant.press("Keep")
    assert "first mark, 2 points" in assistant.page.inner_text("main")
    assert standing(student, "words") == "You have 2 of 3 points."


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_an_instructor_gives_points_by_hand_and_takes_the_marks_away(
    tab_of: Callable[..., Any], scripts: str
) -> None:
    at = {"java_script_enabled": SCRIPTS[scripts]}
    name = f"wrong-{scripts}".replace(" ", "-")
    student = tab_of(name, **at)
    hand_in(student, "controls", "number", a="7")
    assert standing(student, "controls") == "You have 0 of 6 points."
    instructor = tab_of(f"decides-{scripts}".replace(" ", "-"), Role.INSTRUCTOR, **at)
    instructor.go(f"/staff/people/{name}")
    given = instructor.page.get_by_role("group", name="Give points by hand").first
    given.get_by_label("For").select_option("number")
    given.get_by_label("Points").fill("1/2")
    given.get_by_label("Why").fill("The prompt could be read so.")
    given.get_by_role("button", name="Give these points").click()
    assert standing(student, "controls") == "You have 0.5 of 6 points."
    instructor.go("/staff")
    with instructor.page.expect_download() as begun:
        instructor.page.get_by_role("link", name="All marks as CSV").click()
    rows = list(csv.DictReader(io.StringIO(begun.value.path().read_text(encoding="utf-8"))))
    (own,) = [row for row in rows if name in row.values() and "controls" in row.values()]
    assert "0.5" in own.values()


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_an_instructor_marks_anew_and_sees_who_changes_before_it_stands(
    site: Any, tab_of: Callable[..., Any], scripts: str
) -> None:
    at = {"java_script_enabled": SCRIPTS[scripts]}
    answer = 4 if SCRIPTS[scripts] else 3
    write_sums(site.server.course.folder, 5)
    name = f"adds-{scripts}".replace(" ", "-")
    student = tab_of(name, **at)
    hand_in(student, "sums", "a", sum=str(answer))
    assert standing(student, "sums") == "You have 0 of 3 points."
    write_sums(site.server.course.folder, answer)
    instructor = tab_of(f"corrects-{scripts}".replace(" ", "-"), Role.INSTRUCTOR, **at)
    instructor.go("/staff/exercises/sums/regrade")
    instructor.page.get_by_label("Why").fill("The key was wrong.")
    instructor.press("Mark anew")
    instructor.page.get_by_role("button", name="Apply").wait_for(timeout=30_000)
    row = instructor.page.get_by_role("row").filter(has_text=name)
    assert "incorrect, 0 of 2 → correct, 2 of 2" in row.inner_text()
    assert standing(student, "sums") == "You have 0 of 3 points."
    instructor.page.get_by_label("Why").fill("The key was wrong.")
    instructor.page.get_by_role("button", name="Apply").click()
    assert "Applied by" in instructor.page.inner_text("main")
    assert standing(student, "sums") == "You have 2 of 3 points."
