"""All words at once in whole numbers, against one word after another in fractions."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.entries import DividesByZero
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.whole_numbers import Whole
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import network
from grader.networks.equations.tree import Signal
from grader.networks.running import interpreted
from grader.networks.running.arithmetic import Fractions

LAYERS = {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h", "V": "n_out x n_h", "c": "n_out"}
SUM = "U @ x(t) + W @ h(t-1) + b"
NETWORKS = {
    "step": [f"h(t) = step({SUM})", "y(t) = step(V @ h(t) + c)"],
    "sign": [f"h(t) = sign({SUM})", "y(t) = V @ h(t) + c"],
    "relu": [f"h(t) = relu({SUM})", "y(t) = V @ h(t) + c"],
    "ramp": [f"h(t) = max(-1, min(1, {SUM}))", "y(t) = abs(V @ h(t) + c)"],
    "off at zero": [f"h(t) = 1 - step(-({SUM}))", "y(t) = V @ h(t-1) + c"],
    "two lags": [f"h(t) = step({SUM} + W.T @ h(t-2))", "y(t) = V @ h(t) + c + y(t-3) / 2"],
    "output fed back": [f"h(t) = relu({SUM} - y(t-1) @ V)", "y(t) = step(V @ h(t) + c)"],
    "dot, power and mod": [
        f"h(t) = mod({SUM}, 3)",
        "s(t) = h(t) @ b + 1",
        "y(t) = s(t) * c / 7 + (V @ h(t))**2",
    ],
    "stacked parts": [
        f"h(t) = step({SUM})",
        "z(t) = stack(h(t), x(t-1), h(t-1))",
        "y(t) = V @ (h(t) * h(t-1)) + c",
    ],
}


def _number(rng):
    return Fraction(rng.randint(-6, 6), rng.choice((1, 1, 2, 3, 10)))


def _weights(rng, sizes):
    def filled(shape):
        if len(shape) == 1:
            return tuple(_number(rng) for _ in range(shape[0]))
        return tuple(tuple(_number(rng) for _ in range(shape[1])) for _ in range(shape[0]))

    return {name: filled([sizes[axis] for axis in shape.split(" x ")]) for name, shape in LAYERS.items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_runs_of_many_words_are_those_of_each_word(name):
    declared = {"inputs": {"x": "n_in"}, "parameters": LAYERS, "equations": NETWORKS[name], "output": ["y"]}
    if name == "two lags":
        declared["sizes"] = {"y": "n_out"}
    net, rng = network(declared), random.Random(name)
    for _ in range(5):
        sizes = {"n_in": rng.randint(1, 3), "n_h": rng.randint(1, 4), "n_out": rng.randint(1, 2)}
        weights = _weights(rng, sizes)
        words = [[tuple(_number(rng) for _ in range(sizes["n_in"])) for _ in range(6)] for _ in range(4)]
        many = Machine(net, {key: Whole.of(value) for key, value in weights.items()}, sizes, Whole)
        one = interpreted.NetworkMachine(net, weights, Fractions(), sizes)
        about = Machine(net, {key: Enclosure.of(value) for key, value in weights.items()}, sizes, Enclosure)
        first = np.zeros(len(words), dtype=np.intp)
        states, around = many.initial.selected(first), about.initial.selected(first)
        alone = [one.initial] * len(words)
        for step in range(6):
            states, values = many.step(states, {"x": Whole.joined([Whole.of(word[step]) for word in words])})
            if "mod" not in name:
                letters = Enclosure.joined([Enclosure.of(word[step]) for word in words])
                around, enclosed = about.step(around, {"x": letters})
            for run, word in enumerate(words):
                alone[run], right = one.step(alone[run], {"x": word[step]})
                for variable in ("h", "y"):
                    assert values[variable].fractions(run) == right[variable]
                    if "mod" not in name:
                        both = zip(enclosed[variable].low[run], enclosed[variable].high[run], strict=True)
                        for (low, high), value in zip(both, right[variable], strict=True):
                            assert low <= value <= high


@pytest.mark.parametrize("digits", [3, 12, 30, 200])
def test_numbers_of_any_length_stay_exact(digits):
    rng = random.Random(digits)
    values = [Fraction(rng.randrange(-(10**digits), 10**digits), rng.randrange(1, 10**3)) for _ in range(24)]
    M, v = [tuple(values[4 * i : 4 * i + 4]) for i in range(4)], tuple(values[16:20])
    w = tuple(values[20:])
    one, two, matrix = Whole.of(v), Whole.of(w), Whole.of(M)
    pairs = list(zip(v, w, strict=True))
    assert one.plus(two).fractions() == tuple(a + b for a, b in pairs)
    assert one.times(two).fractions() == tuple(a * b for a, b in pairs)
    assert one.larger(two).fractions() == tuple(max(a, b) for a, b in pairs)
    assert matrix.product(one).fractions() == tuple(
        sum(a * b for a, b in zip(row, v, strict=True)) for row in M
    )
    assert one.times(two.inverted()).fractions() == tuple(a / b for a, b in pairs)
    assert Whole.stacked([one, two]).fractions() == v + w


def test_equal_states_share_a_key_and_others_do_not():
    half = Whole(np.array([[2.0, 4.0]]), 4)
    assert half.keys() == Whole.of((Fraction(1, 2), Fraction(1))).keys()
    whole = Whole(np.array([[4.0, 8.0]]), 4)
    assert whole.keys() == Whole.of((Fraction(1), Fraction(2))).keys() != half.keys()
    long = Whole(np.array([[2**70, 1]], dtype=object), 1)
    assert long.keys() != Whole(np.array([[2**70 + 1, 1]], dtype=object), 1).keys()


@pytest.mark.parametrize("arithmetic", [Whole, Enclosure])
def test_a_division_by_zero_is_told(arithmetic):
    with pytest.raises(DividesByZero):
        arithmetic.of((Fraction(1), Fraction(0))).inverted()


def test_a_start_that_fits_is_taken_as_it_is():
    """Rounding outwards once more would widen what is known exactly."""
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"W": "n x n"},
            "equations": ["h(t) = sigmoid(W @ h(t-1) + x(t))"],
            "start": {"h": "h0"},
            "arguments": {"h0": "n"},
        }
    )
    parameters = {
        "W": Enclosure.of(((Fraction(1),) * 2,) * 2),
        "h0": Enclosure.of((Fraction(1, 2), Fraction(3))),
    }
    initial = Machine(net, parameters, {"n": 2}, Enclosure).initial
    assert initial.low.tolist() == initial.high.tolist() == [[0.5, 3.0]]


def test_the_entries_of_a_state_are_those_of_vectors_and_numbers():
    equations = ["h(t) = W @ h(t-1)", "s(t) = s(t-2) + x(t)"]
    declared = {"inputs": {"x": "number"}, "parameters": {"W": "n x n"}, "sizes": {"s": "number"}}
    net = network({**declared, "equations": equations, "output": ["s"]})
    one = Machine(net, {"W": Whole.of(((Fraction(1),) * 2,) * 2)}, {"n": 2}, Whole)
    assert sorted(one.entries, key=repr) == [("h", 1, 0), ("h", 1, 1), ("s", 1, None), ("s", 2, None)]


@pytest.mark.parametrize(
    ("equations", "said"),
    [
        (["h(t) = x(t+1)"], "h needs steps that come later"),
        (["g(t) = x(t)", "h(t) = g(t-1) + g(t+2)"], "h needs steps that come later"),
        (["z = x(1)", "h(t) = x(t) + z"], "all steps together"),
    ],
)
def test_what_needs_later_steps_is_no_machine(equations, said):
    net = network({"inputs": {"x": "n"}, "equations": equations, "sizes": {"h": "n"}})
    with pytest.raises(NetworkError, match=said):
        Machine(net, {}, {"n": 2}, Whole)


@pytest.mark.parametrize("changed", [{"pick": "reversed"}, {"edge": "wrap"}])
def test_a_mistake_that_reads_other_steps_is_no_machine(changed):
    net = network({"inputs": {"x": "n"}, "equations": ["h(t) = x(t)"], "sizes": {"h": "n"}})
    with pytest.raises(NetworkError, match="come later"):
        Machine(net.with_equation("h", Signal("x", 1, **changed)), {}, {"n": 2}, Whole)


def test_a_vector_that_is_passed_on_stays_as_it_is_known():
    """Rounding outwards once more would widen it."""
    net = network({"inputs": {"x": "n"}, "equations": ["h(t) = x(t)", "y(t) = h(t-1)"]})
    machine = Machine(net, {}, {"n": 2}, Enclosure)
    x = Enclosure.of((Fraction(1, 2), Fraction(1, 3)))
    after, values = machine.step(machine.initial, {"x": x})
    for found in (after, values["h"]):
        assert (found.low.tolist(), found.high.tolist()) == (x.low.tolist(), x.high.tolist())
