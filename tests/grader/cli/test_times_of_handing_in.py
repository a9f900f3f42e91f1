"""When something was handed in, from the class folder to the mark: told, never chosen by the student."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.cli import main

MIT = "mit-6390-recitation-8"
ANSWER = '{"a_ii": {"g1": [6, 6, 6, 6]}}'
COURSE = f"""
time_zone = "Europe/Berlin"
[late]
per_day = "10%"
[exercise.{MIT}]
due = 2026-10-24T23:00:00
"""


def hand_in(folder: Path, **stamps: str | bytes | None) -> Path:
    for number, (student, stamp) in enumerate(stamps.items()):
        place = folder / student / "hw3"
        place.mkdir(parents=True)
        # Answers that differ: identical ones are judged once.
        (place / "answer.json").write_text(ANSWER + " " * number)
        if stamp is not None:
            (place / "timestamp.txt").write_bytes(stamp.encode() if isinstance(stamp, str) else stamp)
    return folder


def batch(tmp_path: Path, folder: Path, *more: str) -> int:
    (tmp_path / "course.toml").write_text(COURSE)
    where = ["--gradebook", str(tmp_path / "book.db"), "--course", str(tmp_path / "course.toml")]
    return main(["batch", str(folder), "--exercise", MIT, "--jobs", "1", *where, *more])


def exported(tmp_path: Path, capsys) -> dict[str, float]:
    capsys.readouterr()
    assert main(["gradebook", "export", "--gradebook", str(tmp_path / "book.db")]) == 0
    return {one["student"]: one["points"] for one in json.loads(capsys.readouterr().out)}


def test_the_same_moment_in_two_zones_costs_the_same(tmp_path: Path, capsys):
    stamps = {"utc": "2026-10-30 18:30:00.000000 UTC", "cet": "2026-10-30 19:30:00.000000 CET"}
    assert batch(tmp_path, hand_in(tmp_path / "submitted", **stamps)) == 0
    # Due on the 24th at 23:00: the sixth day is running. 4 of 34 points are earned.
    assert exported(tmp_path, capsys) == {"utc": 1.6, "cet": 1.6}


STAMPS: dict[str, str | bytes | None] = {
    "ada": "2026-10-24 20:59:00 UTC",
    "bo": "0001-01-01 00:00:00.000000 +1400",
    "cy": "the day before yesterday",
    "di": b"\xff\xfe2\x000\x002\x006\x00",
    "ed": "9999-12-31 23:59:59 -1400",
    "flo": None,
    "gus": "2026-10-25 22:00:00 UTC",
    "hal": "2016-10-24 20:59:00 UTC",
}


@pytest.fixture
def told(tmp_path: Path, capsys) -> str:
    assert batch(tmp_path, hand_in(tmp_path / "submitted", **STAMPS)) == 0
    return capsys.readouterr().err


def test_a_time_that_cannot_be_is_told_and_costs_nobody_else_anything(tmp_path: Path, told: str, capsys):
    for student in ("bo", "cy", "di", "ed"):
        assert f"note: {student}: the time of handing in cannot be" in told
    assert "note: hal: the time of handing in is more than a year before it was due" in told
    assert "note: flo: no time of handing in is known" in told
    assert "note: 5 times of handing in to be looked at" in told
    assert not any(f"note: {student}: the time" in told for student in ("ada", "gus"))
    points = exported(tmp_path, capsys)
    assert points.pop("gus") == 3.6
    assert set(points.values()) == {4.0}


@pytest.mark.usefixtures("told")
def test_no_time_stops_a_command(tmp_path: Path):
    for command in (
        ["gradebook", "show"],
        ["gradebook", "export"],
        ["gradebook", "history", "bo"],
        ["stats"],
    ):
        assert main([*command, "--gradebook", str(tmp_path / "book.db")]) == 0
    assert main(["regrade", "--gradebook", str(tmp_path / "book.db"), "--jobs", "1"]) == 0


def test_history_has_the_time_as_it_was_written(tmp_path: Path, told: str, capsys):
    assert main(["gradebook", "history", "cy", "--gradebook", str(tmp_path / "book.db")]) == 0
    assert "submitted the day before yesterday" in capsys.readouterr().out


def test_a_time_that_a_student_may_have_written_is_not_taken(tmp_path: Path, capsys):
    folder = hand_in(tmp_path / "class", ada="2026-10-30 18:30:00 UTC", bo="2016-10-30 18:30:00 UTC")
    assert batch(tmp_path, folder) == 0
    err = capsys.readouterr().err
    assert "times in timestamp.txt are not taken" in err
    assert "--preset nbgrader" in err
    assert exported(tmp_path, capsys) == {"ada": 4.0, "bo": 4.0}


def test_a_time_is_taken_where_the_instructor_says_that_it_is_nbgraders(tmp_path: Path, capsys):
    folder = hand_in(tmp_path / "class", ada="2026-10-30 18:30:00 UTC")
    assert batch(tmp_path, folder, "--preset", "nbgrader") == 0
    assert exported(tmp_path, capsys) == {"ada": 1.6}


def test_a_stamp_inside_a_plain_hand_in_is_no_time(tmp_path: Path, capsys):
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "answer.json").write_text(ANSWER)
    (folder / "ada" / "timestamp.txt").write_text("2026-10-20 10:00:00 UTC")
    assert batch(tmp_path, folder) == 0
    capsys.readouterr()
    assert main(["gradebook", "history", "ada", "--gradebook", str(tmp_path / "book.db")]) == 0
    assert "submitted" not in capsys.readouterr().out


def with_attempts(folder: Path, *times: str) -> Path:
    """A class of one who handed in at each of these times, as any export may have it."""
    folder.mkdir()
    for number, time in enumerate(times, 1):
        (folder / f"ada_{number}_{time}.json").write_text(ANSWER + " " * number)
    return folder


TWICE = f"""
time_zone = "Europe/Berlin"
[exercise.{MIT}]
cutoff = 2026-10-25T02:30:00
attempts = {{per_hour = 1}}
"""


def test_what_is_not_accepted_is_kept_and_told_everywhere(tmp_path: Path, capsys):
    times = ("20261024T100000Z", "20261024T105959Z", "20261025T013000Z", "20261025T013001Z", "then")
    folder = with_attempts(tmp_path / "class", *times)
    (tmp_path / "twice.toml").write_text(TWICE)
    where = ["--gradebook", str(tmp_path / "book.db")]
    pattern = r"(?P<student>\w+?)_(?P<attempt>\d)_(?P<timestamp>\w+)\.json"
    marks = ["batch", str(folder), "--exercise", MIT, "--jobs", "1", "--pattern", pattern, *where]
    assert main([*marks, "--course", str(tmp_path / "twice.toml")]) == 0
    out, err = capsys.readouterr()
    assert "attempt 4 not accepted: after the cutoff" in out
    assert "attempt 2 not accepted: too many in an hour" in out
    assert "note: ada: the time of handing in cannot be read: 'then'" in err
    assert "note: 1 attempt is accepted whenever handed in" in err
    assert main(["gradebook", "history", "ada", *where]) == 0
    history = capsys.readouterr().out
    assert history.count(", attempt ") == 5
    assert history.count("  not accepted: ") == 2
    given = ["--exercise", MIT, "--pattern", pattern, "--format", "json", "-o", str(tmp_path / "f")]
    assert main(["feedback", str(folder), *given, *where]) == 0
    record = json.loads(next((tmp_path / "f").iterdir()).read_text())
    assert record["reasons"] == [
        "Attempt 5 of 5 counts.",
        "Attempt 2 was handed in 2026-10-24 12:59:59 CEST, less than an hour after 1 attempt that was "
        "accepted: it is kept, and not accepted.",
        "Attempt 4 was handed in 2026-10-25 02:30:01 CET, after the cutoff, 2026-10-25 02:30:00 CET: it is "
        "kept, and not accepted.",
    ]


def test_who_was_never_in_time_reads_why_nothing_counts(tmp_path: Path, capsys):
    folder = with_attempts(tmp_path / "class", "20261026T000000Z")
    (tmp_path / "twice.toml").write_text(TWICE)
    where = ["--gradebook", str(tmp_path / "book.db")]
    named = ["--pattern", r"(?P<student>\w+?)_(?P<attempt>\d)_(?P<timestamp>\w+)\.json", *where]
    course = ["--course", str(tmp_path / "twice.toml")]
    assert main(["batch", str(folder), "--exercise", MIT, "--jobs", "1", *course, *named]) == 0
    assert "not accepted: after the cutoff" in capsys.readouterr().out
    assert exported(tmp_path, capsys) == {"ada": 0.0}
    given = ["--exercise", MIT, "--format", "json", "-o", str(tmp_path / "f")]
    assert main(["feedback", str(folder), *given, *named]) == 0
    record = json.loads(next((tmp_path / "f").iterdir()).read_text())
    assert record["points"] == 0
    assert record["not_accepted"] == [
        {"attempt": 1, "submitted_at": "2026-10-26T00:00:00+00:00", "why": "cutoff"}
    ]
    assert record["reasons"] == [
        "Attempt 1 was handed in 2026-10-26 01:00:00 CET, after the cutoff, 2026-10-25 02:30:00 CET: it is "
        "kept, and not accepted.",
        "No attempt is accepted: 4 points count as 0.",
    ]
