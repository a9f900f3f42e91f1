"""What is done before many children are forked fills caches, and is seen by none of them."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from grader.model.exercise import Limits
from grader.model.run import Read
from grader.model.submission import AnswerFile, Submission
from grader.model.value import Flag, Value
from grader.sandbox import Sandbox
from grader.sandbox.host.alone import Alone
from grader.sandbox.host.frames import AllRead, FrameReader, Loaded, Named, Result
from grader.sandbox.host.turns import Turns
from grader.sandbox.inside import rehearsal
from grader.sandbox.inside.faults import ABSENT_NAMES
from grader.sandbox.inside.objects import STUDENT_MODULES

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="files in memory are Linux's")

Value_in = Callable[[str, Alone], Value]

WORLD = """
import builtins, os, signal, sys
value = [
    sorted(sys.modules), [type(one).__name__ for one in sys.meta_path], sorted(vars(builtins)),
    sorted(os.environ), sys.argv, os.getcwd(), str(signal.getitimer(signal.ITIMER_PROF)[1] > 0),
    sorted(vars(sys.modules["__main__"])),
]
"""

THREADS = """
import threading
began = []
thread = threading.Thread(target=lambda: began.append(threading.get_ident()))
thread.start()
thread.join(5)
main = threading.main_thread()
value = (
    len(began) == 1 and main is threading.current_thread() and main.ident == threading.get_ident()
    and began[0] != main.ident and threading.enumerate() == [main]
)
"""

RANDOM = "import random\nvalue = random.random()"


@pytest.fixture(scope="module")
def value_in() -> Value_in:
    def value_in(text: str, place: Alone) -> Value:
        handed_in = Submission(
            student="ada", files=(AnswerFile("answer.py", text.encode()),), digest="sha256:0"
        )
        result = sandbox.run(handed_in, [Read("value")], Limits(), place)
        assert not result.faults
        return result.names["value"]

    with Sandbox() as sandbox:
        yield value_in


def test_a_rehearsal_does_what_children_do_and_leaves_no_trace():
    before = dict(sys.modules), list(sys.meta_path)
    frames = list(FrameReader().feed(rehearsal.rehearse()))
    n_results = 2 * 2 * rehearsal.ROUNDS
    assert [type(one) for one in frames] == [Loaded, *[Named] * 3, AllRead, *[Result] * n_results]
    assert not frames[0].faults
    assert not frames[4].absent
    assert (dict(sys.modules), list(sys.meta_path)) == before
    assert not STUDENT_MODULES
    assert not ABSENT_NAMES


def test_an_answer_in_a_lane_finds_the_same_world_as_one_alone(value_in):
    alone = value_in(WORLD, Alone())
    with Turns(2, lambda: None, lambda: True).place() as place:
        assert value_in(WORLD, place) == alone


def test_an_answer_may_use_threads(value_in):
    with Turns(2, lambda: None, lambda: True).place() as place:
        assert [value_in(THREADS, one) for one in (Alone(), place)] == [Flag(True)] * 2


def test_two_answers_draw_different_random_numbers(value_in):
    with Turns(2, lambda: None, lambda: True).place() as place:
        assert len({value_in(RANDOM, place).text for _ in range(3)}) == 3


def test_gaps_between_objects_are_filled_within_bounds():
    kept = rehearsal.fill_gaps()
    assert len(rehearsal.MAKERS) <= len(kept) <= len(rehearsal.MAKERS) * rehearsal.MOST_OF_A_SIZE
    assert sum(map(sys.getsizeof, kept)) < 16 << 20
    assert {(sys.getsizeof(one) + 15) // 16 for one in kept} == set(range(1, 33))
