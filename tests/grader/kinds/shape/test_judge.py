from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import Unreadable
from grader.kinds.shape import KIND
from grader.kinds.shape.question import ShapeParams, axis_size
from grader.model.kind import Answer, KindExample
from grader.model.value import Items, Nothing, Number, Text, Value

PARAMS = ShapeParams(  # 6.390 recitation 8, 1(a)i and 1(c)i
    sizes={"state": 2, "input": 3, "output": 4},
    shapes={
        "Wss": ("state", "state"),
        "Wsx": ("state", "input"),
        "Wo": ("output", "state"),
        "z1": ("state", "1"),
        "Wssx": ("state", "state + input"),
    },
)
RIGHT = {"Wss": (2, 2), "Wsx": (2, 3), "Wo": (4, 2), "z1": (2, 1), "Wssx": (2, 5)}


def number(n: int) -> Number:
    return Number(str(n), "int")


def tupled(shape: tuple[int, ...]) -> Value:
    return Items(tuple(map(number, shape)))


def spellings(shape: tuple[int, ...]) -> st.SearchStrategy[Value]:
    """Every form in which a person would write this shape."""
    rows, columns = shape
    texts = ["{}x{}", "{} x {}", "({}, {})", "[{},{}]", "{} × {}", "{} by {}", "{}X{}"]
    forms: list[Value] = [tupled(shape), *(Text(text.format(rows, columns)) for text in texts)]
    if columns == 1:
        forms += [tupled((rows,)), number(rows), Text(str(rows))]
    return st.sampled_from(forms)


@pytest.mark.parametrize("example", KIND.examples, ids=lambda example: example.title)
def test_example_comes_out_as_it_says(example: KindExample, holds: Any) -> None:
    holds(KIND, example)


@given(st.fixed_dictionaries({name: spellings(shape) for name, shape in RIGHT.items()}))
def test_right_shapes_are_right_however_written(fields: dict[str, Value]) -> None:
    assert KIND.judge(PARAMS, Answer(fields=fields)).outcome.fraction == 1


@given(
    name=st.sampled_from(sorted(RIGHT)),
    shape=st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple),
)
def test_one_wrong_shape_costs_its_entry_and_is_told(name: str, shape: tuple[int, ...]) -> None:
    if shape == RIGHT[name] or (name == "z1" and shape == (2,)):
        return
    fields = {field: tupled(right) for field, right in RIGHT.items()} | {name: tupled(shape)}
    outcome = KIND.judge(PARAMS, Answer(fields=fields)).outcome
    assert outcome.fraction == Fraction(4, 5)
    assert [name in feedback.message for feedback in outcome.feedback] == [True]


@given(name=st.sampled_from(sorted(RIGHT)), shape=st.tuples(st.integers(11, 19), st.integers(11, 19)))
def test_feedback_says_no_size_that_was_wanted(name: str, shape: tuple[int, int]) -> None:
    fields = {name: tupled(shape)}
    told = [
        feedback.message
        for feedback in KIND.judge(PARAMS, Answer(fields=fields)).outcome.feedback
        if feedback.code != "missing-field"
    ]
    digits = set(re.findall(r"\d+", told[0].replace(name, "")))
    assert digits == {str(size) for size in shape}


OF_WSX = "Its rows go with the state, its columns go with the input."


@pytest.mark.parametrize(
    ("name", "shape", "code", "said"),
    [
        ("Wsx", (3, 2), "axes-swapped", f"the axes are swapped. {OF_WSX}"),
        ("z1", (1, 2), "row-for-column", "that is a row, and z1 is a column."),
        ("Wsx", (2, 4), "wrong-size", "the number of columns is not right. Its columns go with the input."),
        ("Wsx", (3, 3), "wrong-size", "the number of rows is not right. Its rows go with the state."),
        ("Wssx", (2, 2), "wrong-size", "Its columns go with the state and the input, stacked."),
        ("Wsx", (5, 5), "wrong-size", f"neither size is right. {OF_WSX}"),
        ("Wsx", (6,), "number-of-axes", f"one axis, but Wsx has 2. {OF_WSX}"),
        ("Wss", (2,), "number-of-axes", "its columns go with the state."),
        (
            "Wss",
            (2, 2, 1),
            "number-of-axes",
            "Its rows go with the state, its columns go with the state.",
        ),
        ("z1", (3,), "number-of-axes", "It is a column; its entries go with the state."),
        ("step", (2,), "wrong-size", "the number of entries is not right. Its entries go with the input."),
        ("ones", (4, 3), "wrong-size", "Its rows are of a fixed number, whatever the network's sizes."),
    ],
)
def test_mistake_is_named_with_what_its_axes_are(
    name: str, shape: tuple[int, ...], code: str, said: str
) -> None:
    params = ShapeParams(
        sizes=PARAMS.sizes, shapes={**PARAMS.shapes, "step": ("input",), "ones": ("2", "input")}
    )
    outcome = KIND.judge(params, Answer(fields={name: tupled(shape)})).outcome
    (told,) = [one for one in outcome.feedback if one.code != "missing-field"]
    assert (told.code, told.message[-len(said) :]) == (code, said)


def test_unreadable_entry_costs_that_entry_only() -> None:
    fields = {name: tupled(shape) for name, shape in RIGHT.items()} | {"Wo": Nothing()}
    outcome = KIND.judge(PARAMS, Answer(fields=fields)).outcome
    assert outcome.fraction == Fraction(4, 5)
    assert outcome.facts["entries"]["Wo"]["got"] is None


def test_nothing_readable_is_invalid() -> None:
    with pytest.raises(Unreadable):
        KIND.judge(PARAMS, Answer(fields={"Wo": Nothing(), "Wss": Text("big")}))


@pytest.mark.parametrize(
    ("sizes", "shapes", "message"),
    [
        ({"state": 2}, {}, "shapes is empty"),
        (
            {"state": 2},
            {"W": ("state", "inptu")},
            "shapes.W: unknown axis 'inptu'; the axes in sizes are: state",
        ),
        ({"state": 2}, {"W": ("state +",)}, "unknown axis ''"),
        ({"state": 2}, {"W": ("state", "0")}, "unknown axis '0'"),
        ({"state": 0}, {"W": ("state",)}, "sizes.state is 0"),
        ({"a b": 1}, {"W": ("1",)}, "no name for an axis"),
        ({"state": 2}, {"W": ()}, "shapes.W has 0 axes"),
    ],
)
def test_impossible_parameters_are_refused(sizes: Any, shapes: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        ShapeParams(sizes=sizes, shapes=shapes)


def test_axis_is_a_sum_of_names_and_numbers() -> None:
    assert axis_size("state + input + 1", {"state": 2, "input": 3}, "W") == 6
