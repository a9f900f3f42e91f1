"""`rnngrade harness`: the whole way, from a student's folder to the platform's file."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from grader import sandbox
from grader.cli import main
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import QuestionReport
from grader.sandbox import Sandbox

ROOT = Path(__file__).parents[3]
EXERCISE = "mit-6390-recitation-8"
CLASS = ROOT / "submissions_example" / EXERCISE
PLATFORMS = ("catsoop", "gradescope", "prairielearn", "classroom50")


def handed_in(tmp_path: Path, text: bytes) -> Path:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "answer.py").write_bytes(text)
    return folder


def run(platform: str, folder: Path, results: Path, *more: str) -> int:
    places = ["--submission", str(folder), "--results", str(results)]
    return main(["harness", platform, "--exercise", EXERCISE, *places, *more])


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", ["amara.py", "jonas.py", "sofia.py"])
def test_file_fits_the_schema_and_ends_with_0(tmp_path: Path, schemas: ModuleType, platform: str, name: str):
    folder = handed_in(tmp_path, (CLASS / name).read_bytes())
    results = tmp_path / "new" / "results.json"
    assert run(platform, folder, results) == 0
    schemas.CHECKERS[platform](read(results))
    assert sorted(path.name for path in results.parent.iterdir()) == ["results.json"]


def test_marks_are_those_of_submit(tmp_path: Path):
    folder = handed_in(tmp_path, (CLASS / "kavya.py").read_bytes())
    main(["submit", str(folder), "--exercise", EXERCISE, "--output", str(tmp_path / "r.json")])
    points = read(tmp_path / "r.json")["points"]
    run("gradescope", folder, tmp_path / "g.json")
    assert read(tmp_path / "g.json")["score"] == pytest.approx(points)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_undecided_leaves_no_file_not_even_an_old_one(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch, platform: str
):
    from grader.grading import mark

    def undecided(*given: Any, **more: Any):
        import msgspec

        report = mark(*given, **more)
        outcome = Outcome(
            verdict=Verdict.UNDECIDED, fraction=0, feedback=(Feedback("crash", "/srv/secret", "staff"),)
        )
        first: QuestionReport = report.questions[0]
        questions = (msgspec.structs.replace(first, outcome=outcome), *report.questions[1:])
        return msgspec.structs.replace(report, questions=questions)

    monkeypatch.setattr("grader.grading.mark", undecided)
    results = tmp_path / "results.json"
    results.write_text('{"score": 100}')
    assert run(platform, handed_in(tmp_path, b"a_i = {}"), results) == 3
    assert not results.exists()
    told = capsys.readouterr().err
    assert "could not decide a_i" in told
    # Only Gradescope keeps standard error from the student.
    assert ("secret" in told) == (platform == "gradescope")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_link_in_a_checkout_is_replaced_and_not_written_through(tmp_path: Path, platform: str):
    folder = handed_in(tmp_path, b"a_i = {}")
    (tmp_path / "precious").write_text("kept")
    (folder / "result.json").symlink_to(tmp_path / "precious")
    assert run(platform, folder, folder / "result.json") == 0
    assert (tmp_path / "precious").read_text() == "kept"
    assert not (folder / "result.json").is_symlink()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_folder_in_the_place_of_the_result_makes_no_run_fail(tmp_path: Path, platform: str):
    folder = handed_in(tmp_path, b"a_i = {}")
    (folder / "result.json").mkdir()
    (folder / "result.json" / "mine").write_text("kept")
    (folder / "result.json.1").write_bytes(b"SQLite format 3\0")
    assert run(platform, folder, folder / "result.json") == 0
    assert (folder / "result.json").is_file()
    assert (folder / "result.json.2" / "mine").read_text() == "kept"
    # A gradebook that is named by mistake is no result either.
    assert run(platform, folder, folder / "result.json.1") == 0
    assert (folder / "result.json.1.1").read_bytes() == b"SQLite format 3\0"


def test_result_that_a_student_commits_is_gone_before_marking(tmp_path: Path, capsys):
    folder = handed_in(tmp_path, b"a_i = {}")
    (folder / "result.json").write_text('{"a_i": {"Wss": [2, 2]}, "score": 999}')
    assert (
        main(["harness", "classroom50", "--exercise", "no-such", "--results", str(folder / "result.json")])
        == 2
    )
    assert not (folder / "result.json").exists()


def test_unreadable_answer_costs_no_attempt_on_prairielearn(tmp_path: Path):
    results = tmp_path / "results.json"
    folder = handed_in(tmp_path, b"a_i = {'Wss': [[1, 2], [3]], 'Wsx': 'x'}\n")
    assert run("prairielearn", folder, results, "--question", "a_i") == 0
    found = read(results)
    assert found["gradable"] is False
    assert found["format_errors"]


def test_classroom_50_tells_what_its_runner_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CLASSROOM", "rnn")
    monkeypatch.setenv("SUBMISSION_TAG", "submit/1")
    results = tmp_path / "result.json"
    assert run("classroom50", handed_in(tmp_path, b"a_i = {}"), results) == 0
    assert (read(results)["classroom"], read(results)["submission"]) == ("rnn", "submit/1")


def test_empty_folder_is_marked_as_missing(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    assert run("gradescope", tmp_path / "empty", tmp_path / "r.json") == 0
    assert read(tmp_path / "r.json")["score"] == 0


def test_no_folder_is_an_error_without_a_result(tmp_path: Path):
    assert run("gradescope", tmp_path / "gone", tmp_path / "r.json") == 2
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_code_that_cannot_be_shut_in_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], platform: str
):
    folder, results = handed_in(tmp_path, b"print('it ran')"), tmp_path / "result.json"
    with Sandbox(level="limits") as weak:
        monkeypatch.setattr(sandbox, "_shared", lambda: weak)
        assert run(platform, folder, results) == 2
        assert "cannot hold other people's code" in capsys.readouterr().err
        assert not results.exists()
        assert run(platform, folder, results, "--unsafe-ok") == 0
        assert results.exists()


def test_answers_without_code_need_no_isolation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "answer.json").write_text("{}")
    with Sandbox(level="limits") as weak:
        monkeypatch.setattr(sandbox, "_shared", lambda: weak)
        assert run("gradescope", tmp_path / "json", tmp_path / "r.json") == 0
