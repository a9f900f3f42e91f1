"""Many calls of a right function in one run."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.code.question import CodeParams, runner
from grader.kinds.code.signature import _is_alike
from grader.networks.library import library_names, library_network

SIZES = {"N": 2, "T": 4}


@pytest.mark.parametrize("name", library_names())
def test_each_of_many_calls_gives_what_it_gives_alone(name: str) -> None:
    run, calls = runner(CodeParams(function="net", network=library_network(name).network)), []

    def counted(inputs: Any, parameters: Any) -> Any:
        calls.append(inputs)
        return run.run(inputs, parameters)

    sizes = SIZES | {axis: 2 + k for k, axis in enumerate(run.signature.axes) if axis not in SIZES}
    rng = np.random.default_rng(1)
    many = [
        {key: rng.normal(size=run.signature.shape_of(key, sizes)) for key in run.signature.arguments}
        for _ in range(4)
    ]
    together = run._replace(run=counted).returned_of_each(many)
    for alone, one in zip(map(run.returned, many), together, strict=True):
        for wanted, found in zip(alone, one, strict=True):
            np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    assert len(calls) == 2, "the first alone, and all together"


def test_what_gives_other_numbers_together_is_run_one_by_one() -> None:
    run = runner(CodeParams(function="net", network=library_network("library/elman").network))

    def mixed(inputs: Any, parameters: Any) -> Any:
        values = run.run(inputs, parameters)
        return {name: value + (value.ndim > 3) for name, value in values.items()}

    sizes = {"T": 3, "N": 1, "n_in": 2, "n_h": 3, "n_out": 1}
    arrays = {key: np.ones(run.signature.shape_of(key, sizes)) for key in run.signature.arguments}
    many = [arrays, {key: array / 2 for key, array in arrays.items()}]
    found = run._replace(run=mixed).returned_of_each(many)
    for alone, one in zip(map(run.returned, many), found, strict=True):
        np.testing.assert_array_equal(one, alone)


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ([1.0], [1 + 0.9e-9], True),
        ([1.0], [1 - 0.9e-9], True),
        ([1.0], [1 + 1.1e-9], False),
        ([0.0], [0.9e-12], True),
        ([0.0], [1.1e-12], False),
        ([np.nan, 1.0], [np.nan, 1.0], True),
        ([np.nan, 1.0], [1.0, np.nan], False),
        ([1.0, 1.0], [1.0], False),
        ([[1.0]], [1.0], False),
    ],
)
def test_what_comes_together_is_alike_to_nine_digits(one: Any, other: Any, are_alike: bool) -> None:
    assert _is_alike(np.array(one), np.array(other)) is are_alike


@pytest.mark.parametrize("error", [ValueError, IndexError])
def test_what_cannot_be_run_together_is_run_one_by_one(error: type[Exception]) -> None:
    run = runner(CodeParams(function="net", network=library_network("library/elman").network))

    def alone(inputs: Any, parameters: Any) -> Any:
        if inputs["x"].ndim > 3:
            raise error
        return run.run(inputs, parameters)

    sizes = {"T": 3, "N": 1, "n_in": 2, "n_h": 3, "n_out": 1}
    arrays = {key: np.ones(run.signature.shape_of(key, sizes)) for key in run.signature.arguments}
    many = [arrays, {key: array / 2 for key, array in arrays.items()}]
    found = run._replace(run=alone).returned_of_each(many)
    for wanted, one in zip(map(run.returned, many), found, strict=True):
        np.testing.assert_array_equal(one, wanted)


def test_a_start_that_all_sequences_share_is_handed_on_without_their_axis() -> None:
    network = {
        "inputs": {"x": "n"},
        "parameters": {"W": "n x n"},
        "equations": ["h(t) = W @ h(t-1) + x(t)"],
        "start": {"h": "h0"},
    }
    run = runner(msgspec.convert({"function": "net", "network": network}, CodeParams))
    one, two = np.ones((1, 3)), np.ones((2, 3))
    assert run.lead({"h0": one, "W": one})["h0"].shape == (3,)
    assert run.lead({"h0": two, "W": one})["h0"].shape == (2, 3)
    assert run.lead({"h0": two, "W": one})["W"].shape == (1, 3)
