"""What a network function takes and returns: names, order and axes, as a course lays them out."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.code.question import CodeParams, runner
from grader.kinds.code.signature import Runner, Signature, at, signature
from grader.networks.equations.declaration import NetworkTable, network_of

# Two inputs, one of them numbers; h starts from an argument and s from zero; m is once a sequence.
TABLE: dict[str, Any] = {
    "inputs": {"x": "n_in", "u": "number"},
    "parameters": {"W": "n_h x n_h", "U": "n_h x n_in", "k": "number"},
    "equations": [
        "h(t) = tanh(W @ h(t-1) + U @ x(t) + k * u(t))",
        "s(t) = k * s(t-1) + u(t)",
        "m = mean(h(t))",
    ],
    "start": {"h": "h0", "s": "s0"},
    "sizes": {"s": "number"},
    "output": ["h", "s"],
}
NETWORK = network_of(msgspec.convert(TABLE, NetworkTable))
STEPWISE = network_of(msgspec.convert({**TABLE, "equations": TABLE["equations"][:2]}, NetworkTable))


def of(made: Signature) -> tuple[dict[str, tuple[str, str]], list[tuple[str, str, str, str]]]:
    """The axes of arguments and returns, in the standard order and in the course's."""
    arguments = {name: (" ".join(one.standard), " ".join(one.own)) for name, one in made.arguments.items()}
    returns = [
        (one.name, one.when, " ".join(one.layout.standard), " ".join(one.layout.own)) for one in made.returns
    ]
    return arguments, returns


def test_without_layouts_there_is_one_sequence_as_declared() -> None:
    made = signature(NETWORK, {}, [])
    assert of(made) == (
        {
            "x": ("T N n_in", "T n_in"),
            "u": ("T N 1", "T"),
            "h0": ("N n_h", "n_h"),
            "s0": ("N 1", ""),
            "W": ("n_h n_h", "n_h n_h"),
            "U": ("n_h n_in", "n_h n_in"),
            "k": ("", ""),
        },
        [("h", "every step", "T N n_h", "T n_h"), ("s", "every step", "T N 1", "T")],
    )
    assert list(made.arguments) == ["x", "u", "h0", "s0", "W", "U", "k"]
    assert made.axes == ("T", "n_in", "n_h")
    assert not made.is_one_step


def test_layouts_give_order_and_axes() -> None:
    own = {"U": "n_in x n_h", "h0": "n_h x N", "x": "N x T x n_in", "u": "T x N x 1", "s0": "N x 1"}
    returns = ["h: n_h x N x T", "s: N last", "h: N x 1 x n_h first", "m: N x n_h", "s: T x N x 1"]
    made = signature(NETWORK, own, returns)
    arguments, found = of(made)
    assert list(arguments) == [*own, "W", "k"]
    assert {name: arguments[name][1].replace(" ", " x ") for name in own} == own
    assert found == [
        ("h", "every step", "T N n_h", "n_h N T"),
        ("s", "last", "N 1", "N"),
        ("h", "first", "N n_h", "N 1 n_h"),
        ("m", "once", "N n_h", "N n_h"),
        ("s", "every step", "T N 1", "T N 1"),
    ]
    assert made.axes == ("N", "T", "n_in", "n_h")


def test_inputs_without_steps_make_one_step() -> None:
    made = signature(STEPWISE, {"x": "N x n_in", "u": "N"}, ["h: N x n_h", "s: N"])
    assert made.is_one_step
    assert made.axes == ("N", "n_in", "n_h")
    assert of(made)[1] == [
        ("h", "every step", "T N n_h", "N n_h"),
        ("s", "every step", "T N 1", "N"),
    ]
    alone = signature(STEPWISE, {"x": "n_in", "u": "1"}, [])
    assert of(alone)[1] == [("h", "every step", "T N n_h", "n_h"), ("s", "every step", "T N 1", "")]
    assert alone.axes == ("n_in", "n_h")


