"""Which data the weights of a question about losses are run on."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.kinds.curve import PARAMS as TABLE
from grader.kinds.curve.judge import CurveParams, _network, _own_data
from grader.model.kind import Answer
from grader.model.value import Fields, Items, Number, Text, Value

PARAMS = msgspec.convert({**TABLE, "inputs": 2}, CurveParams)
FITTING = {"x": (4, 6, 2), "y": (4, 6, 1)}


@pytest.mark.parametrize(
    "changed",
    [
        {"x": (4, 6)},
        {"y": (4, 6)},
        {"x": (4, 5, 2)},
        {"y": (3, 6, 1)},
        {"x": (4, 6, 3)},
        {"y": (4, 6, 2)},
        {"x": (0, 6, 2), "y": (0, 6, 1)},
        {"x": (24,), "y": (24,)},
    ],
)
def test_data_of_other_shapes_are_not_the_ones_trained_on(changed: dict[str, tuple[int, ...]]) -> None:
    assert own(FITTING) is not None
    assert own({**FITTING, **changed}) is None


@pytest.mark.parametrize("name", ["x", "y"])
def test_data_that_are_not_finite_are_not_used(name: str) -> None:
    assert own(FITTING, **{name: np.nan}) is None


SHAPES = {"U": (2, 3), "W": (3, 3), "V": (3, 1), "b": (3,), "c": (1,)}
WEIGHTS = {name: from_numpy(np.zeros(shape)) for name, shape in SHAPES.items()}


@pytest.mark.parametrize(
    ("value", "is_network"),
    [
        (Fields(WEIGHTS), True),
        (Fields({"weights": Fields(WEIGHTS)}), True),
        (Fields({name.lower(): value for name, value in WEIGHTS.items()}), True),
        (Items(tuple(WEIGHTS.values())), True),
        (Fields({**WEIGHTS, "U": WEIGHTS["b"]}), False),
        (Fields({"rate": Number("1", "int")}), False),
        (Items(()), False),
        (Number("1", "int"), False),
        (Text("U"), False),
    ],
)
def test_weights_are_used_where_they_are_a_network_as_any_answer_gives_it(
    value: Value, is_network: bool
) -> None:
    for name in ("q_weights", "weights"):
        found = _network(PARAMS, Answer(fields={}, others={name: value}))
        assert (found is not None) == is_network
    assert _network(PARAMS, Answer(fields={}, others={})) is None


def own(shapes: dict[str, tuple[int, ...]], **value: float) -> object:
    others = {
        f"{name}_train": from_numpy(np.full(shape, value.get(name, 0.5))) for name, shape in shapes.items()
    }
    return _own_data(PARAMS, Answer(fields={}, others=others))
