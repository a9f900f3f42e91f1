"""Values that an author wrote, as arrays: which forms are taken, and which are told."""

from __future__ import annotations

import pytest

from grader.networks.equations.network import network
from grader.networks.written_values import MOST_STEPS, read_values

NET = network(
    {
        "inputs": {"x": "m", "s": "number"},
        "parameters": {"U": "n x m", "b": "n", "a": "number"},
        "equations": ["h(t) = tanh(U @ x(t) + b * s(t) + a * h(t-1))"],
        "start": {"h": "h0"},
        "sizes": {"h": "n"},
    }
)
ALONE = network({"equations": ["h(t) = h(t-1) + 1"], "sizes": {"h": "number"}})
RIGHT = {
    "x": ((1, 2), (3, 4), (5, 6)),
    "s": (7, 8, 9),
    "U": ((1, 2), (3, 4)),
    "b": (1, 2),
    "a": 3,
    "h0": (0, 1),
}


def read(**changed):
    return read_values(NET, {**RIGHT, **changed}, "values")


def test_inputs_have_a_row_a_step_and_parameters_their_shape():
    found = read()
    assert found.n_steps == 3
    assert found.sizes == {"m": 2, "n": 2}
    assert {name: array.tolist() for name, array in found.inputs.items()} == {
        "x": [[1, 2], [3, 4], [5, 6]],
        "s": [[7], [8], [9]],
    }
    parameters = {"U": [[1, 2], [3, 4]], "b": [1, 2], "a": 3, "h0": [0, 1]}
    assert {name: array.tolist() for name, array in found.parameters.items()} == parameters


@pytest.mark.parametrize(
    ("changed", "name", "wanted"),
    [
        ({"x": (1, 2, 3), "U": ((1,), (2,))}, "x", [[1], [2], [3]]),
        ({"s": ((7,), (8,), (9,))}, "s", [[7], [8], [9]]),
        ({"x": ((1, 2),), "s": 7}, "s", [[7]]),
        ({"a": (3,)}, "a", 3),
        ({"a": ((3,),)}, "a", 3),
        ({"U": ((1, 2),), "b": 4, "h0": 0}, "b", [4]),
        ({"U": 5, "b": 4, "h0": 0, "x": (1, 2, 3)}, "U", [[5]]),
    ],
)
def test_one_entry_may_be_a_number(changed, name, wanted):
    found = read(**changed)
    assert {**found.inputs, **found.parameters}[name].tolist() == wanted


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"x": ((1, 2), (3,))}, "values.x: its rows are not all of one length"),
        ({"b": (1, float("nan"))}, "values.b: a number that is not finite"),
        ({"b": (float("inf"), 1)}, "values.b: a number that is not finite"),
        ({"U": (1, 2)}, "values.U: found 2 numbers, wanted n x m"),
        ({"b": ((1, 2),)}, "values.b: found 1 x 2 numbers, wanted a vector of n"),
        ({"a": (1, 2)}, "values.a: found 2 numbers, wanted a number"),
        ({"s": ((1, 2), (3, 4), (5, 6))}, "values.s: found 3 x 2 numbers, wanted a number at every step"),
        ({"x": (((1, 2),),)}, "values.x: found 1 x 1 x 2 numbers, wanted a vector of m at every step"),
        ({"x": ()}, "values.x: found 0"),
        ({"b": ()}, "values.b: found 0 numbers"),
        ({"s": (7, 8)}, "inputs have one row a step, as many each, and x has 3 and s has 2"),
        ({"b": (1, 2, 3)}, "values.b: n = 2, but an axis of b has 3 entries"),
        ({"z": 1}, "values.z: the network has no input or parameter of that name; the network takes"),
        ({"h": 1}, "did you mean h0?"),
        ({"u": 1}, "did you mean U?"),
        ({"T": 3}, "values.T: the network has no input"),
    ],
)
def test_values_of_another_form_are_told_by_their_name(changed, said):
    with pytest.raises(ValueError, match="values") as told:
        read(**changed)
    assert said in str(told.value)


@pytest.mark.parametrize(("left_out", "said"), [("b", "b is missing"), ("bU", "U and b are missing")])
def test_what_is_missing_is_named(left_out, said):
    with pytest.raises(ValueError, match=said):
        read_values(NET, {name: one for name, one in RIGHT.items() if name not in left_out}, "values")


@pytest.mark.parametrize(
    ("steps", "is_read"),
    [
        (1, True),
        (MOST_STEPS, True),
        (3.0, True),
        (0, False),
        (MOST_STEPS + 1, False),
        (2.5, False),
        ((3,), False),
    ],
)
def test_a_network_without_inputs_says_how_many_steps_it_makes(steps, is_read):
    if is_read:
        assert read_values(ALONE, {"T": steps}, "values").n_steps == steps
    else:
        with pytest.raises(ValueError, match="wanted a whole number from 1 to 1000"):
            read_values(ALONE, {"T": steps}, "values")
    with pytest.raises(ValueError, match="T is missing"):
        read_values(ALONE, {}, "values")


@pytest.mark.parametrize(("count", "is_read"), [(MOST_STEPS, True), (MOST_STEPS + 1, False)])
def test_a_thousand_steps_are_read_and_no_more(count, is_read):
    changed = {"x": ((1, 2),) * count, "s": (1,) * count}
    if is_read:
        assert read(**changed).n_steps == count
    else:
        with pytest.raises(ValueError, match="found 1001 steps"):
            read(**changed)
