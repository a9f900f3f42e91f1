from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future

import msgspec
import pytest

from grader.classroom import pending
from grader.classroom.machines import Machines
from grader.classroom.pending import Assignment, PendingTasks, undecided
from grader.classroom.task import MarkTogether, mark_bytes
from grader.gradebook.records import StoredResult
from grader.model.submission import AnswerFile, Submission
from grader.submissions import build_submission

Mark = Callable[[bytes], bytes]


class Watched(Executor):
    """Marks at once, and keeps whose answers came together in each task."""

    def __init__(self, mark: Mark = mark_bytes) -> None:
        self.mark = mark
        self.tasks: list[list[str]] = []

    def submit(self, fn, /, *args, **kwargs) -> Future:
        future: Future = Future()
        self.tasks.append(students(*args))
        try:
            future.set_result(self.mark(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def students(task: bytes) -> list[str]:
    return [one.student for one in msgspec.msgpack.decode(task, type=MarkTogether).submissions]


def first_only(task: bytes) -> bytes:
    decoded = msgspec.msgpack.decode(task, type=MarkTogether)
    alone = msgspec.structs.replace(decoded, submissions=decoded.submissions[:1])
    return mark_bytes(msgspec.msgpack.encode(alone))


def none_at_all(task: bytes) -> bytes:
    return msgspec.msgpack.encode([])


def lost_with(*hostile: str) -> Mark:
    def mark(task: bytes) -> bytes:
        if set(hostile) & set(students(task)):
            raise RuntimeError("the worker process died")
        return mark_bytes(task)

    return mark


def answer(student: str, name: str = "answer.json") -> Submission:
    text = f'{{"number": 42, "of": "{student}"}}' if name.endswith("json") else f"number = 42  # {student}"
    return build_submission(student, [AnswerFile(name, text.encode())])


def marked(
    assignment: Assignment, executor: Executor, submissions: list[Submission], code_together: int = 1
) -> dict[str, StoredResult]:
    machines = Machines(executor, 4, lambda: None, code_together=code_together)
    tasks: PendingTasks[str] = PendingTasks(assignment, machines)
    found: dict[str, StoredResult] = {}

    def keep() -> None:
        for names, result in tasks.finished():
            assert not found.keys() & set(names)
            found.update(dict.fromkeys(names, result))

    for one in submissions:
        while tasks.is_full:
            keep()
        tasks.send(one, [one.student])
    while tasks:
        keep()
    return found


def verdicts(found: dict[str, StoredResult]) -> dict[str, str]:
    return {student: result.marks[1].verdict for student, result in found.items()}


NAMES = [f"s{at:03}" for at in range(40)]


def test_answers_without_code_are_sent_together(assignment: Assignment):
    executor = Watched()
    found = marked(assignment, executor, [answer(name) for name in NAMES])
    assert verdicts(found) == dict.fromkeys(NAMES, "correct")
    assert [name for task in executor.tasks for name in task] == NAMES
    assert len(executor.tasks) < len(NAMES) / 2


def test_each_gets_the_result_of_its_own_answer(assignment: Assignment):
    found = marked(assignment, Watched(), [answer(name) for name in NAMES])
    for name, result in found.items():
        record = msgspec.json.decode(result.report)
        assert (record["student"], record["submission_digest"]) == (name, answer(name).digest)


def test_code_is_sent_by_itself(assignment: Assignment, monkeypatch):
    executor = Watched(lost_with("ada", "bo"))
    marked(assignment, executor, [answer("ada", "a.py"), answer("bo", "a.py"), *map(answer, NAMES[:3])])
    assert ["ada"] in executor.tasks
    assert ["bo"] in executor.tasks
    assert NAMES[:3] in executor.tasks


def test_where_a_task_is_dear_code_is_sent_together_apart_from_what_has_none(assignment: Assignment):
    has_code: list[list[bool]] = []

    def look(task: bytes) -> bytes:
        submissions = msgspec.msgpack.decode(task, type=MarkTogether).submissions
        has_code.append([one.has_code for one in submissions])
        return msgspec.msgpack.encode([undecided(assignment.exercise, one, "not run") for one in submissions])

    mixed = [answer(f"{name}{file}", file) for name in NAMES for file in ("a.py", "a.json")]
    marked(assignment, Watched(look), mixed, code_together=8)
    assert all(len(set(task)) == 1 for task in has_code)
    assert max(len(task) for task in has_code if all(task)) == 8


def test_no_more_is_sent_ahead_than_memory_is_meant_for(assignment: Assignment, monkeypatch):
    monkeypatch.setattr(pending, "MOST_PENDING", 20)
    never = Watched()
    monkeypatch.setattr(never, "submit", lambda *_: Future())
    tasks: PendingTasks[str] = PendingTasks(assignment, Machines(never, 16, lambda: None))
    sent = 0
    while not tasks.is_full:
        tasks.send(answer(f"s{sent}"), ["x"])
        sent += 1
    assert sent == 20


def test_one_that_takes_a_worker_with_it_costs_nobody_else_a_mark(assignment: Assignment):
    executor = Watched(lost_with("s007", "s011"))
    found = marked(assignment, executor, [answer(name) for name in NAMES])
    expected = dict.fromkeys(NAMES, "correct") | {"s007": "undecided", "s011": "undecided"}
    assert verdicts(found) == expected
    assert [task for task in executor.tasks if "s007" in task][1:] == [["s007"]]


def test_those_for_which_there_was_no_time_are_sent_again(assignment: Assignment):
    executor = Watched(first_only)
    found = marked(assignment, executor, [answer(name) for name in NAMES])
    assert verdicts(found) == dict.fromkeys(NAMES, "correct")


def test_that_there_was_no_time_is_no_failure(assignment: Assignment):
    hostile = lost_with("s003")
    executor = Watched(lambda task: hostile(task) if len(students(task)) == 1 else first_only(task))
    found = marked(assignment, executor, [answer(name) for name in NAMES])
    assert verdicts(found) == dict.fromkeys(NAMES, "correct") | {"s003": "undecided"}


def test_an_executor_that_gives_nothing_back_is_asked_twice(assignment: Assignment):
    executor = Watched(none_at_all)
    found = marked(assignment, executor, [answer("ada"), answer("bo")])
    assert verdicts(found) == {"ada": "undecided", "bo": "undecided"}
    assert executor.tasks == [["ada", "bo"], ["ada"], ["bo"]]


@pytest.mark.parametrize("variants", [("A", "A", "B"), ("A", "B", "A")])
def test_only_answers_to_one_variant_are_sent_together(assignment: Assignment, variants: tuple[str, ...]):
    sent = []

    def refuse(task: bytes) -> bytes:
        decoded = msgspec.msgpack.decode(task, type=MarkTogether)
        sent.append((decoded.exercise.variant, len(decoded.submissions)))
        raise RuntimeError("no such variant")

    pending: PendingTasks[str] = PendingTasks(assignment, Machines(Watched(refuse), 9, lambda: None))
    for at, variant in enumerate(variants):
        pending.send(answer(f"s{at}"), [f"s{at}"], variant)
    while pending:
        list(pending.finished())
    tasks_of = {"A": [2], "B": [1]} if variants == ("A", "A", "B") else {"A": [1, 1], "B": [1]}
    first = sent[: sum(map(len, tasks_of.values()))]
    assert {v: [count for other, count in first if other == v] for v in "AB"} == tasks_of


class Never(Executor):
    """Marks nothing."""

    def submit(self, fn, /, *args, **kwargs) -> Future:
        return Future()


def test_no_more_attempts_are_held_for_one_submission_than_submissions(assignment, monkeypatch):
    monkeypatch.setattr(pending, "MOST_PENDING", 6)
    tasks: PendingTasks[str] = PendingTasks(assignment, Machines(Never(), 4, lambda: None))
    first = answer("ada", "answer.py")
    for number in range(6):
        assert not tasks.is_full
        assert (tasks.same(first) is first) == (number > 0)
        tasks.send(msgspec.structs.replace(first, student=str(number)) if number else first, [str(number)])
    assert tasks.is_full
    assert len(tasks) == 1
    assert list(tasks.attempts()) == list("012345")
    assert tasks.same(first, "another variant") is None
