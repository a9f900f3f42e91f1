"""What a gradient function is called on: shapes, ranges, and what is drawn for which loss."""

from __future__ import annotations

import math
import runpy
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.probing import Probing, probabilities
from grader.kinds.gradient.question import GradientParams, backward, called_as, trials
from grader.kinds.gradient.tenths import WithGradients
from grader.kinds.gradient.trials import _reaching, _share, _turning
from grader.networks.backward.gradients import GradientInstance
from grader.networks.equations.declaration import network_of
from grader.networks.library import library_network
from grader.networks.mutants.backward.context import WrongPasses, context_of
from grader.networks.mutants.backward.evaluation import Evaluation

TABLE = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]
PARAMS = msgspec.convert(TABLE, GradientParams)
SIZES = {"N": 3, "T": 4, "n_in": 2, "n_h": 5}
NETWORK: dict[str, Any] = {
    "inputs": {"x": "n_in", "u": "number"},
    "parameters": {"W": "n_h x n_h", "U": "n_h x n_in", "v": "n_h", "k": "number"},
    "equations": [
        "h(t) = tanh(W @ h(t-1) + U @ x(t) + k * u(t))",
        "s(t) = sigmoid(v @ h(t))",
        "p(t) = softmax(h(t))",
    ],
    "start": {"h": "h0"},
}


def probing(loss: str, **arguments: str) -> Probing:
    table = {"network": NETWORK, "loss": loss, "function": "f", "arguments": arguments}
    params = msgspec.convert(table, GradientParams)
    return Probing(backward(params), called_as(params), params.names)


@pytest.mark.parametrize("start", ["n_h", "N x n_h"])
def test_arguments_have_steps_sequences_and_their_entries(start: str) -> None:
    one = probing(
        "sum((h - d)**2) + sum((s(T) - e)**2)", x="N x T x n_in", u="T x N", d="T x N x n_h", e="N", h0=start
    )
    h0 = (5,) if start == "n_h" else (3, 5)
    wanted = [
        ("x", "input", (4, 3, 2)),
        ("u", "input", (4, 3, 1)),
        ("d", "target", (4, 3, 5)),
        ("e", "target", (3, 1)),
        ("W", "parameter", (5, 5)),
        ("U", "parameter", (5, 2)),
        ("v", "parameter", (5,)),
        ("k", "parameter", ()),
        ("h0", "parameter", h0),
    ]
    assert sorted(one.shapes(SIZES)) == sorted(wanted)
    # Where a function has no axis for sequences there is one.
    alone = {name: size for name, size in SIZES.items() if name != "N"}
    shapes = {name: shape for name, _, shape in probing("sum((h - d)**2)").shapes(alone)}
    assert (shapes["x"], shapes["d"], shapes["h0"]) == ((4, 1, 2), (4, 1, 5), (5,))
    drawn = one.drawn(SIZES, lambda what, shape: np.full(shape, float(len(what))))
    groups = {"input": drawn.inputs, "target": drawn.targets, "parameter": drawn.parameters}
    for what, arrays in groups.items():
        assert {name: array.shape for name, array in arrays.items()} == {
            name: shape for name, kind, shape in wanted if kind == what
        }
        assert all((array == len(what)).all() for array in arrays.values())


@pytest.mark.parametrize(
    ("loss", "probabilities", "shares"),
    [
        ("sum((h - d)**2)", False, False),
        ("sum(binary_cross_entropy(d, s))", True, False),
        ("sum(cross_entropy(d, p))", True, True),
        ("sum(cross_entropy(d, p(T)))", True, True),
        ("sum(cross_entropy(d, softmax(h)))", True, True),
        ("sum((h - e)**2) + sum(cross_entropy(d, p))", True, True),
        ("sum((h - e)**2) + sum(binary_cross_entropy(d, s))", True, False),
    ],
)
def test_targets_are_probabilities_beside_a_logarithm_and_shares_beside_softmax(
    loss: str, probabilities: bool, shares: bool
) -> None:
    one = probing(loss)
    assert (one.takes_probabilities, one.takes_shares) == (probabilities, shares)


