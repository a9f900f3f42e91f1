"""Follow-through in sequences: one slip costs its own step, and no trick makes it cost less."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.api.marking import load
from grader.kinds.trace import KIND
from grader.kinds.trace.question import TraceParams, hand_trace
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.networks.hand_trace import Boxes, HandedIn
from grader.networks.library import library_network

# CE/CZ4042 Tutorial 8, question 1.
SHEET: dict[str, Any] = {
    "x": [[1, 2, -1], [-1, 1, -2], [0, 3, 1], [2, -1, 0]],
    "U": [[-1.0, 0.5], [0.5, 0.1], [0.2, -2.0]],
    "V": [[2.0], [-1.5]],
    "b": [0.2, 0.2],
    "c": [0.5],
}
# Found by hill climbing: nothing saturates, so whatever is fed back shows.
CALM: dict[str, Any] = {
    "x": [[-0.5, -1.5, -0.5], [0, 1.5, 1], [-0.5, 1.5, 0], [1, -1.5, -1.5]],
    "U": [[-0.6, 0.9], [-1.2, 0.3], [0.7, -1]],
    "V": [[1.1], [-0.9]],
    "b": [0.6, 1.0],
    "c": [0.5],
}
TABLES = {
    title: {
        "network": library_network(f"library/{title.partition(' ')[2]}").network,
        "values": {"W": W, **(SHEET if title.startswith("sheet") else CALM)},
    }
    for title, W in {
        "sheet elman": [[2.0, 1.3], [1.5, 0.0]],
        "sheet jordan": [[2.0, 1.3]],
        "calm elman": [[-2.7, -1.4], [0.9, 0.4]],
        "calm jordan": [[-3.6, -0.9]],
    }.items()
}
QUESTIONS = {title: msgspec.convert(table, TraceParams) for title, table in TABLES.items()}


def work_on(
    params: TraceParams, slips: dict[str, list[float]], *, skip: frozenset[str] = frozenset()
) -> dict[str, list[list[float]]]:
    """Hand calculation to 2 places with some values replaced, everything after them from what is written.

    `skip` names values that are put down but not used further.
    """
    xs, U, W, V, b, c = (params.values[name] for name in "xUWVbc")
    back, hs, ys = [0.0] * len(W), [], []
    for t, x in enumerate(xs, start=1):
        u = [
            b[j]
            + sum(x[i] * U[i][j] for i in range(len(x)))
            + sum(back[i] * W[i][j] for i in range(len(back)))
            for j in range(len(b))
        ]
        honest = [round(math.tanh(v), 2) for v in u]
        h = slips.get(f"h{t}", honest)
        used = honest if f"h{t}" in skip else h
        v = [c[k] + sum(used[j] * V[j][k] for j in range(len(used))) for k in range(len(c))]
        y = slips.get(f"y{t}", [round(1 / (1 + math.exp(-w)), 2) for w in v])
        back = used if "h(t-1)" in params.network.equations[0] else y
        hs.append(h)
        ys.append(y)
    return {"h": hs, "y": ys}


def judge(params: TraceParams, plain: Any, **fields: Any) -> Outcome:
    return KIND.judge(params, Answer(fields={name: plain(value) for name, value in fields.items()})).outcome


def lost(outcome: Outcome) -> list[int]:
    return [step["t"] for step in outcome.facts["steps"] if step["credit"] != "1"]


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.feedback]


@pytest.mark.parametrize("title", QUESTIONS)
def test_honest_rounded_working_is_right(title: str, plain: Any) -> None:
    assert judge(QUESTIONS[title], plain, **work_on(QUESTIONS[title], {})).fraction == 1


def test_without_decimals_nothing_is_said_to_follow(plain: Any) -> None:
    """0 and 1 are a unit apart, which earns half; every activation lies within half a unit of both."""
    params = msgspec.structs.replace(QUESTIONS["sheet jordan"], places=0)
    right = [round(row[0]) for row in work_on(params, {})["y"]]
    for given in itertools.product((0, 1), repeat=4):
        n_wrong = sum(a != b for a, b in zip(given, right, strict=True))
        outcome = judge(params, plain, y=[[one] for one in given])
        assert outcome.fraction == 1 - Fraction(n_wrong, 8)


@pytest.mark.parametrize("title", ["sheet elman", "calm elman", "calm jordan"])
@pytest.mark.parametrize("t", [1, 2, 3, 4])
def test_one_slip_in_h_costs_exactly_its_step(title: str, t: int, plain: Any) -> None:
    params = QUESTIONS[title]
    answer = work_on(params, {f"h{t}": [0.31, 0.47]})
    outcome = judge(params, plain, **answer)
    assert lost(outcome) == [t]
    assert outcome.fraction == Fraction(3, 4)
    assert outcome.facts["first_wrong_working_step"] == t
    assert any(f"h({t})" in one.message for one in outcome.feedback)


@pytest.mark.parametrize("t", [1, 2, 3])
def test_one_slip_in_a_fed_back_output_costs_exactly_its_step(t: int, plain: Any) -> None:
    params = QUESTIONS["calm jordan"]
    answer = work_on(params, {f"y{t}": [0.85]})
    for fields in (answer, {"y": answer["y"]}):
        outcome = judge(params, plain, **fields)
        assert lost(outcome) == [t]
        assert outcome.facts["slips"] == [f"y({t})"]


def test_slip_in_an_output_that_is_not_fed_back_costs_its_step(plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    assert lost(judge(params, plain, **work_on(params, {"y2": [0.85]}))) == [2]


def test_two_slips_cost_two_steps(plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    outcome = judge(params, plain, **work_on(params, {"h1": [0.31, 0.47], "h3": [0.2, -0.6]}))
    assert lost(outcome) == [1, 3]


def test_without_h_nothing_follows_in_an_elman_network(plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    answer = work_on(params, {"h1": [0.31, 0.47]})
    assert len(lost(judge(params, plain, y=answer["y"]))) > 1


@pytest.mark.parametrize("title", QUESTIONS)
def test_handing_in_h_never_lowers_a_mark(title: str, plain: Any) -> None:
    params = QUESTIONS[title]
    rng = np.random.default_rng(2)
    for _ in range(200):
        answer = work_on(params, {f"y{rng.integers(1, 5)}": [round(float(rng.uniform(0, 1)), 2)]})
        h = rng.uniform(-1, 1, (4, 2)).round(2).tolist()
        alone = judge(params, plain, y=answer["y"])
        assert judge(params, plain, y=answer["y"], h=h).fraction >= alone.fraction
        assert judge(params, plain, **answer).fraction >= alone.fraction


@pytest.mark.parametrize(
    ("trivial", "words"),
    [
        ([0.0, 0.0], "not right, and next to 0 or ±1 throughout"),
        ([-1.0, 1.0], "not right, and next to 0 or ±1 throughout"),
        ([3.0, -0.2], "no value that its activation takes"),
    ],
)
def test_it_is_told_why_nothing_follows(trivial: list[float], words: str, plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    outcome = judge(params, plain, **work_on(params, {"h1": trivial}))
    assert any(words in one.message for one in outcome.feedback if one.code == "not-followed")


@pytest.mark.parametrize("small", [[0.01, -0.03], [0.05, 0.02]])
def test_a_small_slip_costs_its_own_step_where_no_gate_passes_it_on(small: list[float], plain: Any) -> None:
    # The next state is the tanh of a sum: whoever has it has worked it out.
    params = QUESTIONS["calm elman"]
    outcome = judge(params, plain, **work_on(params, {"h1": small}))
    assert lost(outcome) == [1]
    assert "not-followed" not in codes(outcome)


def test_working_with_too_few_decimals_is_told_that_and_not_that_it_is_wrong(plain: Any) -> None:
    """The sheet's working, every value rounded to one decimal: nothing in it is a slip of computing."""
    h = [[0.0, 1.0], [1.0, 1.0], [1.0, -0.2], [-0.5, 1.0]]
    outcome = judge(QUESTIONS["sheet elman"], plain, y=[0.27, 0.73, 0.94, 0.12], h=h)
    (told,) = [one.message for one in outcome.feedback if one.code == "working-step"]
    assert told == "Your intermediate values h have fewer decimals than were asked, first in h(1)."
    h[2][1] = -0.4
    outcome = judge(QUESTIONS["sheet elman"], plain, y=[0.27, 0.73, 0.94, 0.12], h=h)
    (told,) = [one.message for one in outcome.feedback if one.code == "working-step"]
    assert "first step that is not right" in told


