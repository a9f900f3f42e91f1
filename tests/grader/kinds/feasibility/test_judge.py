"""What the parts of a claim are worth together; 1(b)ii, of which a half is for the yes or no."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from grader.kinds.feasibility import judge as feasibility
from grader.kinds.feasibility.question import FeasibilityParams
from grader.model.kind import Answer
from grader.model.value import Fields

SUM_TOO = ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
B_II = FeasibilityParams(structure="rnn-a", inputs=3, state_size=2, target=SUM_TOO)
C_III = FeasibilityParams(structure="rnn-a", inputs=3, target=SUM_TOO)
UNITS = [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]]
EYE = [[int(i == j) for j in range(4)] for i in range(4)]
FOUR_STATES = {
    "s0": [0] * 4,
    "Wss": [[0] * 4] * 3 + [EYE[3]],
    "Wsx": [*[row[:3] for row in EYE[:3]], [1] * 3],
    "Wo": EYE,
}


def judged(plain: Any, params: Any = B_II, **answer: Any) -> Any:
    fields = plain(answer)
    assert isinstance(fields, Fields)
    return feasibility.judge(params, Answer(fields=fields.fields)).outcome


@pytest.mark.parametrize("unreadable", ["at least 3", [4, 2], None, [[1]] * 3, -1, "4x"])
def test_a_state_size_that_cannot_be_read_is_one_that_is_not_given(unreadable: Any, plain: Any) -> None:
    with_reason = judged(plain, possible=False, certificate=UNITS, state_size=unreadable)
    alone = judged(plain, possible=False, state_size=unreadable)
    assert (with_reason.fraction, alone.fraction) == (1, Fraction(1, 2))
    for outcome in (with_reason, alone):
        assert any("state_size" in one.message for one in outcome.feedback)


def test_a_start_state_alone_is_no_weights_and_claims_nothing(plain: Any) -> None:
    assert judged(plain, s0=[0, 0], certificate=UNITS).fraction == 1
    assert judged(plain, possible=False, s0=[0, 0], certificate=UNITS).fraction == 1


@pytest.mark.parametrize("four", [4, "4", (4, 1), [4], "4x1", "(4,)", "4 x 1", 4.0])
def test_a_state_size_may_be_written_as_the_shape_of_a_column(four: Any, plain: Any) -> None:
    assert judged(plain, possible=False, state_size=four).fraction == 1


@pytest.mark.parametrize("ranks", [("three", 2), (3, "two"), ([3, 1], 2), (None, None)])
def test_ranks_that_cannot_be_read_are_not_given(ranks: Any, plain: Any) -> None:
    required, available = ranks
    answer = {"possible": False, "required_rank": required, "max_rank": available}
    assert judged(plain, **answer).fraction == Fraction(1, 2)
    assert judged(plain, **answer, state_size=4).fraction == 1


def test_an_unreadable_state_size_beside_weights_costs_nothing(plain: Any) -> None:
    assert judged(plain, C_III, **FOUR_STATES, state_size="as many as needed").fraction == 1
    assert judged(plain, C_III, **FOUR_STATES, state_size=(4, 1)).fraction == 1
    assert judged(plain, C_III, **FOUR_STATES, state_size=3).fraction == Fraction(7, 8)


@pytest.mark.parametrize(
    "more",
    [
        {"certificate": UNITS[:2]},
        {"required_rank": 2, "max_rank": 2},
        {"certificate": "words"},
        {"max_rank": 2},
    ],
)
def test_another_reason_beside_a_good_one_costs_nothing(more: Any, plain: Any) -> None:
    for good in ({"state_size": 4}, {"certificate": UNITS}, {"required_rank": 3, "max_rank": 2}):
        assert judged(plain, possible=False, **{**more, **good}).fraction == 1


def parts_right(wrong_entry: int) -> dict[str, Any]:
    """Weights that do C_III's job but for one output, which is zero throughout."""
    Wo = [list(row) for row in EYE]
    Wo[wrong_entry][wrong_entry] = 0
    return {**FOUR_STATES, "Wo": Wo}


@pytest.mark.parametrize(
    ("answer", "fraction", "code"),
    [
        # flag_credit is a half: the yes or no earns it, the weights the rest.
        ({"possible": True, **FOUR_STATES}, "1", "possible-right"),
        (FOUR_STATES, "1", "possible-right"),
        ({"possible": True, **parts_right(3)}, "7/8", "possible-right"),
        ({"possible": True}, "1/2", "construction-missing"),
        # A "no" beside weights that work: the yes or no is lost, the work is not.
        ({"possible": False, **FOUR_STATES}, "1/2", "contradiction"),
        ({"possible": False, **parts_right(3)}, "3/8", "contradiction"),
        ({"possible": False}, "0", "possible-wrong"),
        ({"possible": False, "required_rank": 5, "max_rank": 4}, "0", "possible-wrong"),
    ],
)
def test_what_a_claim_and_weights_earn_where_it_is_possible(
    answer: Any, fraction: str, code: str, plain: Any
) -> None:
    outcome = judged(plain, C_III, **answer)
    assert outcome.fraction == Fraction(fraction)
    assert code in [one.code for one in outcome.feedback]


@pytest.mark.parametrize(
    ("answer", "fraction", "code"),
    [
        ({"possible": False, "certificate": UNITS}, "1", "certificate-valid"),
        ({"possible": False, "certificate": UNITS[:2]}, "1/2", "certificate-too-small"),
        ({"possible": False}, "1/2", "reason-missing"),
        ({"possible": False, "state_size": 4}, "1", "state-size-right"),
        ({"possible": False, "state_size": 5}, "1/2", "state-size-wrong"),
        ({"possible": False, "certificate": UNITS, "state_size": 5}, "7/8", "state-size-wrong"),
        ({"possible": False, "certificate": UNITS[:2], "state_size": 4}, "1", "certificate-too-small"),
        # Weights beside a right "no" earn nothing and cost nothing.
        ({"possible": False, "certificate": UNITS, **FOUR_STATES}, "1", "certificate-valid"),
        ({"possible": True, "certificate": UNITS}, "0", "possible-wrong"),
        ({"possible": True, "state_size": 4}, "0", "possible-wrong"),
    ],
)
def test_what_a_claim_and_a_reason_earn_where_it_is_not_possible(
    answer: Any, fraction: str, code: str, plain: Any
) -> None:
    outcome = judged(plain, B_II, **answer)
    assert outcome.fraction == Fraction(fraction)
    assert code in [one.code for one in outcome.feedback]


def test_a_rank_that_is_enough_is_not_said_to_be_the_one_that_is_needed(plain: Any) -> None:
    """M_0 has rank 3, which rules out two states; the whole Hankel matrix has rank 4."""
    told = {}
    for rank in (3, 4):
        outcome = judged(plain, possible=False, required_rank=rank, max_rank=2)
        assert outcome.fraction == 1
        told[rank] = next(one.message for one in outcome.feedback if one.code == "certificate-valid")
    assert told[4].startswith("The behaviour needs rank 4,")
    assert "behaviour needs rank 3," not in told[3]
    assert "the whole of it more" in told[3]
    assert "4" not in told[3]
