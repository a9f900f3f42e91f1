"""Many variants in one run give what each gives by itself."""

from __future__ import annotations

import itertools
import random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network, network
from grader.networks.equations.tree import Function, Signal, Sum
from grader.networks.library import library_names, library_network
from grader.networks.mutants.catalogue import mutants
from grader.networks.mutants.mutant import apply
from grader.networks.running.compiled import compiled
from grader.networks.running.merged import run_merged

SIZES = {"n_in": 2, "n_h": 3, "n_out": 2, "n": 3, "m": 2, "k": 2}
PAIRS = 120


def instance(net: Network, seed: int, n_steps: int = 4) -> tuple[dict[str, Any], dict[str, Any]]:
    rng = np.random.default_rng(seed)
    sizes = {
        name: SIZES.get(name, 3) for shape in net.shapes.values() for size in shape for name in size.names
    }
    drawn = {
        name: rng.uniform(-1, 1, [size.at(sizes) for size in shape]) for name, shape in net.parameters.items()
    }
    x = {
        name: rng.uniform(-1, 1, (n_steps, *([size.at(sizes) for size in shape] or [1])))
        for name, shape in net.inputs.items()
    }
    return x, drawn


def variants_of(net: Network) -> list[Network]:
    """Every known mistake by itself, and some pairs."""
    known = mutants(net, "as-code", 2)
    chosen = random.Random(1).sample(list(itertools.combinations(known, 2)), PAIRS)
    made = []
    for together in [(one,) for one in known] + chosen:
        try:
            made.append(apply(net, *together))
        except NetworkError:
            continue
    return made


def alone(variant: Network, name: str, x: Any, p: Any) -> npt.NDArray[np.float64] | None:
    try:
        value = compiled(variant)(x, p)[name]
    except ValueError:
        return None
    return value if not variant.by_name[name].is_static else value[None]


def assert_alike(net: Network, x: Any, p: Any) -> None:
    """Every variant's outputs are those of its own compiled function."""
    variants = variants_of(net)
    run = run_merged(net, variants, x, p)
    for k, variant in enumerate(variants):
        for right, own in zip(net.output, variant.output, strict=True):
            wanted, got = alone(variant, own, x, p), run.values[right][k, 0]
            if wanted is None or not np.isfinite(wanted).all():
                assert not run.runs[k]
            else:
                assert np.abs(got - wanted).max() < 1e-9
    assert run.runs.sum() > len(variants) / 2


ODD: dict[str, dict[str, Any]] = {
    "numbers, and what is computed once": {
        "inputs": {"x": "number"},
        "parameters": {"w": "number", "b": "number", "h0": "number"},
        "equations": [
            "z(t) = sigmoid(w * x(t) + b * h(t-1))",
            "h(t) = z(t) * h(t-1) + (1 - z(t)) * tanh(x(t) + b)",
            "m = mean(h(t))",
            "y = sigmoid(m + w * h(1))",
        ],
        "start": {"h": "h0"},
        "output": ["h", "y"],
        "sizes": dict.fromkeys("hzmy", "number"),
    },
    "both directions, last and sum": {
        "inputs": {"x": "n"},
        "parameters": {"W": "n x n", "v": "n"},
        "equations": [
            "h(t) = tanh(W @ x(t) + h(t-1))",
            "s(t) = v @ h(t)",
            "b(t) = relu(W @ h(t) + b(t+1))",
            "o = last(b(t)) + sum(h(t)) / 2",
            "y(t) = softmax(W @ b(t) + s(t) * v)",
        ],
        "output": ["y", "o"],
    },
    "a matrix that is computed": {
        "inputs": {"x": "n"},
        "parameters": {"A": "n x n", "B": "n x n", "b": "n"},
        "equations": [
            "M = 2 * A + B.T",
            "h(t) = tanh(M @ x(t) + M.T @ h(t-1) + b)",
            "y(t) = sigmoid(M @ h(t))",
        ],
    },
    "two inputs, two lags, steps ahead": {
        "inputs": {"x": "n", "u": "k"},
        "parameters": {"A": "n x n", "B": "n x k", "p": "n", "q0": "n"},
        "equations": [
            "a(t) = max(-1, min(1, A @ a(t-1) + B @ u(t) + p * a(t-2)))",
            "q(t) = abs(A.T @ a(t)) - q(t-1) / 2 + x(t-1) * x(t+1)",
            "y(t) = stack(part(stack(a(t), q(t)), 1, 2), u(t))",
        ],
        "start": {"q": "q0", "a": "p / 2"},
    },
}


