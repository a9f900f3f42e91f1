"""Rounding on the way, path by path in decimals; and within which bounds variables stay."""

from __future__ import annotations

import itertools
import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import network
from grader.networks.hand_trace import HandTrace
from grader.networks.library import library_network
from grader.networks.possible_values import possible_values
from grader.networks.rounded_intermediate_values import kept_alike, rounded_runs

CHAIN = {
    "inputs": {"x": "number"},
    "parameters": {"a": "number", "b": "number"},
    "equations": ["h(t) = a * h(t-1) + x(t)", "g(t) = b * h(t)", "y(t) = g(t) + g(t-1)"],
    "sizes": {"h": "number"},
}


def paths(xs, a, b, places):
    """All values of y by hand: h and g each in full, to so many places, or to one more; halves either way."""
    found = []
    for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        for kept in itertools.product((None, places, places + 1), repeat=2):

            def keep(value, digits, mode=mode):
                return value if digits is None else value.quantize(Decimal(1).scaleb(-digits), mode)

            h = before = Decimal(0)
            row = []
            for x in xs:
                h = keep(a * h + x, kept[0])
                g = keep(b * h, kept[1])
                row.append(float(g + before))
                before = g
            found.append(tuple(row))
    return found


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("texts", [("0.35", "-0.25", "1.05"), ("0.125", "0.4", "-0.875")])
def test_every_way_of_rounding_is_one_path(places, texts):
    a, b = Decimal("0.5"), Decimal("0.35")
    xs = [Decimal(text) for text in texts]
    values = {"a": np.array(float(a)), "b": np.array(float(b))}
    inputs = {"x": np.array([[float(x)] for x in xs])}
    found = rounded_runs(network(CHAIN), inputs, values, places, 9)["y"]
    made = {tuple(np.round(column, 9).tolist()) for column in found[:, :, 0].T}
    assert made == {tuple(round(x, 9) for x in row) for row in paths(xs, a, b, places)}


def test_a_path_for_each_way_to_keep_each_variable_that_others_read():
    net = network(CHAIN)
    assert sorted(kept_alike(net)) == [("g",), ("h",)]
    assert sorted(kept_alike(net, 9)) == [("g",), ("h",)]
    # h is read by h and g, g by y; no two are read by the same, and each is a loop of its own.
    assert kept_alike(net, 8) == (("h", "g"),)
    assert kept_alike(net, 1) == (("h", "g"),)
    assert kept_alike(network({**CHAIN, "equations": ["y(t) = a * x(t) + b"], "sizes": {}})) == ()


def test_gates_of_a_cell_are_kept_alike_where_there_are_too_many_paths():
    net = network_of(library_network("library/lstm").network)
    each = kept_alike(net)
    assert sorted(each) == [(name,) for name in sorted("cfghio")]
    groups = {frozenset(group) for group in kept_alike(net, 3**5)}
    # i, f and g are read by the cell; o and the cell by the output, and the cell by itself.
    readers = {"i": "c", "f": "c", "g": "c", "c": "ch", "o": "h", "h": "gates"}
    assert groups == {
        frozenset(name for name in readers if readers[name] == one) for one in set(readers.values())
    }
    assert [sorted(group) for group in kept_alike(net, 80)] == [sorted("ifogch")]


def test_where_a_run_is_long_there_are_fewer_paths():
    net = network(CHAIN)
    inputs, values = {"x": np.array([[0.35]])}, {"a": np.array(0.5), "b": np.array(0.35)}
    # 4,000,000 numbers in all: for a million of one run four paths, so that h and g are kept alike.
    alike = rounded_runs(net, inputs, values, 1, 1_000_000)["y"].ravel()
    # 0.35 * 0.35 in full; 0.4 * 0.35 = 0.14 to one place; 0.35 * 0.35 to two.
    assert set(alike.round(9).tolist()) == {0.1225, 0.1, 0.12}
    each = rounded_runs(net, inputs, values, 1, 9)["y"].ravel()
    assert set(each.round(9).tolist()) > {0.1225, 0.1, 0.12}


