"""A class from its folder to the export, with the real sandbox and worker processes."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.classroom.memory import collecting_often
from grader.cli import main
from grader.model.run import Protection

ROOT = Path(__file__).parents[3]
CLASS = ROOT / "submissions_example"
NTU = "ntu-cz4042-tutorial-8"
RIGHT = "q1a = [0.27, 0.73, 0.94, 0.11]\n"
WRONG = "q1a = [0.9, 0.9, 0.9, 0.9]\n"
PATIENCE_S = 120  # with a busy machine; nothing waits that long unless it hangs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """ada is right, bo is wrong, cy hands in a folder, di nothing that can be marked."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ada.py").write_text(RIGHT)
    (folder / "bo.json").write_text(json.dumps({"q1a": [0.9, 0.9, 0.9, 0.9]}))
    (folder / "cy").mkdir()
    (folder / "cy" / "answer.py").write_text(RIGHT + "# mine\n")
    (folder / "di.py").write_text("def = 3\n")
    return folder


@pytest.fixture
def gradebook(tmp_path: Path) -> str:
    return str(tmp_path / "gradebook.db")


def batch(folder: Path, gradebook: str, *more: str, exercise: str = NTU, jobs: int = 1) -> int:
    given = ["--exercise", exercise, "--gradebook", gradebook, "--jobs", str(jobs)]
    return main(["batch", str(folder), *given, *more])


