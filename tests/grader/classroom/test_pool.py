from __future__ import annotations

import os
import signal
import sys
import time

import msgspec
import pytest

from grader.classroom.led_worker import WorkerLost
from grader.classroom.pending import Assignment
from grader.classroom.pool import LocalPool
from grader.classroom.task import ExerciseText, MarkTask, mark_alone, mark_bytes
from grader.gradebook.records import StoredResult
from grader.model.submission import AnswerFile
from grader.submissions import build_submission
from grader.version import VERSION

SLEEPS = "import time\ntime.sleep(20)\n"


def task(assignment: Assignment, text: str = "number = 42") -> bytes:
    return msgspec.msgpack.encode(
        MarkTask(
            exercise=ExerciseText(assignment.exercise.id, assignment.exercise.digest, assignment.text),
            submission=build_submission("ada", [AnswerFile("answer.py", text.encode())]),
            grader_version=VERSION,
        )
    )


def points(answer: bytes) -> list[str]:
    return [mark.points for mark in msgspec.msgpack.decode(answer, type=StoredResult).marks]


def wait_for(condition) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def pool():
    pool = LocalPool(1, limit_s=30)
    yield pool
    pool.shutdown(wait=False)


def test_a_task_is_marked(pool: LocalPool, assignment: Assignment):
    assert points(pool.submit(mark_bytes, task(assignment)).result()) == ["0", "1"]


def test_a_worker_that_is_killed_is_replaced(pool: LocalPool, assignment: Assignment):
    first = pool.submit(mark_bytes, task(assignment, SLEEPS))
    wait_for(first.running)
    time.sleep(0.2)
    os.kill(pool._workers[0].worker.process.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="died"):
        first.result()
    assert points(pool.submit(mark_bytes, task(assignment)).result()) == ["0", "1"]


def test_a_worker_that_hangs_is_replaced(assignment: Assignment):
    pool = LocalPool(1, limit_s=30)
    pool.submit(mark_bytes, task(assignment)).result()
    pool.limit_s = 0.5
    with pytest.raises(WorkerLost, match="no answer"):
        pool.submit(mark_bytes, task(assignment, SLEEPS)).result()
    pool.limit_s = 30
    assert points(pool.submit(mark_bytes, task(assignment)).result()) == ["0", "1"]
    pool.shutdown()


def test_what_goes_wrong_in_a_worker_is_told(pool: LocalPool):
    with pytest.raises(WorkerLost, match="Error"):
        pool.submit(mark_bytes, b"not a task").result()


def test_giving_up_ends_workers_that_are_busy(assignment: Assignment):
    pool = LocalPool(2, limit_s=30)
    futures = [pool.submit(mark_bytes, task(assignment, SLEEPS)) for _ in range(4)]
    wait_for(lambda: futures[1].running())
    workers = [led.worker.process for led in pool._workers.values()]
    started = time.monotonic()
    pool.shutdown(wait=False)
    assert time.monotonic() - started < 5
    assert all(worker.poll() is not None for worker in workers)
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(mark_bytes, task(assignment))


def test_shutting_down_waits_for_what_was_submitted(assignment: Assignment):
    pool = LocalPool(1, limit_s=30)
    futures = [pool.submit(mark_bytes, task(assignment, f"number = {at}")) for at in range(3)]
    pool.shutdown()
    assert all(future.done() for future in futures)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process does")
def test_programs_that_sleep_leave_their_turn_to_others_however_many(assignment: Assignment):
    pool = LocalPool(1, limit_s=60, most_waiting=12)
    sleeping = [pool.submit(mark_bytes, task(assignment, f"{SLEEPS}# {at}")) for at in range(12)]
    quick = [pool.submit(mark_bytes, task(assignment, f"number = 42  # {at}")) for at in range(3)]
    for future in quick:
        assert points(future.result(timeout=30)) == ["0", "1"]
    assert not any(future.done() for future in sleeping)
    pool.shutdown(wait=False)


def test_what_slept_is_marked_as_if_it_had_been_alone(assignment: Assignment):
    pool = LocalPool(1, limit_s=60, most_waiting=4)
    naps = "import time\ntime.sleep(1)\nnumber = 42"
    texts = [f"{naps}  # {at}" for at in range(4)] + ["number = 41", "number = 42"]
    futures = [pool.submit(mark_bytes, task(assignment, text)) for text in texts]
    found = [points(future.result(timeout=30)) for future in futures]
    assert found == [["0", "1"]] * 4 + [["0", "0"], ["0", "1"]]
    pool.shutdown()


def test_what_failed_takes_nothing_with_it_when_it_is_tried_alone(assignment: Assignment):
    pool = LocalPool(1, limit_s=60, most_waiting=4)
    naps = "import time\ntime.sleep(2)\nnumber = 42"
    napping = pool.submit(mark_bytes, task(assignment, naps))
    wait_for(napping.running)
    alone = pool.submit(mark_alone, task(assignment, f"number = 42\n{SLEEPS}"))
    quick = pool.submit(mark_bytes, task(assignment))
    assert points(quick.result(timeout=30)) == ["0", "1"]
    assert points(napping.result(timeout=30)) == ["0", "1"]
    wait_for(alone.running)
    later = pool.submit(mark_bytes, task(assignment, "number = 41"))
    time.sleep(0.3)
    assert not later.running()
    os.kill(pool._workers[0].worker.process.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost, match="died"):
        alone.result()
    assert points(later.result(timeout=30)) == ["0", "0"]
    pool.shutdown()
