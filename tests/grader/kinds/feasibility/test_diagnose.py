"""Where a claim, a reason or a construction goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from grader.errors import Unreadable
from grader.kinds.feasibility.diagnose import diagnose, diagnose_unreadable
from grader.kinds.feasibility.judge import judge
from grader.kinds.feasibility.question import FeasibilityParams
from grader.model.kind import Answer
from grader.model.value import Fields, Flag, Items, Number, Value

SUM_TOO = ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
B_II = FeasibilityParams(structure="rnn-a", inputs=3, state_size=2, target=SUM_TOO)
C_II = FeasibilityParams(structure="rnn-b", inputs=3, state_size=2, target=SUM_TOO)
C_III = FeasibilityParams(structure="rnn-a", inputs=3, target=SUM_TOO)
UNITS = [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]]


def value(plain: Any) -> Value:
    match plain:
        case bool():
            return Flag(plain)
        case dict():
            return Fields({name: value(part) for name, part in plain.items()})
        case list() | tuple():
            return Items(tuple(map(value, plain)))
    return Number(str(plain), "int")


def ids(params: Any, **fields: Any) -> list[str]:
    answer = Answer(fields={name: value(plain) for name, plain in fields.items()})
    try:
        facts = judge(params, answer).facts
    except Unreadable as unreadable:
        return [one.id for one in diagnose_unreadable(params, answer, unreadable).diagnoses]
    return [one.id for one in diagnose(params, facts).diagnoses]


@pytest.mark.parametrize(
    ("params", "fields", "wanted"),
    [
        (C_II, {"possible": False}, ["limits-of-rnn-a"]),
        (C_III, {"possible": False}, ["state-size-is-free"]),
        (B_II, {"possible": True}, ["outputs-taken-for-free"]),
        (B_II, {"possible": False}, []),
        (B_II, {"possible": False, "state_size": 3}, ["memory-not-counted"]),
        (B_II, {"possible": False, "state_size": 5}, ["stack-is-not-the-least"]),
        (B_II, {"possible": False, "state_size": 4}, []),
        (B_II, {"possible": False, "required_rank": 4, "max_rank": 3}, ["rank-limit-not-the-state"]),
        (B_II, {"possible": False, "required_rank": 2, "max_rank": 2}, ["ranks-equal"]),
        (B_II, {"possible": False, "required_rank": 4, "max_rank": 2}, []),
        (B_II, {"possible": False, "certificate": UNITS[:2]}, ["certificate-too-few"]),
        (B_II, {"possible": False, "certificate": [*UNITS[:2], [[3, 0, 0]]]}, ["certificate-dependent"]),
        (B_II, {"possible": False, "certificate": UNITS}, []),
        (
            B_II,
            {"possible": False, "certificate": {"rows": [(0, 1), (0, 2)], "cols": [(0, 1), (0, 2)]}},
            ["certificate-too-few"],
        ),
    ],
)
def test_reason_is_diagnosed(params: Any, fields: Any, wanted: list[str]) -> None:
    assert ids(params, **fields) == wanted


def test_weights_that_show_it_are_diagnosed_like_any() -> None:
    weights = {
        "s0": [0, 0],
        "Wssx": [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]],
        "Wox": [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 0, 1], [1, 0, 1, 1, 1]],
    }
    assert ids(C_II, possible=True, **weights) == ["current-input-counted-twice"]


def test_a_state_too_small_is_named_beside_what_it_does() -> None:
    eye = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    weights = {"s0": [0, 0, 0], "Wss": [[0] * 3] * 3, "Wsx": eye, "Wo": [*eye, [1, 1, 1]]}
    assert ids(C_III, **weights) == ["too-few-states", "no-memory"]


def test_an_output_matrix_without_columns_for_the_input_is_named() -> None:
    weights = {"s0": [0, 0], "Wssx": [[1, 0, 1, 1, 1], [0] * 5], "Wox": [[0, 0], [0, 0], [0, 0], [1, 0]]}
    assert ids(C_II, **weights) == ["input-columns-missing"]


def test_matrices_for_states_of_two_sizes_are_named() -> None:
    weights = {"s0": [0] * 5, "Wss": [[0] * 5] * 5, "Wsx": [[1] * 3] * 4, "Wo": [[1] * 5] * 4}
    assert ids(C_III, **weights) == ["two-state-sizes"]


def test_weights_of_another_size_are_not_told_to_be_read_off_two_numbers() -> None:
    eye = [[int(i == j) for j in range(4)] for i in range(4)]
    keep = [[0] * 4] * 3 + [eye[3]]
    weights = {"s0": [0] * 4, "Wss": keep, "Wsx": [*(row[:3] for row in eye[:3]), [1] * 3], "Wo": eye}
    fields = {name: value(plain) for name, plain in {"possible": True, **weights}.items()}
    answer = Answer(fields=fields)
    judgement = judge(B_II, answer)
    assert "state-size" in [one.code for one in judgement.outcome.feedback]
    assert diagnose(B_II, judgement.facts).diagnoses == ()


@pytest.mark.parametrize("more", [{"possible": 7}, {}])
def test_weights_that_cannot_be_read_do_not_bring_out_that_there_are_none(more: dict[str, Any]) -> None:
    """Such an answer is invalid and costs no attempt; with weights that can be read the claim is judged."""
    unreadable = {"s0": True, "Wss": True, "Wsx": True, "Wo": True}
    assert ids(B_II, **more, **unreadable) == []


@pytest.mark.parametrize(
    ("certificate", "told"),
    [
        ([[[1, 0, 0]], [[2, 0, 0]], [[3, 0, 0]]], "one of them gives the others"),
        ([*UNITS[:2], [[3, 0, 0]]], "only 2 of them are independent"),
        ([[[0, 0, 0]]] * 3, "What is asked after your 3 input sequences is zero throughout"),
        ({"rows": [(1, 1), (1, 2), (1, 3)], "cols": [(0, 1), (0, 2), (0, 3)]}, "Hankel matrix is zero"),
        ({"rows": [(1, 4), (2, 4), (3, 4)], "cols": [(0, 1), (0, 2), (0, 3)]}, "only 1 independent row:"),
        ({"rows": [(0, 4), (0, 1), (1, 4)], "cols": [(0, 1), (0, 2), (1, 3)]}, "only 2 independent rows:"),
    ],
)
def test_what_depends_on_what_is_told_truly(certificate: Any, told: str) -> None:
    """By hand: x_1 = e_1, 2 e_1, 3 e_1 ask for multiples of (1, 0, 0, 1); delays of 1 show the sum only."""
    fields = {"possible": value(False), "certificate": value(certificate)}
    (found,) = diagnose(B_II, judge(B_II, Answer(fields=fields)).facts).diagnoses
    assert told in found.message
