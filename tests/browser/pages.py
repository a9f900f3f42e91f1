"""Every type of page, a row each: its name, and what makes its text."""

from __future__ import annotations

import datetime
import functools
import importlib.util
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec

from grader.authoring.preview import preview_page
from grader.classroom.pages.overview import Concern, KnownMistake, Overview
from grader.classroom.pages.staff_page import render as render_class
from grader.classroom.similarity import Similar, Similarities
from grader.classroom.statistics import statistics
from grader.errors import SpecError
from grader.gradebook.records import StoredAttempt, StoredMark
from grader.gradebook.standing import Standing
from grader.gradebook.submission_times import SubmissionTime
from grader.grading import mark
from grader.grading.examples import outcome_of
from grader.kinds import find_kind, kind_names
from grader.model.evidence import tried_on
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Diagnosis, Outcome, Verdict
from grader.model.report import Counted, QuestionReport, Report
from grader.model.submission import AnswerFile
from grader.reports import View, find_format
from grader.reports.html.exercise_page import exercise_page
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise
from grader.submissions import build_submission, collect

ROOT = Path(__file__).parents[2]
CLASS = ROOT / "submissions_example"

TRIES = (
    "</style></title></pre></textarea><script>window.hit=1;fetch('http://evil.test/a')</script>"
    "<img src=http://evil.test/b onerror=hit=1><svg onload=hit=1><a href=javascript:hit=1>x</a>"
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>\"' autofocus onfocus=hit=1 style=color:red "
    "<!-- ]]> &lt;b&gt; $\\href{javascript:hit=1}{y}$ {{7*7}}"
)
TURNS = "\u202e\u2066turned\u2069\u200b\ufeff\x00\x07\x1b[31m"
LONG = "W" * 3000
HOSTILE = f"{TRIES} {TURNS} {LONG}"


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


SAMPLE = _module(ROOT / "tests" / "grader" / "reports" / "sample.py")


@functools.cache
def exercise(name: str) -> Exercise:
    return load_exercise(find_exercise(name).path, Kinds(kind_names(), find_kind), with_examples=True)


def html(report: Report) -> str:
    return find_format("html").render(report, View(hints=9))


def form(value: Any) -> Any:
    """What a page draws from: the names in evidence, whatever the values."""
    if isinstance(value, dict):
        return tuple((key, form(one)) for key, one in value.items())
    return form(value[0]) if isinstance(value, list) and value else type(value).__name__


def examples(name: str) -> str:
    """One report with every answer of an exercise's examples whose verdict or evidence has another form."""
    asked: list[QuestionReport] = []
    seen = set()
    for question in exercise(name).questions:
        for example in question.examples:
            outcome = outcome_of(exercise(name), question.id, example)
            signature = (question.kind, outcome.verdict, form(outcome.facts), bool(outcome.diagnoses))
            if signature not in seen:
                seen.add(signature)
                asked.append(_asked(question, example.title, outcome, len(asked)))
    whole = SAMPLE.report(*asked, output="printed\n" * 30)
    return html(msgspec.structs.replace(whole, title=exercise(name).title))


def _asked(question: Question, title: str, outcome: Outcome, number: int) -> QuestionReport:
    return QuestionReport(
        id=f"{question.id}-{number}",
        label=f"{question.label} {title}",
        max_points=question.points,
        outcome=outcome,
        hints=question.hints,
    )


def handed_in(name: str, student: str) -> str:
    return html(mark(exercise(name), collect(str(CLASS / name / student), None)))


def sheet(name: str) -> str:
    return exercise_page(exercise(name), exercise(name).questions)


def preview(name: str) -> str:
    """What its author sees while an exercise is written, as `author preview --once` prints it."""
    return preview_page(functools.partial(exercise, name))


def unreadable_preview() -> str:
    """The same of a file that cannot be read, where the reason holds such text."""

    def load() -> Exercise:
        raise SpecError(HOSTILE, HOSTILE, where=HOSTILE)

    return preview_page(load)


def hostile_sheet() -> str:
    """An exercise whose author has copied such text into all that is shown of it."""
    whole = exercise("ntu-cz4042-tutorial-8")
    asked = [
        msgspec.structs.replace(
            question,
            label=HOSTILE,
            prompt=HOSTILE,
            hints=(HOSTILE,),
            errata=(HOSTILE,),
            fields=dict.fromkeys(question.fields, HOSTILE),
        )
        for question in whole.questions
    ]
    shown = msgspec.structs.replace(
        whole, title=HOSTILE, source=HOSTILE, introduction=HOSTILE, errata=(HOSTILE,), questions=tuple(asked)
    )
    return exercise_page(shown, shown.questions)


