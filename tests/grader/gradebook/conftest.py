from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.records import Attempt, StoredMark, StoredResult
from grader.gradebook.writing import NewResult, keep_exercise, keep_results
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

DIGEST = "sha256:e"
NUMBERS = itertools.count()


def programs() -> Path | None:
    """The newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server on a socket of its own; the folder of the socket."""
    where = programs()
    if where is None:
        warnings.warn("PostgreSQL is not installed: the gradebook was NOT tested on it", stacklevel=1)
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    # As root it refuses to run; its package makes this user.
    user = "postgres" if os.geteuid() == 0 else None
    folder = tempfile.mkdtemp(prefix="pg")
    if user is not None:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        subprocess.run(
            [str(where / command[0]), *command[1:]],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "test", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new gradebook can be made."""
    if request.param == "sqlite":
        return str(tmp_path / "gradebook.db")
    import psycopg

    folder = request.getfixturevalue("server")
    name = f"book{next(NUMBERS)}"
    with contextlib.closing(
        psycopg.connect(host=folder, user="test", dbname="postgres", autocommit=True)
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://test@/{name}?host={folder}"


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