def bounds_of(equations, parameters=(), start=(), **declared):
    shapes = {name: "n" if np.ndim(value) else "number" for name, value in dict(parameters).items()}
    shapes = {name: shape for name, shape in shapes.items() if name not in dict(start).values()}
    table = {"inputs": {"x": "n"}, "equations": equations, "parameters": shapes, "start": dict(start)}
    net = network({**table, **declared})
    names = [one.name for one in net.equations]
    values = {name: np.asarray(value, dtype=float) for name, value in dict(parameters).items()}
    trace = HandTrace(net, {"x": np.zeros((2, 2))}, values, 2, dict.fromkeys(names, 2), tuple(names), 0.005)
    return {name: tuple(bound) for name, bound in possible_values(trace).items()}


ALL = (-math.inf, math.inf)


@pytest.mark.parametrize(
    ("right_side", "bound"),
    [
        ("sigmoid(x(t))", (0, 1)),
        ("tanh(x(t))", (-1, 1)),
        ("relu(x(t))", (0, math.inf)),
        ("softmax(x(t))", (0, 1)),
        ("x(t)", ALL),
        ("2 * sigmoid(x(t)) - 3", (-3, -1)),
        ("3 - sigmoid(x(t))", (2, 3)),
        ("-tanh(x(t)) / 4", (-0.25, 0.25)),
        ("tanh(x(t)) * a", (-2, 2)),
        ("sigmoid(x(t)) * v", (-1, 3)),
        ("tanh(x(t)) ** 2", (0, 1)),
        ("1 / sigmoid(x(t))", ALL),
        ("min(sigmoid(x(t)), 1 / 2)", (0, 0.5)),
        ("max(tanh(x(t)), 1 / 2, x(t))", (0.5, math.inf)),
        ("max(tanh(x(t)), 0.5)", (0.5, 1)),
        ("part(tanh(x(t)), 1, 1)", (-1, 1)),
        ("abs(tanh(x(t)))", (0, 1)),
    ],
)
def test_an_activation_bounds_what_it_goes_into(right_side, bound):
    parameters = {name: value for name, value in (("a", 2.0), ("v", (-1.0, 3.0))) if f" {name}" in right_side}
    found = bounds_of([f"h(t) = {right_side}"], parameters)["h"]
    assert found == pytest.approx(bound, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "bound"),
    [(None, (-1, 1)), ((0.5, -0.5), (-1, 1)), ((0.0, 3.0), (-1, 3)), ((-2.0, 0.0), (-2, 1))],
)
def test_a_gate_between_an_old_and_a_new_value_keeps_it_between_them_and_the_start(start, bound):
    """z h + (1 - z) n, as in a GRU: affine in z, and so at its ends."""
    equations = [
        "z(t) = sigmoid(x(t))",
        "n1(t) = tanh(x(t))",
        "h(t) = z(t) * h(t-1) + (1 - z(t)) * n1(t)",
    ]
    parameters, first = ({}, {}) if start is None else ({"h0": start}, {"h": "h0"})
    found = bounds_of(equations, parameters, first, sizes={"h": "n"})
    assert found["h"] == pytest.approx(bound, abs=1e-8)
    assert found["z"] == pytest.approx((0, 1), abs=1e-9)


def test_a_cell_that_adds_up_may_be_anything_and_what_it_is_squashed_by_may_not():
    equations = [
        "f(t) = sigmoid(x(t))",
        "c(t) = f(t) * c(t-1) + tanh(x(t))",
        "h(t) = f(t) * tanh(c(t))",
        "k(t) = h(t-1) * h(t-1) + h(t)",
    ]
    found = bounds_of(equations, sizes={"c": "n", "h": "n"})
    assert found["c"] == ALL
    assert found["h"] == pytest.approx((-1, 1), abs=1e-9)
    assert found["k"] == pytest.approx((-2, 2), abs=1e-9)


def test_values_over_all_steps_are_within_those_of_each_unless_they_are_added_up():
    equations = ["h(t) = tanh(x(t))", "m = mean(h(t))", "l = h(T)", "s = sum(h(t))"]
    found = bounds_of(equations)
    assert found["m"] == found["l"] == pytest.approx((-1, 1), abs=1e-9)
    assert found["s"] == ALL
