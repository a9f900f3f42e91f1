"""Values of the key, planted in an exercise, are in nothing that a student can get, however they are written.

Formats, platforms and commands come from the program's own lists: a new one is searched once it is there.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pytest

import rnngrade
from grader.answers.drawing import SECRET_ENV, instance_seed
from grader.api.report import Report
from grader.cli import main
from grader.cli._main import group
from grader.cli.watch import Watch
from grader.lms.result_file import result_files
from grader.model.evidence import LEVELS
from grader.reports import View, find_format, format_names

SECRET = "the-secret-of-this-course"
SEED = 918273
FUNCTION = "line"
# Of each question what is wanted, worked out by hand: y(t) = 3 y(t-1) + 7 x(t), and 5 and 9 for the function.
WANTED = ("731.0585786", "612.3457", "19292", "277.7319", "338.2683", "322", "1085")
NEVER_WANTED = ("418.1375", "1512")
"""What a mistake that nobody made gives, and what a function gives on the sheet's own numbers."""
WORDS = ("ExampleTitle", "example_answer", "MistakeNotMade", "HintNotAskedFor", SECRET)
CLOSE = Fraction(1, 2000)
NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?(?:\s?/\s?\d+)?(?!\w)")

EXAMPLES = """
[[question.example]]
title = "ExampleTitle right"
answer = '''
example_answer = 1
{right}
'''
verdict = "correct"

[[question.example]]
title = "ExampleTitle wrong"
answer = '''
example_answer = 2
'''
verdict = "missing"
"""


def question(name: str, asks: str, check: str, right: str) -> str:
    return (
        f'[[question]]\nid = "{name}"\nlabel = "{name}"\npoints = 3\nprompt = "Find it."\n'
        f'hints = ["Think.", "HintNotAskedFor"]\n{asks}\n[question.check]\n{check}\n'
        f"{EXAMPLES.format(right=right)}\n"
    )


def field(name: str) -> str:
    return f'[question.fields]\n{name} = "what is asked"'


NETWORK = """
[network.line]
inputs = { x = "number" }
parameters = { a = "number", b = "number" }
equations = ["y(t) = a * y(t-1) + b * x(t)"]
sizes = { y = "number" }
"""
QUESTIONS = (
    question(
        "number",
        field("y"),
        'kind = "numeric"\nvalues = {y = "731.0585786"}\nplaces = 4\n'
        'mistakes = [{id = "slip", values = {y = "418.1375"}, message = "MistakeNotMade"}]',
        "number = dict(y='731.0585786')",
    ),
    question(
        "formula",
        field("g"),
        'kind = "expression"\nsymbols = ["w", "x1"]\nexpressions = {g = "612.3457*w + x1"}',
        "formula = dict(g='612.3457*w + x1')",
    ),
    question(
        "counting",
        field("parameters"),
        'kind = "count"\nnetwork = "library/lstm"\nsizes = {n_in = 37, n_h = 53}',
        "counting = dict(parameters=19292)",
    ),
    question(
        "weights",
        '[question.fields]\ns0 = "start"\nWss = "n x n"\nWsx = "n x 1"\nWo = "1 x n"',
        'kind = "linear_system"\nstructure = "rnn-a"\ninputs = 1\n'
        'target = ["277.7319 * x[1] + 338.2683 * delay(x[1], 1)"]',
        "weights = dict(s0=[0, 0], Wss=[[0, 0], [1, 0]], Wsx=[[1], [0]], Wo=[['277.7319', '338.2683']])",
    ),
    question(
        "by_hand",
        field("y"),
        'kind = "trace"\nnetwork = "line"\nvalues = {x = [11, 13, 17], a = 3, b = 7}\nasked = ["y"]',
        "by_hand = dict(y=[77, 322, 1085])",
    ),
    question(
        "as_code",
        f'signature = "{FUNCTION}(x, a, b)"',
        f'kind = "code"\nnetwork = "line"\nfunction = "{FUNCTION}"\nseed = {SEED}\n'
        'arguments = {x = "T"}\nreturns = ["y: T"]\nvalues = {x = [2, 19, 23], a = 5, b = 9}',
        "def line(x, a, b):\n    y, ys = 0, []\n    for x_t in x:\n        y = a * y + b * x_t\n"
        "        ys.append(y)\n    return ys",
    ),
)

