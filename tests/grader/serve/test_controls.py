"""What is typed into the controls of a form is the answer that a file would have."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from starlette.datastructures import ImmutableMultiDict

from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise, Question
from grader.serve.controls import controls, typed_in
from grader.serve.paper import Paper, answer_of, submission_of
from grader.specs import Kinds, load_exercise
from tests.grader.serve import pasted

GATES = 'options = { keep = "the forget gate $f$", write = "the input gate", read = "the output gate" }'
CHECKS = {
    "one": f'kind = "choice"\n{GATES}\nright = ["keep"]',
    "several": f'kind = "choice"\nstyle = "several"\n{GATES}\nright = ["keep", "write"]',
    "none": f'kind = "choice"\nstyle = "several"\n{GATES}\nright = []',
    "true_false": f'kind = "choice"\nstyle = "true-false"\n{GATES}\nright = ["write"]',
    "matching": f'kind = "choice"\nstyle = "matching"\n{GATES}\n'
    'items = { old = "scales the old state", new = "scales the new" }\n'
    'pairs = { old = "keep", new = "write" }',
    "ordering": f'kind = "choice"\nstyle = "ordering"\n{GATES}\nright = ["read", "keep", "write"]',
    "number": 'kind = "numeric"\nvalues = { a = "1/3" }',
    "vector": 'kind = "numeric"\nvalues = { v = [1, "0.5", -2] }',
    "thousand": 'kind = "numeric"\nvalues = { v = [1000, 1000] }',
    "matrix": 'kind = "numeric"\nvalues = { M = [[1, 2], [3, 4]] }',
    "table": f'kind = "numeric"\nvalues = {{ M = {[[str(one) for one in row] for row in pasted.TABLE]} }}',
    "row": f'kind = "numeric"\nvalues = {{ v = {[str(one) for one in pasted.VECTOR[0]]} }}',
    "shape": 'kind = "shape"\nsizes = { state = 2, input = 3 }\nshapes = { W = ["state", "input"] }',
    "formula": 'kind = "expression"\nsymbols = ["w"]\nexpressions = { d = "2*w + 1" }',
}
FIELDS = {
    "number": "a",
    "vector": "v",
    "thousand": "v",
    "matrix": "M",
    "table": "M",
    "row": "v",
    "shape": "W",
    "formula": "d",
}
FIELDS = {name: FIELDS.get(name, "choice") for name in CHECKS}
TYPED: list[tuple[str, list[tuple[str, str]]]] = [
    ("one", [("choice", "keep")]),
    ("several", [("choice", "keep"), ("choice", "write")]),
    ("none", [("choice", "(none)")]),
    ("true_false", [("choice.keep", "false"), ("choice.write", "true"), ("choice.read", "false")]),
    ("matching", [("choice.old", "keep"), ("choice.new", "write")]),
    ("ordering", [("choice.1", "read"), ("choice.2", "keep"), ("choice.3", "write")]),
    ("number", [("a", "1/3")]),
    ("vector", [("v.0.0", "1"), ("v.1.0", "0,5"), ("v.2.0", "\N{MINUS SIGN}2")]),
    ("number", [("a", "a = 1/3")]),
    ("number", [("a", "(0,33333)")]),
    ("number", [("a", "1\N{DIVISION SIGN}3")]),
    ("vector", [("v.0.0", "= 1"), ("v.1.0", "0.5;"), ("v.2.0", "(-2)")]),
    ("thousand", [("v.0.0", "1 000"), ("v.1.0", "1'000,0")]),
    ("vector", [("v.0.0", "1; 0.5; -2")]),
    ("vector", [("v.0.0", "np.array([ 1. ,  0.5, -2. ])")]),
    ("matrix", [("M.0.0", "1"), ("M.0.1", "2"), ("M.1.0", "3"), ("M.1.1", "4")]),
    ("matrix", [("M.0.0", "[1 2; 3 4]")]),
    ("matrix", [("M.0.0", "[[1, 2], [3, 4]]")]),
    ("matrix", [("M.0.0", "array([[1, 2], [3, 4]])")]),
    ("matrix", [("M.0.0", "[['1', '2'], ['3', '4']]")]),
    ("shape", [("W", "2 x 3")]),
    ("formula", [("d", "1 + 2 w")]),
]


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """An exercise with a question for each control."""
    head = 'title = "Controls"\nsource = "ours"\n'
    questions = (
        f'[[question]]\nid = "{name}"\nlabel = "{name}"\npoints = 1\nprompt = "?"\n'
        f"fields = {{ {FIELDS[name]} = '?' }}\n[question.check]\n{check}\n"
        for name, check in CHECKS.items()
    )
    path = tmp_path_factory.mktemp("own") / "controls.toml"
    path.write_text(head + "".join(questions))
    return load_exercise(Path(path), Kinds(kind_names(), find_kind))


def question_of(exercise: Exercise, name: str) -> Question:
    """A question by its id."""
    return next(one for one in exercise.questions if one.id == name)


def sent(parts: list[tuple[str, str]]) -> Any:
    """What a browser sends."""
    return ImmutableMultiDict([(f"field.{name}", value) for name, value in parts])


@pytest.mark.parametrize(("name", "parts"), TYPED)
def test_what_is_typed_is_right(exercise: Exercise, name: str, parts: list[tuple[str, str]]) -> None:
    question = question_of(exercise, name)
    paper = Paper().with_question(name, typed_in(question, sent(parts)))
    report = mark(exercise, submission_of(paper, exercise, "amara"), question_id=name)
    (marked,) = report.questions
    assert marked.outcome.verdict == "correct", marked.outcome.feedback


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("table", form) for form in pasted.FORMS.values()),
        *(("row", form) for form in pasted.VECTORS.values()),
    ],
)
def test_a_table_in_any_form_goes_into_the_first_cell(exercise: Exercise, name: str, form: str) -> None:
    question = question_of(exercise, name)
    typed = typed_in(question, sent([(f"{FIELDS[name]}.0.0", form)]))
    paper = Paper().with_question(name, typed)
    (marked,) = mark(exercise, submission_of(paper, exercise, "amara"), question_id=name).questions
    assert marked.outcome.verdict == "correct", marked.outcome.feedback


@pytest.mark.parametrize("form", pasted.REFUSED.values())
def test_what_is_no_such_table_is_not_made_one(exercise: Exercise, form: str) -> None:
    typed = typed_in(question_of(exercise, "table"), sent([("M.0.0", form)]))
    paper = Paper().with_question("table", typed)
    (marked,) = mark(exercise, submission_of(paper, exercise, "amara"), question_id="table").questions
    assert marked.outcome.verdict == "invalid"


@pytest.mark.parametrize(
    "typed",
    [
        "[NaN]",
        "[1e999]",
        '["\\ud800"]',
        "\ud800",
        "\x00",
        *("[" * n + "1" + "]" * n for n in (8, 9, 10, 11, 12, 13, 300, 985)),
    ],
)
def test_no_text_typed_for_one_question_makes_another_unreadable(exercise: Exercise, typed: str) -> None:
    parts = {"number": [("a", typed)], "formula": [("d", "1 + 2 w")]}
    paper = Paper()
    for name, one in parts.items():
        paper = paper.with_question(name, typed_in(question_of(exercise, name), sent(one)))
    (marked,) = mark(exercise, submission_of(paper, exercise, "amara"), question_id="formula").questions
    assert marked.outcome.verdict == "correct", marked.outcome.feedback


@pytest.mark.parametrize(("name", "parts"), TYPED)
def test_a_form_is_shown_again_as_it_was_left(
    exercise: Exercise, name: str, parts: list[tuple[str, str]]
) -> None:
    question = question_of(exercise, name)
    typed = typed_in(question, sent(parts))
    shown = element_of(controls(question, typed))
    assert typed_in(question, sent(browsed(shown))) == {key: value for key, value in typed.items() if value}


@pytest.mark.parametrize("name", CHECKS)
def test_an_empty_form_is_no_answer_and_every_control_has_a_name(exercise: Exercise, name: str) -> None:
    question = question_of(exercise, name)
    shown = element_of(controls(question, {}))
    assert answer_of(question, typed_in(question, sent(browsed(shown)))) == {}
    for one in shown.iter():
        if one.tag in ("input", "textarea", "select"):
            labels = [label.get("for") for label in shown.iter("label")]
            assert one.get("aria-label") or one.get("id") in labels


PRINTED = {
    "{'U': [[1, 2.5], [3., .5]], 'b': (5,)}": {"U": [[1, 2.5], [3, 0.5]], "b": [5]},
    "{'U': array([[1., 2.],\n       [3., 4.]], dtype=float32)}": {"U": [[1, 2], [3, 4]]},
    "{'U': tensor([1., -2.], requires_grad=True), 'yes': True}": {"U": [1, -2], "yes": True},
    '{"U": [[1, 2]]}': {"U": [[1, 2]]},
    "{1: 0.5, 2: [3]}": {"1": 0.5, "2": [3]},
    "[['1/2']]": [["1/2"]],
    "['it's']": "['it's']",
    "[1 2; 3 4]'": "[1 2; 3 4]'",
}
"""What Python prints of weights, and what it is."""


@pytest.mark.parametrize("text", PRINTED)
def test_what_python_prints_is_what_it_says(exercise: Exercise, text: str) -> None:
    question = question_of(exercise, "formula")
    assert answer_of(question, {"d": text}) == {"d": PRINTED[text]}


def element_of(parts: Any) -> ET.Element:
    """The controls in one form."""
    root = ET.Element("form")
    root.extend(parts)
    return root


def browsed(form: ET.Element) -> list[tuple[str, str]]:
    """What a browser sends of a form."""
    found = []
    for one in form.iter():
        name = one.get("name", "").removeprefix("field.")
        if one.tag == "textarea" and (one.text or "").strip():
            found.append((name, (one.text or "").removeprefix("\n")))
        elif one.tag == "input" and one.get("type") in ("radio", "checkbox"):
            if "checked" in one.attrib and one.get("value"):
                found.append((name, one.get("value", "")))
        elif one.tag == "input" and one.get("value"):
            found.append((name, one.get("value", "")))
        elif one.tag == "select":
            found += [
                (name, each.get("value", ""))
                for each in one
                if "selected" in each.attrib and each.get("value")
            ]
    return found
