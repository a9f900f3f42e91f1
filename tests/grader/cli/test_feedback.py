"""Feedback tells what stands, and as the export does."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from fractions import Fraction
from pathlib import Path

import pytest

from grader.cli import main
from grader.kinds import find_kind, kind_names
from grader.model.exercise import Question
from grader.model.share import points_text
from grader.specs import Kinds, find_exercise, load_exercise

ROOT = Path(__file__).parents[3]
CLASS = ROOT / "submissions_example"
MIT = "mit-6390-recitation-8"
DUE = "2026-10-24T20:00:00"
# Clocks are put back in the night after the due time. Hours after it on a clock of Berlin, and days late.
STAMPS = (
    ("2026-10-24 19:00:00 CEST", 0),
    ("2026-10-24 21:00:00 CEST", 1),
    ("2026-10-25 20:00:00 CET", 1),
    ("2026-10-25 18:30:00 UTC", 1),
    ("2026-10-26 20:30:00 CET", 3),
)
PER_DAY, CAP = Fraction(1, 10), Fraction(1, 4)
DAYS_MORE = 2
LATE = '[late]\nper_day = "10%"\ncap = "25%"\n'


def questions_of(exercise: str) -> tuple[Question, ...]:
    return load_exercise(find_exercise(exercise).path, Kinds(kind_names(), find_kind)).questions


class Expected:
    """What must stand for a student, worked out from the marks by hand of the example class."""

    def __init__(self, exercise: str, number: int, marks: dict) -> None:
        self.most = {one.id: one.points for one in questions_of(exercise)}
        self.machine = {name: Fraction(marks[name]["fraction"]) * self.most[name] for name in self.most}
        self.stamp, days = STAMPS[number % len(STAMPS)]
        self.is_extended = number % 3 == 1
        late = max(days - DAYS_MORE, 0) if self.is_extended else days
        self.penalty = min(late * PER_DAY, CAP)
        first = next(iter(self.most))
        self.given = {first: self.most[first] / 2} if number % 4 == 2 else {}
        self.total = Fraction(7, 3) if number % 6 == 5 else None

    @property
    def points(self) -> Fraction:
        if self.total is not None:
            return self.total
        return sum((self.machine | self.given).values(), Fraction(0)) * (1 - self.penalty)


@pytest.fixture(scope="module", params=sorted(path.name for path in CLASS.iterdir() if path.is_dir()))
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """The example class as nbgrader collects it, marked, with overrides, late days and extensions."""
    exercise, place = request.param, tmp_path_factory.mktemp("kept")
    expected = {}
    marks = json.loads((CLASS / f"{exercise}.expected.json").read_text())
    for number, path in enumerate(sorted((CLASS / exercise).iterdir())):
        student = path.stem
        expected[student] = Expected(exercise, number, marks[student])
        target = place / "submitted" / student / "hw"
        if path.is_dir():
            shutil.copytree(path, target)
        else:
            target.mkdir(parents=True)
            shutil.copy(path, target)
        (target / "timestamp.txt").write_text(expected[student].stamp)
    course = f'time_zone = "Europe/Berlin"\n[exercise.{exercise}]\ndue = {DUE}\n{LATE}'
    for student, one in expected.items():
        course += f'[[extension]]\nstudent = "{student}"\ndays = {DAYS_MORE}\n' if one.is_extended else ""
    (place / "course.toml").write_text(course)
    book = ["--gradebook", str(place / "book.db")]
    run = [
        "batch",
        str(place / "submitted"),
        "--exercise",
        exercise,
        *book,
        "--course",
        str(place / "course.toml"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        # The one by which its variants were drawn.
        patch.setenv("RNNGRADE_COURSE_SECRET", "made up" if exercise == "rnn-paper" else "")
        assert main(run) == 0
    assert main(["gradebook", "export", *book, "-o", str(place / "as-marked.json")]) == 0
    for student, one in expected.items():
        override = ["gradebook", "override", student, "--exercise", exercise, *book, "--who", "Prof. Z"]
        for question, points in one.given.items():
            why = ["--question", question, "--why", f"seen on the paper of {student}"]
            assert main([*override, "--points", str(points), *why]) == 0
        if one.total is not None:
            assert main([*override, "--points", str(one.total), "--why", f"oral exam of {student}"]) == 0
    return exercise, place, expected


def feedback(kept, name: str, suffix: str, *more: str) -> dict[str, str]:
    exercise, place, _ = kept
    target = place / f"feedback-{name}-{len(more)}"
    where = ["--exercise", exercise, "--gradebook", str(place / "book.db"), "-o", str(target)]
    assert main(["feedback", str(place / "submitted"), *where, "--format", name, *more]) == 0
    return {path.name.removesuffix(suffix): path.read_text() for path in target.iterdir()}


def exported(kept, capsys, name: str = "json") -> str:
    _, place, _ = kept
    capsys.readouterr()
    assert main(["gradebook", "export", "--gradebook", str(place / "book.db"), "--format", name]) == 0
    return capsys.readouterr().out


def test_the_made_up_class_gets_the_expected_marks(kept):
    exercise, place, _ = kept
    expected = json.loads((CLASS / f"{exercise}.expected.json").read_text())
    got = {
        record["student"]: {
            name: (mark["verdict"], mark["fraction"]) for name, mark in record["questions"].items()
        }
        for record in json.loads((place / "as-marked.json").read_text())
    }
    assert got == {
        student: {
            name: (mark["verdict"], round(float(Fraction(mark["fraction"])), 6))
            for name, mark in marks.items()
        }
        for student, marks in expected.items()
    }


def test_sum_and_reason_of_every_students_feedback_equal_the_export(kept, capsys):
    records = {one["student"]: one for one in json.loads(exported(kept, capsys))}
    texts, pages, scripts = (
        feedback(kept, *one) for one in (("terminal", ".txt"), ("markdown", ".md"), ("json", ".json"))
    )
    _, _, expected = kept
    assert set(records) == set(expected) == set(texts) == set(pages) == set(scripts)
    for student, one in expected.items():
        record, script = records[student], json.loads(scripts[student])
        waits = {name for name, mark in record["questions"].items() if mark["verdict"] == "pending"}
        most = sum(points for name, points in one.most.items() if name not in waits)
        told = f"{points_text(one.points)} of {points_text(most)} points"
        assert told in texts[student]
        assert f"**{told}" in pages[student]
        assert record["points"] == script["points"] == round(float(one.points), 6)
        assert record["penalty"] == script["penalty"] == round(float(one.penalty), 6)
        assert record["attempt"] == script["attempt"] == 1
        assert record["submitted_at"] == script["submitted_at"]
        assert record["override"] == script["override"]
        by_question = {each["id"]: each for each in script["questions"]}
        for question, mark in record["questions"].items():
            assert mark["verdict"] == by_question[question]["verdict"]
            assert mark["fraction"] == by_question[question]["fraction"]
        text, page = (" ".join(each.split()) for each in (texts[student], pages[student]))
        for question, points in one.given.items():
            override = record["questions"][question]["override"]
            assert override["points"] == round(float(points), 6)
            machine = f"{points_text(one.machine[question])} of {points_text(one.most[question])}"
            for shown in (text, page):
                assert f"given by Prof. Z on {override['made_at'][:8]}" in shown
                assert f"seen on the paper of {student}" in shown
                assert re.search(rf"The grader found it \w+, {re.escape(machine)}\.", shown)
        if one.total is not None:
            assert record["override"]["why"] == f"oral exam of {student}"
            assert f"oral exam of {student}" in text
        elif one.penalty:
            assert f"{100 * one.penalty} % of" in text
            assert "due 2026-10-2" in text


def test_csv_has_what_json_has(kept, capsys):
    records = json.loads(exported(kept, capsys))
    rows = list(csv.DictReader(io.StringIO(exported(kept, capsys, "csv"))))
    assert len(rows) == len(records)
    for record, row in zip(records, rows, strict=True):
        assert row["student"] == record["student"]
        for key in ("points", "attempt", "penalty", "name", "submitted_at"):
            assert row[key] == str(record[key])
        whole = record["override"] or {"points": "", "why": "", "who": ""}
        assert (row["override"], row["override.why"], row["override.who"]) == (
            *(str(whole[key]) for key in ("points", "why", "who")),
        )
        for question, mark in record["questions"].items():
            if "override" in mark:
                assert mark["override"]["why"] in row[f"{question}.override"]


def test_hints_are_in_the_feedback_where_they_are_asked_for(kept):
    exercise, _, _ = kept
    questions = questions_of(exercise)
    without, with_one = feedback(kept, "terminal", ".txt"), feedback(kept, "terminal", ".txt", "--hints", "1")
    hinted = [one for one in questions if one.hints]
    assert not any("Hint 1:" in text or "--hints" in text for text in without.values())
    assert any("Hint 1:" in text for text in with_one.values()) == bool(hinted)
    assert not any("Hint 2:" in text for text in with_one.values())


def test_a_report_that_cannot_be_shown_costs_nobody_else_theirs(tmp_path: Path, capsys):
    folder = tmp_path / "class"
    folder.mkdir()
    for number, student in enumerate(("ada", "bo", "cy")):
        (folder / f"{student}.json").write_text('{"a_ii": {"g1": [6, 6, 6, 6]}}' + " " * number)
    where = ["--exercise", MIT, "--gradebook", str(tmp_path / "book.db")]
    assert main(["batch", str(folder), *where, "--jobs", "1"]) == 0
    run = ["feedback", str(folder), *where, "--format", "terminal", "-o"]
    assert main([*run, str(tmp_path / "before")]) == 0
    with sqlite3.connect(tmp_path / "book.db") as connection:
        connection.execute("UPDATE results SET report = '{' WHERE id = 2")
    capsys.readouterr()
    assert main([*run, str(tmp_path / "after")]) == 3
    assert "note: bo gets no feedback file" in capsys.readouterr().err
    before, after = (
        {one.name: one.read_text() for one in (tmp_path / each).iterdir()} for each in ("before", "after")
    )
    del before["bo.txt"]
    assert after == before
    for command in (
        ["gradebook", "show"],
        ["gradebook", "export"],
        ["gradebook", "history", "bo"],
        ["stats"],
    ):
        assert main([*command, "--gradebook", str(tmp_path / "book.db")]) == 0


IN_WORDS = "M_0 = Wo Wsx would need rank 3"


def test_what_is_written_in_words_is_shown_to_staff_only(tmp_path: Path, capsys):
    folder = tmp_path / "class"
    folder.mkdir()
    answer = {"b_ii": {"possible": False, "required_rank": 3, "max_rank": 2, "reason": IN_WORDS}}
    (folder / "ada.json").write_text(json.dumps(answer))
    where = ["--exercise", MIT, "--gradebook", str(tmp_path / "book.db")]
    assert main(["batch", str(folder), *where, "--jobs", "1"]) == 0
    for command in (["show"], ["history", "ada"], ["export"], ["export", "--format", "csv"]):
        capsys.readouterr()
        assert main(["gradebook", *command, "--gradebook", str(tmp_path / "book.db")]) == 0
        assert IN_WORDS in capsys.readouterr().out
    for name in ("terminal", "markdown", "junit"):
        assert main(["feedback", str(folder), *where, "--format", name, "-o", str(tmp_path / name)]) == 0
        assert all(IN_WORDS not in path.read_text() for path in (tmp_path / name).iterdir())


def test_a_member_for_whom_other_points_stand_gets_a_file_of_their_own(tmp_path: Path):
    folder = tmp_path / "assignment_1_export"
    (folder / "submission_1").mkdir(parents=True)
    (folder / "submission_1" / "answer.json").write_text('{"a_ii": {"g1": [6, 6, 6, 6]}}')
    people = "".join(f"    - :name: {one}\n      :email: {one}@example.edu\n" for one in ("ada", "bo", "cy"))
    (folder / "submission_metadata.yml").write_text(f"submission_1:\n  :submitters:\n{people}")
    where = ["--exercise", MIT, "--gradebook", str(tmp_path / "book.db")]
    assert main(["batch", str(folder), *where, "--jobs", "1"]) == 0
    give = ["gradebook", "override", "bo@example.edu", *where, "--points", "20", "--why", "oral exam"]
    assert main([*give, "--who", "Z"]) == 0
    assert main(["feedback", str(folder), *where, "--format", "terminal", "-o", str(tmp_path / "out")]) == 0
    told = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert len(told) == 2
    assert [name for name, text in told.items() if "20 of 34 points" in text] == ["bo@example.edu.txt"]
