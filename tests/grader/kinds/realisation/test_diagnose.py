"""Each mistaken construction, written as a student would, is diagnosed as itself over all networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.realisation import diagnose as realisation
from grader.kinds.realisation import judge as check
from grader.kinds.realisation.constructions import AT_HAND, CONSTRUCTIONS
from grader.kinds.realisation.question import NetworkSizes, RealisationParams, instances
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis
from grader.model.run import CallReading, Fault
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
            calls.append(CallReading(fault=Fault(kind="exception", message="ValueError")))
    return Answer(calls=tuple(calls))


def diagnosed(params: RealisationParams, answer: Answer) -> tuple[Diagnosis, ...]:
    try:
        facts = check.judge(params, answer).facts
    except Unreadable as unreadable:
        return realisation.diagnose_unreadable(params, answer, unreadable).diagnoses
    return realisation.diagnose(params, facts).diagnoses


def ids(answer: Answer) -> list[str]:
    return [one.id for one in diagnosed(PARAMS, answer)]


@pytest.mark.parametrize("mistake", CONSTRUCTIONS, ids=lambda one: f"{one.id} {one.effect.behaves.__name__}")
def test_construction_is_diagnosed_as_itself_alone(mistake: Any) -> None:
    answer = answer_of(AT_HAND.format(example=mistake.shown_by))
    assert check.judge(PARAMS, answer).outcome.verdict != "correct"
    assert ids(answer) == [mistake.id]


def test_the_right_construction_has_no_diagnosis() -> None:
    answer = answer_of(AT_HAND.format(example="start, keep, feed, out"))
    assert check.judge(PARAMS, answer).outcome.verdict == "correct"
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


RIGHT = "start, keep, feed, out"
# State [s_{t-1}; x_t]; the output does the step that is left.
STATE_BEFORE = (
    "{start}, np.vstack([Wssx, np.zeros((m, k))]), np.vstack([np.zeros((n, m)), np.eye(m)]), "
    "Wox @ np.vstack([Wssx, np.hstack([np.zeros((m, n)), np.eye(m)])])"
)
# Right for some networks and not for others of the same sizes, or only when called in order.
FAMILIES = {
    "whole numbers only": "start, keep.astype(int), feed.astype(int), out.astype(int)",
    "entries are clipped": "start, np.clip(keep, -100, 100), np.clip(feed, -100, 100), out",
    "rounded to one decimal": "start, keep.round(1), feed.round(1), out.round(1)",
    "the state before the start is computed backwards": STATE_BEFORE.format(
        start="np.linalg.lstsq(Wssx, s0, rcond=None)[0]"
    ),
    "the first result of these sizes is kept": f"KEPT.setdefault((Wssx.shape, len(Wox)), ({RIGHT}))",
    "the start state of the first of this size is kept": "LAST.setdefault(k, start), keep, feed, out",
}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_right_for_some_networks_only_is_not_right(family: str) -> None:
    source = "KEPT, LAST = {}, {}\n" + AT_HAND.format(example=FAMILIES[family])
    try:
        verdict = check.judge(PARAMS, answer_of(source)).outcome.verdict
    except Unreadable:
        return
    assert verdict in ("partial", "incorrect")


@pytest.mark.parametrize("start", ["np.r_[A @ s0, np.zeros(m)]", "np.r_[A @ s0, s0[:1].repeat(m)]"])
def test_a_start_state_that_is_run_on_is_no_mistake_of_sizes(start: str) -> None:
    """By the numbers of [[1]] it does no harm there, and was blamed on the number of outputs."""
    assert ids(answer_of(AT_HAND.format(example=f"{start}, keep, feed, out"))) == ["start-state-advanced"]


def test_a_state_of_the_step_before_with_s0_in_it_is_one_step_ahead() -> None:
    source = STATE_BEFORE.format(start="np.r_[s0, np.zeros(m)]")
    assert ids(answer_of(AT_HAND.format(example=source))) == ["start-state-advanced"]


def test_only_the_first_output_is_told_as_a_number_of_outputs() -> None:
    params = RealisationParams(
        sizes=tuple(
            NetworkSizes(states=n, inputs=m, outputs=p) for n, m, p in ((1, 1, 1), (2, 3, 1), (2, 3, 4))
        )
    )
    space: dict[str, Any] = {}
    exec(AT_HAND.format(example="start, keep, feed, out[:1]"), space)
    calls = []
    for instance in instances(params):
        made = space["to_rnn_a"](*(np.array(part) for part in instance[:3]))
        calls.append(CallReading(results=(Items(tuple(map(from_numpy, made))),)))
    (told,) = diagnosed(params, Answer(calls=tuple(calls)))
    assert told.message == "It works with 1 output only: is that number written into it?"


def test_no_number_is_blamed_where_a_network_of_other_behaviour_came_back() -> None:
    source = AT_HAND.format(example="start, keep, feed, out if len(out) == 1 else out[::-1]")
    assert ids(answer_of(source)) == []
