"""What comes in is given out fairly, and settled once whoever dies."""

from __future__ import annotations

import datetime
import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from grader.gradebook.gradebook import Gradebook, open_gradebook
from grader.gradebook.tables import ATTEMPTS
from grader.model.submission import AnswerFile
from grader.serve import inbox, people
from grader.serve.inbox import InboxLane, NewHandIn
from grader.serve.people import Person, Role
from grader.serve.places import ahead_of_each
from grader.serve.tables import HAND_INS, TURNS
from grader.submissions import build_submission

STUDENTS = ("amara", "bruno", "chen")
PRESSES = map(str, itertools.count())


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """A gradebook with three people."""
    with open_gradebook(tmp_path / "course.db") as made:
        with made.writing() as connection:
            people.keep_people(connection, [Person(id=one, name="", role=Role.STUDENT) for one in STUDENTS])
        yield made


def put(book: Gradebook, person: str, question: str = "q", press: str = "", exercise: str = "e") -> int:
    """Submit something."""
    new = NewHandIn(
        person=person,
        exercise=exercise,
        question=question,
        press=press or next(PRESSES),
        submission=build_submission(person, [AnswerFile("answer.json", f'{{"{question}": 1}}'.encode())]),
    )
    with book.writing_durably() as connection:
        return inbox.keep(connection, new)


def claim(book: Gradebook, worker: str = "w", *, is_slow_welcome: bool = True) -> inbox.Claimed | None:
    """Take the next."""
    with book.writing() as connection:
        return inbox.claim(connection, worker, ["e"], is_slow_welcome=is_slow_welcome)


def settle(book: Gradebook, number: int, *, was_slow: bool = False) -> None:
    """Close one, without a result."""
    with book.writing() as connection:
        done = update(HAND_INS).where(HAND_INS.c.id == number)
        connection.execute(done.values(state=inbox.DONE, worker=None, until=None))
        if was_slow:
            at = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
            person = connection.exec_driver_sql(f"select person from hand_ins where id={number}").scalar()
            connection.execute(
                update(TURNS).where(TURNS.c.person == person).values(slow_until=at.isoformat())
            )


def new_attempt(book: Gradebook, hand_in: int, number: int) -> int:
    """An attempt as the gradebook keeps it, without a result."""
    texts = ("student", "exercise", "name", "of_group", "left_out", "source", "received_at")
    with book.writing() as connection:
        digest = connection.execute(select(HAND_INS.c.submission).where(HAND_INS.c.id == hand_in)).scalar()
        row = dict.fromkeys(texts, "") | {"number": number, "given_number": number, "submission": digest}
        return int(connection.execute(insert(ATTEMPTS).returning(ATTEMPTS.c.id), row).scalar_one())


def state(book: Gradebook, number: int) -> str:
    """Where one is."""
    with book.reading() as connection:
        found = inbox.state_of(connection, number)
    assert found
    return found


def test_a_student_with_many_hand_ins_waits_behind_himself(book: Gradebook) -> None:
    for question in "abcd":
        put(book, "amara", question)
    put(book, "bruno", "a")
    put(book, "chen", "a")
    order = []
    while one := claim(book):
        order.append(one.person)
        settle(book, one.id)
    assert order == ["amara", "bruno", "chen", "amara", "amara", "amara"]


def test_of_one_student_one_is_marked_at_a_time(book: Gradebook) -> None:
    put(book, "amara", "a")
    put(book, "amara", "b")
    first = claim(book)
    assert first
    assert claim(book) is None
    settle(book, first.id)
    assert claim(book)


def test_pressing_twice_is_one_hand_in(book: Gradebook) -> None:
    assert put(book, "amara", press="same") == put(book, "amara", press="same")
    # What is another student's press has nothing to do with it.
    assert put(book, "bruno", press="same") != put(book, "amara", press="same")