def hostile_report() -> str:
    """Every place of a report that a stranger's text may come to, authors' too."""
    shown = {"inputs": {HOSTILE: HOSTILE}, "expected": [[HOSTILE]], "got": [[1]], "first_wrong_step": 1}
    named = {
        "inputs": [HOSTILE],
        "expected": {HOSTILE: [[1, 2]]},
        "got": {HOSTILE: [[1, HOSTILE]]},
        "keys_right": {HOSTILE: False},
    }
    asked = [
        SAMPLE.question(
            f"q{number} {HOSTILE}",
            verdict,
            "0",
            HOSTILE,
            f"{HOSTILE}\n  ^ {HOSTILE}",
            evidence={"counterexample": evidence, HOSTILE: HOSTILE},
            diagnoses=(Diagnosis("x", HOSTILE),),
            hints=(HOSTILE,),
            basis=tried_on(3),
        )
        for number, (verdict, evidence) in enumerate(
            [(Verdict.INCORRECT, shown), (Verdict.PARTIAL, named), (Verdict.INVALID, {})]
        )
    ]
    whole = SAMPLE.report(*asked, student=HOSTILE, output=HOSTILE, notes=(HOSTILE,))
    counted = Counted(points=Fraction(1), reasons=(HOSTILE,))
    return html(msgspec.structs.replace(whole, title=HOSTILE, counted=counted))


def hostile_values(name: str) -> str:
    """An answer as JSON with such text in every field."""
    fields = {q.id: dict.fromkeys(q.fields, HOSTILE) or HOSTILE for q in exercise(name).questions}
    answer = AnswerFile("answer.json", json.dumps({**fields, HOSTILE: HOSTILE}).encode())
    return html(mark(exercise(name), build_submission(HOSTILE, [answer], [HOSTILE])))


def hostile_code(name: str) -> str:
    """An answer in Python whose classes, errors and prints hold such text."""
    functions = "\n".join(
        f"def {question.asks.function}(*given, **named):\n    print(HOSTILE)\n    raise Odd(HOSTILE)"
        for question in exercise(name).questions
        if question.asks.function
    )
    source = f"HOSTILE = {HOSTILE!r}\nOdd = type('Odd' + HOSTILE.replace('\\0', ''), (Exception,), {{}})\n"
    source += f"print(HOSTILE)\n{functions}\nraise Odd(HOSTILE)\n"
    answer = AnswerFile("answer.py", source.encode())
    return html(mark(exercise(name), build_submission(HOSTILE, [answer], [])))


EXERCISES = tuple(listing.id for listing in list_exercises())


def class_index(*hostile: str) -> str:
    """The page for staff about a class in which everything occurs, in two questions."""
    students = ("ada", "bo", *hostile)
    shares = [Fraction(number % 3, 2) for number in range(len(students))]
    found = [
        _standing(student, share, verdict)
        for student, share, verdict in zip(students, shares, ("undecided", "partial", *Verdict), strict=False)
    ]
    figures = statistics("sums", found, {})
    return render_class(
        Overview(
            title=" ".join(("Sums", *hostile)),
            labels={"a": "1"},
            figures=figures,
            standings=found,
            mistakes=[
                KnownMistake(question="a", diagnosis=Diagnosis("sum", students[-1]), students=students)
            ],
            concerns=[Concern(student, f"for staff: {student}") for student in students],
            pages={student: f"students/{number}.html" for number, student in enumerate(students)},
            similar=Similarities(
                identical=(students,), pairs=(Similar(students=(students[0], students[-1]), code=0.7),)
            ),
        )
    )


def _standing(student: str, share: Fraction, verdict: str) -> Standing:
    marks = tuple(StoredMark(name, verdict, str(share), str(share), "1") for name in "ab")
    attempt = StoredAttempt(
        attempt=1,
        student=student,
        exercise="sums",
        number=1,
        submission="",
        submitted_at=None,
        is_late=None,
        result=1,
        exercise_digest="",
        grader_version="",
        is_undecided=False,
        same_as=None,
        marks=marks,
    )
    at = datetime.datetime(2026, 10, 24, 19, 0, tzinfo=datetime.UTC)
    return Standing(
        student=student,
        exercise="sums",
        attempt=attempt,
        attempts=2,
        marks=marks,
        when=SubmissionTime(at, "later than it came"),
    )


PLAIN: dict[str, Callable[[], str]] = {
    "every verdict": lambda: html(SAMPLE.everything()),
    **{f"examples of {name}": functools.partial(examples, name) for name in EXERCISES},
    **{f"exercise {name}": functools.partial(sheet, name) for name in EXERCISES},
    "a notebook handed in": lambda: handed_in("mit-6390-recitation-8", "chiara.ipynb"),
    "code handed in": lambda: handed_in("ntu-cz4042-tutorial-8", "celia.py"),
    "class for staff": class_index,
    "preview": lambda: preview("threshold-networks"),
}
STRANGE: dict[str, Callable[[], str]] = {
    "hostile exercise": hostile_sheet,
    "hostile preview": unreadable_preview,
    "hostile report": hostile_report,
    "hostile values": lambda: hostile_values("mit-6390-recitation-8"),
    "hostile code": lambda: hostile_code("ntu-cz4042-tutorial-8"),
    "hostile class": lambda: class_index(TRIES, TRIES + TURNS, LONG),
}
PAGES = PLAIN | STRANGE
