from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from grader.cli import main
from grader.model.share import points_text
from grader.reports.wording import percent_text
from grader.specs import list_exercises

NTU = "ntu-cz4042-tutorial-8"
MOST = f"{float(next(one.points for one in list_exercises() if one.id == NTU)):g}"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook of three students; only read, or copied."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "ada.json").write_text('{"q1a": [0.27, 0.73, 0.94, 0.11]}')
    (folder / "bo.json").write_text('{"q1a": [0.27, 0.73, 0.94, 0.9]}')
    (folder / "cy.json").write_text("{")
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    assert main(["batch", str(folder), "--exercise", NTU, "--gradebook", str(path), "--jobs", "1"]) == 0
    return path


@pytest.fixture
def gradebook(marked: Path, tmp_path: Path) -> str:
    (tmp_path / "gradebook.db").write_bytes(marked.read_bytes())
    return str(tmp_path / "gradebook.db")


def run(capsys, *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(list(arguments))
    out, err = capsys.readouterr()
    return code, out + err


def test_show_has_a_line_a_student(gradebook: str, capsys):
    code, told = run(capsys, "gradebook", "show", "--gradebook", gradebook)
    assert code == 0
    assert [line.split()[0] for line in told.splitlines()] == [NTU, "ada", "bo", "cy"]


@pytest.mark.parametrize(("points", "shown"), [("5/14", "36 %"), ("2999/3000", "99 %")])
def test_show_rounds_a_share_as_a_report_does(gradebook: str, capsys, points: str, shown: str):
    most = Fraction(MOST)
    common = ["--exercise", NTU, "--gradebook", gradebook, "--who", "Z", "--why", "w"]
    code, told = run(capsys, "gradebook", "override", "cy", *common, "--points", str(Fraction(points) * most))
    assert code == 0
    given = points_text(Fraction(points) * most)
    assert told == f"cy now has {given} of {MOST} points in {NTU}\n"
    _, told = run(capsys, "gradebook", "show", "--gradebook", gradebook)
    line = next(line for line in told.splitlines() if line.startswith("cy"))
    assert f"{given} / {MOST}" in line
    assert shown in line
    assert percent_text(Fraction(points)) == shown


def test_override_is_kept_with_who_and_why(gradebook: str, capsys):
    common = ["--exercise", NTU, "--question", "q1a", "--gradebook", gradebook, "--who", "Prof. Z"]
    code, told = run(
        capsys, "gradebook", "override", "cy", *common, "--points", "7/2", "--why", "shown on paper"
    )
    assert (code, told) == (0, f"cy now has 3.5 of {MOST} points in {NTU}\n")
    _, told = run(capsys, "gradebook", "override", "cy", *common, "--points", "1.2", "--why", "on paper")
    assert "this replaces 3.5 points for q1a, given by Prof. Z: shown on paper" in told
    code, told = run(capsys, "gradebook", "override", "cy", *common, "--withdraw", "--why", "wrong student")
    assert (code, told) == (0, f"cy now has 0 of {MOST} points in {NTU}\n")
    _, told = run(capsys, "gradebook", "history", "cy", "--gradebook", gradebook)
    assert "Prof. Z: 3.5 points for q1a: shown on paper" in told
    assert "Prof. Z: 1.2 points for q1a: on paper" in told
    assert "Prof. Z: took back q1a: wrong student" in told


def test_a_reason_may_hold_bytes_that_are_no_text(gradebook: str, capsys):
    typed = ["--points", "1", "--why", "on paper \udcff", "--who", "Z\udcfc"]
    common = ["--exercise", NTU, "--gradebook", gradebook]
    assert run(capsys, "gradebook", "override", "cy", *common, *typed)[0] == 0
    code, told = run(capsys, "gradebook", "history", "cy", "--gradebook", gradebook)
    assert (code, "1 points for the total: on paper \\udcff" in told) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["cz", "--points", "1"], "did you mean 'cy'"),
        (["cy", "--points", "99"], f"between 0 and {MOST}"),
        (["cy", "--points", "nan"], "no number"),
        (["cy", "--points", "1e-999999999"], "no number"),
        (["cy", "--points", "9" * 5000], "no number"),
        (["cy", "--points", "1/0"], "no number"),
        (["cy", "--points", "1 1/2"], "no number"),  # one and a half, and not 11/2
        (["cy", "--points", "1 0"], "no number"),
        (["cy", "--question", "q1x", "--points", "1"], "no question 'q1x'"),
        (["cy"], "--withdraw"),
        (["cy", "--points", "1", "--why", " "], "--why"),
    ],
)
def test_an_override_that_cannot_be_is_refused(gradebook: str, capsys, arguments: list[str], word: str):
    more = ["--exercise", NTU, "--gradebook", gradebook]
    more += [] if "--why" in arguments else ["--why", "x"]
    code, told = run(capsys, "gradebook", "override", *arguments, *more)
    assert code == 2
    assert word in told
    assert "took back" not in run(capsys, "gradebook", "history", "cy", "--gradebook", gradebook)[1]