@pytest.mark.parametrize(
    ("loss", "entries", "are_whole"),
    [
        ("sum(binary_cross_entropy(d, s))", 1, False),
        ("sum(binary_cross_entropy(d, s))", 3, True),
        ("sum(cross_entropy(d, p))", 1, True),
        ("sum(cross_entropy(d, p))", 2, True),
    ],
)
def test_probabilities_of_several_are_1_together(loss: str, entries: int, are_whole: bool) -> None:
    drawn = probabilities(probing(loss), np.random.default_rng(1), (40, 5, entries))
    assert drawn.shape == (40, 5, entries)
    if are_whole:
        np.testing.assert_allclose(drawn.sum(axis=-1), 1)
        assert drawn.min() > 0.05 or entries == 1
    else:
        assert 0.1 <= drawn.min() < 0.15
        assert 0.85 < drawn.max() <= 0.9


def ends(array: np.ndarray, limit: float) -> bool:
    """Whether uniform numbers lie between minus and plus the limit and come near to both."""
    return bool(0.9 * limit < array.max() <= limit and -limit <= array.min() < -0.9 * limit)


def test_general_numbers_are_neither_small_nor_saturating() -> None:
    one = next(trial for trial in trials(PARAMS) if trial.is_general)
    weights = np.concatenate([array.ravel() for array in one.instance.parameters.values()])
    assert ends(weights, 0.7)
    assert ends(one.instance.inputs["x"], 1)
    assert ends(one.instance.targets["y"], 1)
    assert one.sizes == TABLE["sizes"][0]


def test_many_steps_start_from_small_inputs_large_targets_and_a_matrix_that_only_turns() -> None:
    (one,) = (trial for trial in trials(PARAMS) if trial.sizes["T"] == 60)
    assert ends(one.instance.inputs["x"], 0.05)
    assert ends(one.instance.targets["y"], 30)
    W = one.instance.parameters["W"]
    np.testing.assert_allclose(W @ W.T, np.eye(len(W)), atol=1e-12)
    biases = np.concatenate([one.instance.parameters[name] for name in "bc"])
    assert 0.005 < np.abs(biases).max() <= 0.01
    for name in "UV":
        assert 0.7 < np.abs(one.instance.parameters[name]).max() <= 1
    assert not one.is_large


@pytest.mark.parametrize("loss", ["sum((h - d)**2)", "sum(cross_entropy(d, p))"])
def test_numbers_for_many_steps_lie_where_their_scale_says(loss: str) -> None:
    draw = _reaching(probing(loss), np.random.default_rng(2), 0.5, 5.0)
    assert ends(draw("input", (60, 3, 4)), 0.05)
    assert ends(draw("parameter", (20, 30)), 0.5)
    assert ends(draw("parameter", (400,)), 5)
    square = draw("parameter", (5, 5))
    np.testing.assert_allclose(square @ square.T, 0.25 * np.eye(5), atol=1e-12)
    target = draw("target", (60, 3, 4))
    if "cross" in loss:
        np.testing.assert_allclose(target.sum(axis=-1), 1)
    else:
        assert ends(target, 30)
    assert draw("parameter", ()).shape == ()


@pytest.mark.parametrize("n", range(1, 8))
def test_a_turn_leaves_lengths_and_turns_by_angles_that_are_neither_small_nor_a_half_circle(n: int) -> None:
    for seed in range(20):
        turn = _turning(np.random.default_rng(seed), n)
        np.testing.assert_allclose(turn @ turn.T, np.eye(n), atol=1e-12)
        angles = np.sort(np.abs(np.angle(np.linalg.eigvals(turn))))
        # Of an odd number one direction stays.
        assert (angles[0] < 1e-7) == bool(n % 2)
        others = angles[n % 2 :]
        assert len(others) == 0 or 0.5 - 1e-9 <= others.min() <= others.max() <= 2.6 + 1e-9


