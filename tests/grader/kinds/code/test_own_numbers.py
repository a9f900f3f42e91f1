"""A sheet's own numbers, and numbers of choice, as what a network function is called on."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.code.own_call import arguments, steps
from grader.kinds.code.own_numbers import own_numbers, written_instance
from grader.kinds.code.question import CodeParams, runner
from grader.model.value import Array, Items, Number, Text, Value

# x has rows of two, u numbers; h starts from an argument, and so does the number s.
NETWORK: dict[str, Any] = {
    "inputs": {"x": "2", "u": "number"},
    "parameters": {"W": "2 x 2", "b": "2", "k": "number"},
    "equations": ["h(t) = W @ h(t-1) + x(t) + b", "s(t) = k * s(t-1) + u(t)", "m = mean(s(t))"],
    "start": {"h": "h0", "s": "s0"},
    "sizes": {"h": "2", "s": "number"},
    "output": ["h", "s"],
}
VALUES: dict[str, Any] = {
    "x": [[1, 2], [3, 4], [5, 6]],
    "u": [1, 2, 3],
    "h0": [7, 8],
    "s0": 9,
    "W": [[0, 1], [1, 0]],
    "b": [0.5, 0.25],
    "k": 2,
}


def params(returns: tuple[str, ...] = (), **arguments: str) -> CodeParams:
    table = {"function": "net", "network": NETWORK, "returns": returns, "arguments": arguments}
    return msgspec.convert(table, CodeParams)


RUN = runner(params())
SOUND: dict[str, set[tuple[int, ...]]] = {
    "x": {(3, 2)},
    "u": {(3,), (3, 1)},
    "h0": {(2,)},
    "s0": {(), (1,)},
    "W": {(2, 2)},
    "b": {(2,)},
    "k": {()},
}


def test_a_sheets_numbers_are_one_sequence() -> None:
    found = own_numbers(RUN, VALUES)
    assert found.sizes == {"T": 3}
    shapes = {"x": (3, 1, 2), "u": (3, 1, 1), "h0": (1, 2), "s0": (1, 1), "W": (2, 2), "b": (2,), "k": ()}
    assert {name: array.shape for name, array in found.arrays.items()} == shapes
    for name, array in found.arrays.items():
        assert array.ravel().tolist() == np.ravel(VALUES[name]).tolist()


@pytest.mark.parametrize("name", SOUND)
def test_numbers_of_another_shape_are_refused(name: str) -> None:
    for n in range(4):
        for shape in itertools.product((0, 1, 2, 3), repeat=n):
            values = VALUES | {name: np.ones(shape)}
            if shape in SOUND[name]:
                written_instance(RUN, values)
                continue
            with pytest.raises(ValueError, match=r"values|axis|entries"):
                written_instance(RUN, values)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"q": 1}, "values: q is no argument of the function; they are x, u, h0, s0, W, b, k"),
        ({"x": [[1, 2], [3]]}, "x is no array of numbers"),
        ({"k": "two"}, "k is no array of numbers"),
        ({"x": [[1, 2]]}, "inputs have 1 and 3 steps"),
        ({"x": [1, 2, 3]}, "x has shape (3,); wanted one row a step, T x 2"),
        ({"u": [[1, 2], [3, 4], [5, 6]]}, "u has shape (3, 2); wanted one row a step, T x 1"),
        ({"s0": [1, 2]}, "s0 has shape (2,); wanted a number"),
        ({"W": [1, 2]}, "W has shape (2,); wanted 2 x 2"),
        ({"k": [2, 3]}, "k has shape (2,); wanted a number"),
        ({"s0": [[1]]}, "s0 has shape (1, 1); wanted a number"),
        ({"k": 1e300, "s0": 1e300}, "a result that is not finite"),
    ],
)
def test_what_is_wrong_with_them_is_told(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is looked at below
        own_numbers(RUN, VALUES | changed)
    assert words in str(caught.value)


def test_of_a_single_step_an_input_is_a_row_or_a_table_of_one() -> None:
    one_step = {**NETWORK, "equations": NETWORK["equations"][:2]}
    table = {"function": "net", "network": one_step, "arguments": {"x": "2", "u": "1"}}
    run = runner(msgspec.convert(table, CodeParams))
    for x, u in (([1, 2], 3), ([[1, 2]], [3]), ([[1, 2]], [[3]])):
        found = written_instance(run, VALUES | {"x": x, "u": u})
        assert found.sizes == {}
        assert (found.arrays["x"].tolist(), found.arrays["u"].tolist()) == ([[[1.0, 2.0]]], [[[3.0]]])
    # Where there are steps, a row alone is none.
    for name, given in (("x", [1, 2]), ("u", 3)):
        with pytest.raises(ValueError, match=f"{name} has shape"):
            written_instance(RUN, VALUES | {name: given})


@pytest.mark.parametrize("name", VALUES)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"values: {name} is missing"):
        own_numbers(RUN, {key: one for key, one in VALUES.items() if key != name})


def given(**changed: Any) -> dict[str, Value]:
    return {name: from_numpy(np.array(one, dtype=float)) for name, one in (VALUES | changed).items()}


def plain_run() -> tuple[list[list[float]], list[float]]:
    h, s = [7.0, 8.0], 9.0
    rows, numbers = [], []
    for x, u in zip(VALUES["x"], VALUES["u"], strict=True):
        h = [h[1] + x[0] + 0.5, h[0] + x[1] + 0.25]
        s = 2 * s + u
        rows.append(h)
        numbers.append(s)
    return rows, numbers


def test_arguments_stand_in_the_layout_of_the_course() -> None:
    own = params(("h: N x 2 last",), W="2 x 2", x="N x T x 2", u="T x N", h0="N x 2")
    found = arguments(own, given())
    shapes = [one.shape if isinstance(one, Array) else () for one in found]
    assert shapes == [(2, 2), (1, 3, 2), (3, 1), (1, 2), (), (2,), ()]
    assert found[-1] == Number("2.0", "float")


def test_what_a_function_returned_stands_at_its_steps() -> None:
    rows, numbers = plain_run()
    own = params(("h", "s last", "h first", "m"))
    came = [np.array(rows), np.array(numbers[-1:]), np.array(rows[0]), np.array([sum(numbers) / 3])]
    run = steps(own, given(), Items(tuple(map(from_numpy, came))))
    assert not run.is_exact
    assert [one.t for one in run.steps] == [1, 2, 3]
    assert [one.inputs for one in run.steps] == [
        {"x": tuple(map(float, x)), "u": (float(u),)} for x, u in zip(VALUES["x"], VALUES["u"], strict=True)
    ]
    found = [[(one.text, one.value) for one in step.worked] for step in run.steps]
    wanted: list[list[tuple[str, tuple[float, ...]]]] = [
        [(f"h({t + 1})", tuple(row))] for t, row in enumerate(rows)
    ]
    wanted[0].append(("h(1)", tuple(rows[0])))
    wanted[2] += [("s(3)", (numbers[-1],)), ("m(3)", (sum(numbers) / 3,))]
    assert [sorted(one) for one in found] == [sorted(one) for one in wanted]


def test_an_array_of_another_shape_is_told() -> None:
    with pytest.raises(Unreadable) as caught:
        steps(params(("h",)), given(), from_numpy(np.zeros((2, 3))))
    assert caught.value.code == "shape"
    assert "an array of shape (2, 3); wanted h of shape (3, 2)" in str(caught.value)


@pytest.mark.parametrize("changed", [{"W": from_numpy(np.zeros(3))}, {"W": None}, {"q": Text("1")}])
def test_numbers_of_choice_that_do_not_fit_are_unreadable(changed: dict[str, Value | None]) -> None:
    values = {name: one for name, one in (given() | changed).items() if one is not None}
    with pytest.raises(Unreadable):
        arguments(params(), values)
