from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import Unreadable
from grader.kinds.numeric import KIND
from grader.kinds.numeric.judge import judge as judge_numbers
from grader.kinds.numeric.question import NumericParams
from grader.model.kind import Answer, KindExample
from grader.model.outcome import Outcome

G1 = NumericParams(values={"g1": (6, 6, 6, 6)})  # 6.390 recitation 8, 1(a)ii
MATRIX = NumericParams(values={"M": ((1, "1/3"), (0.25, -4), (0, 2))})


def judge(params: NumericParams, plain: Any, **fields: Any) -> Outcome:
    answer = Answer(fields={name: plain(value) for name, value in fields.items()})
    return judge_numbers(params, answer).outcome


@pytest.mark.parametrize("example", KIND.examples, ids=lambda example: example.title)
def test_example_comes_out_as_it_says(example: KindExample, holds: Any) -> None:
    holds(KIND, example)


@pytest.mark.parametrize(
    "value",
    [
        [6, 6, 6, 6],
        (6.0, "6", "12/2", Fraction(6)),
        [[6], [6], [6], [6]],
        [[6, 6, 6, 6]],
        np.full(4, 6),
        np.full((4, 1), 6, dtype=np.float32),
        np.full((1, 4), 6.0),
        [np.array([6]), np.array([6]), np.array([6]), np.array([6])],
    ],
    ids=repr,
)
def test_vector_is_read_in_any_shape_that_a_person_writes(value: Any, plain: Any) -> None:
    assert judge(G1, plain, g1=value).fraction == 1


@pytest.mark.parametrize(
    "value",
    [6, [6], [6, 6, 6], [[6, 6], [6, 6]], [[6] * 4] * 2, None, "six", [6, 6, 6, True], [6, [6], 6, 6]],
)
def test_nothing_is_broadcast_or_guessed(value: Any, plain: Any) -> None:
    with pytest.raises(Unreadable):
        judge(G1, plain, g1=value)


def test_matrix_is_marked_entry_by_entry(plain: Any) -> None:
    right = judge(MATRIX, plain, M=[[1, 1 / 3], ["1/4", -4], [0, 2]])
    assert right.fraction == 1
    outcome = judge(MATRIX, plain, M=[[1, 3], [0.25, 4], [0, 2]])
    assert outcome.fraction == Fraction(4, 6)
    assert [(f.code, f.message[:7]) for f in outcome.feedback] == [("wrong", "M[1, 2]"), ("sign", "M[2, 2]")]


def test_transposed_matrix_is_not_read_as_the_matrix(plain: Any) -> None:
    with pytest.raises(Unreadable, match="2 x 3 where 3 x 2 numbers were wanted"):
        judge(MATRIX, plain, M=[[1, 0.25, 0], ["1/3", -4, 2]])


def test_a_list_of_another_length_is_not_told_as_a_number(plain: Any) -> None:
    params = NumericParams(values={"g": (6, 7, 8, 9)})
    with pytest.raises(Unreadable, match="a list of 3 where 4 numbers were wanted"):
        judge(params, plain, g=[1, 2, 3])
    with pytest.raises(Unreadable, match="one number where 4 numbers were wanted"):
        judge(params, plain, g=3)


def test_zeros_throughout_earn_nothing_where_a_number_is_nearly_zero(plain: Any) -> None:
    params = NumericParams(values={"y": (".0007", "-.0008", ".2")}, places=3)
    assert judge(params, plain, y=[0, 0, 0.2]).fraction == Fraction(2, 3)
    assert judge(params, plain, y=[0, 0, 0]).fraction == 0


def test_field_left_out_costs_its_entries_only(plain: Any) -> None:
    params = NumericParams(values={"a": 1, "b": (2, 3)})
    outcome = judge(params, plain, a=1)
    assert outcome.fraction == Fraction(1, 3)
    assert [feedback.code for feedback in outcome.feedback] == ["missing-field"]


@given(
    wanted=st.lists(st.fractions(-100, 100, max_denominator=50), min_size=1, max_size=5),
    wrong=st.integers(0, 4),
    error=st.fractions(Fraction(1, 100), 10),
)
def test_exact_entry_is_right_and_a_shifted_one_is_not(
    wanted: list[Fraction], wrong: int, error: Fraction, plain: Any
) -> None:
    params = NumericParams(values={"v": tuple(map(str, wanted))})
    assert judge(params, plain, v=wanted).fraction == 1
    assert judge(params, plain, v=[float(value) for value in wanted]).fraction == 1
    shifted = list(wanted)
    shifted[wrong % len(wanted)] += error
    assert judge(params, plain, v=shifted).fraction == Fraction(len(wanted) - 1, len(wanted))


def test_feedback_does_not_say_the_value(plain: Any) -> None:
    params = NumericParams(values={"y": (".270726", "-.206674")}, places=2)
    outcome = judge(params, plain, y=[0.3, 0.21])
    assert not any(re.search(r"0\.|27|20|21", feedback.message) for feedback in outcome.feedback)


@pytest.mark.parametrize(
    ("values", "places", "message"),
    [
        ({}, None, "values is empty"),
        ({"g": (1, (2, 3))}, None, "values.g is no number, vector or matrix"),
        ({"g": ()}, None, "values.g is empty"),
        ({"g": (1, "x")}, None, "values.g[1] is 'x'; wanted a number"),
        ({"g": True}, None, "values.g is True"),
        ({"g": "1/0"}, None, "values.g is '1/0'"),
        ({"g": float("nan")}, None, "values.g is nan"),
        ({"g": (((1,),),)}, None, "values.g is no number"),
        ({"g": 1}, -1, "places is -1"),
        ({"g": 1}, 99, "places is 99"),
    ],
)
def test_impossible_parameters_are_refused(values: Any, places: int | None, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        NumericParams(values=values, places=places)


def test_a_computation_in_braces_is_told_where_it_goes() -> None:
    with pytest.raises(ValueError, match=r"gets a name in \[variants\.compute\]"):
        NumericParams(values={"h": ("{b*x2}",)})
