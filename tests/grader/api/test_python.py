"""`import rnngrade` in a program: the marks of the command, and a report without scripts in a notebook."""

from __future__ import annotations

import asyncio
import doctest
import json
import re
import subprocess
import sys
import threading
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

import rnngrade
from grader.api.marking import runner
from grader.cli import main
from grader.errors import GraderError, SpecError
from grader.model.exercise import Limits
from grader.model.run import Call, DrawnArguments
from grader.model.value import Value
from grader.submissions import build_submission

CLASS = Path(__file__).parents[3] / "submissions_example"
ELMAN = """
import numpy as np
def elman(x, U, W, V, b, c):
    h, rows = np.zeros(len(b)), []
    for row in x:
        h = np.tanh(row @ U + h @ W + b)
        rows.append(1 / (1 + np.exp(-(h @ V + c))))
    return np.array(rows)
"""


@pytest.mark.parametrize(
    ("exercise", "student"),
    [
        ("mit-6390-recitation-8", "amara.py"),
        ("mit-6390-recitation-8", "chiara.ipynb"),
        ("mit-6390-recitation-8", "elif.npz"),
        ("rnn-by-formula", "chiara.json"),
    ],
)
def test_a_file_gets_the_marks_that_the_command_gives(exercise: str, student: str, capsys) -> None:
    path = CLASS / exercise / student
    main(["submit", str(path), "--exercise", exercise, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    report = rnngrade.grade(path, exercise)
    assert [float(one.points) for one in report.questions.values()] == [
        one["points"] for one in told["questions"]
    ]
    assert json.loads(report.to_json())["questions"] == told["questions"]


def test_names_of_a_program_get_the_marks_of_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "answer.py").write_text(ELMAN)
    names: dict[str, object] = {}
    exec(ELMAN, names)
    here = rnngrade.grade(names, "ntu-cz4042-tutorial-8", question="q1a_code")
    there = rnngrade.grade(tmp_path / "answer.py", "ntu-cz4042-tutorial-8", question="q1a_code")
    assert here.points == there.points == here.max_points


def test_check_reads_the_names_of_where_it_is_called() -> None:
    wrong = {"y": [0.5, 0.5, 0.5, 0.5]}
    assert rnngrade.check("q1a", wrong).questions["q1a"].verdict == "incorrect"
    q1a = wrong
    assert rnngrade.check("q1a").fraction == 0
    del q1a
    assert rnngrade.check("q1a").questions["q1a"].verdict == "missing"


def test_functions_are_called_where_they_are_and_what_they_raise_is_told() -> None:
    def elman(x, U, W, V, b, c):  # type: ignore[no-untyped-def]
        raise ZeroDivisionError("in my own cell")

    report = rnngrade.check("q1a_code")
    assert "ZeroDivisionError: in my own cell" in " ".join(report.questions["q1a_code"].messages)


def test_what_a_function_is_called_with_is_drawn_for_one_that_is_there_and_its_error_is_no_students() -> None:
    def draw() -> tuple[Value, ...]:
        raise ZeroDivisionError("in the grader")

    call = Call(question="q", function=(("f",),), args=DrawnArguments(1, draw))
    submission = build_submission("you", [], [])
    reading = runner({})(submission, [call], Limits()).calls[0]
    assert reading.fault is not None
    assert reading.fault.kind == "missing"
    with pytest.raises(ZeroDivisionError, match="in the grader"):
        runner({"f": lambda x: x})(submission, [call], Limits())


def test_points_are_exact() -> None:
    report = rnngrade.grade(CLASS / "mit-6390-recitation-8" / "lucia.py", "mit-6390-recitation-8")
    assert report.points == sum(one.points for one in report.questions.values())
    assert isinstance(report.points, Fraction)
    assert report.fraction == report.points / report.max_points


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: rnngrade.load("mit-6390-recitation-9"), "mit-6390-recitation-8"),
        (lambda: rnngrade.grade("nothing/there.py", "rnn-by-formula"), "there.py"),
        (lambda: rnngrade.check("a_iii", exercise="mit-6390-recitation-8"), "a_ii"),
        (lambda: rnngrade.check("nope"), "none of the exercises that come along has a question 'nope'"),
        (lambda: rnngrade.check("bptt_"), "say exercise='its.toml'"),
        (lambda: rnngrade.grade({"x": 1}), "mit-6390-recitation-8"),
    ],
)
def test_what_cannot_be_found_is_told_with_what_there_is(call, said: str) -> None:
    with pytest.raises(GraderError) as caught:
        call()
    assert said in f"{caught.value}"


def test_unknown_question_is_a_spec_error() -> None:
    with pytest.raises(SpecError):
        rnngrade.grade({"q": 1}, "rnn-by-formula", question="nope")


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_notebook_form_has_nothing_that_an_untrusted_notebook_loses() -> None:
    report = rnngrade.grade(CLASS / "ntu-cz4042-tutorial-8" / "celia.py", "ntu-cz4042-tutorial-8")
    tags = Tags(report._repr_html_()).tags
    assert not {tag for tag, _ in tags} & {"style", "script", "svg", "math", "link", "iframe"}
    assert not {name for _, attributes in tags for name in attributes} & {"id", "class", "role", "onclick"}
    images = [attributes for tag, attributes in tags if tag == "img"]
    assert images
    assert all((one["src"] or "").startswith("data:image/svg+xml;base64,") and one["alt"] for one in images)


def test_text_and_markdown_stand_for_it_elsewhere() -> None:
    report = rnngrade.check("q1a", {"y": [1, 1, 1, 1]})
    assert "q1a" in repr(report)
    assert re.search(r"\| q1a \| incorrect \|", report._repr_markdown_())


def test_files_are_marked_in_a_thread_and_in_a_running_event_loop() -> None:
    path, marks = CLASS / "rnn-by-formula" / "amara.py", []

    def work() -> None:
        marks.append(rnngrade.grade(path, "rnn-by-formula").points)

    async def loop() -> None:
        work()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    asyncio.run(loop())
    work()
    assert len(set(marks)) == 1
    assert len(marks) == 3


def test_import_costs_nothing() -> None:
    code = "import sys, rnngrade; print(sorted(set(sys.modules) & {'numpy', 'grader', 'msgspec', 'click'}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_examples_in_the_documentation_of_functions_hold() -> None:
    found = doctest.testmod(rnngrade)
    assert found.attempted >= 6
    assert found.failed == 0


def test_arrays_and_numbers_of_a_program_are_read_as_they_are() -> None:
    as_lists = rnngrade.check("q1a", {"y": [0.1, 0.2, 0.3, 0.4]})
    as_arrays = rnngrade.check("q1a", {"y": np.array([0.1, 0.2, 0.3, 0.4])})
    assert as_lists.points == as_arrays.points