def test_the_newest_of_a_question_takes_the_place_of_one_that_is_not_begun(book: Gradebook) -> None:
    first, other = put(book, "amara", "a"), put(book, "amara", "b")
    begun = claim(book)
    assert begun
    assert begun.id == first
    again, last = put(book, "amara", "a"), put(book, "amara", "a")
    states = [state(book, one) for one in (first, other, again, last)]
    assert states == ["running", "waiting", "replaced", "waiting"]


def test_what_a_dead_worker_had_is_given_to_another(book: Gradebook, monkeypatch: pytest.MonkeyPatch) -> None:
    put(book, "amara")
    monkeypatch.setattr(inbox, "LEASE_S", -1.0)
    first = claim(book, "dead")
    assert first
    second = claim(book, "alive")
    assert second
    assert (second.id, second.tries) == (first.id, 2)


def test_what_a_living_worker_has_stays_its_however_long_it_takes(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(book, "amara")
    monkeypatch.setattr(inbox, "LEASE_S", -1.0)
    claim(book, "alive")
    monkeypatch.undo()
    with book.writing() as connection:
        inbox.renew(connection, "alive", [number])
    assert claim(book, "other") is None


def test_a_worker_that_comes_back_too_late_renews_nothing_of_anothers(
    book: Gradebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = put(book, "amara")
    monkeypatch.setattr(inbox, "LEASE_S", -1.0)
    claim(book, "late")
    claim(book, "other")
    monkeypatch.undo()
    with book.writing() as connection:
        inbox.renew(connection, "late", [number])
    # The other's lease, which has ended too, is as it was.
    assert claim(book, "third")


def test_what_is_settled_is_not_settled_again(book: Gradebook) -> None:
    number = put(book, "amara")
    claim(book)
    first, second = new_attempt(book, number, 1), new_attempt(book, number, 2)
    with book.writing() as connection:
        inbox.settle(connection, number, first, was_slow=False)
    with pytest.raises(NoResultFound), book.writing() as connection:
        inbox.settle(connection, number, second, was_slow=False)
    with book.reading() as connection:
        assert connection.execute(select(HAND_INS.c.attempt)).scalar_one() == first


def test_one_attempt_is_of_one_hand_in(book: Gradebook) -> None:
    one, other = put(book, "amara", "a"), put(book, "bruno", "a")
    attempt = new_attempt(book, one, 1)
    with book.writing() as connection:
        inbox.settle(connection, one, attempt, was_slow=False)
    with pytest.raises(IntegrityError), book.writing() as connection:
        inbox.settle(connection, other, attempt, was_slow=False)


def test_who_ran_out_of_time_waits_in_the_slow_lane_and_one_worker_stays_free(book: Gradebook) -> None:
    put(book, "amara", "a")
    first = claim(book)
    assert first
    settle(book, first.id, was_slow=True)
    put(book, "amara", "b")
    put(book, "bruno", "b")
    assert claim(book, is_slow_welcome=False).person == "bruno"  # type: ignore[union-attr]
    assert claim(book, is_slow_welcome=False) is None
    slow = claim(book)
    assert slow
    assert (slow.person, slow.lane) == ("amara", InboxLane.SLOW)


def test_many_workers_at_once_get_each_hand_in_once(book: Gradebook) -> None:
    numbers = [put(book, person, question) for question in "abcdefgh" for person in STUDENTS]
    taken: Counter[int] = Counter()
    lock = threading.Lock()

    def work(name: str) -> None:
        idle = 0
        while idle < 20:
            one = claim(book, name)
            if one is None:
                idle += 1
                continue
            with lock:
                taken[one.id] += 1
            settle(book, one.id)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert taken == dict.fromkeys(numbers, 1)


def test_the_place_in_the_queue_counts_those_before(book: Gradebook) -> None:
    numbers = [put(book, one) for one in STUDENTS]
    with book.reading() as connection:
        assert ahead_of_each(connection, ["e"]) == dict(zip(numbers, range(3), strict=True))
