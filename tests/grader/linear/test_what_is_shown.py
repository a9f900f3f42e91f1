"""Up to which size the meaning of a state and a drawing are shown, and what they say; by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.judge import judge_answer
from grader.linear.marking import MarkedWeights, mark_weights
from grader.linear.messages import ShownStateMap
from grader.linear.own_network import own_network
from grader.linear.state_meaning import _is_plain, _message
from grader.model.kind import Answer
from grader.model.value import Text, Value


def marked(n: int, wsx: float, wo: float, target: str = "cumsum(x[1])", **asked: Any) -> MarkedWeights:
    """A sum in the first of n states, the others without effect."""
    Wss, Wsx, Wo = np.zeros((n, n)), np.zeros((n, 1)), np.zeros((1, n))
    Wss[0, 0], Wsx[0, 0], Wo[0, 0] = 1, wsx, wo
    made = {"s0": np.zeros(n), "Wss": Wss, "Wsx": Wsx, "Wo": Wo}
    params = LinearSystemParams(structure="rnn-a", inputs=1, target=(target,), **asked)
    judged = judge_answer(params, {name: from_numpy(value) for name, value in made.items()})
    return mark_weights(params, judged)


def about_state(found: MarkedWeights) -> list[str]:
    return [one.message for one in found.feedback if one.code == "state-map"]


@pytest.mark.parametrize(
    ("n", "spare"),
    [
        (1, ""),
        (2, "1 of its 2 dimensions is never seen"),
        (8, "7 of its 8 dimensions are never seen"),
        (9, None),
    ],
)
def test_what_a_state_of_eight_numbers_means_is_told(n: int, spare: str | None) -> None:
    """The state keeps twice the sum: T is 1/2, and 0 for each state without effect."""
    found = marked(n, 2, 0.5)
    assert found.judged.is_right
    if spare is None:
        assert about_state(found) == []
        return
    (message,) = about_state(found)
    assert "T s_t gives it" in message
    assert spare in message
    assert ("never seen" in message) is (n > 1)


def test_a_state_that_is_the_output_as_it_is_needs_no_words() -> None:
    assert about_state(marked(2, 1, 1)) == []
    assert about_state(marked(2, 1, 2)) == []  # it is wrong


@pytest.mark.parametrize(
    ("rows", "is_plain"),
    [
        ([[1, 0], [0, 1]], True),
        ([[0, 1]], True),
        ([[1]], True),
        ([[1, 0], [0, 2]], False),
        ([[0, 2], [1, 0]], False),
        ([[2, 0]], False),
        ([[-1, 0]], False),
        ([[1, 1]], False),
        ([[1, -1]], False),
        ([[1, 0], [1, 1]], False),
        ([[0, 0]], False),
    ],
)
def test_a_state_is_plain_where_each_entry_asked_for_is_one_of_it(rows: Any, is_plain: bool) -> None:
    assert _is_plain(tuple(tuple(map(Fraction, row)) for row in rows)) is is_plain


@pytest.mark.parametrize(("digits", "is_shown"), [(116, True), (117, False)])
def test_a_matrix_of_120_characters_is_shown(digits: int, is_shown: bool) -> None:
    """Four brackets stand about it."""
    assert bool(_message(ShownStateMap(to=["g_t[1]"], matrix=[["1" * digits]]), 1)) is is_shown


@pytest.mark.parametrize(
    ("n", "delay", "is_drawn"), [(12, 2, True), (13, 2, False), (1, 23, True), (1, 24, False)]
)
def test_a_network_is_drawn_up_to_its_mistake_where_that_is_small(n: int, delay: int, is_drawn: bool) -> None:
    """Its output is always 0; what is asked for shows after the delay, one step later than its number."""
    found = marked(n, 1, 0, f"delay(x[1], {delay})")
    assert found.judged.decision.counterexample is not None
    assert len(found.judged.decision.counterexample.inputs) == delay + 1
    assert bool(found.evidence.unrolled) is is_drawn


@pytest.mark.parametrize(("size", "share"), [(None, 1), (2, 1), (3, Fraction(1, 2)), (1, Fraction(1, 2))])
def test_a_state_of_another_size_than_asked_for_earns_half(size: int | None, share: Fraction) -> None:
    found = marked(2, 1, 1, state_size=size)
    assert found.fraction == share
    assert bool(found.other_size) is (share != 1)


@pytest.mark.parametrize(("last", "fraction"), [("1/2", 1), ("1", Fraction(1, 10))])
def test_a_weight_that_is_one_number_is_read_run_and_drawn(last: str, fraction: Fraction) -> None:
    """s_t = a s_t-1 + B x_t adds up where a is 1; with C = 1 it is twice the sum, and right at the start."""
    network = {
        "inputs": {"x": "1"},
        "parameters": {"a": "number", "B": "n x 1", "C": "1 x n"},
        "equations": ["s(t) = a * s(t-1) + B @ x(t)", "y(t) = C @ s(t)"],
    }
    table = {"network": network, "inputs": 1, "target": ["cumsum(x[1])"]}
    params = msgspec.convert(table, LinearSystemParams, dec_hook=lambda _, value: Fraction(value))
    fields: dict[str, Value] = {name: Text(text) for name, text in (("s0", "0"), ("a", "1"), ("B", "2"))}
    found = mark_weights(params, judge_answer(params, {**fields, "C": Text(last)}))
    assert found.fraction == fraction
    assert bool(found.evidence.unrolled) is (fraction != 1)
    own = own_network(params, Answer(fields={**fields, "C": Text(last)}))
    assert {name: own.parameters[name] for name in "aBC"} == {"a": 1, "B": ((2,),), "C": ((Fraction(last),),)}
