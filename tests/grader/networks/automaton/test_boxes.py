"""Proofs by boxes: never of a network that a long run shows wrong."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from grader.networks.automaton import boxes
from grader.networks.automaton.boxes import boxes_that_hold
from grader.networks.automaton.enclosures import Enclosure
from grader.networks.automaton.target import Moves, TableTarget
from tests.grader.networks.automaton import nets


def _scaled(weights, gain):
    """Step weights as those of sigmoid units: thresholds half way, all times a gain."""
    by = {name: (np.array(value, dtype=float) * gain).tolist() for name, value in weights.items()}
    by["b"] = [(value + 0.5) * gain for value in weights["b"]]
    by["c"] = [(value + 0.5) * gain for value in weights["c"]]
    return by


def _run(weights, word):
    """Outputs of the sigmoid network in floats, read at one half."""
    U, W, b, V, c = (np.array(weights[name], dtype=float) for name in "UWbVc")
    h, outputs = np.zeros(len(b)), []
    for letter in word:
        h = 1 / (1 + np.exp(-(U @ np.array(letter) + W @ h + b)))
        outputs.append(int((V @ h + c)[0] >= 0))
    return outputs


@pytest.mark.parametrize("gain", [6, 8, 10, 20, 40, 700])
def test_parity_and_adder_of_sigmoid_units_are_proved(gain):
    parity = nets.sigmoid_student(_scaled(nets.PARITY, gain), nets.BITS)
    assert boxes_that_hold(parity, nets.target("parity", nets.BITS))
    adder = nets.sigmoid_student(_scaled(nets.ADDER, gain), nets.PAIRS)
    assert boxes_that_hold(adder, nets.target("adder", nets.PAIRS))


def test_a_network_that_forgets_is_not_proved():
    """With gain 4 the parity drifts to the middle within nine steps."""
    weights = _scaled(nets.PARITY, 4)
    assert boxes_that_hold(nets.sigmoid_student(weights, nets.BITS), nets.target("parity", nets.BITS)) is None
    word = [[1], *[[0]] * 8]
    assert _run(weights, word) != nets.parity_outputs(word)


@pytest.mark.parametrize("place", [0, 1])
def test_one_unit_that_stays_proves_nothing_of_another_that_drifts(place):
    """One unit is zero for ever; the other grows by 2 % a step, and turns the output on in step 50."""
    drifting = np.eye(2)[place]
    weights = {
        "U": [[0], [0]],
        "W": np.diag(1.02 * drifting).tolist(),
        "b": (0.002 * drifting).tolist(),
        "V": [drifting.tolist()],
        "c": [-0.15],
    }
    student = nets.student(
        weights, nets.BITS, nets.with_equations("tanh", "sigmoid(V @ h(t) + c)"), Enclosure, nets.HALF
    )
    never = TableTarget([Moves((0, 0), ((Fraction(0),),) * 2)])
    assert boxes_that_hold(student, never) is None
    h = np.zeros(2)
    steps = []
    while len(steps) < 100:
        h = np.tanh(np.array(weights["W"]) @ h + np.array(weights["b"]))
        steps.append(h[place] >= 0.15)
    assert steps.index(True) + 1 == 50


def test_what_is_proved_is_right_on_long_runs():
    rng, proved = random.Random(7), 0
    noise = np.random.default_rng(7)
    for _ in range(60):
        weights = _scaled(nets.PARITY, rng.uniform(4, 12))
        weights = {
            name: (np.array(value) * (1 + noise.normal(0, 0.1, np.shape(value)))).tolist()
            for name, value in weights.items()
        }
        if not boxes_that_hold(nets.sigmoid_student(weights, nets.BITS), nets.target("parity", nets.BITS)):
            continue
        proved += 1
        word = [[rng.randint(0, 1)] for _ in range(2000)]
        assert _run(weights, word) == nets.parity_outputs(word)
    assert proved > 10


@pytest.mark.parametrize("function", ["tanh", "sigmoid"])
def test_an_enclosure_holds_what_64_bits_more_would_give(function):
    mpmath.mp.prec = 200
    right = {"tanh": mpmath.tanh, "sigmoid": lambda u: 1 / (1 + mpmath.exp(-u))}[function]
    values = [0.0, 1e-300, 1e-9, 0.3, 1.0, 5.5, 20.0, 36.7, 300.0, 700.0, 745.0, 800.0]
    for value in values + [-one for one in values]:
        array = np.array([[value]])
        found = Enclosure(array, array).applied(function)
        exact = right(mpmath.mpf(value))
        assert found.low[0, 0] <= exact <= found.high[0, 0]
        assert found.high[0, 0] - found.low[0, 0] < 1e-13


def test_a_product_of_a_matrix_and_a_vector_holds_the_exact_one():
    rng = random.Random(3)
    for _ in range(50):
        size = 10.0 ** rng.randint(-3, 8)
        M = [[rng.uniform(-1, 1) * size for _ in range(6)] for _ in range(4)]
        v = [rng.uniform(-1, 1) for _ in range(6)]
        exact = [
            sum(a * b for a, b in zip(map(nets.Fraction, row), map(nets.Fraction, v), strict=True))
            for row in M
        ]
        found = Enclosure(np.array([M]), np.array([M])).product(Enclosure(np.array([v]), np.array([v])))
        for place, value in enumerate(exact):
            assert nets.Fraction(found.low[0, place]) <= value <= nets.Fraction(found.high[0, place])


def _exact(rng):
    """A float of any size: products of two lose digits, or all."""
    return rng.choice((0.0, rng.uniform(-2, 2), rng.uniform(-2, 2) * 2.0 ** rng.randint(-1070, 1020)))


@pytest.mark.parametrize("seed", range(100))
def test_sums_products_and_quotients_hold_the_exact_ones_at_every_size(seed):
    rng = random.Random(seed)
    (a, b), (c, d) = sorted((_exact(rng), _exact(rng))), sorted((_exact(rng), _exact(rng)))
    one, two = (Enclosure(np.array([[low]]), np.array([[high]])) for low, high in ((a, b), (c, d)))
    found = {"+": one.plus(two), "*": one.times(two), "max": one.larger(two), "min": one.smaller(two)}
    found["dot"] = one.product(two)
    if c > 0 or d < 0:
        found["/"] = one.times(two.inverted())
    for x in map(Fraction, (a, b)):
        for y in map(Fraction, (c, d)):
            exact = {"+": x + y, "*": x * y, "dot": x * y, "max": max(x, y), "min": min(x, y)}
            for operation, enclosure in found.items():
                value = exact[operation] if operation in exact else x / y
                assert _holds(float(enclosure.low.item()), value, float(enclosure.high.item())), operation


def _holds(low, value, high):
    return (low == -math.inf or Fraction(low) <= value) and (high == math.inf or value <= Fraction(high))


def test_a_proof_takes_as_many_boxes_as_are_allowed_and_no_more(monkeypatch):
    parity, right = (
        nets.sigmoid_student(_scaled(nets.PARITY, 10), nets.BITS),
        nets.target("parity", nets.BITS),
    )
    needed = boxes_that_hold(parity, right)
    for most, found in ((needed, needed), (needed - 1, None)):
        monkeypatch.setattr(boxes, "MOST_BOXES", most)
        assert boxes_that_hold(parity, right) == found


def test_a_proof_ends_where_it_costs_more_than_is_allowed():
    parity = nets.sigmoid_student(_scaled(nets.PARITY, 10), nets.BITS)
    assert boxes_that_hold(parity, nets.target("parity", nets.BITS), most_work=1) is None


@pytest.mark.parametrize("free", ["ROUND_COST", "BOX_COST"])
def test_rounds_and_boxes_both_cost(monkeypatch, free):
    monkeypatch.setattr(boxes, free, 0)
    parity = nets.sigmoid_student(_scaled(nets.PARITY, 10), nets.BITS)
    assert boxes_that_hold(parity, nets.target("parity", nets.BITS), most_work=4) is None