@pytest.mark.parametrize("title", ODD)
@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_variants_of_odd_networks_give_what_they_give_alone(title: str, n_steps: int) -> None:
    assert_alike(network(ODD[title]), *instance(network(ODD[title]), n_steps, n_steps))


@pytest.mark.parametrize("name", library_names())
def test_variants_give_together_what_they_give_alone(name: str) -> None:
    net = network_of(library_network(name).network)
    assert_alike(net, *instance(net, seed=1))


@pytest.mark.parametrize("name", ["library/elman", "library/lstm", "library/bidirectional"])
def test_a_path_rounds_its_variables_on_the_way(name: str) -> None:
    net = network_of(library_network(name).network)
    x, p = instance(net, seed=2)
    paths = [{}, *({one.name: places} for one in net.equations for places in (2, 3))]
    paths.append({one.name: 2 for one in net.equations})
    run = run_merged(net, [net], x, p, paths)
    for index, path in enumerate(paths):
        written = net
        for variable, places in path.items():
            exact = written.by_name[variable].right_side
            written = written.with_equation(variable, Function("rounded", (exact,), places))
        wanted = compiled(written)(x, p)
        for variable in net.by_name:
            assert np.abs(run.values[variable][0, index] - wanted[variable]).max() < 1e-12


def test_sequences_run_beside_each_other() -> None:
    net = network_of(library_network("library/gru").network)
    x, p = instance(net, seed=3)
    batch = {"x": np.stack([x["x"], -x["x"], 2 * x["x"]], axis=1)}
    variants = variants_of(net)
    together = run_merged(net, variants, batch, p)
    for n in range(3):
        one = run_merged(net, variants, {"x": batch["x"][:, n]}, p)
        runs = one.runs & together.runs
        assert runs.sum() > len(variants) / 2
        assert np.abs(together.values["h"][runs][:, n] - one.values["h"][runs][:, 0]).max() < 1e-12


def test_a_variant_that_needs_another_order_runs_with_the_others() -> None:
    table = {
        "inputs": {"x": "n"},
        "parameters": {"W": "n x n"},
        "equations": ["h(t) = tanh(W @ h(t-1) + x(t))", "y(t) = sigmoid(W @ h(t))"],
    }
    right = network(table)
    jordan = network(table | {"equations": ["h(t) = tanh(W @ y(t-1) + x(t))", "y(t) = sigmoid(W @ h(t))"]})
    ahead = network(table | {"equations": ["h(t) = tanh(W @ h(t+1) + x(t))", "y(t) = sigmoid(W @ h(t))"]})
    swapped = network(table | {"equations": ["h(t) = tanh(W @ y(t) + x(t))", "y(t) = sigmoid(W @ h(t-1))"]})
    x, p = instance(right, seed=4)
    variants = [right, jordan, ahead, swapped, jordan]
    run = run_merged(right, variants, x, p)
    for k, variant in enumerate(variants):
        assert np.abs(run.values["y"][k, 0] - compiled(variant)(x, p)["y"]).max() < 1e-12


def test_a_variant_that_starts_from_what_the_others_compute_last_runs_with_them() -> None:
    table = {
        "inputs": {"x": "n"},
        "parameters": {"p": "n"},
        "equations": ["h(t) = tanh(h(t-1) + x(t))", "e = 2 * h(T)", "y(t) = h(t) + e"],
        "start": {"h": "p"},
    }
    right = network(table)
    equations = ["h(t) = tanh(h(t-1) + x(t))", "e = 2 * p", "y(t) = h(t) + e"]
    ahead = network(table | {"equations": equations, "start": {"h": "e"}})
    x, p = instance(right, seed=6)
    run = run_merged(right, [right, ahead, right], x, p)
    for k, variant in enumerate((right, ahead, right)):
        assert np.abs(run.values["y"][k, 0] - compiled(variant)(x, p)["y"]).max() < 1e-12


