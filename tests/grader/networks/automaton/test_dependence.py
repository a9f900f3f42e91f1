"""What no output can see is left out of the search, and nothing else."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton.dependence import Seen, seen_entries
from grader.networks.automaton.product import compare
from grader.networks.equations.network import network
from tests.grader.networks.automaton import nets


def _seen(weights, net=None):
    exact = {name: nets.fractions(value) for name, value in weights.items()}
    sizes = {"n_in": len(weights["U"][0]), "n_h": len(weights["U"]), "n_out": len(weights["V"])}
    letter = {"x": nets.fractions([1] * sizes["n_in"])}
    return seen_entries(net or nets.with_equations(), exact, sizes, letter, ["y"])


@pytest.mark.parametrize(
    ("W", "V", "seen"),
    [
        # A chain 0 -> 1 -> 2 whose end is read; the fourth unit sees all and is seen by none.
        ([[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]], [[0, 0, 1, 0]], (0, 1)),
        # y sees h(t), which is made of what is remembered.
        ([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], [[0, 0, 1, 0]], (2, 3)),
        ([[0, 0, 0, 0]] * 4, [[1, 1, 1, 1]], ()),
        ([[1, 1, 1, 1]] * 4, [[0, 0, 0, 1]], (0, 1, 2, 3)),
        ([[1, 1, 1, 1]] * 4, [[0, 0, 0, 0]], ()),
    ],
)
def test_what_is_seen_follows_the_weights_that_are_not_zero(W, V, seen):
    assert _seen({"U": [[1]] * 4, "W": W, "b": [0] * 4, "V": V, "c": [0]}) == seen


def test_entries_that_multiply_each_other_are_both_seen():
    net = network(
        {
            "inputs": {"x": "n_in"},
            "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h", "V": "n_out x n_h", "c": "n_out"},
            "equations": ["h(t) = step(U @ x(t) + b)", "y(t) = V @ (h(t) * (W @ h(t-1))) + c"],
        }
    )
    weights = {
        "U": [[1]] * 3,
        "W": [[0, 1, 0], [0, 0, 0], [0, 0, 0]],
        "b": [0] * 3,
        "V": [[1, 1, 1]],
        "c": [0],
    }
    assert _seen(weights, net) == (1,)


def _both(weights, net):
    """What the search finds in a network, and without what is not seen."""
    less = nets.student(weights, nets.BITS, net)
    less.machine.keep(_seen(weights, net))
    target = nets.target("parity", nets.BITS)
    return compare(nets.student(weights, nets.BITS, net), target), compare(less, target)


@pytest.mark.parametrize("hidden", ["step", "relu", "sign"])
def test_the_search_finds_the_same_with_and_without_what_is_not_seen(hidden):
    rng = random.Random(hidden)
    for _ in range(60):
        n = rng.randint(2, 5)
        weights = {
            "U": [[rng.choice((0, 1, -1))] for _ in range(n)],
            "W": [[rng.choice((0, 0, 0, 1, -1)) for _ in range(n)] for _ in range(n)],
            "b": [rng.choice((0, -1, 1)) for _ in range(n)],
            "V": [[rng.choice((0, 0, 1, -1)) for _ in range(n)]],
            "c": [rng.choice((0, -1))],
        }
        whole, less = _both(weights, nets.with_equations(hidden))
        assert (whole.kind, whole.word) == (less.kind, less.word)


def test_units_beside_the_task_make_no_more_pairs():
    rng = random.Random(4)
    for _ in range(20):
        beside = [[rng.choice((-1, 0, 1)) for _ in range(6)] for _ in range(4)]
        weights = {
            "U": [[1], [1], *([rng.choice((-1, 1))] for _ in range(4))],
            "W": [[1, -1, 0, 0, 0, 0], [1, -1, 0, 0, 0, 0], *beside],
            "b": [-1, -2, 0, -1, 0, 1],
            "V": [[1, -1, 0, 0, 0, 0]],
            "c": [-1],
        }
        whole, less = _both(weights, nets.with_equations())
        assert whole.kind == less.kind == "same"
        assert less.states == 3 <= whole.states


def test_a_unit_that_grows_without_end_and_is_not_seen_is_no_hindrance():
    weights = {
        "U": [[1], [1], [1]],
        "W": [[1, -2, 0], [1, -2, 0], [1, 1, 2]],
        "b": [0, -1, 5],
        "V": [[1, -2, 0]],
        "c": [0],
    }
    net = nets.with_equations("relu", "V @ h(t) + c")
    less = nets.student(weights, nets.BITS, net)
    less.machine.keep(_seen(weights, net))
    assert compare(less, nets.target("parity", nets.BITS)).kind == "same"


@pytest.mark.parametrize("function", ["step", "positive", "sign", "relu", "abs", "tanh", "sigmoid", "exp"])
def test_what_is_known_to_be_zero_stays_so_under_functions_that_are_zero_there(function):
    at_zero = {"step": 1, "sigmoid": 0.5, "exp": 1}.get(function, 0)
    found = Seen.of((Fraction(0), Fraction(2))).applied(function)
    assert found.is_zero.tolist() == [[at_zero == 0, False]]


def test_what_a_value_depends_on_is_all_that_goes_into_it():
    """Three entries by the bits 1, 2 and 4; a product with zero depends on nothing."""
    one = Seen(np.array([[1, 2, 4]], dtype=object), np.array([[False, False, False]]))
    other = Seen(np.array([[4, 0, 1]], dtype=object), np.array([[False, True, False]]))
    assert one.plus(other).sets.tolist() == [[5, 2, 5]]
    assert one.plus(other).is_zero.tolist() == [[False, False, False]]
    assert other.plus(other).is_zero.tolist() == [[False, True, False]]
    for found in (one.times(other), other.times(one)):
        assert (found.sets.tolist(), found.is_zero.tolist()) == ([[5, 0, 5]], [[False, True, False]])
    for found in (one.larger(other), one.smaller(other), one.modulo(other)):
        assert found.sets.tolist() == [[5, 2, 5]]
    assert not one.inverted().is_zero.any()
    M = Seen.of(((Fraction(1), Fraction(0), Fraction(2)), (Fraction(0), Fraction(0), Fraction(0))))
    by_rows = M.product(one)
    assert (by_rows.sets.tolist(), by_rows.is_zero.tolist()) == ([[5, 0]], [[False, True]])
    two = Seen(np.array([[1, 2]], dtype=object), np.array([[False, False]]))
    by_columns = two.product(M)
    assert (by_columns.sets.tolist(), by_columns.is_zero.tolist()) == ([[1, 0, 1]], [[False, True, False]])
    assert (one.product(other).sets.tolist(), one.product(other).is_zero.tolist()) == ([5], [False])
    kept = one.masked(np.array([True, False, True]))
    assert (kept.sets.tolist(), kept.is_zero.tolist()) == ([[1, 0, 4]], [[False, True, False]])
