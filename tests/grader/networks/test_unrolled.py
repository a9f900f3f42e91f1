"""Unrolled networks against plain loops, their derivatives against difference quotients."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from grader.exact.ball import Ball
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network, network
from grader.networks.unrolled.mistakes import mistaken
from grader.networks.unrolled.unroll import Unrolling, read_asked, symbols_of

Values = Mapping[str, float]
STEP = 1e-6
SLOPE_TOLERANCE = 1e-7  # central differences: STEP^2 from truncation, 1e-16 / STEP from rounding


def sigmoid(u: float) -> float:
    return 1 / (1 + math.exp(-u))


def scalar(equations: list[str], parameters: str, **more: Any) -> Network:
    names = dict.fromkeys(parameters.split(), "number")
    own = {one.split("(")[0].split(" ")[0]: "number" for one in equations}
    return network(
        {"inputs": {"x": "number"}, "parameters": names, "equations": equations, "sizes": own, **more}
    )


def elman(v: Values) -> float:
    h = v["h0"]
    for t in (1, 2, 3):
        h = math.tanh(v["w"] * h + v["u"] * v[f"x{t}"] + v["b"])
    return v["v"] * h


def lstm(v: Values) -> float:
    h = c = 0.0
    for t in (1, 2):
        i, f = sigmoid(v["wi"] * v[f"x{t}"] + v["ui"] * h), sigmoid(v["wf"] * v[f"x{t}"] + v["uf"] * h)
        c = f * c + i * math.tanh(v["wg"] * v[f"x{t}"])
        h = math.tanh(c) * f
    return h


def both_ways(v: Values) -> float:
    right = left = 0.0
    for t in (1, 2):
        right = math.tanh(v["w"] * right + v[f"x{t}"])
    for t in (3, 2):
        left = math.tanh(v["u"] * left + v[f"x{t}"])
    return right - v["v"] * left


def at_the_end(v: Values) -> float:
    h, total = 0.0, 0.0
    for t in (1, 2, 3):
        h = v["w"] * h + v[f"x{t}"] / (1 + v["u"] ** 2)
        total += h
    return v["v"] * h + total / 3


CASES: dict[str, tuple[Network, str, Callable[[Values], float]]] = {
    "elman": (
        scalar(["h(t) = tanh(w*h(t-1) + u*x(t) + b)", "y(t) = v*h(t)"], "u v w b", start={"h": "h0"}),
        "y(3)",
        elman,
    ),
    "gated": (
        scalar(
            [
                "i(t) = sigmoid(wi*x(t) + ui*h(t-1))",
                "f(t) = sigmoid(wf*x(t) + uf*h(t-1))",
                "c(t) = f(t)*c(t-1) + i(t)*tanh(wg*x(t))",
                "h(t) = tanh(c(t))*f(t)",
            ],
            "wi ui wf uf wg",
        ),
        "h(2)",
        lstm,
    ),
    "both ways": (
        scalar(
            ["r(t) = tanh(w*r(t-1) + x(t))", "l(t) = tanh(u*l(t+1) + x(t))", "y(t) = r(t) - v*l(t)"], "u v w"
        ),
        "y(2)",
        both_ways,
    ),
    "at the end": (
        scalar(["h(t) = w*h(t-1) + x(t)/(1 + u**2)", "y = v*h(T) + mean(h(t))"], "u v w"),
        "y",
        at_the_end,
    ),
}


def number(formula: Any, values: Mapping[str, Fraction]) -> float:
    found = evaluate(formula, values)
    return float(found.value) if isinstance(found, Ball) else float(found)


def drawn(symbols: tuple[str, ...], seed: int) -> dict[str, Fraction]:
    rng = np.random.default_rng(seed)
    return {name: Fraction(int(rng.integers(-24, 25)), 16) for name in symbols}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", CASES)
def test_value_is_what_a_loop_gives_and_slopes_are_difference_quotients(name: str, seed: int) -> None:
    net, text, loop = CASES[name]
    n_steps = 2 if name == "gated" else 3
    symbols = symbols_of(net, n_steps)
    values = drawn(symbols, seed)
    floats = {one: float(value) for one, value in values.items()}
    unrolling = Unrolling(net, n_steps)
    assert number(unrolling.value(read_asked(text)), values) == pytest.approx(loop(floats), abs=1e-12)
    for symbol in symbols:
        up, down = ({**floats, symbol: floats[symbol] + sign * STEP} for sign in (1, -1))
        quotient = (loop(up) - loop(down)) / (2 * STEP)
        found = number(unrolling.slope(read_asked(f"d{text}/d{symbol}")), values)
        assert found == pytest.approx(quotient, abs=SLOPE_TOLERANCE)


@pytest.mark.parametrize("seed", range(4))
def test_slope_of_a_loss_is_a_difference_quotient(seed: int) -> None:
    net, _, loop = CASES["elman"]
    symbols = (*symbols_of(net, 3), "t")
    loss = parse_formula("(y3 - t)^2/2 + y3*exp(y3)/(3 + t^2)", Names((*symbols, "y3")))
    values = drawn(symbols, seed)
    floats = {one: float(value) for one, value in values.items()}

    def cost(v: Values) -> float:
        y = loop(v)
        return (y - v["t"]) ** 2 / 2 + y * math.exp(y) / (3 + v["t"] ** 2)

    for symbol in symbols:
        up, down = ({**floats, symbol: floats[symbol] + sign * STEP} for sign in (1, -1))
        quotient = (cost(up) - cost(down)) / (2 * STEP)
        found = number(Unrolling(net, 3, loss).slope(read_asked(f"dL/d{symbol}")), values)
        assert found == pytest.approx(quotient, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("asked", "id", "wrong"),
    [
        ("y(3)", "h-without-b", lambda v: elman({**v, "b": 0.0})),
        ("y(3)", "step-too-early", lambda v: v["v"] * elman_state(v, 2)),
        ("y(3)", "x-reversed", lambda v: elman({**v, "x1": v["x3"], "x3": v["x1"]})),
        ("y(3)", "h-linear", lambda v: linear(v)),
        ("y(3)", "starts-from-zero-h", lambda v: elman({**v, "h0": 0.0})),
        ("y(3)", "gives-h", lambda v: elman({**v, "v": 1.0})),
        ("h(3)", "h-without-b", lambda v: elman_state({**v, "b": 0.0}, 3)),
        ("h(2)", "step-too-early", lambda v: elman_state(v, 1)),
    ],
)
def test_known_mistake_gives_what_a_mistaken_loop_does(
    asked: str, id: str, wrong: Callable[[Values], float]
) -> None:
    net, _, _ = CASES["elman"]
    symbols = symbols_of(net, 3)
    found = {one.id: one.effect for one in mistaken(Unrolling(net, 3), read_asked(asked), symbols)}
    values = drawn(symbols, 1)
    floats = {one: float(value) for one, value in values.items()}
    assert number(found[id], values) == pytest.approx(wrong(floats), abs=1e-12)


def elman_state(v: Values, n_steps: int) -> float:
    h = v["h0"]
    for t in range(1, n_steps + 1):
        h = math.tanh(v["w"] * h + v["u"] * v[f"x{t}"] + v["b"])
    return h


def linear(v: Values) -> float:
    h = v["h0"]
    for t in (1, 2, 3):
        h = v["w"] * h + v["u"] * v[f"x{t}"] + v["b"]
    return v["v"] * h


@pytest.mark.parametrize("back", [1, 2])
def test_stopped_gradient_takes_earlier_states_for_constants(back: int) -> None:
    net, _, _ = CASES["elman"]
    symbols = symbols_of(net, 3)
    values = drawn(symbols, 2)
    floats = {one: float(value) for one, value in values.items()}
    kept = elman_state(floats, 3 - back)

    def tail(w: float) -> float:
        h = kept
        for t in range(4 - back, 4):
            h = math.tanh(w * h + floats["u"] * floats[f"x{t}"] + floats["b"])
        return floats["v"] * h

    quotient = (tail(floats["w"] + STEP) - tail(floats["w"] - STEP)) / (2 * STEP)
    found = {one.id: one.effect for one in mistaken(Unrolling(net, 3), read_asked("dy(3)/dw"), symbols)}
    assert number(found[f"truncated-{back}"], values) == pytest.approx(quotient, abs=SLOPE_TOLERANCE)


@pytest.mark.parametrize("text", ["h[2]", "h(2", "d h / w", "2", "h(t)"])
def test_what_cannot_be_asked_is_refused(text: str) -> None:
    with pytest.raises(NetworkError, match="cannot be asked"):
        read_asked(text)


def test_several_entries_are_refused() -> None:
    net = network(
        {"inputs": {"x": "2"}, "parameters": {"U": "n x 2"}, "equations": ["h(t) = tanh(U @ x(t))"]}
    )
    with pytest.raises(NetworkError, match="x has several entries"):
        symbols_of(net, 2)


def test_vectors_of_one_entry_are_numbers() -> None:
    net = network(
        {
            "inputs": {"x": "n"},
            "parameters": {"U": "m x n", "W": "m x m"},
            "equations": ["h(t) = tanh(U @ x(t) + W @ h(t-1))"],
        }
    )
    values = drawn(symbols_of(net, 2), 3)
    v = {one: float(value) for one, value in values.items()}
    wanted = math.tanh(v["U"] * v["x2"] + v["W"] * math.tanh(v["U"] * v["x1"]))
    assert number(Unrolling(net, 2).value(read_asked("h(2)")), values) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("asked", "others"),
    [
        ("dy(3)/dw", {"That is the derivative of h3, not of y3."}),
        ("dh(2)/dw", {"That is the derivative of y2, not of h2."}),
        ("dL/dw", {f"That is the derivative of {name}, not of L." for name in ("y1", "y3")}),
    ],
)
def test_another_variable_is_that_of_the_step_or_stands_in_the_loss(asked: str, others: set[str]) -> None:
    net = scalar(["h(t) = tanh(w * h(t-1) + x(t))", "y(t) = v * h(t)"], "w v")
    loss = parse_formula("(y1 - d)^2 + y3", Names(("y1", "y3", "d")))
    found = mistaken(Unrolling(net, 3, loss), read_asked(asked), ("w", "v"))
    assert {one.message for one in found if one.id.startswith("of-")} == others


LOSS = parse_formula("(y3 - 2)^2 + h1", Names(("y3", "h1")))


def cost(v: Values) -> float:
    return (elman(v) - 2) ** 2 + elman_state(v, 1)


@pytest.mark.parametrize(
    ("asked", "wanted"), [("L", cost), ("h(2)", lambda v: elman_state(v, 2)), ("y(3)", elman)]
)
def test_beside_a_loss_values_are_asked_as_ever(asked: str, wanted: Callable[[Values], float]) -> None:
    net, _, _ = CASES["elman"]
    values = drawn(symbols_of(net, 3), 4)
    floats = {one: float(value) for one, value in values.items()}
    unrolling = Unrolling(net, 3, LOSS)
    assert number(unrolling.value(read_asked(asked)), values) == pytest.approx(wanted(floats), abs=1e-12)
    found = {one.id: one.effect for one in mistaken(unrolling, read_asked(asked), ())}
    without_b = wanted({**floats, "b": 0.0})
    assert number(found["h-without-b"], values) == pytest.approx(without_b, abs=1e-12)
    assert {"of-h", "of-y"} <= found.keys() or asked != "L"


def test_without_a_loss_a_variable_may_have_its_letter() -> None:
    net = scalar(["L(t) = w * L(t-1) + x(t)"], "w")
    values = drawn(symbols_of(net, 2), 5)
    wanted = values["w"] * values["x1"] + values["x2"]
    assert number(Unrolling(net, 2).value(read_asked("L(2)")), values) == pytest.approx(float(wanted))


def slope_of(v: Values, activation: str, chain: Callable[[int, float], float], by: str = "w") -> float:
    """dy(3)/dw or by u where the slope of the activation at step t is chain(t, h(t)); else as it is."""
    h, dh = v["h0"], 0.0
    for t in (1, 2, 3):
        inner = v["w"] * dh + (h if by == "w" else v[f"x{t}"])
        u = v["w"] * h + v["u"] * v[f"x{t}"] + v["b"]
        h = math.tanh(u) if activation == "tanh" else sigmoid(u)
        dh = chain(t, h) * inner
    return v["v"] * dh


CHAINS: dict[str, dict[str, Callable[[int, float], float]]] = {
    "tanh": {
        "": lambda t, h: 1 - h * h,
        "h-slope-missing": lambda t, h: 1.0,
        "h-slope-sigmoid": lambda t, h: h * (1 - h),
        "h-slope-not-squared": lambda t, h: 1 - h,
        **{f"h-slope-missing-at-{k}": lambda t, h, k=k: 1.0 if t == k else 1 - h * h for k in (1, 2, 3)},
    },
    "sigmoid": {
        "": lambda t, h: h * (1 - h),
        "h-slope-missing": lambda t, h: 1.0,
        "h-slope-tanh": lambda t, h: 1 - h * h,
        **{f"h-slope-missing-at-{k}": lambda t, h, k=k: 1.0 if t == k else h * (1 - h) for k in (1, 2, 3)},
    },
}


@pytest.mark.parametrize("activation", CHAINS)
def test_the_mistakes_of_a_derivative_are_those_of_the_chain_rule(activation: str) -> None:
    equations = [f"h(t) = {activation}(w*h(t-1) + u*x(t) + b)", "y(t) = v*h(t)"]
    net = scalar(equations, "u v w b", start={"h": "h0"})
    values = drawn(symbols_of(net, 3), 6)
    floats = {one: float(value) for one, value in values.items()}
    found = {one.id: one.effect for one in mistaken(Unrolling(net, 3), read_asked("dy(3)/dw"), ("w", "u"))}
    chains = CHAINS[activation]
    others = {"truncated-1", "truncated-2", "by-u", "not-differentiated", "of-h"}
    assert found.keys() == chains.keys() - {""} | others
    for id, chain in chains.items():
        if id:
            wanted = slope_of(floats, activation, chain)
            assert number(found[id], values) == pytest.approx(wanted, abs=1e-12), id
    right = slope_of(floats, activation, chains[""], "u")
    assert number(found["by-u"], values) == pytest.approx(right, abs=1e-12)
    of_h = slope_of({**floats, "v": 1.0}, activation, chains[""])
    assert number(found["of-h"], values) == pytest.approx(of_h, abs=1e-12)
