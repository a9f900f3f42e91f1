from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from grader.classroom.batch import Event, run_class
from grader.classroom.class_files import UnreadableAttempt
from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment, ExecutorLost
from grader.gradebook.computing import compute_standings
from grader.gradebook.course import NO_POLICIES
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.read_records import past_results, stored_attempts
from grader.gradebook.records import Attempt

Submit = Callable[..., Attempt]

RIGHT = 'shapes = {"A": (2, 3), "B": (3, 2)}\nnumber = 42\n'
WRONG = 'shapes = {"A": (2, 3), "B": (3, 2)}\nnumber = 41\n'


def run(
    assignment: Assignment,
    attempts: Iterable[Attempt | UnreadableAttempt],
    book: Gradebook,
    machines: Machines,
) -> list[Event]:
    events: list[Event] = []
    run_class(assignment, attempts, book, machines, events.append)
    return events


def points(book: Gradebook) -> dict[str, int]:
    with book.reading() as connection:
        found = compute_standings(stored_attempts(connection), [], NO_POLICIES)
    return {one.student: int(one.points) for one in found}


def threads(executor: Executor) -> Machines:
    return Machines(executor, 4, lambda: None)


def test_each_attempt_gets_its_marks(assignment, book, machines, submit: Submit):
    run(assignment, [submit("ada", RIGHT), submit("bo", WRONG), submit("cy", "def = 3")], book, machines)
    assert points(book) == {"ada": 4, "bo": 3, "cy": 0}


def test_what_is_there_already_is_not_marked_again(assignment, book, machines, submit: Submit):
    run(assignment, [submit("ada", RIGHT)], book, machines)
    events = run(assignment, [submit("ada", RIGHT), submit("bo", WRONG)], book, machines)
    assert {one.attempt.student: one.how for one in events} == {"ada": "there", "bo": "marked"}


def test_identical_files_are_judged_once_and_noted(assignment, book, machines, submit: Submit):
    first = run(assignment, [submit(student, RIGHT) for student in ("ada", "bo", "cy")], book, machines)
    later = run(assignment, [submit("di", RIGHT)], book, machines)
    assert [(one.attempt.student, one.how, one.same_as) for one in first + later] == [
        ("ada", "marked", None),
        ("bo", "same", "ada"),
        ("cy", "same", "ada"),
        ("di", "same", "ada"),
    ]
    assert points(book) == dict.fromkeys(("ada", "bo", "cy", "di"), 4)
    with book.reading() as connection:
        reports = [past_results(connection, row.attempt)[0].same_as for row in stored_attempts(connection)]
    assert reports == [None, "ada", "ada", "ada"]


