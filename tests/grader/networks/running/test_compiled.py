"""The compiled function's own rules: batches, names, empty sequences, what is read beyond the ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.networks.equations.network import network
from grader.networks.running.compiled import compiled, leading_axes
from grader.networks.running.functions import fitted, picked, rounded, shifted


def test_names_that_python_keeps_for_itself_are_names_of_a_network() -> None:
    net = network(
        {
            "inputs": {"lambda_": "n"},
            "parameters": {"np": "number", "start": "n", "t1": "number", "W_T": "n x n", "W": "n x n"},
            "equations": ["axes(t) = np * lambda_(t) + start + t1 * (W_T @ axes(t-1)) + W @ lambda_(t)"],
        }
    )
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    swap, triple = np.array([[0.0, 1.0], [1.0, 0.0]]), 3 * np.eye(2)
    given = {"np": 2.0, "start": np.array([10.0, 20.0]), "t1": 1.0, "W_T": swap, "W": triple}
    values = compiled(net)({"lambda_": x}, given)["axes"]
    first = [2 * 1 + 10 + 3 * 1, 2 * 2 + 20 + 3 * 2]
    assert values.tolist() == [first, [2 * 3 + 10 + first[1] + 9, 2 * 4 + 20 + first[0] + 12]]


def test_sequences_of_a_batch_do_not_meet() -> None:
    rng = np.random.default_rng(2)
    net = network(
        {
            "inputs": {"x": "n_in"},
            "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "V": "n_out x n_h + n_in", "h0": "n_h"},
            "equations": [
                "h(t) = tanh(U @ x(t) + W @ h(t-1))",
                "b(t) = tanh(U @ x(t) + W @ b(t+1))",
                "y(t) = softmax(V @ stack(h(t), x(t)))",
                "z = V @ stack(b(1), x(T))",
            ],
            "start": {"h": "h0"},
        }
    )
    sizes = {"n_in": 2, "n_h": 3, "n_out": 2}
    weights: dict[str, Any] = {
        name: rng.uniform(-1, 1, [size.at(sizes) for size in shape]) for name, shape in net.parameters.items()
    }
    x, starts = rng.uniform(-1, 1, (5, 4, 2)), rng.uniform(-1, 1, (4, 3))
    run = compiled(net)
    together = run({"x": x}, weights | {"h0": starts})
    for n in range(4):
        alone = run({"x": x[:, n]}, weights | {"h0": starts[n]})
        for name in "hby":
            assert np.abs(together[name][:, n] - alone[name]).max() < 1e-15
        assert np.abs(together["z"][n] - alone["z"]).max() < 1e-15


def test_weights_that_differ_from_variant_to_variant_run_together() -> None:
    rng = np.random.default_rng(3)
    net = network(
        {
            "inputs": {"x": "n_in"},
            "parameters": {"U": "n_in x n_h", "W": "n_h x n_h", "b": "n_h", "g": "number"},
            "equations": ["h(t) = tanh(U.T @ x(t) + g * (W.T @ h(t-1)) + b)"],
        }
    )
    many = {
        "U": rng.uniform(-1, 1, (6, 2, 3)),
        "W": rng.uniform(-1, 1, (6, 3, 3)),
        "b": rng.uniform(-1, 1, (6, 1, 3)),
        "g": rng.uniform(-1, 1, (6, 1, 1)),
    }
    x = rng.uniform(-1, 1, (4, 2))
    run = compiled(net)
    together = run({"x": x[:, None, None]}, many)["h"]
    assert together.shape == (4, 6, 1, 3)
    for k in range(6):
        one = {"U": many["U"][k], "W": many["W"][k], "b": many["b"][k, 0], "g": many["g"][k, 0, 0]}
        assert np.abs(together[:, k, 0] - run({"x": x}, one)["h"]).max() < 1e-15


@pytest.mark.parametrize("varied", ["U", "W", "b"])
def test_one_weight_alone_may_differ_from_variant_to_variant(varied: str) -> None:
    rng = np.random.default_rng(4)
    net = network(
        {
            "inputs": {"x": "n_in"},
            "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h"},
            "equations": ["h(t) = tanh(U @ x(t) + W @ h(t-1) + b)"],
        }
    )
    weights = {"U": rng.uniform(-1, 1, (3, 2)), "W": rng.uniform(-1, 1, (3, 3)), "b": rng.uniform(-1, 1, 3)}
    many = rng.uniform(-1, 1, (5, *((1, 3) if varied == "b" else weights[varied].shape)))
    x = rng.uniform(-1, 1, (4, 2))
    together = compiled(net)({"x": x[:, None, None]}, {**weights, varied: many})["h"]
    assert together.shape == (4, 5, 1, 3)
    for k in range(5):
        alone = compiled(net)({"x": x}, {**weights, varied: many[k].reshape(weights[varied].shape)})["h"]
        assert np.abs(together[:, k, 0] - alone).max() < 1e-15


def test_no_steps_give_no_values() -> None:
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"W": "n x n"},
            "equations": ["h(t) = tanh(W @ h(t-1) + x(t))", "y(t) = h(t) + x(t-1)"],
        }
    )
    values = compiled(net)({"x": np.zeros((0, 3))}, {"W": np.eye(3)})
    assert values["h"].shape == values["y"].shape == (0, 3)


def test_a_variable_without_signals_is_a_value_at_every_step() -> None:
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"b": "n"},
            "equations": ["g(t) = tanh(b)", "r(t) = 1", "y(t) = g(t) * x(t) + r(t)"],
            "sizes": {"r": "n"},
        }
    )
    values = compiled(net)({"x": np.ones((3, 4, 2))}, {"b": np.array([0.0, 1.0])})
    assert values["g"].shape == values["r"].shape == (3, 4, 2)
    assert np.allclose(values["y"], [1.0, np.tanh(1.0) + 1])


def test_a_wrong_size_names_the_axis() -> None:
    net = network({"inputs": {"x": "n"}, "parameters": {"b": "n"}, "equations": ["y(t) = x(t) + b"]})
    with pytest.raises(ValueError, match=r"b: .*2 entries|b: .*an axis of b has 2"):
        compiled(net)({"x": np.zeros((4, 3))}, {"b": np.zeros(2)})


def test_overflow_and_roots_of_negative_numbers_are_no_warning() -> None:
    net = network({"inputs": {"x": "n"}, "equations": ["y(t) = exp(x(t)) + sqrt(-x(t)) + sigmoid(-x(t))"]})
    y = compiled(net)({"x": np.array([[1000.0]])}, {})["y"]
    assert np.isnan(y).all()


@pytest.mark.parametrize(
    ("lag", "edge", "wanted"),
    [
        (1, "", [9, 1, 2]),
        (-1, "", [2, 3, 9]),
        (5, "", [9, 9, 9]),
        (1, "hold", [1, 1, 2]),
        (-2, "hold", [3, 3, 3]),
        (-1, "wrap", [2, 3, 1]),
        (1, "wrap", [3, 1, 2]),
    ],
)
def test_beyond_the_ends_stands_what_the_edge_says(lag: int, edge: str, wanted: list[float]) -> None:
    v = np.array([[1.0], [2.0], [3.0]])
    assert shifted(v, lag, 9.0, edge)[:, 0].tolist() == wanted


@pytest.mark.parametrize(
    ("pick", "wanted"),
    [
        ("reversed", [[5, 6], [3, 4], [1, 2]]),
        ("first", [[1, 2], [1, 2], [1, 2]]),
        ("last-only", [[0, 0], [0, 0], [5, 6]]),
        ("first-only", [[1, 2], [0, 0], [0, 0]]),
        ("first-entry", [[1, 0], [3, 0], [5, 0]]),
    ],
)
def test_picks_keep_what_they_say(pick: str, wanted: list[list[float]]) -> None:
    assert picked(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), pick).tolist() == wanted


def test_only_the_first_sequence_is_kept() -> None:
    kept = picked(np.ones((2, 3, 1)), "first-sequence")
    assert kept[:, :, 0].tolist() == [[1, 0, 0], [1, 0, 0]]


def test_ties_are_rounded_away_from_zero_as_by_hand() -> None:
    assert rounded(np.array([0.125, -0.125, 0.375, 0.1249]), 2).tolist() == [0.13, -0.13, 0.38, 0.12]


@pytest.mark.parametrize(
    ("other", "own", "wanted"),
    [([1, 2], [0, 0], [1, 2]), ([7], [0, 0, 0], [7]), ([1, 2, 3], [0], [1])],
)
def test_a_vector_fits_another_by_one_entry_for_all_or_by_its_first(
    other: list[float], own: list[float], wanted: list[float]
) -> None:
    assert fitted(np.array(other), np.array(own)).tolist() == wanted


def test_a_matrix_may_be_computed_of_others_before_the_first_step() -> None:
    table = {
        "inputs": {"x": "n"},
        "parameters": {"A": "n x n", "B": "n x n"},
        "equations": ["M = 2 * A + B", "h(t) = M @ x(t) + M @ h(t-1)"],
    }
    values = compiled(network(table))({"x": [[1, 0], [0, 1]]}, {"A": [[1, 2], [0, 1]], "B": [[0, 1], [0, 0]]})
    # M is ((2, 5), (0, 2)): h(1) = M (1, 0), h(2) = M (0, 1) + M (2, 0).
    assert values["h"].tolist() == [[2.0, 0.0], [9.0, 2.0]]


@pytest.mark.parametrize(
    ("x", "U", "b", "a", "lead"),
    [
        ((5, 3), (2, 3), (2,), (), ()),
        ((5, 4, 3), (2, 3), (2,), (), (4,)),
        # What is the same for all sequences of the input, and another vector or number for each.
        ((5, 1, 3), (2, 3), (4, 2), (), (4,)),
        ((5, 1, 3), (2, 3), (2,), (4, 1), (4,)),
        # Seven matrices lie on an axis before that of the sequences.
        ((5, 4, 3), (7, 2, 3), (2,), (), (7, 4)),
        ((5, 1, 3), (7, 2, 3), (7, 1, 2), (), (7, 1)),
        ((5, 3, 3), (2, 3), (4, 2), (), None),
        ((5, 4, 3), (2, 3), (3, 1, 2), (5, 4, 1), None),
    ],
)
def test_sequences_and_instances_are_axes_between_steps_and_entries(x, U, b, a, lead):
    net = network(
        {
            "inputs": {"x": "m"},
            "parameters": {"U": "n x m", "b": "n", "a": "number"},
            "equations": ["h(t) = U @ x(t) + a * b"],
        }
    )
    if lead is None:
        with pytest.raises(ValueError, match="broadcast"):
            leading_axes(net, (x,), (U, b, a))
    else:
        assert leading_axes(net, (x,), (U, b, a)) == lead
