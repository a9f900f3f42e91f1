from __future__ import annotations

import msgspec
import pytest

from grader.classroom.pending import Assignment
from grader.classroom.task import (
    CannotMark,
    ExerciseText,
    MarkTask,
    MarkTogether,
    exercise_of,
    mark_task,
    mark_together,
    require_isolation,
)
from grader.model.run import CallReading, Fault, Protection, RunResult
from grader.model.submission import AnswerFile, Submission
from grader.submissions import build_submission
from grader.version import VERSION


def task(assignment: Assignment, *files: tuple[str, str]) -> MarkTask:
    return MarkTask(
        exercise=ExerciseText(assignment.exercise.id, assignment.exercise.digest, assignment.text),
        submission=build_submission("ada", [AnswerFile(name, text.encode()) for name, text in files]),
        grader_version=VERSION,
    )


def test_another_version_of_the_grader_is_refused(assignment: Assignment):
    other = msgspec.structs.replace(task(assignment), grader_version="0.0.0")
    with pytest.raises(CannotMark, match=r"0\.0\.0"):
        mark_task(other)


def test_an_exercise_that_is_not_the_one_of_the_digest_is_refused(assignment: Assignment):
    with pytest.raises(CannotMark, match="whole"):
        exercise_of(ExerciseText("sums", assignment.exercise.digest, assignment.text + b" "))


@pytest.mark.parametrize("level", ["full", "kernel", "sealed"])
def test_code_may_run_behind_a_wall(level: str):
    require_isolation(Protection(level=level))


def test_code_may_not_run_behind_limits_only():
    with pytest.raises(CannotMark, match="--unsafe-ok"):
        require_isolation(Protection(level="limits"))


class Weak:
    """A sandbox that offers little, and whose answers crash so many times."""

    def __init__(self, crashes: int = 0) -> None:
        self.crashes = crashes
        self.runs = 0

    def protection(self) -> Protection:
        return Protection(level="limits")

    def run(self, submission: Submission, probes, limits, place) -> RunResult:
        self.runs += 1
        crash = Fault(kind="crash", message="the program was ended by SIGKILL")
        faults = (crash,) if self.runs <= self.crashes else ()
        calls = tuple(CallReading(fault=crash) for probe in probes if type(probe).__name__ == "Call")
        return RunResult(names={}, faults=faults, calls=calls)


def test_a_weak_sandbox_marks_json_but_no_code(assignment: Assignment, monkeypatch):
    monkeypatch.setattr("grader.classroom.task.warm_sandbox", lambda process: Weak())
    mark_task(task(assignment, ("a.json", "{}")))
    with pytest.raises(CannotMark, match="shut in"):
        mark_task(task(assignment, ("a.json", "{}"), ("b.py", "x = 1")))
    mark_task(msgspec.structs.replace(task(assignment, ("b.py", "x = 1")), is_unsafe_ok=True))


@pytest.mark.parametrize(("crashes", "verdict"), [(0, "missing"), (1, "missing"), (2, "invalid")])
def test_a_program_that_crashed_is_run_once_more(
    assignment: Assignment, monkeypatch, crashes: int, verdict: str
):
    sandbox = Weak(crashes)
    monkeypatch.setattr("grader.classroom.task.warm_sandbox", lambda process: sandbox)
    result = mark_task(msgspec.structs.replace(task(assignment, ("b.py", "x = 1")), is_unsafe_ok=True))
    assert {mark.verdict for mark in result.marks} == {verdict}
    assert sandbox.runs == min(crashes + 1, 2)


@pytest.mark.parametrize(("seconds", "count"), [(0.0, 1), (60.0, 3)])
def test_several_are_marked_as_far_as_there_is_time(
    assignment: Assignment, monkeypatch, seconds: float, count: int
):
    monkeypatch.setattr("grader.classroom.task.TOGETHER_S", seconds)
    one = task(assignment, ("a.json", '{"number": 42}'))
    several = MarkTogether(
        exercise=one.exercise, submissions=(one.submission,) * 3, grader_version=one.grader_version
    )
    assert len(mark_together(several)) == count
