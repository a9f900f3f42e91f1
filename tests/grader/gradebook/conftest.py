from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.postgresql import new_database, postgresql, programs
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.records import Attempt, StoredMark, StoredResult
from grader.gradebook.write_records import NewResult, keep_exercise, keep_results
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

DIGEST = "sha256:e"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server on a socket of its own; the folder of the socket."""
    where = programs()
    if where is None:
        warnings.warn("PostgreSQL is not installed: the gradebook was NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with postgresql(where) as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new gradebook can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    return new_database(request.getfixturevalue("server"))


@pytest.fixture
def book(place: str) -> Iterator[Gradebook]:
    with open_gradebook(place) as book, book.writing() as connection:
        exercise = Exercise(id="sums", title="Sums", source="", questions=(), digest=DIGEST)
        keep_exercise(connection, exercise, b"text")
        connection.commit()
        yield book


def marked(points: str, verdict: str = "partial", most: str = "4") -> StoredResult:
    mark = StoredMark("q", verdict, str(points), points, most)
    return StoredResult(
        exercise_digest=DIGEST, grader_version="1", seed=7, report='{"student": ""}', marks=(mark,)
    )


@pytest.fixture
def keep(book: Gradebook) -> Callable[..., int]:
    """Keep one submission with its result; gives the attempt's id."""

    def keep(student: str, points: str, text: str = "x = 1", number: int = 1, **more: object) -> int:
        submission = build_submission(student, [AnswerFile("answer.py", text.encode())])
        attempt = Attempt(student=student, exercise="sums", number=number, submission=submission, **more)  # type: ignore[arg-type]
        with book.writing() as connection:
            entry = NewResult(marked(points), "batch", attempt=attempt, number=number)
            return keep_results(connection, [entry])[0].attempt

    return keep
