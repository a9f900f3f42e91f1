"""A student's way in a browser, from the personal link to the report, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from grader.model.exercise import Exercise
from grader.specs.catalog import installed_files
from tests.browser.serve.answers import exercise_of, right_answer, type_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(150)]

SCRIPTS = {"with scripts": True, "without scripts": False}
CONTROLS = {
    "matrix": {"M": [["3/2", 2, "2.5"], ["5/2", 3, "7/2"]]},
    "vector": {"v": ["1/3", "-0.5", "1e3"]},
    "number": {"a": "0.5"},
    "one": {"choice": "keep"},
    "several": {"choice": ["keep", "write"]},
}
"""The answers of `controls.toml`: what no exercise that comes along asks for."""


def form_of(page: Any, question: str) -> Any:
    """The form of a question on the page of its exercise."""
    return page.locator(f"section:has(> h2#question-{question})").first


def hand_in_all(tab: Any, exercise: Exercise, answers: Mapping[str, Any]) -> None:
    """Answer question by question, and look at the page of the exercise when all are marked."""
    for question in exercise.questions:
        tab.go(f"/exercise/{exercise.id}")
        form = form_of(tab.page, question.id)
        type_in(form, question, answers[question.id])
        form.get_by_role("button", name="Submit", exact=True).click()
        tab.page.wait_for_url("**/hand-in/*")
        tab.wait_until_marked()
    tab.go(f"/exercise/{exercise.id}")
    for question in exercise.questions:
        words = tab.page.locator(f"section:has(> h2#question-{question.id}) > .standing").inner_text()
        assert words.startswith("pending," if question.kind == "text" else "correct,"), question.id


@pytest.mark.parametrize("scripts", SCRIPTS)
@pytest.mark.parametrize("name", installed_files())
def test_right_answers_that_are_typed_are_right(tab_of: Callable[..., Any], name: str, scripts: str) -> None:
    student = f"{name} {scripts}".replace(" ", "-")
    tab = tab_of(student, java_script_enabled=SCRIPTS[scripts])
    exercise = exercise_of(name, student)
    tab.page.get_by_role("link", name=exercise.title).click()
    hand_in_all(tab, exercise, {question.id: right_answer(question) for question in exercise.questions})
    tab.page.get_by_role("link", name="Its report").first.click()
    assert "Receipt: hand-in" in tab.page.inner_text("main")
    assert tab.page.locator("main .correct").count() >= 1


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_each_control_holds_a_right_answer(site: Any, tab_of: Callable[..., Any], scripts: str) -> None:
    tab = tab_of(f"controls {scripts}".replace(" ", "-"), java_script_enabled=SCRIPTS[scripts])
    hand_in_all(tab, site.server.course.exercises["controls"], CONTROLS)


def test_a_file_for_the_whole_exercise_is_marked(tab_of: Callable[..., Any]) -> None:
    tab = tab_of("uploads", java_script_enabled=False)
    tab.go("/exercise/mit-6390-recitation-8")
    answer = {
        "name": "answers.json",
        "mimeType": "application/json",
        "buffer": b'{"a_ii": {"g1": [6, 6, 6, 6]}}',
    }
    tab.page.get_by_label("A .py, .ipynb, .json or .npz file").set_input_files(answer)
    tab.page.get_by_role("button", name="Submit the file").click()
    tab.wait_until_marked()
    tab.page.reload()
    assert "1 correct" in tab.page.inner_text("main")
