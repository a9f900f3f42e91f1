"""All reasons beside one another, all claims with and without weights: what they earn and what is said."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec
import pytest

from grader.errors import Unreadable
from grader.kinds.feasibility import KIND
from grader.kinds.feasibility import judge as feasibility
from grader.kinds.feasibility.question import FeasibilityParams
from grader.model.control import Line, NumbersControl, WordsControl, YesNo
from grader.model.kind import Answer

SUM_TOO = ("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])")
TABLE: dict[str, Any] = {"structure": "rnn-a", "inputs": 3, "target": SUM_TOO}
TOO_SMALL = FeasibilityParams(**TABLE, state_size=2)
FREE = FeasibilityParams(**TABLE)
UNITS = [[[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]]
EYE = [[int(i == j) for j in range(4)] for i in range(4)]
FOUR_STATES = {
    "s0": [0] * 4,
    "Wss": [[0] * 4] * 3 + [EYE[3]],
    "Wsx": [*[row[:3] for row in EYE[:3]], [1] * 3],
    "Wo": EYE,
}

# What is handed in, whether it proves that two states are too few, and what is said: four are needed.
CERTIFICATES: dict[str, Any] = {
    "none": ({}, False, [], 0),
    "good": ({"certificate": UNITS}, True, ["certificate-valid"], 1),
    "small": ({"certificate": UNITS[:2]}, False, ["certificate-too-small"], 1),
}
RANKS: dict[str, Any] = {
    "none": ({}, False, [], 0),
    "good": ({"required_rank": 3, "max_rank": 2}, True, ["certificate-valid"], 1),
    "small": ({"required_rank": 2, "max_rank": 2}, False, ["certificate-too-small"], 1),
    "one": ({"required_rank": 3}, False, ["reason-missing"], 0),
    "other": ({"max_rank": 2}, False, ["reason-missing"], 0),
}
SIZES: dict[str, Any] = {
    "none": (None, []),
    "right": (4, ["state-size-right"]),
    "less": (3, ["state-size-wrong"]),
    "more": (5, ["state-size-wrong"]),
}


@pytest.fixture
def judged(plain: Any) -> Any:
    def make(params: FeasibilityParams, **answer: Any) -> Any:
        return feasibility.judge(
            params, Answer(fields={name: plain(one) for name, one in answer.items()})
        ).outcome

    return make


@pytest.mark.parametrize("certificate", CERTIFICATES)
@pytest.mark.parametrize("ranks", RANKS)
@pytest.mark.parametrize("size", SIZES)
def test_the_best_reason_counts_and_a_wrong_size_beside_it_costs_a_quarter(
    judged: Any, certificate: str, ranks: str, size: str
) -> None:
    given, proves, said, n_shown = CERTIFICATES[certificate]
    more, proves_too, said_too, n_shown_too = RANKS[ranks]
    number, about_size = SIZES[size]
    answer = {**given, **more, **({} if number is None else {"state_size": number})}
    outcome = judged(TOO_SMALL, possible=False, **answer)
    earned = Fraction(int(proves or proves_too))
    if number == 4:
        earned = Fraction(1)
    elif number is not None:
        earned *= Fraction(3, 4)
    assert outcome.fraction == Fraction(1, 2) + earned / 2
    alone = [code for code in said_too if code == "reason-missing"]
    checked = [*said, *(code for code in said_too if code != "reason-missing")]
    nothing = ["reason-missing"] if not answer else []
    codes = [one.code for one in outcome.feedback]
    assert codes == ["possible-right", *checked, *about_size, *alone, *nothing]
    facts = outcome.facts
    assert facts["possible"] == {"claimed": False, "right": True}
    assert len(facts.get("certificate", ())) == n_shown + n_shown_too
    assert ("certificate" in facts) is bool(n_shown + n_shown_too)
    assert facts.get("state_size") == (None if number is None else {"claimed": number, "right": number == 4})
    if number in (3, 5):
        (told,) = [one.message for one in outcome.feedback if one.code == "state-size-wrong"]
        assert ("it takes more" in told) is (number == 3)
    if alone:
        (told,) = [one.message for one in outcome.feedback if "proves nothing" in one.message]
        mine, other = ("required_rank", "max_rank") if ranks == "one" else ("max_rank", "required_rank")
        assert told == f"{mine} alone proves nothing: give {other} as well."


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ({"certificate": "words"}, ["certificate"]),
        ({"required_rank": "three", "max_rank": 2}, ["required_rank"]),
        ({"required_rank": 3, "max_rank": "two"}, ["max_rank"]),
        ({"required_rank": "three", "max_rank": "two"}, ["required_rank", "max_rank"]),
        ({"required_rank": "three"}, ["required_rank alone"]),
        ({"state_size": "many"}, ["state_size"]),
        (
            {"certificate": "words", "max_rank": "two", "state_size": "many"},
            ["certificate", "max_rank alone", "state_size"],
        ),
    ],
)
def test_a_reason_that_cannot_be_read_is_told_and_counts_as_not_given(
    judged: Any, answer: Any, names: list[str]
) -> None:
    outcome = judged(TOO_SMALL, possible=False, **answer)
    assert outcome.fraction == Fraction(1, 2)
    first, *rest = outcome.feedback
    assert first.code == "possible-right"
    assert len(rest) == len(names)
    assert all(one.message.startswith(name) for one, name in zip(rest, names, strict=True))
    assert not {"certificate", "state_size"} & outcome.facts.keys()


@pytest.mark.parametrize(
    ("params", "answer", "fraction", "codes"),
    [
        (TOO_SMALL, {"possible": False, **FOUR_STATES, "certificate": UNITS}, "1", []),
        (TOO_SMALL, {"possible": True}, "0", []),
        (FREE, {"possible": True}, "1/2", ["construction-missing"]),
        (FREE, {"possible": True, "s0": [0]}, "1/2", ["construction-missing"]),
        (FREE, {**FOUR_STATES, "state_size": 4}, "1", []),
        (FREE, {**FOUR_STATES, "state_size": 5}, "7/8", ["state-size-wrong"]),
        (FREE, {"possible": False, **FOUR_STATES}, "1/2", ["contradiction"]),
        (FREE, {"possible": False, "certificate": UNITS}, "0", []),
    ],
)
def test_claims_weights_and_reasons_go_together(
    judged: Any, params: Any, answer: Any, fraction: str, codes: list[str]
) -> None:
    outcome = judged(params, **answer)
    assert outcome.fraction == Fraction(fraction)
    told = [one.code for one in outcome.feedback]
    claims = answer.get("possible", True)
    assert told[0] == ("possible-right" if claims is params.is_possible else "possible-wrong")
    assert outcome.feedback[0].message.startswith(
        "That it is possible" if claims else "That it is not possible"
    )
    for code in ("contradiction", "construction-missing", "state-size-wrong"):
        assert (code in told) is (code in codes)
    has_weights = "Wo" in answer and params is FREE
    assert ("outputs_right" in outcome.facts or len(outcome.evidence) == 2) is has_weights


def test_weights_of_another_size_than_asked_are_told_so(judged: Any) -> None:
    asked = FeasibilityParams(**TABLE, state_size=5)
    outcome = judged(asked, possible=True, **FOUR_STATES)
    codes = [one.code for one in outcome.feedback]
    assert codes.count("state-size") == 1
    exact = judged(FeasibilityParams(**TABLE, state_size=4), possible=True, **FOUR_STATES)
    assert exact.fraction == 1
    assert "state-size" not in [one.code for one in exact.feedback]
    assert all(one.message for one in exact.feedback)


@pytest.mark.parametrize(
    ("fields", "claim"),
    [
        ({"possible": True, "certificate": UNITS}, True),
        ({"possible": "no", **FOUR_STATES}, False),
        (FOUR_STATES, True),
        ({"Wo": EYE}, True),
        ({"certificate": UNITS}, False),
        ({"required_rank": 3}, False),
        ({"max_rank": 3}, None),
        ({"s0": [0]}, None),
        ({}, None),
    ],
)
def test_what_is_handed_in_makes_a_claim_of_its_own(fields: Any, claim: bool | None, plain: Any) -> None:
    answer = Answer(fields={name: plain(one) for name, one in fields.items()})
    if claim is None:
        with pytest.raises(Unreadable) as told:
            feasibility._read_claim(TOO_SMALL, answer)
        assert (told.value.code, told.value.where) == ("missing-field", "possible")
    else:
        assert feasibility._read_claim(TOO_SMALL, answer) is claim


@pytest.mark.parametrize(("size", "is_possible"), [(None, True), (3, False), (4, True), (5, True)])
def test_four_states_are_enough_and_reasons_are_asked_of_fewer(size: int | None, is_possible: bool) -> None:
    params = FeasibilityParams(**TABLE, state_size=size)
    weights = ("s0", "Wss", "Wsx", "Wo")
    assert params.is_possible is is_possible
    reasons = ("certificate", "required_rank", "max_rank", "state_size")
    middle = reasons if not is_possible else ("state_size",) if size is None else ()
    assert KIND.asks(params).optional == ("possible", *middle, *weights, "reason")
    assert KIND.controls is not None
    assert KIND.controls(params) == {
        "possible": YesNo(),
        **dict.fromkeys(weights, NumbersControl(takes_formulas=True)),
        **dict.fromkeys(("required_rank", "max_rank", "state_size"), Line()),
        "certificate": WordsControl(),
        "reason": WordsControl(),
    }


@pytest.mark.parametrize(("credit", "is_asked"), [("0", True), ("1", True), ("-1/9", False), ("10/9", False)])
def test_the_bare_yes_or_no_earns_a_share(credit: str, is_asked: bool, judged: Any) -> None:
    share = Fraction(credit)
    if is_asked:
        params = FeasibilityParams(**TABLE, flag_credit=share)
        assert judged(params, possible=True).fraction == share
    else:
        with pytest.raises(ValueError, match="a share from 0 to 1"):
            FeasibilityParams(**TABLE, flag_credit=share)


def test_what_is_no_question_about_a_linear_network_is_refused() -> None:
    for changed in ({"more": 1}, {"inputs": 0}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**TABLE, **changed}, FeasibilityParams)