def test_an_export_into_a_file_says_how_many_records_it_has(gradebook: str, capsys, tmp_path):
    output = tmp_path / "marks.csv"
    code, told = run(
        capsys, "gradebook", "export", "--gradebook", gradebook, "--format", "csv", "-o", str(output)
    )
    with output.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (code, len(rows) > 0) == (0, True)
    assert f"{len(rows)} record" in told
    assert f" written into {output}\n" in told


EVERY_READER = (["gradebook", "show"], ["gradebook", "export"], ["gradebook", "history", "ada"], ["stats"])


@pytest.mark.parametrize("command", EVERY_READER)
def test_an_exercise_that_the_gradebook_does_not_have_is_an_error(gradebook: str, capsys, command):
    code, told = run(capsys, *command, "--gradebook", gradebook, "--exercise", "ntu-cz4042-tutorial-9")
    assert (code, f"did you mean '{NTU}'" in told) == (2, True)


@pytest.mark.parametrize("command", EVERY_READER)
def test_an_exercise_may_be_named_by_its_file(gradebook: str, capsys, command):
    code, told = run(
        capsys, *command, "--gradebook", gradebook, "--exercise", f"exercises/{NTU}/exercise.toml"
    )
    assert (code, "ada" in told or NTU in told) == (0, True)


@pytest.mark.parametrize("command", [["show", "--student", "adda"], ["history", "adda"]])
def test_a_student_whom_the_gradebook_does_not_have_is_an_error(gradebook: str, capsys, command):
    code, told = run(capsys, "gradebook", *command, "--gradebook", gradebook)
    assert (code, "nothing of 'adda' (did you mean 'ada'?)" in told) == (2, True)


@pytest.mark.parametrize("command", [["gradebook", "show"], ["gradebook", "export"], ["stats"]])
def test_help_says_what_becomes_of_a_course_file(capsys, command):
    _, told = run(capsys, *command, "--help")
    assert "in place of the one that the gradebook keeps" in " ".join(told.split())


@pytest.mark.parametrize("command", [["gradebook", "show"], ["gradebook", "export"], ["stats"]])
def test_names_that_a_course_file_has_alone_are_told(gradebook: str, tmp_path: Path, capsys, command):
    course = tmp_path / "course.toml"
    course.write_text(
        """
        [exercise.ntu-cz4042-tutorial-9]
        [exercise.mit-6390-recitation-8]
        [[extension]]
        student = "adda"
        days = 3
        [[extension]]
        student = "cy"
        days = 3
        """
    )
    code, told = run(capsys, *command, "--gradebook", gradebook, "--course", str(course))
    assert code == 0
    notes = [line for line in told.splitlines() if line.startswith("note:")]
    assert len(notes) == 2
    assert (
        f"'ntu-cz4042-tutorial-9', but the gradebook has nothing of that name (did you mean '{NTU}'?)" in told
    )
    assert "'adda', but the gradebook has nothing of that name (did you mean 'ada'?)" in told


@pytest.mark.parametrize("command", [["show"], ["export"], ["history", "ada"]])
def test_a_gradebook_that_is_not_there_is_said(tmp_path: Path, capsys, command: list[str]):
    code, told = run(capsys, "gradebook", *command, "--gradebook", str(tmp_path / "no.db"))
    assert (code, "no such gradebook" in told) == (2, True)


def test_a_read_only_gradebook_is_read_and_not_written(gradebook: str, capsys, monkeypatch):
    # Root may write any file, so the system's answer is made up.
    monkeypatch.setattr("grader.gradebook.database.os.access", lambda *_: False)
    common = ["--gradebook", gradebook]
    for command in (
        ["gradebook", "show"],
        ["gradebook", "export"],
        ["gradebook", "history", "ada"],
        ["stats"],
    ):
        code, told = run(capsys, *command, *common)
        assert (code, NTU in told) == (0, True), told
    more = ["--exercise", NTU, "--points", "1", "--why", "x"]
    code, told = run(capsys, "gradebook", "override", "ada", *more, *common)
    assert (code, "read-only" in told, len(told.splitlines())) == (2, True, 1)