@pytest.mark.parametrize(
    ("right", "cut", "share"),
    [
        ([4.0, -8.0], [4.0, -6.0], 0.25),
        ([4.0, 8.0], [6.0, 8.0], 0.25),
        ([0.0, 0.0], [1.0, 0.0], 0.0),
        ([1.0, 2.0], [math.nan, 2.0], -1.0),
        ([1.0, 2.0], [math.inf, 2.0], -1.0),
        ([0.5], [0.0], 1.0),
    ],
)
def test_what_comes_from_beyond_is_a_share_of_the_largest_entry(
    right: list[float], cut: list[float], share: float
) -> None:
    with np.errstate(invalid="ignore"):
        assert _share(np.array(right), np.array(cut)) == share


@pytest.mark.parametrize(
    ("loss", "has_large"),
    [("sum((h - d)**2)", True), ("sum(h**2)", False), ("sum(cross_entropy(d, p))", False)],
)
def test_targets_are_large_once_where_there_are_any_that_may_be(loss: str, has_large: bool) -> None:
    table = {"network": NETWORK, "loss": loss, "function": "f"}
    found = trials(msgspec.convert(table, GradientParams))
    large = [one for one in found if one.is_large]
    assert len(large) == has_large
    for one in large:
        drawn = one.instance.targets["d"]
        # 3000 and a hundred times what is drawn elsewhere, from 2 to 9.
        assert 3200 <= drawn.min() <= drawn.max() <= 3900
        assert one.title.endswith("and targets of about 3000")
    assert all("targets" not in one.title for one in found if not one.is_large)
    assert [one.is_general for one in found] == sorted(one.is_general for one in found)
    assert sum(one.is_general for one in found) == 3


@pytest.mark.parametrize(
    ("largest", "share"),
    [([4.0, 1.0, 2.0], 0.25), ([-4.0, 0.0, 1.0], 0.25), ([0.0, 0.0], 0.0), ([3.0], 1.0), ([0.5, -0.1], 0.2)],
)
def test_the_least_gradient_is_a_share_of_the_largest_and_zeros_do_not_count(
    largest: list[float], share: float
) -> None:
    right = {str(at): np.array([one, one / 2]) for at, one in enumerate(largest)}
    nothing = GradientInstance({}, {}, {})
    assert WithGradients(nothing, right).least_share == pytest.approx(share)


@pytest.mark.parametrize(
    ("name", "is_gated"),
    [("elman", False), ("stacked", False), ("gru", True), ("lstm", True), ("gru-reset-after", True)],
)
def test_over_many_steps_some_of_a_gradient_comes_from_more_than_fifty_steps_back(
    name: str, is_gated: bool
) -> None:
    network = library_network(f"library/{name}").network
    loss = f"mean(({network_of(network).output[0]} - d)**2)"
    params = GradientParams(network=network, loss=loss, function="f")
    (one,) = (trial for trial in trials(params) if trial.sizes["T"] == 60)
    context = context_of(backward(params))
    evaluation = Evaluation(context, one.instance)
    cut = evaluation.gradients(WrongPasses(context.forward, context.backward, 50))
    assert cut is not None
    shares = [np.abs(right - cut[key]).max() / np.abs(right).max() for key, right in one.right.items()]
    assert max(shares) >= 0.03
    # Gates are held open by large biases, which is tried where small ones do not do.
    arrays = one.instance.parameters.values()
    matrix, bias = (max(float(np.abs(one).max()) for one in arrays if one.ndim == ndim) for ndim in (2, 1))
    assert matrix <= 1
    assert 2 < bias <= 5 if is_gated else bias <= 0.01


def test_a_start_state_is_larger_than_people_clip_at_where_targets_are() -> None:
    table = {
        "network": NETWORK,
        "loss": "sum((h - d)**2)",
        "function": "f",
        "arguments": {"x": "N x T x n_in", "u": "T x N", "d": "T x N x n_h", "h0": "N x n_h"},
    }
    (large,) = (one for one in trials(msgspec.convert(table, GradientParams)) if one.is_large)
    others = [one for one in trials(msgspec.convert(table, GradientParams)) if not one.is_large]
    assert 3 < np.abs(large.instance.parameters["h0"]).max() <= 4.5
    assert all(np.abs(one.instance.parameters["h0"]).max() < 1 for one in others)
    assert np.abs(large.instance.parameters["W"]).max() < 1
