"""What is given to workers, and what becomes of results when the database is gone for a while."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from grader.classroom.machines import Machines
from grader.classroom.task import MarkTask, mark_bytes
from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.records import StoredResult
from grader.gradebook.tables import ATTEMPTS, MARKS
from grader.model.submission import AnswerFile
from grader.serve import inbox, marking, people
from grader.serve.courses import CourseFolder, read_course_folder
from grader.serve.inbox import NewHandIn
from grader.serve.marking import Marker
from grader.serve.people import Person, Role
from grader.serve.tables import HAND_INS, TURNS
from grader.submissions import build_submission
from tests.grader.serve.conftest import course_in

EXERCISE = "mit-6390-recitation-8"
STUDENTS = [f"s{number}" for number in range(6)]


class Workers(Executor):
    """Workers that answer when they are told to."""

    def __init__(self) -> None:
        self.given: list[tuple[MarkTask, Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.given.append((msgspec.msgpack.decode(args[0], type=MarkTask), future))
        return future

    def answer(self, number: int, change: Callable[[StoredResult], StoredResult] = lambda one: one) -> None:
        """Mark what was given at this place."""
        task, future = self.given[number]
        result = msgspec.msgpack.decode(mark_bytes(msgspec.msgpack.encode(task)), type=StoredResult)
        future.set_result(msgspec.msgpack.encode(change(result)))

    @property
    def students(self) -> list[str]:
        return [task.submission.student for task, _ in self.given]


class Marked:
    """A course with a marker whose workers are made up.

    Args:
        folder: For the course.
        n_spare: Workers more than two.
    """

    def __init__(self, folder: Path, n_spare: int) -> None:
        self.course: CourseFolder = read_course_folder(course_in(folder))
        self.path = folder / "course.db"
        self.book: Gradebook = open_gradebook(self.path)
        self.workers = Workers()
        machines = Machines(self.workers, 32, lambda: None)
        self.marker = Marker(self.book, lambda: self.course, machines, 2, n_spare=n_spare)
        with self.book.writing_durably() as connection:
            people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in STUDENTS])

    def put(self, person: str, press: str = "1", question: str = "b_i", exercise: str = EXERCISE) -> int:
        answers = {"exercise": exercise, question: {"s0": press}}
        new = NewHandIn(
            person=person,
            exercise=exercise,
            question=question,
            press=press,
            submission=build_submission(person, [AnswerFile("a.json", json.dumps(answers).encode())]),
        )
        with self.book.writing_durably() as connection:
            return inbox.keep(connection, new)

    def state(self, number: int) -> str:
        with self.book.reading() as connection:
            return str(connection.execute(select(HAND_INS.c.state).where(HAND_INS.c.id == number)).scalar())


@pytest.fixture
def marked(tmp_path: Path) -> Iterator[Marked]:
    made = Marked(tmp_path, n_spare=1)
    made.marker.start()
    yield made
    made.marker.stop()
    made.book.close()


def soon(is_so: Callable[[], bool], limit_s: float = 20.0) -> bool:
    """Whether something becomes so."""
    ends = time.monotonic() + limit_s
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.02)
    return is_so()


def test_no_more_are_begun_than_there_are_workers(marked: Marked) -> None:
    for person in STUDENTS[:3]:
        marked.put(person)
    assert soon(lambda: len(marked.workers.given) == 2)
    marked.marker.wake()
    assert not soon(lambda: len(marked.workers.given) > 2, 1.2)


@pytest.mark.parametrize("n_spare", [1, 2])
def test_one_first_endless_loop_more_than_are_spare_leaves_a_worker_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_spare: int
) -> None:
    monkeypatch.setattr(marking, "OVERDUE_S", 0.1)
    made = Marked(tmp_path, n_spare)
    for person in STUDENTS:
        made.put(person)
    made.marker.start()
    begun = STUDENTS[: 2 + n_spare]
    assert soon(lambda: made.workers.students == begun)
    # The spare ones are overdue now, too, and there is no other.
    assert not soon(lambda: len(made.workers.given) > len(begun), 1.2)
    made.workers.answer(len(begun) - 1)
    assert soon(lambda: made.workers.students == STUDENTS[: 3 + n_spare])
    made.marker.stop()
    made.book.close()


def _used(cpu_s: float, wall_s: float) -> Callable[[StoredResult], StoredResult]:
    def change(result: StoredResult) -> StoredResult:
        report = json.loads(result.report)
        report["usage"] |= {"cpu_s": cpu_s, "wall_s": wall_s}
        return msgspec.structs.replace(result, report=json.dumps(report))

    return change


def _timed_out(result: StoredResult) -> StoredResult:
    report = json.loads(result.report)
    told = {"code": "does-not-run-timeout", "message": "", "audience": "student"}
    report["questions"][0]["feedback"].append(told)
    return msgspec.structs.replace(result, report=json.dumps(report))


def _says_so(result: StoredResult) -> StoredResult:
    report = json.loads(result.report)
    told = {"code": "read-back", "message": '"does-not-run-timeout"', "audience": "student"}
    report["questions"][0]["feedback"].append(told)
    return msgspec.structs.replace(result, report=json.dumps(report))


@pytest.mark.parametrize(
    ("change", "is_slow"),
    [
        (_used(4.6, 4.7), True),
        (_timed_out, True),
        (_says_so, False),
        (_used(0.1, 6.0), True),  # it slept
        (_used(2.0, 6.0), False),  # three others computed beside it
        (_used(0.01, 1.5), False),
    ],
)
def test_who_computes_or_sleeps_long_is_slow_though_no_limit_ended_it(
    marked: Marked, change: Callable[[StoredResult], StoredResult], is_slow: bool
) -> None:
    number = marked.put("s0")
    assert soon(lambda: len(marked.workers.given) == 1)
    marked.workers.answer(0, change)
    assert soon(lambda: marked.state(number) == inbox.DONE)
    with marked.book.reading() as connection:
        until = connection.execute(select(TURNS.c.slow_until).where(TURNS.c.person == "s0")).scalar()
    assert (until is not None) is is_slow


def test_a_result_that_cannot_be_kept_now_is_kept_later_and_not_marked_again(
    marked: Marked, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [marked.put(person) for person in STUDENTS[:2]]
    assert soon(lambda: len(marked.workers.given) == 2)
    # A command that holds the database for longer than the server waits.
    with closing(sqlite3.connect(marked.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for connection in (marked.book.engine.connect() for _ in range(3)):
            connection.exec_driver_sql("PRAGMA busy_timeout=50")
            connection.close()
        for place in (0, 1):
            marked.workers.answer(place)
        assert not soon(lambda: marked.state(numbers[0]) == inbox.DONE, 1.5)
        other.execute("ROLLBACK")
    assert soon(lambda: {marked.state(one) for one in numbers} == {inbox.DONE})
    assert marked.workers.students == ["s0", "s1"]
    with marked.book.reading() as connection:
        assert len(connection.execute(select(ATTEMPTS)).all()) == 2


def test_an_attempt_has_the_name_that_the_class_list_gives(marked: Marked) -> None:
    with marked.book.writing_durably() as connection:
        people.keep_people(connection, [Person(id="s0", name="Sif Example", role=Role.STUDENT)])
    number = marked.put("s0")
    assert soon(lambda: len(marked.workers.given) == 1)
    marked.workers.answer(0)
    assert soon(lambda: marked.state(number) == inbox.DONE)
    with marked.book.reading() as connection:
        assert connection.execute(select(ATTEMPTS.c.name)).scalars().all() == ["Sif Example"]


def test_an_exercise_that_is_taken_away_keeps_its_hand_ins_and_nobody_waiting(marked: Marked) -> None:
    gone = marked.put("s0", exercise="taken-away")
    other = marked.put("s1")
    assert soon(lambda: marked.workers.students == ["s1"])
    marked.workers.answer(0)
    assert soon(lambda: marked.state(other) == inbox.DONE)
    assert marked.state(gone) == inbox.WAITING


def test_an_exercise_that_changes_while_it_is_marked_settles_as_it_was(marked: Marked) -> None:
    number = marked.put("s0")
    assert soon(lambda: len(marked.workers.given) == 1)
    before = marked.course.exercises[EXERCISE]
    text = before.text + b"\n# mended"
    changed = msgspec.structs.replace(before, text=text, digest="sha256:" + "0" * 64)
    object.__setattr__(marked.course, "exercises", {EXERCISE: changed})
    marked.workers.answer(0)
    assert soon(lambda: marked.state(number) == inbox.DONE)


def test_what_ended_every_server_that_began_it_is_undecided_at_last(tmp_path: Path) -> None:
    made = Marked(tmp_path, n_spare=0)
    number = made.put("s0")
    for _ in range(marking.MOST_TRIES):
        with made.book.writing_durably() as connection:
            assert inbox.claim(connection, "killed", [EXERCISE], is_slow_welcome=True) is not None
            inbox.release(connection, "killed")
    made.marker.start()
    assert soon(lambda: made.state(number) == inbox.DONE)
    made.marker.stop()
    assert made.workers.given == []
    with made.book.reading() as connection:
        (verdict,) = {row.verdict for row in connection.execute(select(MARKS))}
    assert verdict == "undecided"
    made.book.close()