def test_stats_as_json(gradebook: str, capsys):
    code, told = run(capsys, "stats", "--gradebook", gradebook, "--format", "json")
    assert code == 0
    (record,) = json.loads(told)
    assert (record["exercise"], record["students"], sum(record["histogram"])) == (NTU, 3, 3)
    assert record["warnings"] == ["only 3 students: one of them moves every figure by a lot"]
    assert record["questions"][0]["verdicts"] == {"correct": 1, "invalid": 1, "partial": 1}
    assert record["similar"] == {"identical": [], "pairs": []}


def test_stats_in_the_terminal(gradebook: str, capsys):
    code, told = run(capsys, "stats", "--gradebook", gradebook)
    assert code == 0
    assert "only 3 students" in told
    assert "q1b_code" in told


def changed_exercise(tmp_path: Path) -> Path:
    """The exercise with twice the points for its first question."""
    from importlib import resources

    text = (resources.files("exercises") / NTU / "exercise.toml").read_text(encoding="utf-8")
    path = tmp_path / f"{NTU}.toml"
    path.write_text(text.replace("points = 4", "points = 8", 1), encoding="utf-8")
    return path


def test_regrade_shows_old_against_new(gradebook: str, tmp_path: Path, capsys):
    path = changed_exercise(tmp_path)
    command = ["regrade", "--exercise", str(path), "--gradebook", gradebook, "--jobs", "1"]
    code, dry = run(capsys, *command, "--dry-run")
    assert code == 0
    assert f"{NTU}: 3 of 3 students would change" in dry
    assert f"ada  4 / {MOST} -> 8 / {int(MOST) + 4}  q1a" in dry
    _, wet = run(capsys, *command)
    assert f"ada  4 / {MOST} -> 8 / {int(MOST) + 4}  q1a" in wet
    _, again = run(capsys, *command)
    assert f"{NTU}: 0 of 3 students changed" in again


def test_regrade_of_what_the_gradebook_does_not_have_is_refused(gradebook: str, capsys):
    other = next(one.id for one in list_exercises() if one.id != NTU)
    code, told = run(capsys, "regrade", "--gradebook", gradebook, "--exercise", other, "--jobs", "1")
    assert (code, f"nothing of {other!r}; it has {NTU}" in told) == (2, True)


OWN = """
title = "One"
source = "week 1"

[[question]]
id = "n"
label = "1"
points = 2
prompt = "Two."
fields = {v = "a number"}

[question.check]
kind = "numeric"
values = {v = [2]}

[[question.example]]
title = "Two"
answer = "n = [2]"
verdict = "correct"

[[question.example]]
title = "Three"
answer = "n = [3]"
verdict = "incorrect"
"""


def test_an_exercise_of_ones_own_does_not_hold_up_a_regrade(gradebook: str, tmp_path: Path, capsys):
    own, folder = tmp_path / "mean.toml", tmp_path / "class"
    own.write_text(OWN)
    folder.mkdir()
    (folder / "ada.json").write_text('{"n": [2]}')
    common = ["--gradebook", gradebook, "--jobs", "1"]
    assert main(["batch", str(folder), "--exercise", str(own), *common]) == 0
    code, told = run(capsys, "regrade", *common)
    assert code == 0
    assert f"{NTU}: 0 of 3 students changed" in told
    assert "mean is not marked anew, since the file is not installed: add --exercise mean.toml" in told
    code, told = run(capsys, "regrade", "--exercise", str(own), *common)
    assert (code, "mean: 0 of 1 students changed" in told) == (0, True)


def test_a_regrade_shows_that_a_question_is_worth_other_points(tmp_path: Path, capsys):
    own, folder = tmp_path / "mean.toml", tmp_path / "class"
    own.write_text(OWN)
    folder.mkdir()
    (folder / "ada.json").write_text('{"n": [2]}')
    (folder / "bo.json").write_text('{"n": [3]}')
    common = ["--exercise", str(own), "--gradebook", str(tmp_path / "g.db"), "--jobs", "1"]
    assert main(["batch", str(folder), *common]) == 0
    own.write_text(OWN.replace("points = 2", "points = 4"))
    _, told = run(capsys, "regrade", *common)
    lines = told.splitlines()
    assert "  ada  2 / 2 -> 4 / 4  n" in lines
    assert "  bo  0 / 2 -> 0 / 4  n" in lines


def test_a_class_folder_without_a_hand_in_is_refused(tmp_path: Path, capsys):
    (tmp_path / "empty").mkdir()
    place = str(tmp_path / "gradebook.db")
    code, told = run(capsys, "batch", str(tmp_path / "empty"), "--exercise", NTU, "--gradebook", place)
    assert (code, "no submission" in told) == (2, True)


def test_regrade_with_the_same_exercise_affects_nobody(gradebook: str, capsys):
    code, told = run(capsys, "regrade", "--gradebook", gradebook, "--jobs", "1")
    assert code == 0
    assert f"{NTU}: 0 of 3 students changed" in told