@pytest.mark.parametrize("at_once", [2, 256])
def test_what_many_handed_in_is_kept_in_few_transactions_and_held_once(
    at_once, assignment, book, machines, submit: Submit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("grader.classroom.batch.MOST_IN_TURN", at_once)
    run(assignment, [submit("ada", RIGHT)], book, machines)
    writing, begun = book.writing, []

    def counted() -> object:
        begun.append(1)
        return writing()

    monkeypatch.setattr(book, "writing", counted)
    others = [f"student{number:02}" for number in range(12)]
    events = run(assignment, [submit(one, RIGHT) for one in others], book, machines)
    assert [(one.attempt.student, one.how, one.same_as) for one in events] == [
        (one, "same", "ada") for one in others
    ]
    # One for the exercise, then one for each turn.
    assert len(begun) == 1 + -(-len(others) // at_once)
    assert points(book) == dict.fromkeys(["ada", *others], 4)
    new = run(assignment, [submit(one, WRONG) for one in others], book, machines)
    assert [one.same_as for one in new] == [None, *["student00"] * 11]
    assert len({id(one.attempt.submission.files) for one in new}) == 1
    assert {one.attempt.submission.student for one in new} == set(others)


def test_nothing_handed_in_is_a_report_and_no_copy(assignment, book, machines, submit: Submit):
    events = run(assignment, [submit("ada", ""), submit("bo", "")], book, machines)
    assert [one.same_as for one in events] == [None, None]
    assert points(book) == {"ada": 0, "bo": 0}


def test_an_exchanged_file_is_a_new_attempt(assignment, book, machines, submit: Submit):
    for text in (WRONG, RIGHT, RIGHT, WRONG):
        run(assignment, [submit("ada", text)], book, machines)
    with book.reading() as connection:
        assert [row.number for row in stored_attempts(connection)] == [1, 2, 3]
    assert points(book) == {"ada": 3}


@pytest.mark.parametrize("at_once", [1, 2, 256])
def test_how_many_are_looked_up_at_once_changes_nothing(
    at_once, assignment, book, machines, submit: Submit, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("grader.classroom.batch.MOST_IN_TURN", at_once)
    first = [submit("ada", WRONG, 1), submit("ada", RIGHT, 2), submit("bo", RIGHT), submit("cy", RIGHT)]
    run(assignment, first, book, machines)
    # Ada exchanges her first file: that is a third attempt. Her second, and what the others have, is there.
    again = [submit("ada", RIGHT, 1), *first[1:], submit("di", WRONG), submit("ed", RIGHT)]
    events = run(assignment, again, book, machines)
    assert {(one.attempt.student, one.attempt.number): (one.how, one.same_as) for one in events} == {
        ("ada", 1): ("same", "ada"),
        ("ada", 2): ("there", None),
        ("bo", 1): ("there", None),
        ("cy", 1): ("there", None),
        ("di", 1): ("same", "ada"),
        ("ed", 1): ("same", "ada"),
    }
    with book.reading() as connection:
        numbers = [row.number for row in stored_attempts(connection, student=["ada", "bo"])]
    assert numbers == [1, 2, 3, 1]
    assert points(book) == {"ada": 4, "bo": 4, "cy": 4, "di": 3, "ed": 4}


def test_attempts_keep_the_numbers_of_the_class_folder(assignment, book, machines, submit: Submit):
    run(assignment, [submit("ada", WRONG, 2), submit("ada", RIGHT, 5)], book, machines)
    with book.reading() as connection:
        assert [row.number for row in stored_attempts(connection)] == [2, 5]


def test_another_version_of_the_exercise_marks_anew(assignment, changed, book, machines, submit: Submit):
    run(assignment, [submit("ada", RIGHT)], book, machines)
    (event,) = run(changed, [submit("ada", RIGHT)], book, machines)
    assert (event.how, event.is_remarked) == ("marked", True)
    assert points(book) == {"ada": 3}
    with book.reading() as connection:
        (row,) = stored_attempts(connection)
        assert len(past_results(connection, row.attempt)) == 2


def test_files_that_cannot_be_read_here_are_undecided(assignment, book, machines, submit: Submit):
    (event,) = run(assignment, [UnreadableAttempt(submit("ada", ""), "the disk is broken")], book, machines)
    assert event.result is not None
    assert event.result.is_undecided
    assert event.reason == "the disk is broken"


def test_files_that_cannot_be_read_here_are_no_attempt(assignment, book, machines, submit: Submit):
    run(
        assignment,
        [submit("ada", RIGHT), UnreadableAttempt(submit("bo", ""), "the disk is broken")],
        book,
        machines,
    )
    run(
        assignment,
        [UnreadableAttempt(submit("ada", ""), "the disk is broken"), submit("bo", WRONG)],
        book,
        machines,
    )
    assert points(book) == {"ada": 4, "bo": 3}
    with book.reading() as connection:
        assert [(row.student, row.number) for row in stored_attempts(connection)] == [("ada", 1), ("bo", 1)]


def test_what_fails_once_is_tried_again(assignment, book, submit: Submit):
    calls = []

    def flaky(task: bytes) -> bytes:
        from grader.classroom.task import mark_bytes

        calls.append(task)
        if len(calls) == 1:
            raise RuntimeError("lost")
        return mark_bytes(task)

    with ThreadPoolExecutor(1) as pool:
        run(assignment, [submit("ada", RIGHT)], book, threads(Instead(pool, flaky)))
    assert (len(calls), points(book)) == (2, {"ada": 4})


def test_what_fails_twice_is_undecided_and_tried_again_in_the_next_run(
    assignment, book, machines, submit: Submit
):
    def broken(task: bytes) -> bytes:
        raise RuntimeError("lost for good")

    with ThreadPoolExecutor(1) as pool:
        (event,) = run(assignment, [submit("ada", RIGHT)], book, threads(Instead(pool, broken)))
    assert event.result is not None
    assert event.result.is_undecided
    run(assignment, [submit("ada", RIGHT)], book, machines)
    assert points(book) == {"ada": 4}


def test_a_decided_mark_is_not_lost_because_the_grader_fails_later(
    assignment, changed, book, machines, submit: Submit
):
    def broken(task: bytes) -> bytes:
        raise RuntimeError("lost for good")

    run(assignment, [submit("ada", RIGHT)], book, machines)
    with ThreadPoolExecutor(1) as pool:
        run(changed, [submit("ada", RIGHT)], book, threads(Instead(pool, broken)))
    assert points(book) == {"ada": 4}


def test_an_executor_that_is_gone_stops_the_run_and_keeps_the_rest(assignment, book, submit: Submit):
    with ThreadPoolExecutor(1) as pool:
        run(assignment, [submit("ada", RIGHT)], book, threads(pool))
    with pytest.raises(ExecutorLost, match="again"):
        run(assignment, [submit("ada", RIGHT), submit("bo", WRONG)], book, threads(pool))
    assert points(book) == {"ada": 4}


class LostLater(Executor):
    """Marks so many submissions, and is gone with the next; all of them come back together."""

    def __init__(self, marks: int) -> None:
        self.marks = marks

    def submit(self, fn, /, *args, **kwargs) -> Future:
        future: Future = Future()
        self.marks -= 1
        if self.marks < 0:
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args))
        return future


def test_what_came_back_together_with_the_loss_of_the_executor_is_kept(assignment, book, submit: Submit):
    handed_in = [submit(name, f"{RIGHT}# {name}") for name in ("ada", "bo", "cy", "di")]
    with pytest.raises(ExecutorLost, match="again"):
        run(assignment, handed_in, book, threads(LostLater(3)))
    assert points(book) == {"ada": 4, "bo": 4, "cy": 4}


def test_any_executor_will_do(assignment, book, submit: Submit):
    with ThreadPoolExecutor(2) as pool:
        run(assignment, [submit(f"s{at}", f"{RIGHT}# {at}") for at in range(5)], book, threads(pool))
    assert points(book) == {f"s{at}": 4 for at in range(5)}


class Instead(Executor):
    """Runs another function than it is asked to."""

    def __init__(self, pool: Executor, function: Callable[[bytes], bytes]) -> None:
        self.pool = pool
        self.function = function

    def submit(self, fn, /, *args, **kwargs) -> Future:
        return self.pool.submit(self.function, *args)
