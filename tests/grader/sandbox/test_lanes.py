from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.model.exercise import Limits
from grader.model.run import Read, RunResult
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Number
from grader.sandbox import Sandbox
from grader.sandbox.host import activity, session
from grader.sandbox.host.activity import child_of
from grader.sandbox.host.turns import PlaceInTurn, Turns
from grader.sandbox.host.zygote import Lane, Level, Zygote

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process does")

LIMITS = Limits(load_cpu_s=0.8, call_cpu_s=0.3, wall_s=20.0, memory_mib=256, output_kib=4)
SLEEPS = "import time\ntime.sleep(60)\n"
LOOPS = "while True: pass\n"
UP_TO_S = 30


def submission(text: str) -> Submission:
    return Submission(student="ada", files=(AnswerFile("answer.py", text.encode()),), digest="sha256:0")


class Class:
    """Answers that are in flight together, each with what came of it."""

    def __init__(self, level: Level = "full", most: int = 8) -> None:
        self.sandbox = Sandbox(level=level)
        self.room = threading.Semaphore(0)
        self.turns = Turns(most, self.room.release, lambda: True)
        self.done: dict[str, RunResult] = {}
        self.threads: list[threading.Thread] = []
        self.turns.begin()

    def hand_in(self, name: str, text: str, limits: Limits = LIMITS) -> None:
        """Begin to run an answer when there is room for it."""
        assert self.room.acquire(timeout=UP_TO_S)

        def run() -> None:
            with contextlib.suppress(Exception), self.turns.place() as place:
                self.done[name] = self.sandbox.run(submission(text), [Read("value")], limits, place)

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()

    def value(self, name: str) -> str | None:
        """What an answer gave as `value`, when it is done."""
        assert waited(lambda: name in self.done)
        found = self.done[name].names.get("value")
        return found.text if isinstance(found, Number) else None


def waited(for_what) -> bool:
    until = time.monotonic() + UP_TO_S
    while time.monotonic() < until:
        if for_what():
            return True
        time.sleep(0.01)
    return False


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1] != "Z"
    except OSError:
        return False


@pytest.fixture
def together() -> Iterator[Class]:
    found = Class()
    yield found
    found.sandbox.close()


@pytest.mark.parametrize("level", ["full", "kernel", "sealed", "limits"])
def test_answers_are_run_while_others_sleep_and_all_end_with_the_sandbox(level: Level):
    together = Class(level)
    for at in range(3):
        together.hand_in(f"sleeps {at}", SLEEPS)
    for at in range(3):
        together.hand_in(f"quick {at}", f"value = {at}")
        assert together.value(f"quick {at}") == str(at)
    assert not any(name.startswith("sleeps") for name in together.done)
    zygote = together.sandbox._ready_zygote()
    below = all_below(zygote.pid)
    assert len(below) >= 6
    together.sandbox.close()
    assert waited(lambda: not any(map(is_alive, below)))


def all_below(process: int) -> set[int]:
    found: set[int] = set()
    for entry in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found |= {int(entry), *all_below(int(entry))}
    return found


@pytest.mark.parametrize("level", ["full", "kernel", "sealed", "limits"])
def test_a_child_ends_with_its_lane(level: Level):
    together = Class(level)
    together.hand_in("sleeps", SLEEPS)
    assert together.room.acquire(timeout=UP_TO_S)
    (lane,) = [one for one in all_below(together.sandbox._ready_zygote().pid) if child_of(one) is None]
    os.kill(parent_of(lane), signal.SIGKILL)
    assert waited(lambda: not is_alive(lane))
    together.sandbox.close()


@pytest.mark.parametrize("level", ["full", "kernel", "sealed", "limits"])
def test_a_zygote_tells_its_child_from_its_lanes(level: Level):
    with Sandbox(level=level) as made:
        zygote = made._ready_zygote()
        lane = Lane(zygote)
        assert (zygote.child(), lane.child()) == (None, None)
        running = threading.Thread(target=made.run, args=(submission(SLEEPS), [], Limits(wall_s=1.5)))
        running.start()
        assert waited(lambda: zygote.child() is not None)
        child_now, below = zygote.child(), all_below(zygote.pid)
        assert child_now is not None
        # Who has nobody below and is not the lane; not what stands between the zygote and the lane either.
        assert [one for one in below - {lane.pid} if child_of(one) is None] == [child_now]
        assert lane.child() is None
        running.join()
        lane.stop()


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()[1])


def test_quick_answers_come_before_what_never_ends(together: Class):
    together.turns.front_cpu_s = 0.05
    for at in range(2):
        together.hand_in(f"loops {at}", f"value = {at}\n{LOOPS}")
    for at in range(4):
        together.hand_in(f"quick {at}", f"value = {at}")
        assert together.value(f"quick {at}") == str(at)
    assert not all(f"loops {at}" in together.done for at in range(2))
    # What was defined before a loop that is ended counts, as for one that is run alone.
    assert [together.value(f"loops {at}") for at in range(2)] == ["0", "1"]


def test_time_in_which_a_program_is_stopped_is_not_its_own(together: Class):
    together.turns.front_cpu_s = 0.05
    brief = Limits(load_cpu_s=0.4, call_cpu_s=0.3, wall_s=5.0, memory_mib=256, output_kib=4)
    together.hand_in("slow", "value = sum(i for i in range(3_000_000)) * 0 + 1", brief)
    assert together.room.acquire(timeout=UP_TO_S)
    with together.turns.place():
        # In front, and nothing else: who is behind stays stopped, for longer than it may take.
        time.sleep(5.5)
    assert together.value("slow") == "1"


def test_what_used_more_than_its_limit_does_not_count_though_nobody_looked_meanwhile(together, monkeypatch):
    waits = PlaceInTurn.wait

    def waits_longer(self, poll, seconds):
        time.sleep(0.7)
        return waits(self, poll, seconds)

    monkeypatch.setattr(PlaceInTurn, "wait", waits_longer)
    monkeypatch.setattr(session, "READ_CPU_S", 0.05)
    monkeypatch.setattr(activity, "HARD_GRACE_S", 0.05)
    brief = Limits(load_cpu_s=0.1, call_cpu_s=0.3, wall_s=20.0, memory_mib=256, output_kib=4)
    deaf = "import signal, time\nsignal.setitimer(signal.ITIMER_PROF, 0)\n"
    together.hand_in("slow", deaf + "while time.process_time() < 0.5: pass\nvalue = 1", brief)
    together.hand_in("quick", deaf + "value = 2", brief)
    assert [together.value(name) for name in ("slow", "quick")] == [None, "2"]


def test_each_lane_is_another_user_where_one_may_be_chosen():
    if os.geteuid() != 0:
        pytest.skip("only root may choose")
    together = Class()
    for at in range(3):
        together.hand_in(f"sleeps {at}", SLEEPS)
    assert together.room.acquire(timeout=UP_TO_S)
    children = [one for one in all_below(together.sandbox._ready_zygote().pid) if child_of(one) is None]
    users = [os.stat(f"/proc/{one}").st_uid for one in children]
    assert len(users) == len(set(users)) == 3
    spaces = {os.readlink(f"/proc/{one}/ns/pid") for one in children}
    assert len(spaces) == 3
    together.sandbox.close()


def test_a_lane_that_is_stopped_leaves_no_process():
    zygote = Zygote()
    zygote.start()
    zygote.wait_ready()
    lane = Lane(zygote)
    assert is_alive(lane.pid)
    lane.stop()
    assert waited(lambda: not is_alive(lane.pid))
    zygote.stop()
