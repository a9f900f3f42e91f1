"""A course with two sums, whose key is wrong at first; hand-ins are marked in the tests' own process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from grader.classroom.task import MarkTask, mark_task
from grader.gradebook.current import current_standings
from grader.gradebook.read_records import next_number
from grader.gradebook.records import Attempt, now
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
from grader.model.submission import AnswerFile
from grader.serve import inbox
from grader.serve.inbox import NewHandIn
from grader.serve.running import server_for
from grader.serve.server import Server
from grader.submissions import build_submission
from grader.version import VERSION
from tests.grader.serve.conftest import OURS

SUMS = """
title = "Sums"
source = "own"
[[question]]
id = "a"
label = "1"
points = 2
prompt = "Two and two?"
[question.fields]
sum = "a number"
[question.check]
kind = "numeric"
values = {{sum = {a}}}
[[question.check.mistakes]]
id = "multiplied"
values = {{sum = 6}}
message = "That is a product."
[[question]]
id = "b"
label = "2"
points = 1
prompt = "Two and three?"
[question.fields]
sum = "a number"
[question.check]
kind = "numeric"
values = {{sum = {b}}}
"""


def write_sums(folder: Path, a: int = 5, b: int = 5) -> None:
    """Write the exercise with a key; the right one is 4 and 5."""
    (folder / "exercises" / "sums.toml").write_text(SUMS.format(a=a, b=b))


@contextlib.contextmanager
def sums_server(folder: Path, rules: str = "") -> Iterator[Server]:
    """A server of the course, in which nobody handed in anything."""
    course = folder / "course"
    (course / "exercises").mkdir(parents=True)
    write_sums(course)
    (course / "course.toml").write_text(f'time_zone = "Europe/Berlin"\n{rules}')
    (course / "roster.csv").write_text("student,name\nada,Ada\nbo,Bo\ncy,Cy\n")
    with server_for(course, jobs=1, root=OURS, is_unsafe_ok=True) as server:
        yield server


def mark_sums(server: Server, student: str, a: int, b: int, at: str = "", question: str = "") -> int:
    """Let a student hand in two numbers, marked at once; the number of the hand-in."""
    exercise = server.course.exercises["sums"]
    at = at or now()
    answers = json.dumps({"exercise": "sums", "a": {"sum": a}, "b": {"sum": b}}).encode()
    submission = build_submission(student, [AnswerFile("answers.json", answers)])
    task = MarkTask(
        exercise=server.course.text_of("sums"),
        submission=submission,
        grader_version=VERSION,
        is_unsafe_ok=True,
    )
    result = mark_task(task)
    with server.book.writing_durably() as connection:
        keep_exercise(connection, exercise, exercise.text)
        number = next_number(connection, student, "sums")
        attempt = Attempt(
            student=student,
            exercise="sums",
            number=number,
            submission=submission,
            submitted_at=at,
            question=question,
        )
        (rows,) = keep_results(connection, [NewResult(result, "browser", attempt=attempt, number=number)])
        new = NewHandIn(
            person=student,
            exercise="sums",
            question=question,
            press=f"{rows.attempt}",
            submission=submission,
        )
        hand_in = inbox.keep(connection, new)
        inbox.settle(connection, hand_in, rows.attempt, was_slow=False)
    return hand_in


def points(server: Server) -> dict[str, Fraction]:
    """What each student has, as it stands."""
    with server.book.reading() as connection:
        found = current_standings(connection, server.course.course, "sums")
    return {one.student: one.points for one in found}
