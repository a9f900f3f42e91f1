"""Working of one or two neurons by hand: what follows, slips, is copied, and why one is withheld.

All weights are 1, all biases 0, so that h(t) = tanh(x(t) + fed back) and y(t) = sigmoid(sum of h(t)). The key
has two decimals: for x = 0.5, 0.25 it is h = 0.46, 0.61 and y = 0.61, 0.65.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from msgspec.structs import replace

from grader.networks.equations.declaration import network_of
from grader.networks.follow_through import follow
from grader.networks.hand_trace import HandedIn, HandTrace
from grader.networks.library import library_network

KEY_H, KEY_Y = [[0.46], [0.61]], [[0.61], [0.65]]


def sig(u):
    return round(1 / (1 + math.exp(-u)), 2)


def tanh(u):
    return round(math.tanh(u), 2)


def trace(cell, **weights):
    network = network_of(library_network(f"library/{cell}").network)
    parameters = {name: np.array(weights[name], dtype=float) for name in network.parameters}
    return HandTrace(
        network=network,
        inputs={"x": np.array([[0.5], [0.25]])},
        parameters=parameters,
        n_steps=2,
        widths={"h": len(parameters["b"]), "y": len(parameters["c"])},
        asked=("y",),
        reach=0.005,
    )


def elman(n=1):
    return trace("elman", U=np.ones((1, n)), W=np.eye(n), V=np.ones((n, 1)), b=[0] * n, c=[0])


def jordan():
    return trace("jordan", U=[[1]], W=[[1]], V=[[1]], b=[0], c=[0])


def handed(values, key):
    rows = zip(values, key, strict=True)
    return HandedIn(
        np.array(values, dtype=float),
        np.array([[a == b for a, b in zip(*pair, strict=True)] for pair in rows]),
    )


def followed(trace, y, h):
    """For each step whether y earns, whether h and y are slips or copied, and why nothing follows."""
    found = follow(trace, {"y": y, "h": h} if h else {"y": y})
    # Handing in working never lowers a mark: what follows without it counts as well.
    alone = follow(trace, {"y": y})
    return [
        step(
            bool((found["y"].earns[t] | alone["y"].earns[t]).all()),
            *(bool(h) and one for one in ([found["h"].is_slip[t]] if h else [False])),
            found["y"].is_slip[t],
            bool(h) and found["h"].is_copied[t],
            found["y"].is_copied[t],
            (h and found["h"].withheld[t]) or found["y"].withheld[t] or alone["y"].withheld[t],
        )
        for t in range(2)
    ]


def step(follows, h_slip=False, y_slip=False, h_copied=False, y_copied=False, withheld=""):
    return (follows, h_slip, y_slip, h_copied, y_copied, withheld)


def test_the_key_is_what_it_is_said_to_be():
    assert [tanh(0.5), tanh(0.25 + 0.4621)] == [0.46, 0.61]
    assert [sig(0.4621), sig(0.6120)] == [0.61, 0.65]


@pytest.mark.parametrize(
    ("h", "y", "steps"),
    [
        ([0.46, 0.61], [0.61, 0.65], [step(True), step(True)]),
        # A slip in h costs its own step: what is fed back goes on from it.
        ([0.30, tanh(0.55)], [sig(0.30), sig(0.50)], [step(False, True), step(True)]),
        # The key's h and y after a slip do not follow from it: they are copied.
        ([0.30, 0.61], [sig(0.30), 0.65], [step(False, True), step(True, h_copied=True)]),
        ([0.30, tanh(0.55)], [0.61, 0.65], [step(False, True, y_copied=True), step(False, y_copied=True)]),
        ([0.46, 0.61], [0.50, 0.65], [step(False, y_slip=True), step(True)]),
        ([0.46, 0.50], [0.61, sig(0.50)], [step(True), step(False, True)]),
        # Nothing follows from what tanh cannot be, nor from a slip of 0 and 1.
        (
            [1.30, tanh(1.55)],
            [0.61, 0.65],
            [step(False, True, y_copied=True), step(False, True, False, False, True, "impossible")],
        ),
        (
            [-1.30, tanh(-1.05)],
            [0.61, 0.65],
            [step(False, True, y_copied=True), step(False, True, False, False, True, "impossible")],
        ),
        (
            [1.00, tanh(1.25)],
            [0.61, 0.65],
            [step(False, True, y_copied=True), step(False, True, False, False, True, "bare")],
        ),
        (
            [0.00, tanh(0.25)],
            [0.61, 0.65],
            [step(False, True, y_copied=True), step(False, True, False, False, True, "bare")],
        ),
        (
            [-1.00, tanh(-0.75)],
            [0.61, 0.65],
            [step(False, True, y_copied=True), step(False, True, False, False, True, "bare")],
        ),
        # -0.7 is no such value, and what follows from it does.
        ([-0.70, tanh(-0.45)], [0.61, 0.65], [step(False, True, y_copied=True), step(False, y_copied=True)]),
        # What is withheld is told only where something would have followed.
        ([1.00, 0.61], [0.61, 0.65], [step(False, True, y_copied=True), step(True, h_copied=True)]),
        ([1.00, 0.33], [0.61, 0.65], [step(False, True, y_copied=True), step(False, True, y_copied=True)]),
        # What cannot be read tells nothing of what comes after it.
        ([np.nan, 0.61], [0.61, 0.65], [step(False, True), step(True)]),
    ],
)
def test_an_elman_network_goes_on_from_the_student_s_own_hidden_values(h, y, steps):
    found = followed(elman(), handed([[v] for v in y], KEY_Y), handed([[v] for v in h], KEY_H))
    assert list(found) == steps


def test_without_hidden_values_nothing_follows_in_an_elman_network():
    found = followed(elman(), handed([[0.61], [0.50]], KEY_Y), None)
    assert list(found) == [step(False), step(False, y_slip=True)]


def jordan_key():
    h_1 = math.tanh(0.5)
    y_1 = 1 / (1 + math.exp(-h_1))
    h_2 = math.tanh(0.25 + y_1)
    return [[tanh(0.5)], [round(h_2, 2)]], [[round(y_1, 2)], [sig(h_2)]]


@pytest.mark.parametrize(
    ("h", "y", "steps"),
    [
        (None, [None, None], [step(True), step(True)]),
        # y(2) follows from y(1) alone.
        (None, [0.70, sig(math.tanh(0.95))], [step(False, y_slip=True), step(True)]),
        (None, [0.70, None], [step(False, y_slip=True), step(False, y_copied=True)]),
        # Below zero and above one no sigmoid is; 0 and 1 are guesses.
        (
            None,
            [-0.20, sig(math.tanh(0.05))],
            [step(False, y_slip=True), step(False, False, True, withheld="impossible")],
        ),
        (
            None,
            [1.20, sig(math.tanh(1.45))],
            [step(False, y_slip=True), step(False, False, True, withheld="impossible")],
        ),
        (
            None,
            [1.00, sig(math.tanh(1.25))],
            [step(False, y_slip=True), step(False, False, True, withheld="bare")],
        ),
        (
            None,
            [0.00, sig(math.tanh(0.25))],
            [step(False, y_slip=True), step(False, False, True, withheld="bare")],
        ),
        # A wrong h and an output that follows from what was fed back.
        ([0.30, None], [None, None], [step(True, True, y_copied=True), step(True)]),
        ([None, 0.30], [None, None], [step(True), step(True, True, y_copied=True)]),
    ],
)
def test_a_jordan_network_goes_on_from_the_student_s_own_outputs(h, y, steps):
    key_h, key_y = jordan_key()
    filled_y = [[key[0] if v is None else v] for v, key in zip(y, key_y, strict=True)]
    filled_h = h and [[key[0] if v is None else v] for v, key in zip(h, key_h, strict=True)]
    found = followed(jordan(), handed(filled_y, key_y), handed(filled_h, key_h) if h else None)
    assert list(found) == steps


def test_one_wrong_neuron_of_two_is_a_slip_and_one_copied_one_is_copied():
    key_h, key_y = [[0.46, 0.46], [0.61, 0.61]], [[sig(0.9242)], [sig(1.224)]]
    slip = followed(elman(2), handed(key_y, key_y), handed([[0.46, 0.30], [0.61, tanh(0.55)]], key_h))
    assert [one[1] for one in slip] == [True, False]
    assert [one[4] for one in slip] == [True, True]  # one right neuron of two is not the key
    copied = followed(elman(2), handed(key_y, key_y), handed([[0.46, 0.30], [0.61, 0.61]], key_h))
    assert [one[3] for one in copied] == [False, True]
    half_bare = followed(elman(2), handed(key_y, key_y), handed([[0.46, 1.00], [0.61, tanh(1.25)]], key_h))
    assert [(one[1], one[5]) for one in half_bare] == [(True, ""), (False, "")]
    half_impossible = followed(
        elman(2), handed(key_y, key_y), handed([[0.46, 1.30], [0.61, tanh(1.55)]], key_h)
    )
    assert [(one[1], one[5]) for one in half_impossible] == [(True, ""), (True, "impossible")]


# What follows from a value to two decimals: everything up to the corners of its box, and no more.


def bounds(function, values):
    corners = np.array(list(itertools.product(*((v - 0.005, v + 0.005) for v in values))))
    made = function(corners)
    return made.min(axis=0), made.max(axis=0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("side", [0, 1])
def test_what_reaches_into_the_box_of_what_can_be_computed_follows(seed, side):
    rng = np.random.default_rng(seed)
    x, U, W, V = (rng.normal(size=shape) for shape in ((2, 2), (2, 3), (3, 3), (3, 2)))
    b, c = np.array([0.1, 0.2, 0.3]), np.array([0.5, -0.5])
    work = replace(trace("elman", U=U, W=W, V=V, b=b, c=c), inputs={"x": x})
    fed, sign = np.array([0.12, -0.53, 0.71]), (-1, 1)[side]
    edge = bounds(lambda h: np.tanh(h @ W + x[1] @ U + b), fed)[side]
    # The last value of two decimals that stands for something in the box.
    last = sign * np.floor(sign * edge * 100 + 0.5) / 100
    nothing, wrong_y = np.zeros((2, 3), dtype=bool), np.zeros((2, 2), dtype=bool)
    for off, follows in ((0.0, True), (0.01, False)):
        h = HandedIn(np.array([fed, last + sign * off]), nothing)
        y = HandedIn(np.full((2, 2), 0.37), wrong_y)
        assert follow(work, {"h": h, "y": y})["h"].is_slip[1] is not follows
    edge = bounds(lambda h: 1 / (1 + np.exp(-(h @ V + c))), fed)[side]
    last = sign * np.floor(sign * edge * 100 + 0.5) / 100
    for off, follows in ((0.0, True), (0.01, False)):
        y = HandedIn(np.array([last + sign * off] * 2), wrong_y)
        h = HandedIn(np.array([fed] * 2), ~nothing)
        assert follow(work, {"h": h, "y": y})["y"].earns[0].tolist() == [follows, follows]
