"""Every network of the library once more in plain loops over lists, written from its definition."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pytest

from grader.networks.equations.declaration import network_of
from grader.networks.library import library_names, library_network
from grader.networks.running.compiled import compiled

Vector: TypeAlias = list[float]
Matrix: TypeAlias = list[list[float]]
Steps: TypeAlias = list[Vector]

# All different, so that no matrix fits the other way round.
SIZES = {"n_in": 2, "n_h": 3, "n_out": 4, "n_1": 3, "n_2": 5, "m": 2, "n": 3, "k": 4}
STEPS, SEQUENCES = 5, 3
# Sums are added up in another order here.
CLOSE = 1e-12


def times(M: Matrix, v: Vector) -> Vector:
    return [sum(m * e for m, e in zip(row, v, strict=True)) for row in M]


def turned(M: Matrix) -> Matrix:
    return [list(column) for column in zip(*M, strict=True)]


def plus(*vectors: Vector) -> Vector:
    return [sum(entries) for entries in zip(*vectors, strict=True)]


def mul(v: Vector, w: Vector) -> Vector:
    return [a * b for a, b in zip(v, w, strict=True)]


def sig(v: Vector) -> Vector:
    return [1 / (1 + math.exp(-u)) for u in v]


def tanh(v: Vector) -> Vector:
    return [math.tanh(u) for u in v]


def step(v: Vector) -> Vector:
    return [1.0 if u >= 0 else 0.0 for u in v]


def softmax(v: Vector) -> Vector:
    powers = [math.exp(u) for u in v]
    return [power / sum(powers) for power in powers]


def recurrent(
    x: Steps,
    U: Matrix,
    W: Matrix,
    b: Vector,
    f: Callable[[Vector], Vector] = tanh,
    start: Vector | None = None,
) -> Steps:
    """h_t = f(U x_t + W h_(t-1) + b)."""
    h, states = start or [0.0] * len(b), []
    for v in x:
        h = f(plus(times(U, v), times(W, h), b))
        states.append(h)
    return states


def elman(x: Steps, p: Any, out: Callable[[Vector], Vector] = sig) -> dict[str, Steps]:
    h = recurrent(x, turned(p["U"]), turned(p["W"]), p["b"])
    return {"h": h, "y": [out(plus(times(turned(p["V"]), v), p["c"])) for v in h]}


def jordan(x: Steps, p: Any) -> dict[str, Steps]:
    y, hs, ys = [0.0] * len(p["c"]), [], []
    for v in x:
        h = tanh(plus(times(turned(p["U"]), v), times(turned(p["W"]), y), p["b"]))
        y = sig(plus(times(turned(p["V"]), h), p["c"]))
        hs.append(h)
        ys.append(y)
    return {"h": hs, "y": ys}


def step_units(x: Steps, p: Any) -> dict[str, Steps]:
    h = recurrent(x, p["U"], p["W"], p["b"], step)
    return {"h": h, "y": [step(plus(times(p["V"], v), p["c"])) for v in h]}


def gate(p: Any, name: str, v: Vector, h: Vector) -> Vector:
    return plus(times(p[f"W{name}"], v), times(p[f"U{name}"], h), p[f"b{name}"])


def gru(x: Steps, p: Any, candidate: Callable[[Any, Vector, Vector, Vector], Vector]) -> dict[str, Steps]:
    """h = (1 - z) n + z h_(t-1)."""
    h, seen = [0.0] * len(p["bz"]), {name: [] for name in "zrnh"}
    for v in x:
        z, r = sig(gate(p, "z", v, h)), sig(gate(p, "r", v, h))
        n = tanh(candidate(p, v, r, h))
        h = [(1 - a) * b + a * c for a, b, c in zip(z, n, h, strict=True)]
        for name, value in zip("zrnh", (z, r, n, h), strict=True):
            seen[name].append(value)
    return seen


def reset_before(p: Any, v: Vector, r: Vector, h: Vector) -> Vector:
    return gate(p, "n", v, mul(r, h))


def reset_after(p: Any, v: Vector, r: Vector, h: Vector) -> Vector:
    return plus(times(p["Wn"], v), p["bn"], mul(r, plus(times(p["Un"], h), p["bh"])))


def lstm(x: Steps, p: Any, has_peepholes: bool = False) -> dict[str, Steps]:
    n_h = len(p["bi"])
    c, h = [0.0] * n_h, [0.0] * n_h
    seen: dict[str, Steps] = {name: [] for name in "ifogch"}
    for v in x:

        def peep(name: str, cell: Vector) -> Vector:
            return mul(p[f"p{name}"], cell) if has_peepholes else [0.0] * len(cell)

        i = sig(plus(gate(p, "i", v, h), peep("i", c)))
        f = sig(plus(gate(p, "f", v, h), peep("f", c)))
        g = tanh(gate(p, "g", v, h))
        new = plus(mul(f, c), mul(i, g))
        o = sig(plus(gate(p, "o", v, h), peep("o", new)))
        c, h = new, mul(o, tanh(new))
        for name, value in zip("ifogch", (i, f, o, g, c, h), strict=True):
            seen[name].append(value)
    return seen


def lstm_packed(x: Steps, p: Any) -> dict[str, Steps]:
    n_h, n_in = len(p["b"]) // 4, len(x[0])
    apart = {}
    for place, name in enumerate("ifgo"):
        rows = slice(place * n_h, (place + 1) * n_h)
        apart[f"W{name}"] = [row[:n_in] for row in p["W"][rows]]
        apart[f"U{name}"] = [row[n_in:] for row in p["W"][rows]]
        apart[f"b{name}"] = p["b"][rows]
    seen = lstm(x, apart)
    return {"c": seen["c"], "h": seen["h"]}


def rnn_a(x: Steps, p: Any) -> dict[str, Steps]:
    s = recurrent(x, p["Wsx"], p["Wss"], [0.0] * len(p["s0"]), list, p["s0"])
    return {"s": s, "g": [times(p["Wo"], v) for v in s]}


def rnn_b(x: Steps, p: Any) -> dict[str, Steps]:
    s, states = p["s0"], []
    for v in x:
        s = times(p["Wssx"], [*s, *v])
        states.append(s)
    return {"s": states, "g": [times(p["Wox"], [*a, *b]) for a, b in zip(states, x, strict=True)]}


def ssm(x: Steps, p: Any) -> dict[str, Steps]:
    s = recurrent(x, p["B"], p["A"], [0.0] * len(p["s0"]), list, p["s0"])
    return {"s": s, "y": [plus(times(p["C"], a), times(p["D"], b)) for a, b in zip(s, x, strict=True)]}


def diagonal_ssm(x: Steps, p: Any) -> dict[str, Steps]:
    s, states = [0.0] * len(p["a"]), []
    for v in x:
        s = [a * b + (1 - a) * c for a, b, c in zip(p["a"], s, times(p["B"], v), strict=True)]
        states.append(s)
    return {"s": states, "y": [times(p["C"], v) for v in states]}


def leaky(x: Steps, p: Any) -> dict[str, Steps]:
    h, states = [0.0] * len(p["b"]), []
    for v in x:
        new = tanh(plus(times(p["Win"], v), times(p["W"], h), p["b"]))
        h = [(1 - p["a"]) * a + p["a"] * b for a, b in zip(h, new, strict=True)]
        states.append(h)
    return {"h": states, "y": [times(p["V"], [*a, *b]) for a, b in zip(states, x, strict=True)]}


def narx(x: Steps, p: Any) -> dict[str, Steps]:
    n_in, n_out = len(x[0]), len(p["V"])
    ys, hs, before = [[0.0] * n_out, [0.0] * n_out], [], [0.0] * n_in
    for v in x:
        hs.append(
            tanh(
                plus(times(p["U"], v), times(p["U1"], before), times(p["W1"], ys[-1]), times(p["W2"], ys[-2]))
            )
        )
        ys.append(times(p["V"], hs[-1]))
        before = v
    return {"h": hs, "y": ys[2:]}


def stacked(x: Steps, p: Any) -> dict[str, Steps]:
    h1 = recurrent(x, p["U1"], p["W1"], p["b1"])
    h2 = recurrent(h1, p["U2"], p["W2"], p["b2"])
    return {"h1": h1, "h2": h2, "y": [softmax(plus(times(p["V"], v), p["c"])) for v in h2]}


def bidirectional(x: Steps, p: Any) -> dict[str, Steps]:
    hf = recurrent(x, p["Uf"], p["Wf"], p["bf"])
    hb = recurrent(x[::-1], p["Ub"], p["Wb"], p["bb"])[::-1]
    y = [plus(times(p["V"], [*a, *b]), p["c"]) for a, b in zip(hf, hb, strict=True)]
    return {"hf": hf, "hb": hb, "y": y}


def last_step(x: Steps, p: Any) -> dict[str, Any]:
    h = recurrent(x, p["U"], p["W"], [0.0] * len(p["W"]), lambda v: [max(u, 0.0) for u in v])
    return {"h": h, "y": softmax(plus(times(p["V"], h[-1]), p["c"]))}


def pooled(x: Steps, p: Any) -> dict[str, Any]:
    h = recurrent(x, p["U"], p["W"], [0.0] * len(p["W"]))
    mean = [sum(entries) / len(h) for entries in zip(*h, strict=True)]
    return {"h": h, "y": sig(times(p["V"], mean))}


def encoder_decoder(x: Steps, p: Any, d: Steps) -> dict[str, Steps]:
    e = recurrent(x, p["U"], p["W"], [0.0] * len(p["W"]))
    told = [[0.0] * len(d[0]), *d[:-1]]
    s = recurrent(told, p["A"], p["B"], [0.0] * len(p["B"]), start=e[-1])
    return {"e": e, "s": s, "y": [softmax(times(p["V"], v)) for v in s]}


def adder(x: Steps, p: Any) -> dict[str, Steps]:
    first, second = (sum(int(digits[k]) << t for t, digits in enumerate(x)) for k in (0, 1))
    return {"y": [[float((first + second) >> t & 1)] for t in range(len(x))]}


def parity(x: Steps, p: Any) -> dict[str, Steps]:
    return {"y": [[float(sum(int(v[0]) for v in x[: t + 1]) % 2)] for t in range(len(x))]}


IN_LOOPS: dict[str, Callable[..., dict[str, Any]]] = {
    "adder": adder,
    "bidirectional": bidirectional,
    "diagonal-ssm": diagonal_ssm,
    "elman": elman,
    "elman-linear": lambda x, p: elman(x, p, list),
    "encoder-decoder": encoder_decoder,
    "gru": lambda x, p: gru(x, p, reset_before),
    "gru-reset-after": lambda x, p: gru(x, p, reset_after),
    "jordan": jordan,
    "last-step": last_step,
    "leaky": leaky,
    "lstm": lstm,
    "lstm-packed": lstm_packed,
    "lstm-peephole": lambda x, p: lstm(x, p, has_peepholes=True),
    "narx": narx,
    "parity": parity,
    "pooled": pooled,
    "rnn-a": rnn_a,
    "rnn-b": rnn_b,
    "ssm": ssm,
    "stacked": stacked,
    "step-units": step_units,
}


def test_every_network_of_the_library_has_its_loops() -> None:
    assert {f"library/{name}" for name in IN_LOOPS} == {*library_names()}


@pytest.mark.parametrize(("name", "seed"), [*itertools.product(IN_LOOPS, range(3))])
def test_a_batch_gives_what_plain_loops_give_for_each_sequence(name: str, seed: int) -> None:
    net = network_of(library_network(f"library/{name}").network)
    rng = np.random.default_rng(seed)
    p = {
        parameter: rng.uniform(-1, 1, [size.at(SIZES) for size in shape])
        for parameter, shape in net.parameters.items()
    }
    x = {
        signal: rng.uniform(-1, 1, (STEPS, SEQUENCES, *[size.at(SIZES) for size in shape]))
        for signal, shape in net.inputs.items()
    }
    if not p:  # a target, over digits
        x = {signal: (value > 0) * 1.0 for signal, value in x.items()}
    values = compiled(net)(x, p)
    plain = {parameter: value.tolist() for parameter, value in p.items()}
    for n in range(SEQUENCES):
        inputs = {signal: value[:, n].tolist() for signal, value in x.items()}
        wanted = IN_LOOPS[name](inputs.pop("x"), plain, **inputs)
        for variable, value in wanted.items():
            got = values[variable][n] if net.by_name[variable].is_static else values[variable][:, n]
            assert np.abs(got - np.array(value)).max() <= CLOSE


def test_a_step_further_is_a_step_of_the_loop() -> None:
    """The first step's results do not change where more steps follow, in a network that runs forwards."""
    net = network_of(library_network("library/lstm").network)
    rng = np.random.default_rng(0)
    p = {k: rng.uniform(-1, 1, [size.at(SIZES) for size in shape]) for k, shape in net.parameters.items()}
    x = rng.uniform(-1, 1, (4, 2))
    whole, short = compiled(net)({"x": x}, p), compiled(net)({"x": x[:2]}, p)
    assert np.abs(whole["h"][:2] - short["h"]).max() <= CLOSE
