"""`rnngrade export` and `rnngrade feedback`: from a class to what its system takes back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from grader.cli import main

EXERCISE = "mit-6390-recitation-8"
ANSWER = "a_ii = dict(g1=[1, 1, 1, 1])\n"


def test_autograder_is_the_same_file_each_time(tmp_path: Path):
    for name in ("a.zip", "b.zip"):
        assert main(["export", "gradescope", EXERCISE, "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    script = zipfile.ZipFile(tmp_path / "a.zip").read("run_autograder").decode()
    assert f"harness gradescope --exercise {EXERCISE}" in script


def test_own_exercise_file_and_wheel_go_along(tmp_path: Path):
    source = Path(__file__).parents[3] / "exercises" / EXERCISE / "exercise.toml"
    own = tmp_path / "mine.toml"
    own.write_bytes(source.read_bytes())
    wheel = tmp_path / "rnngrade-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"x")
    assert main(["export", "gradescope", str(own), "--wheel", str(wheel), "-o", str(tmp_path / "a.zip")]) == 0
    archive = zipfile.ZipFile(tmp_path / "a.zip")
    assert archive.read("mine.toml") == own.read_bytes()
    assert "--exercise /autograder/source/mine.toml" in archive.read("run_autograder").decode()
    assert wheel.name in archive.namelist()


def test_feedback_from_the_gradebook_of_another_class_is_refused(tmp_path: Path, capsys):
    for name, student in (("one", "ada"), ("two", "bo")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{student}.json").write_text('{"a_ii": [1, 1, 1, 1]}')
    common = ["--exercise", EXERCISE, "--gradebook", str(tmp_path / "g.db")]
    assert main(["batch", str(tmp_path / "one"), *common, "--jobs", "1"]) == 0
    out = tmp_path / "out"
    assert main(["feedback", str(tmp_path / "two"), *common, "-o", str(out)]) == 2
    assert "another class's" in capsys.readouterr().err
    assert not out.exists()
    assert main(["feedback", str(tmp_path / "one"), *common, "-o", str(out)]) == 0


def test_other_wheels_are_refused(tmp_path: Path, capsys):
    (tmp_path / "evil;rm.whl").write_bytes(b"x")
    code = main(["export", "gradescope", EXERCISE, "--wheel", str(tmp_path / "evil;rm.whl")])
    assert code == 2
    assert "is not a wheel of rnngrade" in capsys.readouterr().err


def test_sheet_is_filled_from_the_gradebooks_export(tmp_path: Path, capsys):
    record = {"student": "7", "exercise": EXERCISE, "points": 3, "max_points": 4, "fraction": 0.75}
    (tmp_path / "g.json").write_text(json.dumps([{**record, "questions": {}}]))
    (tmp_path / "c.csv").write_bytes(b"Student,ID,Section,HW (1)\r\nAda,7,x,\r\n")
    given = ["--grades", str(tmp_path / "g.json"), "-o", str(tmp_path / "out.csv")]
    assert main(["export", "canvas", str(tmp_path / "c.csv"), *given]) == 0
    assert (tmp_path / "out.csv").read_bytes() == b"Student,ID,Section,HW (1)\r\nAda,7,x,3\r\n"
    assert "1 grade is written" in capsys.readouterr().out
    (tmp_path / "m.csv").write_bytes(b"Identifier,Grade,Maximum grade\nParticipant 7,,8.0\n")
    assert main(["export", "moodle", str(tmp_path / "m.csv"), *given]) == 2
    assert "out.csv is there already" in capsys.readouterr().err
    assert main(["export", "moodle", str(tmp_path / "m.csv"), *given, "--force"]) == 0
    assert (tmp_path / "out.csv").read_bytes() == b"Identifier,Grade,Maximum grade\nParticipant 7,6,8.0\n"


def test_feedback_of_a_canvas_class_can_be_uploaded_again(tmp_path: Path):
    pytest.importorskip("sqlalchemy")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "adaada_1001_500001_answer.py").write_text(ANSWER)
    (folder / "belabela_LATE_1002_500002_answer.py").write_text("b_i = 3\n")
    book = str(tmp_path / "gradebook.db")
    assert main(["batch", str(folder), "--exercise", EXERCISE, "--gradebook", book, "--jobs", "1"]) in (0, 1)
    out = tmp_path / "feedback.zip"
    given = ["--exercise", EXERCISE, "--gradebook", book, "-o", str(out), "--format", "terminal"]
    assert main(["feedback", str(folder), *given]) == 0
    archive = zipfile.ZipFile(out)
    assert archive.namelist() == ["adaada_1001_500001_answer.txt", "belabela_LATE_1002_500002_answer.txt"]
    assert "1001: " in archive.read("adaada_1001_500001_answer.txt").decode()
