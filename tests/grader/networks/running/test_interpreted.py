"""Networks in exact fractions and in intervals, beside small ones that were worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.networks.equations.network import network
from grader.networks.equations.tree import At, Over, Parameter, Signal
from grader.networks.running.arithmetic import Fractions, NotExact
from grader.networks.running.compiled import compiled
from grader.networks.running.interpreted import NetworkMachine, NoMachine, evaluate
from grader.networks.running.intervals import Intervals, exactly

STEP_UNITS = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "W": "n_h x n_h", "b": "n_h", "V": "n_out x n_h", "c": "n_out"},
    "equations": ["h(t) = step(U @ x(t) + W @ h(t-1) + b)", "y(t) = step(V @ h(t) + c)"],
}
PARITY = {
    "U": ((1,), (1,)),
    "W": ((1, -1), (1, -1)),
    "b": (-1, -2),
    "V": ((1, -1),),
    "c": (-1,),
}
GRU = {
    "inputs": {"x": "n_in"},
    "parameters": {
        "Wz": "n_h x n_in", "Uz": "n_h x n_h", "bz": "n_h",
        "Wr": "n_h x n_in", "Ur": "n_h x n_h", "br": "n_h",
        "Wn": "n_h x n_in", "Un": "n_h x n_h", "bn": "n_h",
    },
    "equations": [
        "z(t) = sigmoid(Wz @ x(t) + Uz @ h(t-1) + bz)",
        "r(t) = sigmoid(Wr @ x(t) + Ur @ h(t-1) + br)",
        "n(t) = tanh(Wn @ x(t) + Un @ (r(t) * h(t-1)) + bn)",
        "h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)",
    ],
}  # fmt: skip


def in_fractions(value: Any) -> Any:
    return tuple(map(in_fractions, value)) if isinstance(value, tuple) else Fraction(str(value))


def parity(bits: list[int]) -> list[int]:
    return [sum(bits[: t + 1]) % 2 for t in range(len(bits))]


@pytest.mark.parametrize("bits", [[1], [0, 0, 1], [1, 1, 0, 1], [1, 0, 1, 1, 1, 0]])
def test_step_units_count_modulo_two(bits: list[int]) -> None:
    net = network(STEP_UNITS)
    weights = {name: in_fractions(value) for name, value in PARITY.items()}
    machine = NetworkMachine(net, weights, Fractions(), {"n_in": 1, "n_h": 2, "n_out": 1})
    state, outputs = machine.initial, []
    for bit in bits:
        state, values = machine.step(state, {"x": (Fraction(bit),)})
        outputs.append(values["y"])
    assert outputs == [(Fraction(value),) for value in parity(bits)]
    assert hash(state) == hash(state)


def test_a_machine_of_intervals_holds_what_numpy_gives() -> None:
    rng = np.random.default_rng(1)
    net = network(GRU)
    sizes = {"n_in": 2, "n_h": 3}
    weights = {
        name: rng.uniform(-1, 1, tuple(size.at(sizes) for size in shape))
        for name, shape in net.parameters.items()
    }
    x = rng.uniform(-1, 1, (5, 2))

    def around(array: Any) -> Any:
        return tuple(map(around, array)) if np.ndim(array) else exactly(float(array))

    machine = NetworkMachine(
        net, {name: around(value) for name, value in weights.items()}, Intervals(), sizes
    )
    floats = compiled(net)({"x": x}, weights)
    state = machine.initial
    for t in range(5):
        state, values = machine.step(state, {"x": around(x[t])})
        for name in "zrnh":
            for interval, value in zip(values[name], floats[name][t], strict=True):
                assert interval.low - 1e-15 <= value <= interval.high + 1e-15
                assert interval.high - interval.low < 1e-12


def test_start_values_and_two_lags_are_remembered() -> None:
    net = network(
        {
            "inputs": {"x": "number"},
            "parameters": {"s0": "number"},
            "equations": ["s(t) = s(t-1) + s(t-2) + x(t-1)"],
            "start": {"s": "s0"},
            "sizes": {"s": "number"},
        }
    )
    machine = NetworkMachine(net, {"s0": Fraction(1, 2)}, Fractions(), {})
    state, seen = machine.initial, []
    for x in (3, 0, 0):
        state, values = machine.step(state, {"x": Fraction(x)})
        seen.append(values["s"])
    # 1/2 + 1/2 + 0, then 1 + 1/2 + 3, then 9/2 + 1 + 0: an input before the first step is zero.
    assert seen == [1, Fraction(9, 2), Fraction(11, 2)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("max(a, b)", 2),
        ("min(a, b, 1)", Fraction(-7, 2)),
        ("mod(b, a)", Fraction(1, 2)),
        ("relu(b) + abs(b) + sign(b) + step(0)", Fraction(7, 2)),
        ("(a - b) ** 2 / 2", Fraction(121, 8)),
        ("v @ v", 5),
        ("M @ v", (4, 2)),
        ("v @ M", (0, 4)),
        ("M.T @ v", (0, 4)),
        ("stack(a, v, b)", (2, 1, 2, Fraction(-7, 2))),
        ("part(stack(v, a, b), 2, 2)", (2, Fraction(-7, 2))),
    ],
)
def test_fractions_are_exact(text: str, value: Any) -> None:
    net = network(
        {
            "parameters": {"a": "number", "b": "number", "v": "2", "M": "2 x 2"},
            "equations": [f"y = {text}"],
        }
    )
    known = {"a": 2, "b": Fraction(-7, 2), "v": (1, 2), "M": ((0, 2), (0, 1))}

    def lookup(node: Any) -> Any:
        assert isinstance(node, Parameter)
        return in_fractions(known[node.name])

    assert evaluate(net.equations[0].right_side, lookup, Fractions()) == value


def test_means_over_all_steps_see_each_step() -> None:
    net = network({"inputs": {"x": "number"}, "equations": ["y = mean(x(t)) - x(T)"]})
    steps = [lambda node, value=Fraction(k): value for k in (1, 2, 6)]

    def after(node: Any) -> Any:
        assert node == At("x", "T")
        return Fraction(6)

    assert evaluate(net.equations[0].right_side, after, Fractions(), steps) == -3


def test_tanh_of_a_fraction_is_refused() -> None:
    with pytest.raises(NotExact, match="tanh"):
        Fractions().function("tanh", Fraction(1))


@pytest.mark.parametrize(
    "equations", [["h(t) = tanh(x(t) + h(t+1))"], ["h(t) = x(t+1)"], ["h(t) = x(t)", "y = h(T)"]]
)
def test_what_needs_later_steps_is_no_machine(equations: list[str]) -> None:
    net = network(
        {"inputs": {"x": "number"}, "equations": equations, "sizes": {"h": "number"}, "output": ["h"]}
    )
    with pytest.raises(NoMachine):
        NetworkMachine(net, {}, Fractions(), {})


def test_signals_are_looked_up_with_their_lag() -> None:
    net = network({"inputs": {"x": "number"}, "equations": ["y(t) = x(t) - x(t-1)"]})
    values = {Signal("x"): Fraction(5), Signal("x", 1): Fraction(3)}
    assert evaluate(net.equations[0].right_side, values.__getitem__, Fractions()) == 2


@pytest.mark.parametrize(("how", "value"), [("first", 2), ("last", 7), ("sum", 12), ("mean", 4)])
def test_a_value_over_all_steps_is_worked_out_from_that_of_each(how: str, value: int) -> None:
    steps = [lambda node, x=x: Fraction(x) for x in (2, 3, 7)]
    assert evaluate(Over(how, Signal("x")), lambda node: Fraction(0), Fractions(), steps) == value
