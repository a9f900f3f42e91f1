"""The whole way of the data, with the real sandbox: what a student types and sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.cli import main
from grader.specs import list_exercises

MIT = "mit-6390-recitation-8"
SUM = "s0=[0, 0], Wss=[[0, 0], [0, {keep}]], Wsx=[[1, 0, 0], [1, 1, 1]], Wo=[[1, 0], [0, 0], [0, 0], [0, 1]]"


def submitted(tmp_path: Path, text: str, *more: str) -> tuple[int, dict]:
    path = tmp_path / "answer.py"
    path.write_text(text)
    code = main(["submit", str(path), "--exercise", MIT, "--output", str(tmp_path / "r.json"), *more])
    return code, json.loads((tmp_path / "r.json").read_text())


def test_right_answer_to_one_question_is_full_marks(tmp_path: Path):
    code, record = submitted(tmp_path, f"b_i = dict({SUM.format(keep=1)})", "--question", "b_i")
    assert code == 0
    assert [q["verdict"] for q in record["questions"]] == ["correct"]
    assert record["questions"][0]["basis"] == "proved"


def test_leaky_sum_is_shown_the_input_that_exposes_it(tmp_path: Path, capsys):
    path = tmp_path / "answer.py"
    path.write_text(f"EXERCISE = {MIT!r}\nb_i = dict({SUM.format(keep=0.99)})")
    assert main(["submit", str(path), "--question", "b_i"]) == 1
    told = capsys.readouterr().out
    assert "x = [[1, 0, 0], [0, 0, 0]]" in told
    assert "[0, 0, 0, 0.99]" in told
    assert "proved for all inputs of all lengths" in told


@pytest.mark.parametrize("exercise", [listing.id for listing in list_exercises()])
def test_untouched_template_is_all_missing(tmp_path: Path, exercise: str):
    path = tmp_path / "answer.py"
    main(["start", exercise, "--output", str(path)])
    assert main(["submit", str(path), "--output", str(tmp_path / "r.json")]) == 1
    record = json.loads((tmp_path / "r.json").read_text())
    assert {q["verdict"] for q in record["questions"]} == {"missing"}


@pytest.mark.parametrize(
    "text", ["def = 3\n", "import sys; sys.exit(0)\n", "1 / 0\n", "\0\xff", "import gone\n"]
)
def test_file_that_stops_still_gets_a_whole_report(tmp_path: Path, text: str):
    code, record = submitted(tmp_path, text)
    assert code == 1
    assert len(record["questions"]) == 8
    assert {q["verdict"] for q in record["questions"]} <= {"missing", "invalid"}


def test_empty_file_is_all_missing_where_the_exercise_is_given(tmp_path: Path, capsys):
    code, record = submitted(tmp_path, "")
    assert code == 1
    assert {q["verdict"] for q in record["questions"]} == {"missing"}
    assert "the file is empty" in capsys.readouterr().err
