"""What is typed for a question answers that question, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.grading.mark import mark
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.serve.controls import CODE
from grader.serve.paper import Paper, submission_of
from grader.specs import Kinds, load_exercise

CHECKED = """
title = "Networks"
source = "own"
[[question]]
id = "sum"
label = "1"
points = 1
prompt = "Two and two?"
[question.fields]
number = "a number"
[question.check]
kind = "numeric"
values = {number = 4}
"""
NETWORK = """
[[question]]
id = "{id}"
label = "{id}"
points = 1
prompt = "Write the network."
signature = "{id}(x, U, W, V, b, c)"
[question.check]
kind = "code"
function = "{id}"
network = "library/{id}"
sizes = [{{T = 1, n_in = 1, n_h = 1, n_out = 1}}, {{T = 5, n_in = 4, n_h = 3, n_out = 2}}]
[question.check.values]
U = [[1.0]]
W = [[0.5]]
V = [[1.0]]
b = [0.0]
c = [0.0]
x = [[1], [2], [3]]
"""
STEPS = """
import numpy as np

def {name}(x, U, W, V, b, c):
    h, y, outputs = np.zeros(U.shape[1]), np.zeros(V.shape[1]), []
    for row in x:
        h = np.tanh(row @ U + {back} @ W + b)
        y = 1 / (1 + np.exp(-(h @ V + c)))
        outputs.append(y)
    return np.array(outputs)
"""
ELMAN = STEPS.format(name="elman", back="h")
JORDAN = STEPS.format(name="jordan", back="y")
WRONG = "\ndef {name}(x, U, W, V, b, c):\n    return 0 * x\n"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """A number and two functions."""
    path: Path = tmp_path_factory.mktemp("paper") / "networks.toml"
    path.write_text(CHECKED + NETWORK.format(id="elman") + NETWORK.format(id="jordan"))
    return load_exercise(path, Kinds(kind_names(), find_kind))


def verdicts(exercise: Exercise, typed: dict[str, dict[str, str]], *uploaded: AnswerFile) -> dict[str, str]:
    paper = Paper()
    for question, parts in typed.items():
        paper = paper.with_question(question, parts)
    report = mark(exercise, submission_of(paper, exercise, "amara", uploaded))
    return {one.id: str(one.outcome.verdict) for one in report.questions}


def test_code_for_one_question_is_no_try_at_another(exercise: Exercise) -> None:
    tried = f"{ELMAN}{JORDAN}\nsum = dict(number=4)\nnumber = 4\n"
    found = verdicts(exercise, {"elman": {CODE: tried}})
    assert found == {"sum": "missing", "elman": "correct", "jordan": "missing"}


@pytest.mark.parametrize("first", ["elman", "jordan"])
def test_what_stands_in_anothers_code_is_not_taken_for_the_own(exercise: Exercise, first: str) -> None:
    elman = {CODE: ELMAN + WRONG.format(name="jordan") + "jordan_too = jordan\n"}
    jordan = {CODE: JORDAN + WRONG.format(name="elman")}
    both = {"elman": elman, "jordan": jordan}
    order = {first: both.pop(first), **both}
    found = verdicts(exercise, order)
    assert found == {"sum": "missing", "elman": "correct", "jordan": "correct"}


def test_typed_code_may_import_what_was_typed_for_another_question(exercise: Exercise) -> None:
    both = {"elman": {CODE: f"from jordan import np\n{ELMAN}"}, "jordan": {CODE: JORDAN}}
    assert verdicts(exercise, both)["elman"] == "correct"


@pytest.mark.parametrize(
    "uploaded",
    [
        AnswerFile("answer.json", b'{"sum": {"number": 3}}'),
        AnswerFile("answer.json", b'{"number": 3}'),
        AnswerFile("answer.py", f"sum = dict(number=3)\n{WRONG.format(name='elman')}".encode()),
    ],
)
def test_what_was_typed_after_an_upload_counts_and_the_rest_of_the_upload_too(
    exercise: Exercise, uploaded: AnswerFile
) -> None:
    assert verdicts(exercise, {}, uploaded)["sum"] == "incorrect"
    typed = {"sum": {"number": "4"}, "elman": {CODE: ELMAN}}
    found = verdicts(exercise, typed, uploaded)
    assert found == {"sum": "correct", "elman": "correct", "jordan": "missing"}
    assert verdicts(exercise, {"elman": {CODE: ELMAN}}, uploaded)["sum"] == "incorrect"
