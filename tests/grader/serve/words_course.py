"""A course in which words wait for a person, put into the gradebook without marking anything."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from grader.gradebook.read_records import next_number
from grader.gradebook.records import Attempt, stored_result
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
from grader.model.outcome import IN_WORDS, Feedback, Outcome, Verdict
from grader.model.report import Protection, QuestionReport, Report, Usage
from grader.model.submission import AnswerFile
from grader.reports.json_report import as_record
from grader.serve.running import server_for
from grader.serve.server import Server
from grader.submissions import build_submission
from grader.version import VERSION
from tests.grader.serve.conftest import OURS
from tests.grader.words_exercise import WORDS


@contextlib.contextmanager
def words_server(folder: Path, **said: str) -> Iterator[Server]:
    """A server of a course with one question in words, and what students wrote; nothing is marked.

    Args:
        folder: To make the course in.
        said: Words by student.
    """
    course = folder / "course"
    (course / "exercises").mkdir(parents=True)
    (course / "exercises" / "words.toml").write_text(WORDS)
    (course / "roster.csv").write_text("student,name\n" + "".join(f"{one},{one.title()}\n" for one in said))
    with server_for(course, jobs=1, root=OURS) as server:
        for student, text in said.items():
            write_words(server, student, text)
        yield server


def write_words(server: Server, student: str, text: str) -> None:
    """Put what a student wrote into the gradebook, as one attempt that waits for a person."""
    exercise = server.course.exercises["words"]
    submission = build_submission(student, [AnswerFile("answers.json", text.encode())])
    (question,) = exercise.questions
    outcome = Outcome(
        verdict=Verdict.PENDING, fraction=Fraction(0), feedback=(Feedback(IN_WORDS, text, "staff"),)
    )
    report = Report(
        exercise=exercise.id,
        exercise_digest=exercise.digest,
        student=student,
        submission_digest=submission.digest,
        grader_version=VERSION,
        seed=exercise.seed,
        questions=(
            QuestionReport(id="w", label=question.label, max_points=question.points, outcome=outcome),
        ),
        protection=Protection(level="no-code"),
        usage=Usage(),
        title=exercise.title,
    )
    with server.book.writing() as connection:
        keep_exercise(connection, exercise, exercise.text)
        number = next_number(connection, student, exercise.id)
        attempt = Attempt(student=student, exercise=exercise.id, number=number, submission=submission)
        result = stored_result(report, as_record(report))
        keep_results(connection, [NewResult(result, "browser", attempt=attempt, number=number)])
