from __future__ import annotations

import io
import json
import sys
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import pytest

import grader.grading
from grader.cli import main
from grader.errors import SandboxError
from grader.model.outcome import Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Protection, Usage
from grader.reports import format_names

MIT, NTU = "mit-6390-recitation-8", "ntu-cz4042-tutorial-8"


class FakeMark:
    """Marks every question of every answer alike, and remembers what it was asked."""

    def __init__(self) -> None:
        self.verdict, self.fraction = Verdict.CORRECT, Fraction(1)
        self.raises: BaseException | None = None
        self.exercise = self.submission = self.question_id = None

    def __call__(self, exercise, submission, *, question_id=None) -> Report:
        if self.raises is not None:
            raise self.raises
        self.exercise, self.submission, self.question_id = exercise.id, submission, question_id
        outcome = Outcome(verdict=self.verdict, fraction=self.fraction)
        return Report(
            exercise=exercise.id,
            exercise_digest=exercise.digest,
            student=submission.student,
            submission_digest=submission.digest,
            grader_version="0",
            seed=0,
            questions=tuple(
                QuestionReport(id=q.id, label=q.label, max_points=q.points, outcome=outcome, hints=q.hints)
                for q in exercise.questions
            ),
            protection=Protection(level="no-code"),
            usage=Usage(),
        )


@pytest.fixture
def fake_mark(monkeypatch: pytest.MonkeyPatch) -> FakeMark:
    fake = FakeMark()
    monkeypatch.setattr(grader.grading, "mark", fake)
    return fake


@pytest.fixture
def answer(tmp_path: Path) -> str:
    path = tmp_path / "ada.py"
    path.write_text("a_i = {}\n")
    return str(path)


def stating(tmp_path: Path, exercise: str, more: str = "") -> str:
    path = tmp_path / "stated.py"
    path.write_text(f'EXERCISE = "{exercise}"\n{more}')
    return str(path)


def test_full_marks_are_0_and_less_is_1(fake_mark: FakeMark, answer: str, capsys):
    assert main(["submit", answer]) == 0
    assert "100 %" in capsys.readouterr().out
    fake_mark.verdict, fake_mark.fraction = Verdict.PARTIAL, Fraction(4, 5)
    assert main(["submit", answer]) == 1


@pytest.mark.parametrize(
    ("share", "code"), [("0.8", 0), ("80%", 0), ("4/5", 0), ("80.1 %", 1), ("1", 1), ("0", 0)]
)
def test_fail_under_takes_a_share_or_percent(fake_mark: FakeMark, answer: str, share: str, code: int):
    fake_mark.verdict, fake_mark.fraction = Verdict.PARTIAL, Fraction(4, 5)
    assert main(["submit", answer, "--fail-under", share]) == code


@pytest.mark.parametrize(
    ("share", "part"),
    [("80", "did you mean 80%?"), ("all", "write 0.8 or 80%"), ("-1", ""), ("120%", "more than")],
)
def test_impossible_fail_under_is_usage(fake_mark: FakeMark, answer: str, share: str, part: str, capsys):
    assert main(["submit", answer, "--fail-under", share]) == 2
    assert part in capsys.readouterr().err


def test_undecided_is_3_whatever_else_was_earned(fake_mark: FakeMark, answer: str):
    fake_mark.verdict, fake_mark.fraction = Verdict.UNDECIDED, Fraction(0)
    assert main(["submit", answer, "--fail-under", "0"]) == 3


def test_exercise_is_inferred_and_said_so(fake_mark: FakeMark, answer: str, capsys):
    main(["submit", answer])
    assert fake_mark.exercise == MIT
    assert f"marked as {MIT}, told by the names" in capsys.readouterr().err


def test_stated_exercise_needs_no_note(fake_mark: FakeMark, tmp_path: Path, capsys):
    main(["submit", stating(tmp_path, NTU, "q1a = 1\n")])
    assert fake_mark.exercise == NTU
    assert capsys.readouterr().err == ""


def test_names_of_another_exercise_than_is_stated_are_told(fake_mark: FakeMark, tmp_path: Path, capsys):
    main(["submit", stating(tmp_path, NTU, "a_i = 1\n")])
    assert fake_mark.exercise == NTU
    assert f"the names in the answer are those of {MIT}; it is marked as {NTU}" in capsys.readouterr().err


def test_names_of_another_exercise_than_is_given_are_told(fake_mark: FakeMark, answer: str, capsys):
    main(["submit", answer, "--exercise", NTU])
    assert fake_mark.exercise == NTU
    assert f"--exercise {MIT} marks it as that" in capsys.readouterr().err


def test_files_that_state_different_exercises_are_told(fake_mark: FakeMark, tmp_path: Path, capsys):
    (tmp_path / "a.py").write_text(f'EXERCISE = "{NTU}"\nq1a = 1\n')
    (tmp_path / "b.py").write_text(f'EXERCISE = "{MIT}"\n')
    main(["submit", str(tmp_path)])
    assert fake_mark.exercise == NTU
    assert f"other files of the answer say that they are for {MIT}" in capsys.readouterr().err


