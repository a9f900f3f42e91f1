from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from grader.sandbox.host.activity import activity_of
from grader.sandbox.host.turns import FRONT_CPU_S, LEAST_FRONT_CPU_S, PlaceInTurn, Turns
from grader.sandbox.inside.messages import GO_ON, STOP

SAY_SO = "import time; print(flush=True)\n"


ALL: list[Several] = []


class Several:
    """Submissions in flight in one process, and what was told to the child of each."""

    def __init__(self, most: int = 8, has_memory: bool = True) -> None:
        self.asked = 0
        self.has_memory = has_memory
        self.turns = Turns(most, self.ask, lambda: self.has_memory)
        self.ends: dict[PlaceInTurn, ExitStack] = {}
        self.told: dict[PlaceInTurn, list[bytes]] = {}
        ALL.append(self)

    def ask(self) -> None:
        self.asked += 1

    def begin(self) -> PlaceInTurn:
        with ExitStack() as stack:
            place = stack.enter_context(self.turns.place())
            self.told[place] = told = []
            place.begins(SimpleNamespace(pid=0, send=lambda order: told.append(order.word)))
            self.ends[place] = stack.pop_all()
        # As while it waits for its child: the others may run.
        self.turns.running.release()
        return place

    def end(self, place: PlaceInTurn) -> None:
        self.turns.running.acquire()
        self.ends.pop(place).close()


@pytest.fixture
def several() -> Several:
    return Several()


@pytest.fixture(autouse=True)
def all_end() -> Iterator[None]:
    yield
    while ALL:
        one = ALL.pop()
        for place in list(one.ends):
            one.end(place)


def test_there_is_room_for_the_first_and_again_when_it_is_done(several: Several):
    several.turns.begin()
    assert several.asked == 1
    place = several.begin()
    assert several.asked == 1
    several.end(place)
    assert several.asked == 2


def test_one_that_waits_leaves_room_for_one_more_and_goes_on_beside_it(several: Several):
    waits = several.begin()
    several.turns.waits(waits)
    assert several.asked == 1
    several.begin()
    assert several.told[waits] == []


def test_one_that_is_slow_is_stopped_while_a_quick_one_is_in_front(several: Several):
    slow = several.begin()
    several.turns.is_slow(slow)
    assert several.asked == 1
    assert several.told[slow] == []
    quick = several.begin()
    assert several.told[slow] == [STOP]
    several.end(quick)
    assert several.told[slow] == [STOP, GO_ON]


def test_of_those_that_are_slow_one_computes_at_a_time(several: Several):
    first, second = several.begin(), None
    several.turns.is_slow(first)
    second = several.begin()
    several.turns.is_slow(second)
    assert several.told == {first: [STOP, GO_ON], second: [STOP]}
    several.end(first)
    assert several.told[second] == [STOP, GO_ON]


def test_one_that_computes_again_after_it_has_waited_is_behind(several: Several):
    woken = several.begin()
    several.turns.waits(woken)
    several.begin()
    several.turns.is_slow(woken)
    assert several.told[woken] == [STOP]


def test_a_further_child_of_one_that_waited_does_not_compute_beside_others(several: Several):
    waited = several.begin()
    several.turns.waits(waited)
    several.begin()
    waited.begins(waited._forker)
    assert several.told[waited] == [STOP]


def test_no_more_begin_than_there_may_be():
    several = Several(most=2)
    for _ in range(2):
        several.turns.waits(several.begin())
    assert several.asked == 1


def test_without_memory_no_more_begin_until_all_are_done():
    several = Several(has_memory=False)
    place = several.begin()
    several.turns.waits(place)
    assert several.asked == 0
    several.end(place)
    assert several.asked == 1


def test_the_clock_of_one_that_is_stopped_stands_still(several: Several):
    place = several.begin()
    place.stop()
    before = place.now()
    time.sleep(0.05)
    assert place.now() == before
    place.go_on()
    assert before <= place.now() < time.monotonic() - 0.04


@pytest.mark.parametrize(
    ("needed", "front_s"),
    [
        ([0.01] * 4, FRONT_CPU_S),
        ([0.001] * 5, LEAST_FRONT_CPU_S),
        ([0.1] * 5, 0.5),
        # A few that never end say nothing of what the others need.
        ([0.1] * 20 + [5.0] * 5, 0.5),
        ([30.0] * 9, 150.0),
    ],
)
def test_what_is_slow_follows_from_what_half_of_the_others_needed(needed: list[float], front_s: float):
    turns = Turns(8, lambda: None, lambda: True)
    for cpu_s in needed:
        turns.needed(cpu_s)
    assert turns.front_cpu_s == pytest.approx(front_s)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a process does")
@pytest.mark.parametrize(("program", "waits"), [("time.sleep(60)", True), ("while True: pass", False)])
def test_a_process_that_waits_does_nothing_between_two_looks(program: str, waits: bool):
    with subprocess.Popen([sys.executable, "-c", SAY_SO + program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = []
        for _ in range(40):
            before = activity_of(process.pid)
            time.sleep(0.02)
            after = activity_of(process.pid)
            assert before is not None
            assert after is not None
            found.append(not after.is_ready and after.cpu_s == before.cpu_s)
        process.kill()
    # It may still be on its way into its sleep.
    assert found[-1] is waits
    assert waits or not any(found)


def test_nothing_is_known_of_a_process_that_is_gone():
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    assert activity_of(process.pid) is None