@pytest.mark.parametrize("trivial", [[0.0, 0.0], [1.0, 1.0], [-1.0, 1.0], [3.0, -0.2], [1e9, 1e9]])
def test_nothing_follows_from_a_trivial_slip(trivial: list[float], plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    outcome = judge(params, plain, **work_on(params, {"h1": trivial}))
    assert lost(outcome)[:2] == [1, 2]
    assert "not-followed" in codes(outcome)
    # h(2) is no slip of its own size: what follows from it counts again.
    assert 4 not in lost(outcome)


def test_rest_made_trivial_step_by_step_earns_nothing(plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    answer = work_on(params, {f"h{t}": [0.0, 0.0] for t in (1, 2, 3, 4)})
    assert judge(params, plain, **answer).fraction == 0


def test_saturated_values_that_are_right_carry_on(plain: Any) -> None:
    # h(2) = (.99, 1.00) and h(3) = (1.00, -.21) of the sheet, with a slip at h(1) that changes nothing after.
    params = QUESTIONS["sheet elman"]
    outcome = judge(params, plain, **work_on(params, {"h1": [0.5, 0.99]}))
    assert lost(outcome) == [1]


def test_right_values_after_a_wrong_one_are_credited_and_flagged_for_staff(plain: Any) -> None:
    params = QUESTIONS["calm elman"]
    answer = work_on(params, {"h2": [0.31, 0.47]}, skip=frozenset({"h2"}))
    outcome = judge(params, plain, **answer)
    assert outcome.fraction == 1
    flagged = [one for one in outcome.feedback if one.code == "does-not-follow"]
    assert [one.audience for one in flagged] == ["staff"]
    assert "y(2)" in flagged[0].message
    assert "h(3)" in flagged[0].message


@pytest.mark.parametrize("title", QUESTIONS)
def test_right_working_is_not_flagged(title: str, plain: Any) -> None:
    assert "does-not-follow" not in codes(judge(QUESTIONS[title], plain, **work_on(QUESTIONS[title], {})))


@pytest.mark.parametrize("title", QUESTIONS)
def test_boxes_hold_all_that_can_be_computed_from_a_written_value(title: str) -> None:
    params = QUESTIONS[title]
    x, U, W, V, b, c = (np.array(params.values[name]) for name in "xUWVbc")
    fed_back = "h" if "h(t-1)" in params.network.equations[0] else "y"
    rng = np.random.default_rng(4)
    middle = rng.uniform(-0.9, 0.9, (4, len(W)))
    boxes = Boxes(hand_trace(params), {fed_back: HandedIn(middle, np.ones(middle.shape, dtype=bool))})
    for t in range(1, 4):
        corners = np.array(np.meshgrid(*[[-0.005, 0.005]] * len(W))).reshape(len(W), -1).T + middle[t - 1]
        h = np.tanh(x[t] @ U + corners @ W + b)
        lower, upper = boxes.computed("h", t)
        # The bounds are reached: they are exact, not merely safe.
        np.testing.assert_allclose(h.min(axis=0), lower, atol=1e-12)
        np.testing.assert_allclose(h.max(axis=0), upper, atol=1e-12)
        if fed_back == "y":
            inside = middle[t - 1] + rng.uniform(-0.005, 0.005, (100, len(W)))
            y = 1 / (1 + np.exp(-(np.tanh(x[t] @ U + inside @ W + b) @ V + c)))
            lower, upper = boxes.computed("y", t)
            assert ((y >= lower) & (y <= upper)).all()


def test_without_decimals_nothing_is_taken_to_follow(plain: Any) -> None:
    params = msgspec.structs.replace(QUESTIONS["calm jordan"], places=0)
    outcome = judge(params, plain, y=[[5.0]] * 4)
    assert outcome.fraction == 0


@pytest.mark.parametrize(
    ("question", "values"),
    [
        # h(t) lies between n(t), a tanh, and h(t-1): in -1 to 1. A gate that more saturates passes it on.
        *(("gru_hand", {"h": [[a, b]] * 3}) for a in (5, 1000) for b in (5, 1000, -1000)),
        # h(t) = o(t) tanh c(t) is at most c(t): next to nothing, whatever o(t) is.
        *(("lstm_hand", {"c": [c] * 4, "h": [h] * 4}) for c in ("0.01", 0.05) for h in ("0.01", 0.015)),
    ],
)
def test_no_constant_that_makes_its_step_trivial_earns_anything(
    question: str, values: dict[str, Any], plain: Any
) -> None:
    (params,) = (one.params for one in load("gated-networks").questions if one.id == question)
    assert judge(params, plain, **values).fraction == 0