def test_option_wins_over_statement_with_a_note(fake_mark: FakeMark, tmp_path: Path, capsys):
    main(["submit", stating(tmp_path, NTU), "--exercise", MIT])
    assert fake_mark.exercise == MIT
    assert f"says that it is for {NTU}" in capsys.readouterr().err


def test_unknown_statement_is_inferred_where_possible(fake_mark: FakeMark, tmp_path: Path, capsys):
    assert main(["submit", stating(tmp_path, "mit-6390-recitation-9", "a_i = 1\n")]) == 0
    told = capsys.readouterr().err
    assert "no exercise is called 'mit-6390-recitation-9'" in told
    assert f"did you mean '{MIT}'?" in told
    assert "told by the names" in told


def test_an_answer_to_an_exercise_of_ones_own_is_not_marked_as_another(
    fake_mark: FakeMark, tmp_path: Path, capsys
):
    """Its question is called like one that comes along; the id that it states is none of these."""
    assert main(["submit", stating(tmp_path, "week5", "a_i = 1\n")]) == 2
    told = capsys.readouterr().err
    assert "no exercise is called 'week5', which the answer names as its EXERCISE" in told
    assert "add --exercise week5.toml" in told
    assert fake_mark.exercise is None


def test_unknown_statement_alone_is_usage(fake_mark: FakeMark, tmp_path: Path, capsys):
    assert main(["submit", stating(tmp_path, "mit-6390-recitation-9")]) == 2
    assert f"did you mean '{MIT}'?" in capsys.readouterr().err


def test_answer_that_names_nothing_is_usage(fake_mark: FakeMark, tmp_path: Path, capsys):
    (tmp_path / "a.py").write_text("x = 1\n")
    assert main(["submit", str(tmp_path / "a.py")]) == 2
    assert "rnngrade: Which exercise is this?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.py", "a_i = 1\n".encode("utf-16"), "not text in UTF-8 (UTF-16 perhaps): save it as UTF-8"),
        ("a.py", b"x = '\xff'\n", "not text in UTF-8"),
        ("a.json", "{}".encode("utf-16"), "save it as UTF-8"),
        ("a.json", b"[1, 2]", "a.json: "),
        ("a.ipynb", b'{"cells": [{"cell_type": "code", ', "not a notebook, or not all of it"),
        ("a.ipynb", b"[1]", "it has no list of cells"),
        ("a.npz", b"\x00\x01\x02", "not an .npz archive"),
    ],
)
def test_what_is_wrong_with_the_file_is_told_before_the_exercise_is_asked_for(
    fake_mark: FakeMark, tmp_path: Path, name: str, data: bytes, words: str, capsys
):
    (tmp_path / name).write_bytes(data)
    assert main(["submit", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert told.index(words) < told.index("Which exercise is this?")


def test_code_on_standard_input_is_told_that_only_json_is_read(fake_mark: FakeMark, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"a_i = {}\n")))
    assert main(["submit", "-", "--exercise", MIT]) == 0
    assert "standard input is read as JSON only" in capsys.readouterr().err


def test_nothing_to_mark_is_usage_unless_the_exercise_is_given(fake_mark: FakeMark, tmp_path: Path, capsys):
    folder = tmp_path / "ada"
    folder.mkdir()
    assert main(["submit", str(folder)]) == 2
    fake_mark.verdict, fake_mark.fraction = Verdict.MISSING, Fraction(0)
    assert main(["submit", str(folder), "--exercise", MIT]) == 1
    assert "the folder is empty" in capsys.readouterr().err
    assert fake_mark.submission.files == ()
    assert fake_mark.submission.student == "ada"


def test_what_was_not_read_is_said(fake_mark: FakeMark, answer: str, capsys):
    Path(answer).with_name("notes\x1b.txt").write_text("x")
    main(["submit", str(Path(answer).parent)])
    assert "not read: notes\\x1b.txt: not a kind of answer" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["gone.py", "ad.py"])
def test_missing_path_is_usage(fake_mark: FakeMark, answer: str, ending: str, capsys):
    assert main(["submit", str(Path(answer).with_name(ending)), "--exercise", MIT]) == 2
    assert "no such file or folder" in capsys.readouterr().err


def test_unknown_exercise_question_and_format_offer_the_nearest(fake_mark: FakeMark, answer: str, capsys):
    for arguments, near in (
        (["--exercise", "mit-6390-recitation8"], MIT),
        (["--question", "a_iii"], "a_ii"),
        (["--format", "jsno"], "json"),
    ):
        assert main(["submit", answer, *arguments]) == 2
        assert f"did you mean '{near}'?" in capsys.readouterr().err


def test_one_question_is_asked_for_by_id_or_label(fake_mark: FakeMark, answer: str):
    main(["submit", answer, "--question", "1(b)i"])
    assert fake_mark.question_id == "b_i"


