"""`rnngrade serve --demo`: a course to look at, in a folder that goes away with it."""

from __future__ import annotations

import contextlib
import datetime
import secrets
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from sqlalchemy import Connection

from grader.serve import inbox, people
from grader.serve.courses import COURSE_FILE, EXERCISES, ROSTER_FILE
from grader.serve.inbox import NewHandIn
from grader.serve.paper import Paper
from grader.serve.server import Server
from grader.submissions.collect import collect

OWN = Path(__file__).parent / "demo_course"
CLASS = Path(__file__).parents[2] / "submissions_example"
"""The made-up class: in a checkout, and not in what students install, as some of its answers are right."""

OF_CLASS = "mit-6390-recitation-8"
PAPER = "rnn-paper"
STUDENTS = ("amara", "boris", "chiara", "dmitri", "elif", "farid")
VISITED = "amara"
"""The student whose link is printed."""

DAYS = 3


@contextlib.contextmanager
def demo_folder() -> Iterator[Path]:
    """A course's folder: an exercise of its own and two that come along, due in a few days."""
    with tempfile.TemporaryDirectory(prefix="rnngrade-demo-") as made:
        folder = Path(made)
        (folder / EXERCISES).mkdir()
        for file in (OWN / EXERCISES).iterdir():
            (folder / EXERCISES / file.name).write_bytes(file.read_bytes())
        due = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=DAYS)
        (folder / COURSE_FILE).write_text(_course(f"{due:%Y-%m-%dT%H:00:00Z}"), encoding="utf-8")
        rows = "".join(f"{one},{one.title()}\n" for one in STUDENTS)
        (folder / ROSTER_FILE).write_text(f"student,name\n{rows}", encoding="utf-8")
        yield folder


def _course(due: str) -> str:
    return f"""secret = "{secrets.token_hex(16)}"

[exercise.first-steps]
due = {due}
late = {{ per_day = "10%" }}

[exercise."{OF_CLASS}"]
due = {due}
attempts = {{ limit = 5, counts = "best" }}

[exercise."{PAPER}"]
"""


def hand_in_for_all(server: Server) -> None:
    """Submit what the made-up students answered; it is marked once the server runs."""
    with server.book.writing_durably() as connection:
        for folder in (OWN / "hand_ins" / "first-steps", CLASS / OF_CLASS):
            for path in sorted(folder.iterdir()) if folder.is_dir() else ():
                if path.stem in STUDENTS:
                    _hand_in(connection, path.stem, folder.name, path)


def _hand_in(connection: Connection, student: str, exercise: str, path: Path) -> None:
    found = collect(path, student)
    paper = Paper(uploaded=tuple(file.name for file in found.files))
    inbox.keep(
        connection,
        NewHandIn(
            person=student,
            exercise=exercise,
            question="",
            press=f"{exercise}-{student}",
            submission=found,
            typed=paper.text,
        ),
    )


def student_link(server: Server) -> str:
    """A link by which a visitor signs in as the demo's student."""
    with server.book.writing_durably() as connection:
        return f"{server.root}/in/{people.new_link(connection, VISITED)}"


def end_like_ctrl_c() -> None:
    """Let a closed terminal, or `kill`, end the demo as Ctrl-C does: folder and workers go with it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
