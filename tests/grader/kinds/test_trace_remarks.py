"""What is said and drawn of working by hand, for each place where a slip can stand; sums in the head."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.trace import KIND
from grader.kinds.trace.judge import _matrix, _number, _rows
from grader.kinds.trace.key import without
from grader.kinds.trace.layers import read_intermediate_values
from grader.kinds.trace.question import MAX_PLACES, TraceParams, expected, hand_trace
from grader.model.kind import Answer

NUMBERS = {"h": "number", "y": "number", "g": "number"}


def table(*equations: str, asked: tuple[str, ...] = ("y",), **more: Any) -> dict[str, Any]:
    names = [one.partition("(")[0].partition(" ")[0] for one in equations]
    network = {
        "inputs": {"x": "number"},
        "equations": list(equations),
        "sizes": dict.fromkeys(names, "number"),
    }
    return {"network": network, "values": {"x": [1, 2, 3]}, "asked": list(asked), **more}


# h = 1, 4, 11 and y = 4, 13, 34.
FORWARD = table("h(t) = 2 * h(t-1) + x(t)", "y(t) = 3 * h(t) + 1")
# h = 1, 4, 11 and y = 2, 8, 22.
BACK = table("h(t) = x(t) + y(t-1)", "y(t) = 2 * h(t)")
# g = 2, 3, 4; h = 2, 7, 18; y = 4, 10, 22.
TWO = table("g(t) = x(t) + 1", "h(t) = 2 * h(t-1) + g(t)", "y(t) = h(t) + g(t)")


@pytest.fixture
def judged(plain: Any) -> Any:
    def make(question: dict[str, Any], **fields: Any) -> Any:
        params = msgspec.convert(question, TraceParams)
        return KIND.judge(
            params, Answer(fields={name: plain(value) for name, value in fields.items()})
        ).outcome

    return make


# y = 1, 3, 6 and h = 2, 6, 12.
READ = table("y(t) = x(t) + y(t-1)", "h(t) = 2 * y(t)")


SLIP, AT = (
    "the slip is in {}; all later {} follow rightly from it.",
    "{} is the first step that is not right.",
)


@pytest.mark.parametrize(
    ("question", "fields", "credits", "slips", "first", "said"),
    [
        (FORWARD, {"y": [4, 13, 34]}, "111", None, msgspec.UNSET, None),
        (FORWARD, {"y": [4, 13, 34], "h": "x"}, "111", None, None, None),
        (FORWARD, {"y": [4, 13, 34], "h": [1, 4, 11]}, "111", None, None, "h are right at every step."),
        (FORWARD, {"y": [4, 13, 35], "h": [1, 4, 11]}, "110", None, None, "so look at how y follows from h."),
        # The first row that a slip of working reaches is not paid for.
        (FORWARD, {"y": [7, 19, 46], "h": [2, 6, 15]}, "011", ["h(1)"], 1, SLIP.format("h(1)", "h")),
        (FORWARD, {"y": [4, 16, 40], "h": [1, 5, 13]}, "101", ["h(2)"], 2, SLIP.format("h(2)", "h")),
        # Of the last step nothing follows.
        (FORWARD, {"y": [4, 13, 37], "h": [1, 4, 12]}, "110", None, 3, AT.format("h(3)")),
        (FORWARD, {"y": [7, 19, 49], "h": [2, 6, 16]}, "010", ["h(1)", "h(3)"], 1, AT.format("h(1)")),
        (FORWARD, {"y": [4, 13, 34], "h": [2, 6, 15]}, "111", None, 1, SLIP.format("h(1)", "h")),
        (FORWARD, {"y": [4, 13, 34], "h": [2, 6, 16]}, "111", None, 1, AT.format("h(1)")),
        # Of an output that is fed back the slip costs itself.
        (
            BACK,
            {"y": [3, 10, 26], "h": [1, 5, 13]},
            "011",
            ["y(1)"],
            2,
            "the slip is in y(1); h(2) follows rightly",
        ),
        (
            BACK,
            {"y": [2, 9, 24], "h": [1, 4, 12]},
            "101",
            ["y(2)"],
            3,
            "the slip is in y(2); h(3) follows rightly",
        ),
        (BACK, {"y": [3, 10, 27], "h": [1, 5, 13]}, "010", ["y(1)", "y(3)"], 2, "the slip is in y(1); h(2)"),
        (BACK, {"y": [3, 10, 26], "h": [2, 5, 13]}, "011", ["h(1)", "y(1)"], 1, SLIP.format("h(1)", "h")),
        (
            TWO,
            {"y": [4, 10, 22], "h": [2, 7, 18], "g": [2, 3, 4]},
            "111",
            None,
            None,
            "g and h are right at every",
        ),
        (
            TWO,
            {"y": [4, 10, 23], "h": [2, 7, 18], "g": [2, 3, 4]},
            "110",
            None,
            None,
            "how y follows from them.",
        ),
        (
            TWO,
            {"y": [6, 12, 26], "h": [3, 9, 22], "g": [3, 3, 4]},
            "011",
            ["g(1)"],
            1,
            SLIP.format("g(1)", "values"),
        ),
    ],
)
def test_the_first_slip_is_found_and_what_follows_from_it_counts(
    judged: Any, question: Any, fields: Any, credits: str, slips: Any, first: Any, said: str | None
) -> None:
    outcome = judged(question, **fields)
    assert "".join(step["credit"] for step in outcome.facts["steps"]) == credits
    assert [step["t"] for step in outcome.facts["steps"]] == [1, 2, 3]
    assert all("variable" not in step for step in outcome.facts["steps"])
    assert outcome.facts.get("slips") == slips
    assert outcome.facts.get("first_wrong_working_step", msgspec.UNSET) == first
    told = [one.message for one in outcome.feedback if one.code in ("working-right", "working-step")]
    if said is None:
        assert told == []
        return
    assert len(told) == 1
    assert said in told[0]
    is_solved = credits == "111"
    assert told[0].endswith("Look there first.") is (first is not None and not is_solved)
    copied = [one for one in outcome.feedback if one.code == "does-not-follow"]
    assert bool(copied) is (is_solved and first is not None)
    assert all(one.audience == "staff" for one in copied)


@pytest.mark.parametrize(
    ("equation", "y", "credits"),
    [("y(t) = 3 * h(t) + 1", [7, 19, 46], "011"), ("y(t) = tanh(h(t)) * 100", [100, 100, 100], "111")],
)
def test_to_whole_numbers_values_follow_only_where_nothing_is_rounded(
    judged: Any, equation: str, y: Any, credits: str
) -> None:
    """100 tanh(1), tanh(4), tanh(11) are 76, 100 and 100: a whole number is within reach of too many."""
    outcome = judged(table("h(t) = 2 * h(t-1) + x(t)", equation, places=0), y=y, h=[2, 6, 15])
    found = [step["codes"] for step in outcome.facts["steps"]]
    if credits == "011":
        assert found == [["wrong"], ["follows-through"], ["follows-through"]]
    else:
        assert found == [["wrong"], ["right"], ["right"]]


def test_a_matrix_is_no_working_and_is_not_asked() -> None:
    own = {
        "inputs": {"x": "n"},
        "parameters": {"A": "n x n", "B": "n x n"},
        "equations": ["M = A @ B", "h(t) = M @ x(t)"],
    }
    values = {"x": [[1, 2], [3, 4]], "A": [[1, 0], [1, 1]], "B": [[2, 0], [0, 3]]}
    params = msgspec.convert({"network": own, "values": values}, TraceParams)
    # M = [[2, 0], [2, 3]].
    assert {name: rows.tolist() for name, rows in expected(params).items()} == {"h": [[2, 8], [6, 18]]}
    with pytest.raises(msgspec.ValidationError, match="M is a matrix"):
        msgspec.convert({"network": own, "values": values, "asked": ["M"]}, TraceParams)


def test_what_is_right_though_its_own_working_is_not_is_named_to_staff_step_by_step(judged: Any) -> None:
    outcome = judged(FORWARD, y=[4, 19, 34], h=[2, 6, 15])
    (copied,) = [one.message for one in outcome.feedback if one.code == "does-not-follow"]
    assert copied.startswith("y(1), y(3): right, but does not follow")


def test_several_variables_are_marked_row_by_row_and_what_stands_at_the_end_at_the_last_step(
    judged: Any,
) -> None:
    question = table("h(t) = 2 * h(t-1) + x(t)", "z = 3 * h(T)", asked=("z", "h"))
    outcome = judged(question, z=33, h=[1, 5, 13])
    steps = [(step["variable"], step["t"], step["credit"]) for step in outcome.facts["steps"]]
    assert steps == [("z", 3, "1"), ("h", 1, "1"), ("h", 2, "0"), ("h", 3, "1")]
    assert outcome.fraction == Fraction(3, 4)
    assert "h(2): not right." in [one.message for one in outcome.feedback]
    assert outcome.facts["slips"] == ["h(2)"]


SIGMOIDS = {
    "network": {
        "inputs": {"x": "2"},
        "parameters": {"W": "2 x 2"},
        "equations": ["h(t) = sigmoid(W @ x(t))", "y(t) = h(t) + h(t-1)"],
        "output": ["y"],
    },
    # h = 1 / (1 + exp(-1)), 1 / (1 + exp(-1/2)), then of 4 and -2: 0.731, 0.622; 0.982, 0.119.
    "values": {"x": [[1, 0], [0, 2]], "W": [[1, 2], [0.5, -1]]},
}
SUMS = [["0.73", "0.62"], ["1.71", "0.74"]]
COARSE = "Your intermediate values h have fewer decimals than were asked, first in "


@pytest.mark.parametrize(
    ("h", "said"),
    [
        ([["0.7", "0.6"], ["1", "0.1"]], COARSE + "h(1)."),
        ([["0.73", "0.62"], ["0.98", "0.1"]], COARSE + "h(2)."),
        (
            [["0.73", "0.5"], ["0.98", "0.1"]],
            "In your intermediate values h(1) is the first step that is not",
        ),
        (
            [["0.73", "0.62"], ["0.98", "0.14"]],
            "In your intermediate values h(2) is the first step that is not",
        ),
        ([["0.73", "0.62"], ["0.98", "0.12"]], "Your intermediate values h are right at every step."),
        ([["0.7", "0.6"], ["1", "2/19"]], "In your intermediate values h(1) is the first step that is not"),
        ([["0.7", "0.6"], ["1", "1,113"]], "In your intermediate values h(1) is the first step that is not"),
    ],
)
def test_working_to_fewer_decimals_is_told_apart_from_wrong_working(judged: Any, h: Any, said: str) -> None:
    outcome = judged(SIGMOIDS, y=SUMS, h=h)
    assert outcome.fraction == 1
    told = [one.message for one in outcome.feedback if one.code in ("working-right", "working-step")]
    assert len(told) == 1
    assert told[0].startswith(said)
    assert told[0].endswith(".")


def test_entries_of_vectors_are_named_one_by_one(judged: Any) -> None:
    outcome = judged(SIGMOIDS, y=[["0.73", "0.2"], ["0.5", "0.74"]])
    assert "y(1)[2], y(2)[1]: not right." in [one.message for one in outcome.feedback]
    assert [step["credit"] for step in outcome.facts["steps"]] == ["1/2", "1/2"]


@pytest.mark.parametrize(
    ("equation", "is_exact"),
    [
        ("step(x(t))", True),
        ("relu(x(t)) + sign(x(t)) * abs(x(t))", True),
        ("max(x(t), 2) - min(x(t), mod(x(t), 2))", True),
        ("stack(x(t), x(t))", True),
        ("tanh(x(t))", False),
        ("2 * sigmoid(0 * x(t))", False),
        ("x(t) / 2", False),
        ("x(t) + tanh(x(t))", False),
        ("0.125 * x(t)", False),
        ("0.25 * x(t)", True),
    ],
)
def test_nothing_needs_rounding_where_equations_and_values_have_so_few_decimals(
    equation: str, is_exact: bool
) -> None:
    question = table(f"y(t) = {equation}")
    question["network"]["sizes"] = {} if "stack" in equation else {"y": "number"}
    params = msgspec.convert(question, TraceParams)
    assert hand_trace(params).reach == (0 if is_exact else 0.005)


@pytest.mark.parametrize(("places", "is_asked"), [(-1, False), (0, True), (8, True), (9, False)])
def test_up_to_8_places_are_asked(places: int, is_asked: bool) -> None:
    if is_asked:
        params = msgspec.convert(table("y(t) = tanh(x(t))", places=places), TraceParams)
        assert hand_trace(params).reach == 0.5 * 10.0**-places
    else:
        with pytest.raises(msgspec.ValidationError, match=f"wanted 0 to {MAX_PLACES}"):
            msgspec.convert(table("y(t) = tanh(x(t))", places=places), TraceParams)


@pytest.mark.parametrize(
    ("credit", "is_asked"), [("0", True), ("99/100", True), ("1", False), ("-1/2", False)]
)
def test_a_slip_earns_less_than_all(credit: str, is_asked: bool) -> None:
    question = table("y(t) = x(t)", slip_credit=Fraction(credit))
    if is_asked:
        msgspec.convert(question, TraceParams, dec_hook=lambda _, value: value)
    else:
        with pytest.raises(msgspec.ValidationError, match="from 0 to below 1"):
            msgspec.convert(question, TraceParams, dec_hook=lambda _, value: value)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (table("y(t) = x(t)", asked=("z",)), "z has no equation"),
        (table("y(t) = x(t)", asked=("y", "y")), "named twice"),
        (table("y(t) = x(t)", more=1), "more"),
        (table("y(t) = x(t)", others=[{"network": table("y(t) = x(t)")["network"], "more": 1}]), "more"),
        ({**table("y(t) = x(t) * x(t)"), "values": {"x": [1e200]}}, "not finite"),
    ],
)
def test_what_cannot_be_asked_is_refused(question: Any, said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(question, TraceParams)


def test_working_that_was_not_handed_in_or_is_asked_is_not_read(plain: Any) -> None:
    params = msgspec.convert(FORWARD, TraceParams)
    fields = {name: plain(value) for name, value in {"y": [4, 13, 34], "h": [1, 4, 11], "z": 1}.items()}
    found, unread = read_intermediate_values(params, Answer(fields=fields))
    assert (list(found), unread) == (["h"], [])
    found, unread = read_intermediate_values(params, Answer(fields=fields | {"h": plain("none")}))
    assert (found, len(unread)) == ({}, 1)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (2.0, 2),
        (-3.0, -3),
        (1e15 - 1, 10**15 - 1),
        (1e15, 1e15),
        (-1e15, -1e15),
        (0.123456789, 0.123457),
        (1 / 3, 0.333333),
        (math.nan, None),
        (math.inf, None),
    ],
)
def test_numbers_are_drawn_whole_or_to_six_digits(value: float, written: Any) -> None:
    found = _number(value)
    assert (found, type(found)) == (written, type(written))


def test_rows_without_a_number_are_left_out_and_matrices_have_a_gap() -> None:
    assert _rows(np.array([[1.0, 2.5], [math.nan, 1.0]])) == [[1, 2.5], None]
    assert _rows(np.array([1.0, math.nan])) == [[1], None]
    assert _matrix(np.array(3.0)) == [[3]]
    assert _matrix(np.array([1.0, 2.0])) == [[1, 2]]
    assert _matrix(np.array([[1.0, math.inf], [0.5, 4.0]])) == [[1, ""], [0.5, 4]]


@pytest.mark.parametrize(
    ("fields", "wrong", "right"),
    [
        ({"y": [4, 13, 35], "h": [1, 4, 11]}, "y(3)", ["h(1)", "y(1)", "h(2)", "y(2)", "h(3)"]),
        ({"y": [4, 13, 35]}, "y(3)", ["y(1)", "y(2)"]),
        ({"y": [7, 19, 46], "h": [2, 6, 15]}, "h(1)", ["y(1)", "h(2)", "y(2)", "h(3)", "y(3)"]),
        ({"y": [5, 13, 35], "h": [1, 4, 12]}, "y(1)", ["h(1)", "h(2)", "y(2)"]),
    ],
)
def test_what_is_drawn_ends_at_the_first_value_that_is_neither_right_nor_follows(
    judged: Any, fields: Any, wrong: str, right: list[str]
) -> None:
    drawn = judged(FORWARD, **fields).facts["unrolled"]
    assert drawn["wrong"] == wrong
    last = int(wrong[2])
    assert drawn["right"] == [one for one in right if int(one[2]) <= last]
    for name, values in {"x": [1, 2, 3], **fields}.items():
        assert drawn["values"][name] == [[one] for one in values[:last]]


def test_nothing_is_drawn_where_all_is_right(judged: Any) -> None:
    assert "unrolled" not in judged(FORWARD, y=[4, 13, 34], h=[2, 6, 16]).facts


def test_a_wrong_value_after_all_steps_is_not_drawn_among_them(judged: Any) -> None:
    question = table("h(t) = 2 * h(t-1) + x(t)", "z = 3 * h(T)", asked=("z",))
    outcome = judged(question, z=34, h=[1, 4, 11])
    assert outcome.fraction == 0
    assert "unrolled" not in outcome.facts


@pytest.mark.parametrize(
    ("equation", "blank"),
    [("y(t) = x(t)", [0, 0, 0]), ("y(t) = 1 / x(t)", [1, 1, 1]), ("y(t) = 1 / (x(t) * (x(t) - 1))", None)],
)
def test_a_blank_has_noughts_or_ones_where_its_equations_have_a_value(
    equation: str, blank: list[int] | None
) -> None:
    question = {**table(equation), "values": {"x": [2, 3, 4]}, "others": []}
    found = without(question, msgspec.convert(question, TraceParams))
    if blank is None:
        assert found is None
    else:
        assert found == {"network": question["network"], "asked": ["y"], "values": {"x": blank}}


def test_a_blank_keeps_the_number_of_steps_of_a_network_without_inputs() -> None:
    own = {"parameters": {"w": "number"}, "equations": ["y(t) = w + y(t-1)"], "sizes": {"y": "number"}}
    question = {"network": own, "values": {"w": 5, "T": 4}}
    assert without(question, msgspec.convert(question, TraceParams))["values"] == {"w": 0, "T": 4}
    assert expected(msgspec.convert(question, TraceParams))["y"].ravel().tolist() == [5, 10, 15, 20]
