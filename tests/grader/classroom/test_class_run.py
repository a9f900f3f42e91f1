from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor

import pytest

from grader.classroom.class_run import Event, run_class
from grader.classroom.hand_ins import Unread
from grader.classroom.machines import Machines
from grader.classroom.runner import Asked, ExecutorLost
from grader.gradebook.course import NO_POLICIES
from grader.gradebook.gradebook import Gradebook
from grader.gradebook.reading import past_results, stored_attempts
from grader.gradebook.records import Attempt
from grader.gradebook.standing import standings

HandIn = Callable[..., Attempt]

RIGHT = 'shapes = {"A": (2, 3), "B": (3, 2)}\nnumber = 42\n'
WRONG = 'shapes = {"A": (2, 3), "B": (3, 2)}\nnumber = 41\n'


def run(
    asked: Asked, handed_in: Iterable[Attempt | Unread], book: Gradebook, machines: Machines
) -> list[Event]:
    events: list[Event] = []
    run_class(asked, handed_in, book, machines, events.append)
    return events


def points(book: Gradebook) -> dict[str, int]:
    with book.reading() as connection:
        found = standings(stored_attempts(connection), [], NO_POLICIES)
    return {one.student: int(one.points) for one in found}


def threads(executor: Executor) -> Machines:
    return Machines(executor, 4, lambda: None)


def test_each_hand_in_gets_its_marks(asked, book, machines, hand_in: HandIn):
    run(asked, [hand_in("ada", RIGHT), hand_in("bo", WRONG), hand_in("cy", "def = 3")], book, machines)
    assert points(book) == {"ada": 4, "bo": 3, "cy": 0}


def test_what_is_there_already_is_not_marked_again(asked, book, machines, hand_in: HandIn):
    run(asked, [hand_in("ada", RIGHT)], book, machines)
    events = run(asked, [hand_in("ada", RIGHT), hand_in("bo", WRONG)], book, machines)
    assert {one.kept.student: one.how for one in events} == {"ada": "there", "bo": "marked"}


def test_identical_files_are_judged_once_and_noted(asked, book, machines, hand_in: HandIn):
    first = run(asked, [hand_in(student, RIGHT) for student in ("ada", "bo", "cy")], book, machines)
    later = run(asked, [hand_in("di", RIGHT)], book, machines)
    assert [(one.kept.student, one.how, one.same_as) for one in first + later] == [
        ("ada", "marked", None),
        ("bo", "same", "ada"),
        ("cy", "same", "ada"),
        ("di", "same", "ada"),
    ]
    assert points(book) == dict.fromkeys(("ada", "bo", "cy", "di"), 4)
    with book.reading() as connection:
        reports = [past_results(connection, row.attempt)[0].same_as for row in stored_attempts(connection)]
    assert reports == [None, "ada", "ada", "ada"]


def test_nothing_handed_in_is_a_report_and_no_copy(asked, book, machines, hand_in: HandIn):
    events = run(asked, [hand_in("ada", ""), hand_in("bo", "")], book, machines)
    assert [one.same_as for one in events] == [None, None]
    assert points(book) == {"ada": 0, "bo": 0}


def test_an_exchanged_file_is_a_new_attempt(asked, book, machines, hand_in: HandIn):
    for text in (WRONG, RIGHT, RIGHT, WRONG):
        run(asked, [hand_in("ada", text)], book, machines)
    with book.reading() as connection:
        assert [row.number for row in stored_attempts(connection)] == [1, 2, 3]
    assert points(book) == {"ada": 3}


def test_attempts_keep_the_numbers_of_the_class_folder(asked, book, machines, hand_in: HandIn):
    run(asked, [hand_in("ada", WRONG, 2), hand_in("ada", RIGHT, 5)], book, machines)
    with book.reading() as connection:
        assert [row.number for row in stored_attempts(connection)] == [2, 5]


def test_another_version_of_the_exercise_marks_anew(asked, changed, book, machines, hand_in: HandIn):
    run(asked, [hand_in("ada", RIGHT)], book, machines)
    (event,) = run(changed, [hand_in("ada", RIGHT)], book, machines)
    assert (event.how, event.is_remarked) == ("marked", True)
    assert points(book) == {"ada": 3}
    with book.reading() as connection:
        (row,) = stored_attempts(connection)
        assert len(past_results(connection, row.attempt)) == 2


