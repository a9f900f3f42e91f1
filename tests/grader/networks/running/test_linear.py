"""The system that a linear network is, beside systems and loops that were written without equations."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network
from grader.networks.library import library_names, library_network
from grader.networks.running.linear import NotLinear, ParameterEntry, coefficients, values_of, why_not_linear
from reference import linear_system
from reference.linear_system import LinearSystem, simulate

LINEAR = {"library/rnn-a", "library/rnn-b", "library/ssm", "library/diagonal-ssm"}
Rows = list[list[Fraction]]


def library(name: str) -> Network:
    return network_of(library_network(f"library/{name}").network)


def drawn(rng: random.Random, network: Network, sizes: dict[str, int]) -> dict[str, Rows]:
    def entry() -> Fraction:
        return Fraction(rng.randint(-9, 9), rng.choice((1, 2, 5)))

    found = {}
    for name, shape in network.parameters.items():
        lengths = [1, 1, *(size.at(sizes) for size in shape)][-2:]
        rows, columns = (1, lengths[-1]) if len(shape) < 2 else lengths
        found[name] = [[entry() for _ in range(columns)] for _ in range(rows)]
    return found


def inputs(rng: random.Random, m: int, steps: int = 8) -> Rows:
    return [[Fraction(rng.randint(-3, 3)) for _ in range(m)] for _ in range(steps)]


def system_of(network: Network, sizes: dict[str, int], weights: dict[str, Rows]) -> LinearSystem:
    def entry(place: ParameterEntry) -> Fraction:
        name, row, column = place
        return weights[name][row][column]

    found = coefficients(network, sizes)
    parts = (found.A, found.B, found.C, found.D, found.s0)
    A, B, C, D, s0 = (values_of(part, entry, lambda number: number) for part in parts)
    return LinearSystem(A, B, C, D, s0[0])


def as_tuples(rows: Rows):
    return tuple(map(tuple, rows))


def times(matrix: Rows, vector: list[Fraction]) -> list[Fraction]:
    return [sum((a * v for a, v in zip(row, vector, strict=True)), Fraction(0)) for row in matrix]


def plus(*vectors: list[Fraction]) -> list[Fraction]:
    return [sum(entries, Fraction(0)) for entries in zip(*vectors, strict=True)]


def system_of_rnn_a(Wss: Rows, Wsx: Rows, Wo: Rows, s0: list[Fraction]) -> linear_system.LinearSystem:
    no_direct_path = linear_system.zeros(len(Wo), len(Wsx[0]))
    return linear_system.LinearSystem(Wss, Wsx, Wo, no_direct_path, s0)


@pytest.mark.parametrize("seed", range(25))
def test_the_networks_of_the_sheet_are_those_of_the_reference(seed: int):
    rng = random.Random(seed)
    sizes = {"n": rng.randint(1, 4), "m": rng.randint(1, 3), "k": rng.randint(1, 3)}
    for name, reference in (("rnn-a", system_of_rnn_a), ("rnn-b", linear_system.from_rnn_b)):
        network = library(name)
        weights = drawn(rng, network, sizes)
        s0, *matrices = (as_tuples(weights[one]) for one in network.parameters)
        assert system_of(network, sizes, weights) == reference(*matrices, s0[0])


def test_a_library_network_is_linear_or_says_what_is_not():
    assert {name for name in library_names() if why_not_linear(library(name[8:])) is None} == LINEAR
    assert why_not_linear(library("leaky")) == ("tanh(Win @ x(t) + W @ h(t-1) + b) in h(t) is not linear")


def loop_ssm(p: dict[str, Rows], xs: Rows) -> Rows:
    s, ys = p["s0"][0], []
    for x in xs:
        s = plus(times(p["A"], s), times(p["B"], x))
        ys.append(plus(times(p["C"], s), times(p["D"], x)))
    return ys


def loop_diagonal(p: dict[str, Rows], xs: Rows) -> Rows:
    (a,) = p["a"]
    s, ys = [Fraction(0)] * len(a), []
    for x in xs:
        s = [k * old + (1 - k) * new for k, old, new in zip(a, s, times(p["B"], x), strict=True)]
        ys.append(times(p["C"], s))
    return ys


def loop_biased(p: dict[str, Rows], xs: Rows) -> Rows:
    """h(t) = W h(t-1) + U x(t) + b, y(t) = V h(t) + c, started from b."""
    h, ys = p["b"][0], []
    for x in xs:
        h = plus(times(p["W"], h), times(p["U"], x), p["b"][0])
        ys.append(plus(times(p["V"], h), p["c"][0]))
    return ys


def loop_two_back(p: dict[str, Rows], xs: Rows) -> Rows:
    """y(t) = A y(t-2) + B x(t-1) - 2 x(t), a network that remembers an input."""
    ys: Rows = []
    for t, x in enumerate(xs):
        y2 = ys[t - 2] if t >= 2 else [Fraction(0)] * 2
        x1 = xs[t - 1] if t >= 1 else [Fraction(0)] * 2
        ys.append(plus(times(p["A"], y2), times(p["B"], x1), [-2 * v for v in x]))
    return ys


def loop_late(p: dict[str, Rows], xs: Rows) -> Rows:
    """The output sees the state before the step: y(t) = C s(t-1)."""
    s, ys = p["s0"][0], []
    for x in xs:
        ys.append(times(p["C"], s))
        s = plus(times(p["A"], s), x)
    return ys


def loop_layers(p: dict[str, Rows], xs: Rows) -> Rows:
    """Two layers, the second of a product of matrices, and a scalar weight."""
    q, r, ys = [Fraction(0)] * 2, [Fraction(0)] * 2, []
    ((a,),) = p["a"]
    for x in xs:
        q = plus(times(p["A"], q), x)
        r = plus(r, [a * v for v in times(p["B"], times(p["A"], q))])
        ys.append([r[1] / 2])
    return ys


def loop_product(p: dict[str, Rows], xs: Rows) -> Rows:
    """One entry is a product of two weights, and the other is zero."""
    ((a,),), ((b,),) = p["a"], p["b"]
    return [[a * b * x[0]] for x in xs]


OWN: dict[str, tuple[dict, Callable[[dict[str, Rows], Rows], Rows]]] = {
    "biased": (
        {
            "inputs": {"x": "2"},
            "parameters": {"W": "n x n", "U": "n x 2", "b": "n", "V": "2 x n", "c": "2"},
            "equations": ("h(t) = W @ h(t-1) + U @ x(t) + b", "y(t) = V @ h(t) + c"),
            "start": {"h": "b"},
        },
        loop_biased,
    ),
    "two-back": (
        {
            "inputs": {"x": "2"},
            "parameters": {"A": "2 x 2", "B": "2 x 2"},
            "equations": ("y(t) = A @ y(t-2) + B @ x(t-1) - 2 * x(t)",),
        },
        loop_two_back,
    ),
    "late": (
        {
            "inputs": {"x": "2"},
            "parameters": {"A": "2 x 2", "C": "3 x 2", "s0": "2"},
            "equations": (
                "s(t) = A @ s(t-1) + x(t)",
                "y(t) = C @ s(t-1)",
                "unused(t) = C @ s(t-1) + C @ x(t-3)",
            ),
            "start": {"s": "s0"},
            "output": ("y",),
        },
        loop_late,
    ),
    "product": (
        {
            "inputs": {"x": "2"},
            "parameters": {"a": "number", "b": "number"},
            "equations": ("y(t) = a * (b * part(x(t), 1, 2))",),
        },
        loop_product,
    ),
    "layers": (
        {
            "inputs": {"x": "2"},
            "parameters": {"A": "2 x 2", "B": "2 x 2", "a": "number"},
            "equations": (
                "q(t) = A @ q(t-1) + x(t)",
                "r(t) = r(t-1) + a * (B @ (A @ q(t)))",
                "y(t) = part(r(t), 2, 2) / 2",
            ),
        },
        loop_layers,
    ),
}


@pytest.mark.parametrize("name", ["ssm", "diagonal-ssm", *OWN])
@pytest.mark.parametrize("seed", range(5))
def test_outputs_are_those_of_a_loop(name: str, seed: int):
    rng = random.Random(seed)
    if name in OWN:
        table, loop = OWN[name]
        network, sizes = network_of(NetworkTable(**table)), {"n": 3}
    else:
        network, sizes = library(name), {"n": 3, "m": 2, "k": 2}
        loop = loop_ssm if name == "ssm" else loop_diagonal
    weights, xs = drawn(rng, network, sizes), inputs(rng, 2)
    assert simulate(system_of(network, sizes, weights), xs) == as_tuples(loop(weights, xs))


def test_a_bias_is_one_state_more_and_nothing_else_is():
    biased, ssm = network_of(NetworkTable(**OWN["biased"][0])), library("ssm")
    assert len(coefficients(biased, {"n": 3}).A) == 4
    assert len(coefficients(ssm, {"n": 3, "m": 1, "k": 1}).A) == 3


@pytest.mark.parametrize(
    ("equations", "n_states"),
    [
        (("s(t) = A @ s(t-1) + x(t)", "y(t) = s(t)"), 2),
        (("y(t) = x(t)",), 0),
        (("y(t) = x(t-3)",), 2 * 4),
        (("s(t) = A @ s(t-2) + x(t)", "y(t) = s(t) + s(t-1)"), 2 * 2),
        (("s(t) = A @ s(t-1) + x(t)", "y(t) = s(t-1)"), 2 * 2),
        (("s(t) = A @ s(t-1) + x(t)", "r(t) = s(t-2) + x(t-1)", "y(t) = r(t)"), 2 * 3 + 2 * 2),
        (("s(t) = A @ s(t-3) + x(t)", "y(t) = s(t-1) + s(t)"), 2 * 3),
    ],
)
def test_no_more_is_remembered_than_the_outputs_and_the_next_step_need(equations, n_states: int):
    """At the next step the output reads what is one step older then."""
    declared = {"A": "2 x 2"} if any("A" in one for one in equations) else {}
    table = NetworkTable(inputs={"x": "2"}, parameters=declared, equations=equations, sizes={"y": "2"})
    assert len(coefficients(network_of(table), {}).A) == n_states


@pytest.mark.parametrize(
    ("equation", "said"),
    [
        ("h(t) = relu(x(t))", "relu(x(t)) in h(t) is not linear"),
        ("h(t) = x(t) * h(t-1)", "x(t) * h(t-1) in h(t) is not linear"),
        ("h(t) = x(t) ** 2", "x(t)**2 in h(t) is not linear"),
        ("h(t) = 1 / x(t)", "1 / x(t) in h(t) is not linear"),
        ("h(t) = (x(t) @ h(t-1)) * x(t)", "is not linear"),
        ("h(t) = x(t+1)", "h(t) needs a later step"),
        ("h = mean(x(t))", "h is no value at every step"),
        ("h(t) = x(t) / a", "something is divided by a weight"),
        ("h(t) = tanh(a) * x(t)", "tanh of a weight is no exact number"),
    ],
)
def test_what_is_not_linear_is_named(equation: str, said: str):
    table = NetworkTable(
        inputs={"x": "n"}, parameters={"a": "number"}, equations=(equation,), sizes={"h": "n"}
    )
    with pytest.raises(NotLinear) as caught:
        coefficients(network_of(table), {"n": 2})
    assert said in str(caught.value)


def test_a_first_power_is_linear_and_a_second_is_not():
    def raised(exponent: int) -> Network:
        equations = [f"s(t) = s(t-1)**{exponent} + x(t)"]
        return network_of(NetworkTable(inputs={"x": "number"}, sizes={"s": "number"}, equations=equations))

    assert why_not_linear(raised(1)) is None
    assert why_not_linear(raised(2)) is not None
