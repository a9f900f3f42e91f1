"""Each function, operation and way to read a signal, in formulas, against floats and their differences."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from grader.exact.ball import Ball
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import network
from grader.networks.equations.tree import Constant, Function, Parameter, Product, Signal, Sum
from grader.networks.running.arithmetic import NotExact
from grader.networks.unrolled.arithmetic import Duals
from grader.networks.unrolled.unroll import AskedValue, Unrolling, read_asked, symbols_of

STEP = 1e-6
VALUES = {
    "w": Fraction(5, 4),
    "v": Fraction(-3, 8),
    "x1": Fraction(7, 8),
    "x2": Fraction(-1, 2),
    "x3": Fraction(2),
}


def sigmoid(u):
    return 1 / (1 + math.exp(-u))


PARTS = {
    "tanh(w * x(t))": lambda w, v, x: math.tanh(w * x),
    "sigmoid(w - x(t))": lambda w, v, x: sigmoid(w - x),
    "exp(w * x(t))": lambda w, v, x: math.exp(w * x),
    "log(w * w + x(t))": lambda w, v, x: math.log(w * w + x),
    "sqrt(w + x(t))": lambda w, v, x: math.sqrt(w + x),
    "softplus(w * x(t) + v)": lambda w, v, x: math.log(1 + math.exp(w * x + v)),
    "w / (v + x(t)) / w / w": lambda w, v, x: 1 / (v + x) / w,
    "(w - v * x(t)) ** 3": lambda w, v, x: (w - v * x) ** 3,
    "w ** 1 - (-w) ** 2": lambda w, v, x: w - w**2,
    "1 * w + 0 * v - 0 * w * x(t) + (w + 0) * (w * 1)": lambda w, v, x: w + w * w,
    "-(w + v) * -x(t) * w": lambda w, v, x: (w + v) * x * w,
}
WITHOUT_SLOPES = {
    "relu(w * x(t))": lambda w, v, x: max(w * x, 0.0),
    "abs(v * x(t))": lambda w, v, x: abs(v * x),
}


def number(formula, values):
    found = evaluate(formula, values)
    return float(found.value) if isinstance(found, Ball) else float(found)


def made(right_side, parameters="wv"):
    return network(
        {
            "inputs": {"x": "number"},
            "parameters": dict.fromkeys(parameters, "number"),
            "equations": [f"y(t) = {right_side}"],
            "sizes": {"y": "number"},
        }
    )


@pytest.mark.parametrize("right_side", PARTS)
def test_values_and_slopes_are_those_of_floats(right_side):
    unrolling, function = Unrolling(made(right_side), 1), PARTS[right_side]
    w, v, x = (float(VALUES[name]) for name in ("w", "v", "x1"))
    assert number(unrolling.value(AskedValue("y", 1)), VALUES) == pytest.approx(function(w, v, x), rel=1e-12)
    for at, symbol in enumerate(("w", "v", "x1")):
        up, down = (
            [one + (sign * STEP if i == at else 0) for i, one in enumerate((w, v, x))] for sign in (1, -1)
        )
        quotient = (function(*up) - function(*down)) / (2 * STEP)
        found = number(unrolling.slope(AskedValue("y", 1, symbol)), VALUES)
        assert found == pytest.approx(quotient, rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("right_side", WITHOUT_SLOPES)
@pytest.mark.parametrize("x", [Fraction(7, 8), Fraction(-1, 2), Fraction(0)])
def test_what_has_a_corner_has_a_value_and_no_slope(right_side, x):
    unrolling, values = Unrolling(made(right_side), 1), {**VALUES, "x1": x}
    wanted = WITHOUT_SLOPES[right_side](float(VALUES["w"]), float(VALUES["v"]), float(x))
    assert number(unrolling.value(AskedValue("y", 1)), values) == pytest.approx(wanted, abs=1e-12)
    with pytest.raises(NotExact):
        unrolling.slope(AskedValue("y", 1, "w"))


@pytest.mark.parametrize("right_side", ["step(w)", "sign(w)", "max(w, v)", "min(w, v)", "mod(w, 2)"])
def test_what_jumps_is_no_formula(right_side):
    for ask in (Unrolling.value, Unrolling.slope):
        with pytest.raises(NotExact):
            ask(Unrolling(made(right_side), 1), AskedValue("y", 1, "w" if ask is Unrolling.slope else ""))


def test_half_a_tanh_and_shares_are_written_with_exponentials():
    """tanh(u / 2) = 2 sigmoid(u) - 1; shares of three."""
    net = made("w * x(t)")
    half = net.with_equation("y", Function("halftanh", (Parameter("w"),)))
    assert number(Unrolling(half, 1).value(AskedValue("y", 1)), VALUES) == pytest.approx(math.tanh(5 / 8))
    for count in (1, 2, 3):
        parts = tuple(Parameter(name) for name in ("w", "v", "w")[:count])
        whole = Function("softmax", (Function("stack", parts),))
        one = net.with_equation("y", Product((Function("part", (whole,), 1, count), Constant(Fraction(1)))))
        w, v = math.exp(1.25), math.exp(-0.375)
        total = sum((w, v, w)[:count])
        found = Unrolling(one, 1)
        assert number(found.value(AskedValue("y", 1)), VALUES) == pytest.approx(w / total)
        share, slope = w / total, number(found.slope(AskedValue("y", 1, "v")), VALUES)
        assert slope == pytest.approx(-share * v / total if count > 1 else 0)


PLACES = {
    ("", ""): lambda t: t if 1 <= t <= 3 else None,
    ("hold", ""): lambda t: min(max(t, 1), 3),
    ("wrap", ""): lambda t: (t - 1) % 3 + 1,
    ("", "reversed"): lambda t: 4 - t if 1 <= t <= 3 else None,
    ("", "first"): lambda t: 1 if 1 <= t <= 3 else None,
    ("", "last"): lambda t: 3 if 1 <= t <= 3 else None,
}


@pytest.mark.parametrize("lag", [-4, -1, 0, 1, 2])
@pytest.mark.parametrize(("edge", "pick"), PLACES)
def test_a_signal_is_read_at_its_step_or_at_what_stands_in_for_it(lag, edge, pick):
    net = made("w * x(t)").with_equation("y", Signal("x", lag, edge, pick))
    for t in (1, 2, 3):
        at = PLACES[edge, pick](t - lag)
        wanted = 0 if at is None else VALUES[f"x{at}"]
        assert evaluate(Unrolling(net, 3).value(AskedValue("y", t)), VALUES) == wanted


def test_what_is_kept_of_one_step_only_is_no_formula():
    net = made("w * x(t)").with_equation("y", Signal("x", 0, "", "last-only"))
    with pytest.raises(NotExact):
        Unrolling(net, 3).value(AskedValue("y", 1))


def test_a_rounded_value_is_no_formula():
    net = made("w * x(t)").with_equation("y", Function("rounded", (Sum(((1, Parameter("w")),)),), 2))
    for asked in (AskedValue("y", 1), AskedValue("y", 1, "w")):
        with pytest.raises(NotExact):
            (Unrolling(net, 1).slope if asked.by else Unrolling(net, 1).value)(asked)


@pytest.mark.parametrize(
    ("mistake", "slope"),
    [
        ("", lambda a: 1 - a**2),
        ("missing", lambda a: 1.0),
        ("sigmoid", lambda a: a * (1 - a)),
        ("tanh", lambda a: 1 - a**2),
        ("not-squared", lambda a: 1 - a),
    ],
)
def test_a_mistaken_chain_rule_has_the_slope_that_it_names(mistake, slope):
    unrolling, a = Unrolling(made("tanh(w * x(t))"), 1), math.tanh(1.25 * 0.875)
    found = unrolling.slope(AskedValue("y", 1, "w"), lambda *_: Duals(mistake))
    assert number(found, VALUES) == pytest.approx(slope(a) * 0.875)


@pytest.mark.parametrize(
    ("text", "asked", "field"),
    [
        ("h(2)", AskedValue("h", 2), "h2"),
        ("h", AskedValue("h"), "h"),
        ("L", AskedValue("L"), "L"),
        ("dh(2)/dw", AskedValue("h", 2, "w"), "dh2_dw"),
        ("d h(12) / d x(3)", AskedValue("h", 12, "x3"), "dh12_dx3"),
        ("dL/dW_hh", AskedValue("L", 0, "W_hh"), "dL_dW_hh"),
    ],
)
def test_what_is_asked_is_read(text, asked, field):
    assert read_asked(text) == asked
    assert asked.field == field


@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        ("y1^0 + y2", 1 + 1.25 * -0.5),
        ("y1^(-1)", 1 / (1.25 * 0.875)),
        ("y1^(-2) * 3", 3 / (1.25 * 0.875) ** 2),
        ("(y1 - d)^2 / 2", (1.25 * 0.875 - 2) ** 2 / 2),
        ("log(y1 + 1)", math.log(1.25 * 0.875 + 1)),
    ],
)
def test_a_loss_is_worked_out_of_values_and_symbols(loss, wanted):
    """Of y(t) = w x(t)."""
    net = made("w * x(t)", "w")
    formula = parse_formula(loss, Names(("y1", "y2", "d")))
    unrolling, values = Unrolling(net, 2, formula), {**VALUES, "d": Fraction(2)}
    assert number(unrolling.value(AskedValue("L")), values) == pytest.approx(wanted)
    rise, w = 1e-6, VALUES["w"]
    up, down = (
        number(unrolling.value(AskedValue("L")), {**values, "w": w + sign * Fraction(rise)})
        for sign in (1, -1)
    )
    slope = number(unrolling.slope(AskedValue("L", 0, "w")), values)
    assert slope == pytest.approx((up - down) / (2 * rise), rel=1e-6, abs=1e-7)


def test_a_loss_with_a_root_has_another_exponent():
    unrolling = Unrolling(made("w * x(t)", "w"), 1, parse_formula("y1^(1/3)", Names(("y1",))))
    with pytest.raises(NotExact):
        unrolling.value(AskedValue("L"))


def test_symbols_are_weights_and_inputs_by_step_and_no_two_are_alike():
    assert symbols_of(made("w * x(t)"), 2) == ("w", "v", "x1", "x2")
    net = network(
        {
            "inputs": {"x": "number"},
            "parameters": {"x2": "number"},
            "equations": ["y(t) = x2 * x(t)"],
            "sizes": {"y": "number"},
        }
    )
    assert symbols_of(net, 1) == ("x2", "x1")
    with pytest.raises(NetworkError, match="has the name of a parameter"):
        symbols_of(net, 2)


def test_values_have_the_names_of_their_variable_with_each_step():
    equations = ["h(t) = w * x(t)", "z = w * h(T)"]
    net = network(
        {
            "inputs": {"x": "number"},
            "parameters": {"w": "number"},
            "equations": equations,
            "sizes": {"h": "number", "z": "number"},
        }
    )
    assert Unrolling(net, 2).values == {"h1": ("h", 1), "h2": ("h", 2), "z": ("z", 0)}
    # h3 is no value of two steps, but a symbol of the loss.
    loss = parse_formula("h2 + h3", Names(("h2", "h3")))
    found = Unrolling(net, 2, loss).value(AskedValue("L"))
    assert number(found, {**VALUES, "h3": Fraction(100)}) == pytest.approx(100 - 1.25 / 2)
