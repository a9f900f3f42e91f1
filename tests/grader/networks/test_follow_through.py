"""Working of one or two neurons by hand: what follows, slips, is copied, and why one is withheld.

All weights are 1, all biases 0, so that h(t) = tanh(x(t) + fed back) and y(t) = sigmoid(sum of h(t)). The key
has two decimals: for x = 0.5, 0.25 it is h = 0.46, 0.61 and y = 0.61, 0.65.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.networks.follow_through import HandTrace, LayerValues, StepFacts, follow
from reference.network import as_weights

KEY_H, KEY_Y = [[0.46], [0.61]], [[0.61], [0.65]]


def sig(u):
    return round(1 / (1 + math.exp(-u)), 2)


def tanh(u):
    return round(math.tanh(u), 2)


def elman(n=1):
    eye = np.eye(n)
    return HandTrace(
        as_weights([[0.5], [0.25]], np.ones((1, n)), eye, np.ones((n, 1)), [0] * n, [0], "hidden"), True, 2
    )


def jordan():
    return HandTrace(as_weights([[0.5], [0.25]], [[1]], [[1]], [[1]], [0], [0], "output"), False, 2)


def handed(values, key):
    rows = zip(values, key, strict=True)
    return LayerValues(
        np.array(values, dtype=float), [[a == b for a, b in zip(*pair, strict=True)] for pair in rows]
    )


def step(follows, h_slip=False, y_slip=False, h_copied=False, y_copied=False, withheld=""):
    return StepFacts((follows,), h_slip, y_slip, h_copied, y_copied, withheld)


def test_the_key_is_what_it_is_said_to_be():
    assert [tanh(0.5), tanh(0.25 + 0.4621)] == [0.46, 0.61]
    assert [sig(0.4621), sig(0.6120)] == [0.61, 0.65]


@pytest.mark.parametrize(
    ("h", "y", "steps"),
    [
        ([0.46, 0.61], [0.61, 0.65], [step(True), step(True)]),
        # A slip in h costs its own step: what is fed back goes on from it.
        ([0.30, tanh(0.55)], [sig(0.30), sig(0.50)], [step(False, True, True), step(True)]),
        # The key's h and y after a slip do not follow from it: they are copied.
        ([0.30, 0.61], [sig(0.30), 0.65], [step(False, True, True), step(True, h_copied=True)]),
        ([0.30, tanh(0.55)], [0.61, 0.65], [step(False, True, y_copied=True), step(False, y_copied=True)]),
        ([0.46, 0.61], [0.50, 0.65], [step(False, y_slip=True), step(True)]),
        ([0.46, 0.50], [0.61, sig(0.50)], [step(True), step(False, True, True)]),
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
        ([np.nan, 0.61], [0.61, 0.65], [step(False, True, y_copied=True), step(True, h_copied=True)]),
    ],
)
def test_an_elman_network_goes_on_from_the_student_s_own_hidden_values(h, y, steps):
    found = follow(elman(), handed([[v] for v in y], KEY_Y), handed([[v] for v in h], KEY_H))
    assert list(found) == steps


def test_without_hidden_values_nothing_follows_in_an_elman_network():
    found = follow(elman(), handed([[0.61], [0.50]], KEY_Y), None)
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
    found = follow(jordan(), handed(filled_y, key_y), handed(filled_h, key_h) if h else None)
    assert list(found) == steps


def test_one_wrong_neuron_of_two_is_a_slip_and_one_copied_one_is_copied():
    key_h, key_y = [[0.46, 0.46], [0.61, 0.61]], [[sig(0.9242)], [sig(1.224)]]
    slip = follow(elman(2), handed(key_y, key_y), handed([[0.46, 0.30], [0.61, tanh(0.55)]], key_h))
    assert [one.is_h_slip for one in slip] == [True, False]
    assert [one.is_y_copied for one in slip] == [True, True]  # one right neuron of two is not the key
    copied = follow(elman(2), handed(key_y, key_y), handed([[0.46, 0.30], [0.61, 0.61]], key_h))
    assert [one.is_h_copied for one in copied] == [False, True]
    half_bare = follow(elman(2), handed(key_y, key_y), handed([[0.46, 1.00], [0.61, tanh(1.25)]], key_h))
    assert [(one.is_h_slip, one.withheld) for one in half_bare] == [(True, ""), (False, "")]
    half_impossible = follow(
        elman(2), handed(key_y, key_y), handed([[0.46, 1.30], [0.61, tanh(1.55)]], key_h)
    )
    assert [(one.is_h_slip, one.withheld) for one in half_impossible] == [(True, ""), (True, "impossible")]
