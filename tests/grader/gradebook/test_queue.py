"""Words are marked once, by whoever comes first; two markers are compared; what stands is told by rules."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES, Course
from grader.gradebook.database import engine_for
from grader.gradebook.gradebook import MIGRATIONS, Gradebook, open_gradebook
from grader.gradebook.hand_marks import HandMark, difference, mark_that_counts
from grader.gradebook.queue import Entry, NotMarked, claim_next, entries, hand_marks, keep_mark, state_of
from grader.gradebook.read_records import overrides, stored_attempts
from grader.gradebook.records import Attempt, Override, StoredMark, StoredResult
from grader.gradebook.standing import Standing
from grader.gradebook.tables import HAND_MARKS
from grader.gradebook.write_records import NewResult, keep_exercise, keep_override, keep_results
from grader.model.exercise import Exercise
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

MOST = "3"


def words(student: str, said: str, number: int = 1) -> NewResult:
    """A result of a student with one right number, and words that wait."""
    feedback = [{"code": "in-words", "message": said, "audience": "staff"}]
    questions = [{"id": "a", "feedback": []}, {"id": "w", "feedback": feedback}]
    marks = (StoredMark("a", "correct", "1", "2", "2"), StoredMark("w", "pending", "0", "0", MOST))
    submission = build_submission(student, [AnswerFile("answer.py", said.encode())])
    attempt = Attempt(student=student, exercise="sums", number=number, submission=submission)
    result = StoredResult(
        exercise_digest="sha256:e",
        grader_version="1",
        seed=7,
        report=json.dumps({"questions": questions}),
        marks=marks,
    )
    return NewResult(result, "batch", attempt=attempt, number=number)


def handed_in(book: Gradebook, *said: str, student: str | None = None) -> None:
    with book.writing() as connection:
        new = [words(student or f"s{at}", one, at if student else 1) for at, one in enumerate(said, 1)]
        keep_results(connection, new)


def standing(book: Gradebook, course: Course = NO_POLICIES) -> list[Standing]:
    with book.reading() as connection:
        given = overrides(connection)
        return compute_standings(
            stored_attempts(connection), given, course, hand_marks=hand_marks(connection)
        )


def queue_of(book: Gradebook) -> list[Entry]:
    found = standing(book)
    with book.reading() as connection:
        return entries(connection, found, hand_marks(connection))


def mark(attempt: int = 1, who: str = "X", points: str = "2", **more: Any) -> HandMark:
    return HandMark(attempt=attempt, question="w", who=who, points=points, **{"role": "first", **more})


def give(book: Gradebook, one: HandMark, **more: Any) -> HandMark:
    with book.writing_durably() as connection:
        return keep_mark(connection, one, **more)


def test_the_queue_has_the_words_of_the_attempt_that_counts_only(book: Gradebook):
    handed_in(book, "first try", "second try", student="ada")
    assert [(one.id, one.text, one.max_points, one.is_open) for one in queue_of(book)] == [
        ("w-2", "second try", 3, True)
    ]


def test_a_mark_stands_as_points_that_a_person_gave(book: Gradebook):
    handed_in(book, "why")
    assert standing(book)[0].is_pending
    give(book, mark(points="3/2", comment="Half of it."))
    (one,) = standing(book)
    assert (one.points, one.is_pending, one.marks[1].verdict) == (Fraction(7, 2), False, "partial")
    assert [(given.who, given.points, given.why) for given in one.overrides] == [("X", "3/2", "Half of it.")]
    assert not queue_of(book)[0].is_open


def test_a_mark_is_of_one_attempt_and_says_nothing_of_new_words(book: Gradebook):
    handed_in(book, "old words", student="ada")
    give(book, mark(attempt=1))
    with book.writing() as connection:
        keep_results(connection, [words("ada", "new words", 2)])
    (one,) = standing(book)
    assert one.is_pending
    assert one.points == 2


def test_points_that_are_given_otherwise_stand_over_it_and_taken_back_leave_it(book: Gradebook):
    handed_in(book, "why")
    give(book, mark(points="1"))
    for points, now in (("3", 5), (None, 3)):
        with book.writing_durably() as connection:
            keep_override(
                connection,
                Override(student="s1", exercise="sums", question="w", points=points, who="Z", why="so"),
            )
        assert standing(book)[0].points == now


@pytest.mark.parametrize("who", ["X", "Y"])
def test_nothing_is_marked_twice(book: Gradebook, who: str):
    handed_in(book, "why")
    give(book, mark())
    with pytest.raises(NotMarked, match="marked already: 2 points by X"):
        give(book, mark(who=who, points="3"))
    assert [one.points for one in queue_of(book)[0].marks] == ["2"]


def test_a_marker_puts_right_what_is_his_own_and_both_are_kept(book: Gradebook):
    handed_in(book, "why")
    give(book, mark())
    with pytest.raises(NotMarked, match="the mark is X's, not Y's"):
        give(book, mark(who="Y", points="3"), corrects=True)
    give(book, mark(points="1"), corrects=True)
    assert standing(book)[0].points == 3
    assert [(one.revision, one.points) for one in queue_of(book)[0].marks] == [(1, "2"), (2, "1")]


@pytest.mark.parametrize(
    ("one", "corrects", "told"),
    [
        (mark(role="second"), False, "no first mark yet"),
        (mark(role="settled"), False, "no two marks to settle"),
        (mark(), True, "no mark yet to put right"),
    ],
)
def test_a_mark_that_needs_another_is_refused_without_it(
    book: Gradebook, one: HandMark, corrects: bool, told: str
):
    handed_in(book, "why")
    with pytest.raises(NotMarked, match=told):
        give(book, one, corrects=corrects)


def test_two_markers_who_differ_leave_it_open_until_it_is_settled(book: Gradebook):
    handed_in(book, "why")
    give(book, mark(points="1"))
    with pytest.raises(NotMarked, match="another marker's"):
        give(book, mark(points="1", role="second"))
    give(book, mark(who="Y", points="5/2", role="second"))
    (entry,) = queue_of(book)
    assert difference(entry.marks) == Fraction(3, 2)
    assert state_of(entry.marks) == "differs by 1.5: first 1 by X, second 2.5 by Y"
    assert standing(book)[0].is_pending
    give(book, mark(who="Z", points="2", role="settled"))
    assert standing(book)[0].points == 4


def test_two_markers_who_agree_leave_the_mark_as_it_is():
    same = [mark(points="4/2"), mark(who="Y", points="2", role="second")]
    stands = mark_that_counts(same)
    assert stands is not None
    assert stands.who == "X"


def test_nobody_is_given_what_somebody_else_looks_at_and_a_claim_ends(book: Gradebook):
    handed_in(book, "one", "two")
    waiting = queue_of(book)

    def claim(who: str, minutes: float = 20) -> str | None:
        with book.writing_durably() as connection:
            found = claim_next(connection, waiting, who, minutes)
        return None if found is None else found.id

    assert [claim("X"), claim("X"), claim("Y"), claim("Z")] == ["w-1", "w-1", "w-2", None]
    claim("X", 0)
    assert claim("Z") == "w-1"


def test_a_second_marker_is_given_what_another_has_marked(book: Gradebook):
    handed_in(book, "one", "two")
    give(book, mark(attempt=2))
    waiting = queue_of(book)
    with book.writing_durably() as connection:
        assert claim_next(connection, waiting, "X", 1, "second") is None
        found = claim_next(connection, waiting, "Y", 1, "second")
    assert found is not None
    assert found.id == "w-2"


def test_a_gradebook_of_the_first_version_keeps_everything_and_gets_the_queue(place: str):
    engine = engine_for(place, must_exist=False)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    old = Gradebook(engine)
    with old.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        keep_exercise(
            connection, Exercise(id="sums", title="", source="", questions=(), digest="sha256:e"), b"text"
        )
        # What writes today knows a column more than that version had.
        connection.execute(text("ALTER TABLE attempts ADD COLUMN question TEXT NOT NULL DEFAULT ''"))
        keep_results(connection, [words("ada", "kept")])
        connection.execute(text("ALTER TABLE attempts DROP COLUMN question"))
    old.close()
    with open_gradebook(place) as book:
        assert [one.text for one in queue_of(book)] == ["kept"]
        give(book, mark())
        assert standing(book)[0].points == 4


TEXTS = 300
KILLS = 10


def _mark_all(place: str, who: str, log: str, both: Any) -> None:
    """Mark whatever waits; each mark that is kept goes into the log once its transaction has ended."""
    with open_gradebook(place) as book, open(log, "a", buffering=1) as kept:
        waiting = queue_of(book)
        both.wait(60)
        while True:
            with book.writing_durably() as connection:
                found = claim_next(connection, waiting, who, 20)
            if found is None:
                return
            give(book, mark(attempt=found.attempt, who=who, points="1"))
            kept.write(f"{found.attempt}\n")
            # SQLite's lock is not fair: who never pauses, as no person does, may keep the other out.
            time.sleep(0.01)


def test_two_markers_at_once_who_are_killed_ten_times_lose_nothing_and_mark_nothing_twice(tmp_path: Path):
    place = str(tmp_path / "gradebook.db")
    with open_gradebook(place) as book:
        with book.writing() as connection:
            exercise = Exercise(id="sums", title="", source="", questions=(), digest="sha256:e")
            keep_exercise(connection, exercise, b"text")
        handed_in(book, *(f"words {number}" for number in range(TEXTS)))
    logs = {who: tmp_path / who for who in ("X", "Y")}
    for log in logs.values():
        log.touch()
    context, killed = multiprocessing.get_context("spawn"), 0
    for last in (*[False] * (KILLS // 2), True):
        both = context.Barrier(len(logs))
        running = _started(context, place, logs, both)
        killed += 0 if last else _killed(running, logs)
        for one in running:
            one.join(60)
            assert one.exitcode == (0 if last else -signal.SIGKILL)
    assert killed == KILLS
    with open_gradebook(place) as book, book.reading() as connection:
        rows = connection.execute(select(HAND_MARKS)).all()
    assert sorted(row.attempt for row in rows) == list(range(1, TEXTS + 1))
    logged = [(line, who) for who, log in logs.items() for line in log.read_text().split()]
    assert set(logged) <= {(str(row.attempt), row.who) for row in rows}
    assert len(logged) == len(set(logged))


def _started(context: Any, place: str, logs: dict[str, Path], both: Any) -> list[Any]:
    """A marker for each log; both begin at once, so that neither does all the work."""
    running = [
        context.Process(target=_mark_all, args=(place, who, str(log), both)) for who, log in logs.items()
    ]
    for one in running:
        one.start()
    return running


def _killed(running: list[Any], logs: dict[str, Path]) -> int:
    """Kill all in the midst of their work: as soon as each has marked something."""
    before = {who: log.read_text().count("\n") for who, log in logs.items()}
    ends = time.monotonic() + 120
    while any(log.read_text().count("\n") == before[who] for who, log in logs.items()):
        assert all(one.is_alive() for one in running), "a marker has ended by itself"
        assert time.monotonic() < ends, "no marker marks anything"
        time.sleep(0.001)
    for one in running:
        os.kill(one.pid, signal.SIGKILL)
    return len(running)