SNOOP = """
import os, sys
def look(what, *given):
    print(what, given)
    frame = sys._getframe()
    while frame is not None:
        print({name: str(value)[:200] for name, value in frame.f_locals.items()})
        frame = frame.f_back
    for place in ("/proc/self/environ", "/proc/self/cmdline", "/proc/1/environ"):
        try:
            print(open(place).read())
        except Exception as error:
            print(error)
def line(x, a, b):
    look("called", x, a, b)
    raise ValueError(str(dict(os.environ)))
look(dict(os.environ), sys.argv)
number = dict(y=str(dict(os.environ)))
"""
ZEROS = {
    "number": {"y": 0},
    "formula": {"g": "w"},
    "counting": {"parameters": 1},
    "weights": {"s0": [0], "Wss": [[0]], "Wsx": [[1]], "Wo": [[1]]},
    "by_hand": {"y": [77, 0, 0]},
}
ANSWERS = {
    "far.json": json.dumps(ZEROS),
    "unreadable.json": json.dumps({name: dict.fromkeys(asked, "??") for name, asked in ZEROS.items()}),
    "nothing.json": "{}",
    "zero.py": "def line(x, a, b):\n    return [0 * x_t for x_t in x]\n",
    "snoop.py": SNOOP,
}


@pytest.fixture(scope="module")
def exercises(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exercise at every level of what may be told."""
    folder = tmp_path_factory.mktemp("exercises")
    made = {}
    for level in LEVELS:
        made[level] = folder / f"planted_{level}.toml"
        head = f'title = "Planted"\nsource = "nowhere"\nreveal = "{level}"\nseed = 1\n'
        made[level].write_text(head + NETWORK + "\n".join(QUESTIONS))
    return made


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for name, text in ANSWERS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET_ENV, SECRET)


def numbers(text: str) -> Iterator[Fraction]:
    """All numbers of a text: decimals with a point or a comma, powers of ten, fractions."""
    for found in NUMBER.findall(text):
        above, _, below = found.replace(",", ".").replace(" ", "").partition("/")
        if float(below or 1):
            yield Fraction(above) / Fraction(below or 1)


def leaks(text: str, level: str) -> list[str]:
    """What of the key is in the text: also cut off, as a percentage, as a third, with a minus sign."""
    seed = instance_seed(f"behaviour/{FUNCTION}", SEED)
    key = NEVER_WANTED if level in LEVELS[2:] else (*NEVER_WANTED, *WANTED)
    found = set(numbers(text))
    told = [
        value
        for value in key
        for factor in (Fraction(1), Fraction(100), Fraction(1, 100), Fraction(1, 3))
        if any(abs(one / (Fraction(value) * factor) - 1) < CLOSE for one in found)
    ]
    return told + [word for word in (*WORDS, str(seed)) if word in text]


def everything_of(report: Report) -> Iterator[tuple[str, str]]:
    """All that a report shows of itself, by a format, to Python, to a notebook."""
    for name in format_names():
        yield name, find_format(name).render(report._report, View(width=500))
    own = [name for name in dir(report) if not name.startswith("__") and name not in ("_report", "_rendered")]
    for name in (*own, "__repr__", "__str__"):
        value = getattr(report, name)
        yield name, str(value() if callable(value) else value)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ANSWERS)
def test_reports_in_every_form(exercises: dict[str, Path], answers: Path, name: str, level: str) -> None:
    report = rnngrade.grade(answers / name, str(exercises[level]))
    told = [(form, leaks(text, level)) for form, text in everything_of(report)]
    assert {form for form, _ in told} > {*format_names(), "_repr_html_", "to_json", "questions"}
    assert [(form, found) for form, found in told if found] == []


def test_right_answers_are_right(exercises: dict[str, Path], tmp_path: Path) -> None:
    """The planted values are the key indeed."""
    found = re.findall(
        r"title = \"ExampleTitle right\"\nanswer = '''\n(.*?)'''", "".join(QUESTIONS), re.DOTALL
    )
    (tmp_path / "right.py").write_text("\n".join(found))
    report = rnngrade.grade(tmp_path / "right.py", str(exercises["working"]))
    assert {one.verdict for one in report.questions.values()} == {"correct"}


@pytest.mark.parametrize(
    "wrote", ["731.06", "731,0586", "73105.86 %", "-731.0585", "7.310586e2", "2193.17574/3", "243.68619"]
)
def test_a_value_is_found_in_other_writings(wrote: str) -> None:
    assert leaks(f"y should be {wrote}.", "location") == ["731.0585786"]
    assert leaks("3 of 7 points, 0.73 s of CPU, seed 730", "location") == []


@pytest.mark.parametrize("platform", result_files())
@pytest.mark.parametrize("name", ANSWERS)
def test_result_files(
    exercises: dict[str, Path], answers: Path, tmp_path: Path, capsys: Any, platform: str, name: str
) -> None:
    only = tmp_path / "only"
    only.mkdir()
    (answers / name).rename(only / name)
    asked = ["--exercise", str(exercises["location"]), "--submission", str(only)]
    assert main(["harness", platform, *asked, "--results", str(tmp_path / "results.json")]) == 0
    out, err = capsys.readouterr()
    assert leaks((tmp_path / "results.json").read_text() + out, "location") == []
    assert leaks(err, "location") == []


def test_feedback_of_a_class(exercises: dict[str, Path], answers: Path, tmp_path: Path, capsys: Any) -> None:
    kept = ["--exercise", str(exercises["location"]), "--gradebook", str(tmp_path / "gradebook.db")]
    main(["batch", str(answers), *kept, "--jobs", "1"])
    for name in format_names():
        target = tmp_path / f"{name}.zip"
        assert main(["feedback", str(answers), *kept, "--format", name, "-o", str(target)]) == 0
        with zipfile.ZipFile(target) as archive:
            texts = {one: archive.read(one).decode() for one in archive.namelist()}
        assert len(texts) == len(ANSWERS)
        assert {one: leaks(text, "location") for one, text in texts.items() if leaks(text, "location")} == {}


def test_pages_of_students_in_a_class(exercises: dict[str, Path], answers: Path, tmp_path: Path) -> None:
    book = ["--gradebook", str(tmp_path / "gradebook.db")]
    main(["batch", str(answers), "--exercise", str(exercises["location"]), *book, "--jobs", "1"])
    assert main(["report", str(tmp_path / "pages"), *book]) == 0
    texts = {one.name: one.read_text() for one in (tmp_path / "pages" / "students").iterdir()}
    assert len(texts) == len(ANSWERS)
    assert {one: leaks(text, "location") for one, text in texts.items() if leaks(text, "location")} == {}


ADVANCE = Watch._advance
NEEDED = {"question": "weights", "inputs": "1; 0"}
"""Options without which a command does nothing."""
FOR_STAFF = {
    "author": "shows an author the examples, mistakes and key of a file",
    "batch": "tells staff of a class",
    "codes": "gives staff what each student is handed",
    "doctor": "knows no exercise",
    "export": "packs the exercise for a platform that keeps it from students",
    "feedback": "tried above",
    "gradebook": "tells staff of a class",
    "harness": "tried above",
    "queue": "marks words of a class",
    "regrade": "tells staff of a class",
    "report": "tried above",
    "serve": "its pages are searched in tests/grader/serve",
    "stats": "tells staff of a class",
}


def calls(name: str, exercise: str, answer: str) -> Iterator[list[str]]:
    """How a command can be asked about an exercise or an answer, in every format that it has."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    given = {"exercise": exercise, "answer": answer, "question": "number"}
    options = {one.name: one for one in command.params if isinstance(one, click.Option)}
    line = [name]
    for one in command.params:
        if isinstance(one, click.Argument) and (one.required or name == "hint"):
            assert one.name in given, (
                f"say in FOR_STAFF that `{name}` is for staff, or here what {one.name} is"
            )
            line.append(given[one.name])
    line += [word for one in options.values() if one.required for word in (one.opts[0], NEEDED[one.name])]
    if "exercise" in options:
        line += ["--exercise", exercise]
    if "force" in options:
        line += ["--force"]
    forms = getattr(options.get("format_name"), "type", None)
    for form in getattr(forms, "choices", format_names()) if forms is not None else [None]:
        yield [*line, "--format", form] if form else line


def marked_once(watch: Watch, *, is_readable: bool) -> None:
    """What `watch` does when a mark comes back, then all that its keys show; then it is ended."""
    ADVANCE(watch, is_readable=is_readable)
    if watch._last is not None:
        watch._obey("hnl")
        raise KeyboardInterrupt


@pytest.mark.parametrize("name", sorted(set(group.list_commands(click.Context(group))) - set(FOR_STAFF)))
def test_what_commands_for_students_show_and_write(
    exercises: dict[str, Path], answers: Path, tmp_path: Path, monkeypatch: Any, capsys: Any, name: str
) -> None:
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setattr(Watch, "_advance", marked_once)
    ended = []
    for answer in sorted(answers.iterdir()):
        for line in calls(name, str(exercises["location"]), str(answer)):
            ended.append(main(line))
            written = "".join(one.read_text() for one in place.rglob("*") if one.is_file())
            assert leaks("".join(capsys.readouterr()) + written, "location") == [], line
    # What is not marked as a whole may be refused where it cannot be read.
    assert set(ended) <= {0, 1} or (name == "trace" and ended.count(0) >= 2), ended
