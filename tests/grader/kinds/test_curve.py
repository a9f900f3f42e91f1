"""Which data the weights of a question about losses are run on."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.kinds.curve import PARAMS as TABLE
from grader.kinds.curve.judge import CurveParams, _own_data
from grader.model.kind import Answer

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


def own(shapes: dict[str, tuple[int, ...]], **value: float) -> object:
    others = {
        f"{name}_train": from_numpy(np.full(shape, value.get(name, 0.5))) for name, shape in shapes.items()
    }
    return _own_data(PARAMS, Answer(fields={}, others=others))