@pytest.mark.parametrize(
    ("arguments", "returns", "shapes"),
    [
        ({}, ["h"], {"x": (4, 1, 2), "u": (4, 1, 1), "h0": (1, 5), "s0": (1, 1), "W": (5, 5), "k": ()}),
        (
            {"x": "N x T x n_in", "h0": "N x n_h"},
            ["h: N x T x n_h"],
            {"x": (4, 3, 2), "u": (4, 1, 1), "h0": (3, 5), "s0": (1, 1), "U": (5, 2)},
        ),
        ({"x": "N x n_in", "u": "N"}, ["h: N x n_h"], {"x": (1, 3, 2), "u": (1, 3, 1), "h0": (1, 5)}),
    ],
)
def test_an_axis_that_an_argument_does_not_have_has_one_entry(
    arguments: dict[str, str], returns: list[str], shapes: dict[str, tuple[int, ...]]
) -> None:
    made = signature(STEPWISE, arguments, returns)
    sizes = {"T": 4, "N": 3, "n_in": 2, "n_h": 5}
    assert {name: made.shape_of(name, sizes) for name in shapes} == shapes


@pytest.mark.parametrize(
    ("arguments", "returns", "words"),
    [
        ({"q": "n_h"}, [], "arguments: q is none; the network's are x, u, h0, s0, W, U, k"),
        ({"x": "n_in"}, [], "arguments.x: T is left out"),
        ({"u": "1"}, [], "arguments.u: T is left out"),
        ({}, ["q"], "returns: q has no equation; the network's are h, s, m"),
        ({}, ["m last"], "says last, but there is one m only"),
        ({}, ["h: n_h"], "leaves out T; write last for the last step alone"),
        ({}, ["h: T x N x n_h"], "has N, which no argument has"),
        ({"x": "N x T x n_in"}, ["h: T x n_h"], "leaves out N"),
        ({"x": "N x T x n_in"}, ["h: n_h last"], "leaves out N"),
        ({"x": "N x T x n_in"}, ["m: n_h"], "leaves out N"),
        ({}, ["h: T x n_h last"], "T is no axis of it"),
    ],
)
def test_what_does_not_go_together_is_refused(
    arguments: dict[str, str], returns: list[str], words: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        signature(NETWORK, arguments, returns)


VALUES = np.arange(24.0).reshape(4, 3, 2)


@pytest.mark.parametrize(
    ("when", "wanted"), [("first", VALUES[0]), ("last", VALUES[3]), ("every step", VALUES), ("once", VALUES)]
)
def test_a_return_holds_one_step_or_all(when: str, wanted: np.ndarray) -> None:
    np.testing.assert_array_equal(at(when, VALUES), wanted)
    turned = at(when, VALUES.swapaxes(0, 1), 1)
    np.testing.assert_array_equal(turned, wanted if when in ("first", "last") else VALUES.swapaxes(0, 1))


def of_layouts(returns: list[str], **arguments: str) -> Runner:
    table = {"function": "net", "network": TABLE, "arguments": arguments, "returns": returns}
    return runner(msgspec.convert(table, CodeParams))


@pytest.mark.parametrize("shared", [True, False])
def test_what_is_returned_is_that_of_plain_loops(shared: bool) -> None:
    start = {} if shared else {"h0": "N x n_h", "s0": "N"}
    run = of_layouts(
        ["h: N x T x n_h", "h: N x n_h last", "h: N x n_h first", "s: N last", "m: N x n_h"],
        x="N x T x n_in", u="N x T", **start,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    sizes = {"N": 3, "T": 4, "n_in": 2, "n_h": 5}
    many = [
        {name: rng.normal(size=run.signature.shape_of(name, sizes)) for name in run.signature.arguments}
        for _ in range(3)
    ]
    for arrays, found in zip(many, run.returned_of_each(many), strict=True):
        h, s = np.zeros((4, 3, 5)), np.zeros((4, 3, 1))
        for n in range(3):
            state, number = (arrays[name][0 if shared else n] for name in ("h0", "s0"))
            for t in range(4):
                x, u, k = arrays["x"][t, n], arrays["u"][t, n, 0], float(arrays["k"])
                state = np.tanh(arrays["W"] @ state + arrays["U"] @ x + k * u)
                number = k * number + u
                h[t, n], s[t, n] = state, number
        for got, wanted in zip(found, (h, h[-1], h[0], s[-1], h.mean(axis=0)), strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-10, atol=1e-12)
