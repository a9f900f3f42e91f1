"""`pytest --rnngrade`: pytest itself is run on answers, in a folder and a process of its own."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
OWN = """\
title = "Sums"
source = "own"
[[question]]
id = "one"
label = "1"
points = 2
prompt = "Which shape has W?"
[question.fields]
W = "its shape"
[question.check]
kind = "shape"
sizes = {n = 3, m = 2}
shapes = {W = ["n", "m"]}
[[question.example]]
title = "right"
answer = 'one = {"W": (3, 2)}'
verdict = "correct"
[[question.example]]
title = "wrong"
answer = 'one = {"W": (2, 3)}'
verdict = "incorrect"
[[question]]
id = "two"
label = "2"
points = 4
prompt = "Which shapes?"
[question.fields]
U = "its shape"
V = "its shape"
[question.check]
kind = "shape"
sizes = {n = 3, m = 2}
shapes = {U = ["n", "m"], V = ["m", "n"]}
[[question.example]]
title = "right"
answer = 'two = {"U": (3, 2), "V": (2, 3)}'
verdict = "correct"
[[question.example]]
title = "wrong"
answer = 'two = {"U": (2, 3), "V": (3, 2)}'
verdict = "incorrect"
"""
HALF = "\n\ntwo = {'U': (3, 2), 'V': (3, 2)}\none = {'W': (3, 2)}\n"


@pytest.fixture
def run(pytester: pytest.Pytester):
    installed = {one.name for one in importlib.metadata.entry_points(group="pytest11")}
    # Another checkout may have been installed before it had a plugin.
    plugin = () if "rnngrade" in installed else ("-p", "rnngrade.pytest_plugin")
    (pytester.path / "sums.toml").write_text(OWN)

    def run(*words: str, exercise: str = "sums.toml"):
        return pytester.runpytest_subprocess(*plugin, "--rnngrade", exercise, *words)

    return run


def answer(pytester: pytest.Pytester, text: str, name: str = "answer.py") -> None:
    path = pytester.path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_each_question_is_an_item_that_passes_with_all_its_points(pytester, run):
    answer(pytester, HALF)
    result = run("-v", "answer.py")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["answer.py::one PASSED*", "answer.py::two FAILED*"])
    # The report of the question, with its line in the answer for who jumps there, and no traceback.
    result.stdout.fnmatch_lines(["*_ 2 two _*", "partial, 2 / 4", "V*3 x 2*"])
    result.stdout.fnmatch_lines(["FAILED answer.py::two - partial, 2 / 4"])
    assert "Traceback" not in result.stdout.str()
    assert "pytest_items" not in result.stdout.str()
    assert "\x1b" not in result.stdout.str()


def test_share_that_is_enough_can_be_said(pytester, run):
    answer(pytester, HALF)
    run("answer.py", "--rnngrade-fail-under", "50%").assert_outcomes(passed=2)


def test_nothing_handed_in_fails_and_the_run_with_it(pytester, run):
    answer(pytester, "x = 1\n")
    result = run("answer.py", "-x")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["missing, 0 / 2"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


PRINTS = """\
import pathlib
try:
    pathlib.Path({place!r}, "ran").write_text("as a module")
except OSError:
    pass
one = {{"W": (3, 2)}}
two = {{"U": (3, 2), "V": (2, 3)}}
def test_mine():
    '''
    >>> open({place!r} + "/doctest-ran", "w").close()
    '''
    assert False
"""


def test_no_code_beside_or_in_an_answer_runs_in_pytests_process(pytester, run):
    answer(pytester, PRINTS.format(place=str(pytester.path)), "handed_in/test_answer.py")
    for beside in ("conftest.py", "__init__.py"):
        answer(pytester, "import pathlib\npathlib.Path(__file__ + '.ran').touch()\n", f"handed_in/{beside}")
    result = run("handed_in/test_answer.py", "--doctest-modules")
    result.assert_outcomes(passed=2)
    assert not [*pytester.path.rglob("*ran")]
    # What is looked for is what comes of it without the option.
    pytester.runpytest_subprocess("handed_in/test_answer.py", "--doctest-modules")
    assert len([*pytester.path.rglob("*ran")]) == 4


def test_module_beside_an_answer_is_not_imported_in_place_of_a_library(pytester, run):
    """`python -m pytest`, as editors start it and as the tests here do, has that folder on the path."""
    answer(pytester, HALF)
    for name in ("msgspec.py", "numpy.py", "grader.py"):
        answer(pytester, "open(__file__ + '.ran', 'w').close()\n", name)
    run("answer.py").assert_outcomes(passed=1, failed=1)
    assert not [*pytester.path.rglob("*.ran")]


# A plugin of the run: it counts in a file, since workers of pytest-xdist print nowhere.
WATCHING = """\
from pathlib import Path
import msgspec
import grader.api.pytest_items as items
from grader.errors import SandboxError
from grader.model.outcome import Outcome, Verdict
real = items.mark
def mark(*given):
    with Path({log!r}).open("a") as log:
        log.write("marked ")
    if {change!r} == "breaks":
        raise SandboxError("the sandbox could not start")
    report = real(*given)
    if {change!r} == "undecided":
        open_ = Outcome(verdict=Verdict.UNDECIDED, fraction=0)
        first = msgspec.structs.replace(report.questions[0], outcome=open_)
        report = msgspec.structs.replace(report, questions=(first, *report.questions[1:]))
    return report
