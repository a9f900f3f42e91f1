"""Each mistaken construction, written as a student would, is diagnosed as itself over all networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.checks import realisation as check
from grader.diagnosis import realisation
from grader.errors import Unreadable
from grader.linear.mistakes.constructions import AT_HAND, CONSTRUCTIONS
from grader.linear.realisation import NetworkSizes, RealisationParams, instances
from grader.model.check import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading
from grader.model.value import Items

SHEET = ((1, 1, 1), (2, 3, 4), (3, 1, 2), (1, 4, 2), (4, 2, 5))
PARAMS = RealisationParams(
    sizes=tuple(NetworkSizes(states=n, inputs=m, outputs=p) for n, m, p in SHEET), seed=0
)


def answer_of(source: str) -> Answer:
    space: dict[str, Any] = {}
    exec(source, space)
    calls = []
    for instance in instances(PARAMS):
        try:
            made = space["to_rnn_a"](*(np.array(part) for part in instance[:3]))
            calls.append(CallReading(results=(Items(tuple(map(from_numpy, made))),)))
        except ValueError:
            calls.append(CallReading())
    return Answer(calls=tuple(calls))


def ids(answer: Answer) -> list[str]:
    outcome = Outcome(verdict="incorrect", fraction=0)  # type: ignore[arg-type]
    return [one.id for one in realisation.diagnose(PARAMS, answer, outcome).diagnoses]


@pytest.mark.parametrize("mistake", CONSTRUCTIONS, ids=lambda one: f"{one.id} {one.behaves.__name__}")
def test_construction_is_diagnosed_as_itself_alone(mistake: Any) -> None:
    answer = answer_of(AT_HAND.format(example=mistake.example))
    assert check.judge(PARAMS, answer).verdict != "correct"
    assert ids(answer) == [mistake.id]


def test_the_right_construction_has_no_diagnosis() -> None:
    answer = answer_of(AT_HAND.format(example="start, keep, feed, out"))
    assert check.judge(PARAMS, answer).verdict == "correct"
    assert ids(answer) == []


def test_sizes_written_into_the_function_are_named() -> None:
    source = """
import numpy as np

def to_rnn_a(s0, Wssx, Wox):
    if Wssx.shape != (2, 5):
        raise ValueError
    Wss = np.zeros((5, 5))
    Wss[:2, :2] = Wssx[:, :2]
    return np.r_[s0, 0, 0, 0], Wss, np.vstack([Wssx[:, 2:], np.eye(3)]), Wox
"""
    assert ids(answer_of(source)) == ["sizes-written-in"]


def test_a_start_state_left_out_of_the_result_is_named() -> None:
    assert ids(answer_of(AT_HAND.format(example="keep, feed, out"))) == ["start-state-not-returned"]


def test_a_result_that_is_no_network_is_told_with_the_sizes_it_came_of() -> None:
    two_states = "def to_rnn_a(s0, Wssx, Wox):\n    return s0, Wssx[:2, :2], Wssx[:2, 2:], Wox[:, :2]"
    with pytest.raises(Unreadable, match="For an RNN-B of 1 state, 1 input, 1 output: Wss: a 1 x 2 matrix"):
        check.judge(PARAMS, answer_of(two_states))