def test_files_that_cannot_be_read_here_are_undecided(asked, book, machines, hand_in: HandIn):
    (event,) = run(asked, [Unread(hand_in("ada", ""), "the disk is broken")], book, machines)
    assert event.marked is not None
    assert event.marked.is_undecided
    assert event.reason == "the disk is broken"


def test_files_that_cannot_be_read_here_are_no_attempt(asked, book, machines, hand_in: HandIn):
    run(asked, [hand_in("ada", RIGHT), Unread(hand_in("bo", ""), "the disk is broken")], book, machines)
    run(asked, [Unread(hand_in("ada", ""), "the disk is broken"), hand_in("bo", WRONG)], book, machines)
    assert points(book) == {"ada": 4, "bo": 3}
    with book.reading() as connection:
        assert [(row.student, row.number) for row in stored_attempts(connection)] == [("ada", 1), ("bo", 1)]


def test_what_fails_once_is_tried_again(asked, book, hand_in: HandIn):
    calls = []

    def flaky(task: bytes) -> bytes:
        from grader.classroom.task import mark_bytes

        calls.append(task)
        if len(calls) == 1:
            raise RuntimeError("lost")
        return mark_bytes(task)

    with ThreadPoolExecutor(1) as pool:
        run(asked, [hand_in("ada", RIGHT)], book, threads(Instead(pool, flaky)))
    assert (len(calls), points(book)) == (2, {"ada": 4})


def test_what_fails_twice_is_undecided_and_tried_again_in_the_next_run(
    asked, book, machines, hand_in: HandIn
):
    def broken(task: bytes) -> bytes:
        raise RuntimeError("lost for good")

    with ThreadPoolExecutor(1) as pool:
        (event,) = run(asked, [hand_in("ada", RIGHT)], book, threads(Instead(pool, broken)))
    assert event.marked is not None
    assert event.marked.is_undecided
    run(asked, [hand_in("ada", RIGHT)], book, machines)
    assert points(book) == {"ada": 4}


def test_a_decided_mark_is_not_lost_because_the_grader_fails_later(
    asked, changed, book, machines, hand_in: HandIn
):
    def broken(task: bytes) -> bytes:
        raise RuntimeError("lost for good")

    run(asked, [hand_in("ada", RIGHT)], book, machines)
    with ThreadPoolExecutor(1) as pool:
        run(changed, [hand_in("ada", RIGHT)], book, threads(Instead(pool, broken)))
    assert points(book) == {"ada": 4}


def test_an_executor_that_is_gone_stops_the_run_and_keeps_the_rest(asked, book, hand_in: HandIn):
    with ThreadPoolExecutor(1) as pool:
        run(asked, [hand_in("ada", RIGHT)], book, threads(pool))
    with pytest.raises(ExecutorLost, match="again"):
        run(asked, [hand_in("ada", RIGHT), hand_in("bo", WRONG)], book, threads(pool))
    assert points(book) == {"ada": 4}


class LostLater(Executor):
    """Marks so many hand-ins, and is gone with the next; all of them come back together."""

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


def test_what_came_back_together_with_the_loss_of_the_executor_is_kept(asked, book, hand_in: HandIn):
    handed_in = [hand_in(name, f"{RIGHT}# {name}") for name in ("ada", "bo", "cy", "di")]
    with pytest.raises(ExecutorLost, match="again"):
        run(asked, handed_in, book, threads(LostLater(3)))
    assert points(book) == {"ada": 4, "bo": 4, "cy": 4}


def test_any_executor_will_do(asked, book, hand_in: HandIn):
    with ThreadPoolExecutor(2) as pool:
        run(asked, [hand_in(f"s{at}", f"{RIGHT}# {at}") for at in range(5)], book, threads(pool))
    assert points(book) == {f"s{at}": 4 for at in range(5)}


class Instead(Executor):
    """Runs another function than it is asked to."""

    def __init__(self, pool: Executor, function: Callable[[bytes], bytes]) -> None:
        self.pool = pool
        self.function = function

    def submit(self, fn, /, *args, **kwargs) -> Future:
        return self.pool.submit(self.function, *args)