items.mark = mark
"""


@pytest.fixture
def watched(pytester, run):
    log = pytester.path / "log"
    pytester.syspathinsert()

    def watched(change: str, *words: str):
        (pytester.path / "watching.py").write_text(WATCHING.format(log=str(log), change=change))
        result = run("-p", "watching", *words)
        return result, log.read_text().split() if log.exists() else []

    return watched


def test_answer_is_marked_once_also_by_several_workers(pytester, watched):
    answer(pytester, HALF)
    answer(pytester, HALF, "other.py")
    result, marked = watched("nothing", "-n", "2", "answer.py", "other.py")
    result.assert_outcomes(passed=2, failed=2)
    assert marked == ["marked"] * 2


def test_collecting_and_choosing_marks_nothing_else(pytester, watched):
    answer(pytester, HALF)
    result, marked = watched("nothing", "--collect-only", "answer.py")
    result.stdout.fnmatch_lines(["*QuestionItem one>", "*QuestionItem two>"])
    assert marked == []
    result, marked = watched("nothing", "-k", "one", "answer.py")
    result.assert_outcomes(passed=1, deselected=1)


def test_undecided_is_an_error_of_the_run_and_no_failure(pytester, watched):
    answer(pytester, HALF)
    result, _ = watched("undecided", "answer.py", "--junitxml", "out.xml", "-o", "junit_family=xunit1")
    result.assert_outcomes(errors=1, failed=1)
    result.stdout.fnmatch_lines(["undecided, open / 2", "*could not decide*not counted as wrong*"])
    suite = ET.parse(pytester.path / "out.xml").getroot()[0]
    assert (suite.get("errors"), suite.get("failures"), suite.get("tests")) == ("1", "1", "2")
    one, two = suite.iter("testcase")
    assert [child.tag for child in one if child.tag != "properties"] == ["error"]
    assert {p.get("name"): p.get("value") for p in two.iter("property")} == {
        "verdict": "partial",
        "points": "2",
        "max_points": "4",
    }
    # From 0, as an editor counts: where the answer to it stands.
    assert (two.get("file"), two.get("line")) == ("answer.py", "2")
    assert two.find("failure").text.startswith("partial, 2 / 4\n")


def test_sandbox_that_cannot_start_is_one_error_for_each_question(pytester, watched):
    answer(pytester, HALF)
    result, marked = watched("breaks", "answer.py")
    result.assert_outcomes(errors=2)
    assert marked == ["marked"]
    result.stdout.fnmatch_lines(["*the sandbox could not start"])
    assert "pytest_items" not in result.stdout.str()


def test_folder_that_is_named_is_one_answer(pytester, run):
    answer(pytester, "from other import W\none = {'W': W}\n", "mine/answer.py")
    answer(pytester, "W = (3, 2)\ntwo = {'U': (3, 2), 'V': (2, 3)}\n", "mine/other.py")
    run("mine").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("exercise", "words", "said"),
    [
        ("sums.toml", ["gone.py"], "file or directory not found: gone.py"),
        ("sums.toml", ["answer.py::three"], "not found: *answer.py::three"),
        (
            "rnn-by-formulas",
            ["answer.py"],
            "--rnngrade: no exercise is called *'rnn-by-formula'?)",
        ),
        (
            "sums.toml",
            ["answer.py", "--rnngrade-fail-under", "80"],
            "--rnngrade-fail-under: 80 is more*",
        ),
        ("sums.toml", ["answer.py", "--rnngrade-hints", "-1"], "--rnngrade-hints: -1 is less than no hint"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(pytester, run, exercise: str, words: list[str], said: str):
    answer(pytester, HALF)
    result = run(*words, exercise=exercise)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said}"])
    assert "Traceback" not in result.stderr.str()


def test_no_other_run_is_changed_and_nothing_heavy_is_imported():
    """Every pytest run imports what is declared as its plugin, wherever rnngrade is installed."""
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    assert [*points.values()] == ["rnngrade.pytest_plugin"]
    program = "import pytest, sys; before = set(sys.modules); import rnngrade.pytest_plugin\n"
    program += "print(sorted(set(sys.modules) - before))"
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert said.stdout.strip() == "['rnngrade', 'rnngrade.pytest_plugin']"
