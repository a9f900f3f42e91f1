"""What a function of any network is tried on: small first, each size alone, nothing that rounding decides."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.code.question import CodeParams, probes, runner, trials
from grader.networks.library import library_names, library_network

# Of one entry it shows nothing of the network.
SOFTMAX = ("library/stacked", "library/last-step", "library/encoder-decoder")


def params(name: str, **more: Any) -> CodeParams:
    return CodeParams(function="net", network=library_network(name).network, **more)


@pytest.mark.parametrize("name", library_names())
def test_instances_grow_and_show_every_size_alone_all_different_and_all_equal(name: str) -> None:
    tried = trials(params(name))
    sizes = [trial.instance.sizes for trial in tried]
    axes = list(sizes[0])
    assert axes[0] == "T"
    outputs = dict.fromkeys(axes, 1) | ({"n_out": 2} if name in SOFTMAX else {})
    assert [dict(one) for one in sizes[:2]] == [outputs, outputs | {"T": 2}]
    assert any(len(set(one.values())) == len(axes) for one in sizes)
    # With steps alone all sizes are equal everywhere.
    assert len(axes) == 1 or sum(len(set(one.values())) == 1 and one["T"] > 1 for one in sizes) == 4
    for axis in axes:
        assert any(one[axis] == 1 and all(one[other] > 1 for other in axes if other != axis) for one in sizes)
    assert max(one["T"] for one in sizes) == 30
    assert len(probes(params(name))) == len(tried)


@pytest.mark.parametrize("name", library_names())
def test_a_rounding_error_decides_nothing(name: str) -> None:
    """With all arguments in 32 bits the results are within what is allowed for these."""
    asked = params(name)
    run = runner(asked)
    for trial in trials(asked):
        single = {key: one.astype(np.float32).astype(float) for key, one in trial.instance.arrays.items()}
        for right, near in zip(trial.expected, run.returned(single), strict=True):
            assert np.isfinite(right).all()
            np.testing.assert_allclose(near, right, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", library_names())
def test_the_first_instances_are_whole_numbers_whatever_the_seed(name: str) -> None:
    first, other = (trials(params(name, seed=seed)) for seed in (0, 1))
    for one, again in zip(first[:2], other[:2], strict=True):
        for key, array in one.instance.arrays.items():
            assert set(array.ravel()) <= {-2, -1, 1, 2}
            assert np.array_equal(array, again.instance.arrays[key])
    assert any(
        not np.array_equal(one.instance.arrays[key], again.instance.arrays[key])
        for one, again in zip(first[3:], other[3:], strict=True)
        for key in one.instance.arrays
    )


def test_of_three_squares_one_has_other_weights_one_other_inputs_and_the_first_comes_again() -> None:
    tried = [one.instance.arrays for one in trials(params("library/elman"))]
    first, weights, inputs, again = tried[-5:-1]
    assert all(np.array_equal(first[key], again[key]) for key in first)
    assert [key for key in first if np.array_equal(first[key], weights[key])] == ["x"]
    assert [key for key in first if not np.array_equal(first[key], inputs[key])] == ["x"]


def test_the_sheets_own_comes_last_as_one_sequence_and_is_kept_to_itself() -> None:
    values = {"x": [[1, 2], [3, 4]], "h0": [0.5], "W": [[0.25]], "U": [[1, -1]]}
    network = {
        "inputs": {"x": "n_in"},
        "parameters": {"W": "n_h x n_h", "U": "n_h x n_in"},
        "equations": ["h(t) = W @ h(t-1) + U @ x(t)"],
        "start": {"h": "h0"},
    }
    table = {"function": "net", "network": network, "arguments": {"x": "N x T x n_in", "h0": "N x n_h"}}
    asked = msgspec.convert(table | {"returns": ["h: N x T x n_h"], "values": values}, CodeParams)
    own = trials(asked)[-1]
    assert own.is_secret
    assert own.instance.sizes == {"N": 1, "T": 2, "n_in": 2, "n_h": 1}
    assert own.expected[0].ravel().tolist() == [0.125 - 1, 0.25 * (0.125 - 1) - 1]
    assert not any(trial.is_secret for trial in trials(asked)[:-1])
    for change, message in (
        ({"x": [1, 2]}, "values: x has shape (2,); wanted one row a step, T x n_in"),
        ({"W": [[0.25, 1]]}, "n_h"),
        ({"x": [[1, 2], [3]]}, "x is no array of numbers"),
        ({"V": 1}, "values: V is no argument of the function"),
        ({"x": [[1e999, 2]]}, "values: a result that is not finite"),
    ):
        with pytest.raises(msgspec.ValidationError, match=message.replace("(", r"\(").replace(")", r"\)")):
            msgspec.convert(table | {"returns": ["h: N x T x n_h"], "values": values | change}, CodeParams)


STARTED: dict[str, Any] = {
    "inputs": {"x": "n"},
    "parameters": {"W": "n x n", "b": "n"},
    "equations": ["f(t) = sigmoid(W @ x(t) + b)", "c(t) = f(t) * c(t-1) + (1 - f(t)) * x(t) / 40"],
    "start": {"c": "c0"},
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("limit", [2, 3, 5])
def test_a_start_state_that_is_clipped_or_rounded_shows(limit: float, seed: int) -> None:
    asked = msgspec.convert({"function": "net", "network": STARTED, "seed": seed}, CodeParams)
    run = runner(asked)
    for changed in (lambda c: np.clip(c, -limit, limit), np.abs, lambda c: np.round(c, 3)):
        assert any(
            not np.allclose(
                run.returned({**trial.instance.arrays, "c0": changed(trial.instance.arrays["c0"])})[0],
                trial.expected[0],
                rtol=1e-6,
                atol=1e-6,
            )
            for trial in trials(asked)
        )