def exported(gradebook: str, capsys) -> list[dict]:
    capsys.readouterr()
    assert main(["gradebook", "export", "--gradebook", gradebook, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_record_has_the_fixed_form(folder: Path, gradebook: str, capsys):
    assert batch(folder, gradebook, jobs=2) == 0
    records = exported(gradebook, capsys)
    assert [record["student"] for record in records] == ["ada", "bo", "cy", "di"]
    first = ["student", "exercise", "points", "max_points", "fraction", "questions"]
    assert list(records[0])[:6] == first
    assert records[0]["exercise"] == NTU
    assert records[0]["questions"]["q1a"] == {"verdict": "correct", "fraction": 1.0}
    assert records[3]["points"] == 0


def test_what_matched_is_told_before_anything_runs(folder: Path, gradebook: str, capsys, tmp_path: Path):
    (folder / "notes.bin").symlink_to("/etc/passwd")
    (tmp_path / "roster.csv").write_text("student,name\nada,Ada\nzoe,Zoe\nbo,Bo\ncy,Cy\n")
    batch(folder, gradebook, "--roster", str(tmp_path / "roster.csv"))
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert "(plain, recognised" in lines[0]
    before = lines[: next(at for at, line in enumerate(lines) if line.startswith("marked "))]
    assert any("notes.bin" in line and "symbolic link" in line for line in before)
    at = before.index("on the class list without a submission: 1")
    assert before[at + 1 : at + 4] == ["  zoe (Zoe)", "not on the class list: 1", "  di"]
    assert [line.split()[0] for line in out.splitlines()] == ["ada", "bo", "cy", "di"]


def test_a_second_run_marks_only_what_is_new(folder: Path, gradebook: str, capsys):
    batch(folder, gradebook, jobs=2)
    first = exported(gradebook, capsys)
    (folder / "ed.py").write_text(RIGHT)
    assert batch(folder, gradebook) == 0
    err = capsys.readouterr().err
    assert "4 were in the gradebook already" in err
    assert "ed: it is identical to what ada handed in, and judged once" in err, err
    assert [one for one in exported(gradebook, capsys) if one["student"] != "ed"] == first


def test_a_gradebook_in_the_class_folder_is_nobodys_answer(folder: Path, capsys):
    gradebook = str(folder / "gradebook.db")
    batch(folder, gradebook)
    batch(folder, gradebook)
    assert [record["student"] for record in exported(gradebook, capsys)] == ["ada", "bo", "cy", "di"]
    assert "gradebook.db" not in capsys.readouterr().err


def test_an_answer_to_another_exercise_is_noted(folder: Path, gradebook: str, capsys):
    (folder / "ed.py").write_text("EXERCISE = 'mit-6390-recitation-8'\na_i = {'Wss': (2, 2)}\n")
    assert batch(folder, gradebook) == 0
    assert "ed: says that it is for mit-6390-recitation-8; marked as ntu" in capsys.readouterr().err


def test_a_weak_sandbox_runs_no_code_unless_it_is_allowed(folder: Path, gradebook: str, capsys, monkeypatch):
    monkeypatch.setattr("grader.sandbox.Sandbox.protection", lambda self: Protection(level="limits"))
    assert batch(folder, gradebook) == 2
    assert "--unsafe-ok" in capsys.readouterr().err
    assert batch(folder, gradebook, "--unsafe-ok") == 0
    for name in ("ada.py", "di.py"):
        (folder / name).unlink()
    (folder / "cy" / "answer.py").unlink()
    (folder / "cy").rmdir()
    assert batch(folder, gradebook) == 0


def test_what_cannot_be_decided_is_exit_code_3(folder: Path, gradebook: str, capsys, monkeypatch):
    def broken(channel: object, frame: bytes) -> None:
        raise OSError("no memory for a worker")

    with monkeypatch.context() as patch:
        patch.setattr("grader.classroom.led_worker.send", broken)
        assert batch(folder, gradebook, jobs=2) == 3
    assert "4 are undecided" in capsys.readouterr().err
    assert {mark["verdict"] for one in exported(gradebook, capsys) for mark in one["questions"].values()} == {
        "undecided"
    }
    assert batch(folder, gradebook) == 0
    assert exported(gradebook, capsys)[0]["questions"]["q1a"]["verdict"] == "correct"


@pytest.mark.parametrize(
    ("more", "word"),
    [
        (["--executor", "slurm://x"], "slurm"),
        (["--preset", "moodel"], "moodle"),
        (["--course", "nowhere.toml"], "nowhere.toml"),
        (["--jobs", "0"], "jobs"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_kept(folder: Path, gradebook: str, capsys, more, word: str):
    assert main(["batch", str(folder), "--exercise", NTU, "--gradebook", gradebook, *more]) == 2
    assert word in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(folder: Path, gradebook: str, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert batch(folder, gradebook) == 2
    told = capsys.readouterr().err
    assert "sqlalchemy and alembic must be installed" in told
    assert "pip install" in told


# A shell starts what it puts into the background with Ctrl-C ignored, and a child inherits that.
HEARS_CTRL_C = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from grader.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_keeps_what_is_marked_and_ends_with_130(folder: Path, gradebook: str, capsys):
    for at in range(12):
        (folder / f"slow{at}.py").write_text(f"import time\ntime.sleep(0.7)\n{RIGHT}# {at}\n")
    command = [sys.executable, "-c", HEARS_CTRL_C, "batch", str(folder), "--exercise", NTU]
    command += ["--gradebook", gradebook, "--jobs", "1"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT
    )
    try:
        end = time.monotonic() + PATIENCE_S
        while not _results(gradebook):
            assert time.monotonic() < end
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert "Give the same command again to go on" in err
    kept = len(exported(gradebook, capsys))
    assert 0 < kept < 16
    assert batch(folder, gradebook) == 0
    assert len(exported(gradebook, capsys)) == 16


def _results(gradebook: str) -> int:
    import sqlite3

    if not Path(gradebook).exists():
        return 0
    with sqlite3.connect(gradebook) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM results").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_how_often_memory_is_freed_is_afterwards_as_before():
    """Whoever calls a command from a program of their own goes on in the same process."""

    def mark() -> None:
        with collecting_often():
            assert gc.get_freeze_count() > before[1]
            assert gc.get_threshold() != before[0]
            raise KeyboardInterrupt

    before = (gc.get_threshold(), gc.get_freeze_count())
    with pytest.raises(KeyboardInterrupt):
        mark()
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_a_course_file_takes_its_share_off_late_work(tmp_path: Path, gradebook: str, capsys):
    course = tmp_path / "course.toml"
    course.write_text(f'[exercise.{NTU}]\ndue = 2026-10-01T12:00:00Z\n[late]\nper_day = "10%"\n')
    pattern = r"(?P<student>\w+)@(?P<submitted_at>[^@]+)\.py"
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "ada@2026-10-01-10-00-00.py").write_text(RIGHT)
    (plain / "bo@2026-10-03-10-00-00.py").write_text(RIGHT + "# b")
    code = batch(plain, gradebook, "--course", str(course), "--pattern", pattern)
    assert code == 0
    ada, bo = exported(gradebook, capsys)
    assert bo["points"] == pytest.approx(ada["points"] * 0.8)
    assert bo["questions"] == ada["questions"]


def test_csv_has_a_line_a_student(folder: Path, gradebook: str, capsys):
    batch(folder, gradebook)
    capsys.readouterr()
    main(["gradebook", "export", "--gradebook", gradebook, "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["student"], row["q1a.verdict"]) for row in rows][:2] == [
        ("ada", "correct"),
        ("bo", rows[1]["q1a.verdict"]),
    ]


def test_a_group_is_not_told_that_its_members_are_identical():
    from grader.classroom.batch import Event
    from grader.cli._batch_run import Tally
    from grader.gradebook.records import Attempt
    from grader.submissions import build_submission

    tally = Tally()
    for student, group, same_as in (("bob", "g1", None), ("cat", "g1", "bob"), ("dan", "", "bob")):
        attempt = Attempt(
            student=student, exercise=NTU, number=1, submission=build_submission(student, []), group=group
        )
        tally.add(Event(attempt, "same" if same_as else "there", None, same_as), NTU)
    assert tally.notes == ["dan: it is identical to what bob handed in, and judged once"]