def test_what_has_no_number_does_not_run_and_harms_no_other() -> None:
    table = {"inputs": {"x": "n"}, "equations": ["u(t) = x(t) - 2", "y(t) = exp(u(t))"]}
    right = network(table)
    broken = network(table | {"equations": ["u(t) = x(t) - 2", "y(t) = log(u(t))"]})
    run = run_merged(right, [right, broken, right], {"x": np.ones((3, 2))}, {})
    assert run.runs.tolist() == [True, False, True]
    assert run.values["y"][2, 0] == pytest.approx(np.exp(-1))


def test_several_sequences_by_several_paths_are_refused() -> None:
    net = network_of(library_network("library/gru").network)
    x, p = instance(net, seed=5)
    with pytest.raises(ValueError, match="several"):
        run_merged(net, [net], {"x": np.stack([x["x"]] * 2, axis=1)}, p, [{}, {"h": 2}])


@pytest.mark.parametrize("lag", [-2, -1, 1, 5])
@pytest.mark.parametrize("edge", ["", "hold", "wrap"])
def test_a_variable_that_is_read_beyond_the_ends_is_read_so_in_each_row(lag: int, edge: str) -> None:
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"W": "n x n"},
            "equations": ["h(t) = tanh(W @ h(t-1) + x(t))", "y(t) = h(t) + h(t-1)"],
        }
    )
    x, p = instance(net, 3)
    other = net.with_equation("y", Sum(((1, Signal("h")), (1, Signal("h", lag, edge)))))
    found = run_merged(net, [net, other, net], x, p).values["y"]
    for k, variant in enumerate((net, other, net)):
        assert np.abs(found[k, 0] - compiled(variant)(x, p)["y"]).max() < 1e-14


@pytest.mark.parametrize(
    "start", ["mean(g(t))", "sum(x(t)) + g(T)", "g(1)", "last(g(t)) - first(x(t))", "tanh(b)"]
)
def test_a_start_that_is_made_of_all_steps_comes_after_them(start: str) -> None:
    parameters = {"b": "n"} if "b" in start else {}
    equations = ["g(t) = tanh(x(t))", "h(t) = h(t-1) + g(t)"]
    table = {"inputs": {"x": "n"}, "parameters": parameters, "equations": equations, "sizes": {"h": "n"}}
    net = network({**table, "start": {"h": start}})
    x, p = instance(net, 4)
    found = run_merged(net, [net, net.with_equation("g", Signal("x"))], x, p)
    assert found.runs.all()
    assert np.abs(found.values["h"][0, 0] - compiled(net)(x, p)["h"]).max() < 1e-14


@pytest.mark.parametrize(
    ("x", "paths", "middle"),
    [
        ((5, 3), [{}], 1),
        ((5, 1, 3), [{}], 1),
        ((5, 4, 3), [{}], 4),
        ((5, 3), [{}, {"h": 1}], 2),
        ((5, 1, 3), [{}, {"h": 1}, {"h": 2}], 3),
    ],
)
def test_values_stand_by_variant_then_path_or_sequence_then_step(x, paths, middle):
    """(K, P, T, n), T being 1 for what has no steps; a matrix is (K, n, 1, m)."""
    net = network(
        {
            "inputs": {"x": "m"},
            "parameters": {"U": "n x m"},
            "equations": ["h(t) = tanh(U @ x(t))", "s = mean(h(t))", "M = U.T"],
        }
    )
    rng = np.random.default_rng(1)
    values, U = rng.normal(size=x), rng.normal(size=(2, 3))
    found = run_merged(
        net, [net, net.with_equation("h", net.by_name["h"].right_side)], {"x": values}, {"U": U}, paths
    )
    assert found.values["h"].shape == (2, middle, 5, 2)
    assert found.values["s"].shape == (2, middle, 1, 2)
    assert found.values["M"].shape == (2, 3, 1, 2)
    wanted = np.tanh(values.reshape(5, -1, 3) @ U.T)
    for k in range(2):
        for p in range(middle if len(paths) == 1 else 1):
            assert found.values["h"][k, p] == pytest.approx(wanted[:, p])