def test_json_goes_to_stdout_alone(fake_mark: FakeMark, answer: str, capsys):
    main(["submit", answer, "--format", "json", "--student", "s1"])
    record = json.loads(capsys.readouterr().out)
    assert (record["schema"], record["student"]) == ("rnngrade/report/1", "s1")


def test_output_writes_a_file_in_the_format_of_its_suffix(fake_mark: FakeMark, answer: str, tmp_path, capsys):
    assert main(["submit", answer, "--output", str(tmp_path / "r.json")]) == 0
    assert json.loads((tmp_path / "r.json").read_text())["exercise"] == MIT
    assert capsys.readouterr().out == ""
    main(["submit", answer, "--output", str(tmp_path / "r.txt")])
    assert "\x1b" not in (tmp_path / "r.txt").read_text()


def test_output_that_cannot_be_written_is_usage(fake_mark: FakeMark, answer: str, tmp_path: Path, capsys):
    assert main(["submit", answer, "--output", str(tmp_path / "none" / "r.json")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_json_is_read_from_standard_input(fake_mark: FakeMark, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b'{"a_i": {}}')))
    assert main(["submit", "-"]) == 0
    assert fake_mark.submission.files[0].name == "stdin.json"


def test_hints_are_shown_on_request_only(fake_mark: FakeMark, answer: str, capsys):
    fake_mark.verdict, fake_mark.fraction = Verdict.INCORRECT, Fraction(0)
    main(["submit", answer])
    told = capsys.readouterr().out
    assert "Hint 1" not in told
    assert "--hints 1" in told
    main(["submit", answer, "--hints", "1"])
    told = capsys.readouterr().out
    assert "Hint 1" in told
    assert "Hint 2" not in told


@pytest.mark.parametrize(
    ("error", "code", "part"),
    [
        (SandboxError("no process could be started"), 3, "no process could be started"),
        (RuntimeError("odd\nthing"), 3, "RNNGRADE_DEBUG=1"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_failure_is_one_line_and_its_code(
    fake_mark: FakeMark, answer: str, error, code: int, part: str, capsys
):
    fake_mark.raises = error
    assert main(["submit", answer, "--exercise", MIT]) == code
    told = capsys.readouterr().err.strip()
    assert part in told
    assert len(told.splitlines()) == 1


def test_debug_shows_the_traceback(fake_mark: FakeMark, answer: str, capsys, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RNNGRADE_DEBUG", "1")
    fake_mark.raises = RuntimeError("odd")
    assert main(["submit", answer]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_broken_exercise_file_is_2_with_file_and_key(
    fake_mark: FakeMark, answer: str, tmp_path: Path, capsys
):
    path = tmp_path / "own.toml"
    path.write_text('title = "t"\nsource = "s"\nquestion = []\nerata = []\n')
    assert main(["submit", answer, "--exercise", str(path)]) == 2
    assert f"{path}: unknown key 'erata' (did you mean 'errata'?)" in capsys.readouterr().err


def test_output_without_unicode_is_plain(fake_mark: FakeMark, answer: str, monkeypatch: pytest.MonkeyPatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    assert main(["submit", answer]) == 0
    sys.stdout.flush()
    assert b"####" in written.getvalue()


def test_single_file_that_cannot_be_read_is_told_in_the_report(tmp_path: Path, capsys):
    (tmp_path / "ada.zip").write_bytes(b"PK")
    assert main(["submit", str(tmp_path / "ada.zip"), "--exercise", MIT]) == 1
    told = capsys.readouterr()
    assert told.out.count("Not read: ada.zip: '.zip' is not a kind of answer") == 1
    assert len(told.err.splitlines()) == 1


def test_help_names_every_format(capsys):
    main(["submit", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert all(name in told for name in format_names())


def test_unknown_format_is_told_with_all(fake_mark: FakeMark, answer: str, capsys):
    assert main(["submit", answer, "--format", "pdf"]) == 2
    assert f"there are {', '.join(format_names())}" in capsys.readouterr().err


def test_a_suffix_of_no_format_is_noted(fake_mark: FakeMark, answer: str, tmp_path: Path, capsys):
    main(["submit", answer, "--output", str(tmp_path / "r.pdf")])
    assert "no report format has the suffix .pdf" in capsys.readouterr().err
    main(["submit", answer, "--output", str(tmp_path / "r.pdf"), "--format", "terminal"])
    assert "no report format" not in capsys.readouterr().err


def test_nothing_of_a_guessed_exercise_is_said_first(tmp_path: Path, capsys):
    """`mean` is no question of the exercise whose field names it shares."""
    answer = tmp_path / "mean.py"
    answer.write_text("mean = dict(s0=[0, 0], Wss=[[0, 0], [1, 0]])\n")
    assert main(["submit", str(answer)]) == 1
    head = capsys.readouterr().out.split("missing  1(a)i")[0]
    assert "has nothing for mit-6390-recitation-8, which was guessed" in " ".join(head.split())
    for more in (["--exercise", "mit-6390-recitation-8"], []):
        answer.write_text(answer.read_text() if more else "a_i = 3\n")
        main(["submit", str(answer), *more])
        assert "guessed" not in capsys.readouterr().out
