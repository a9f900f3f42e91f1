"""Wrong gradients that no one mistake gives are explained one by one, and what is no work is not."""

from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.by_hand import right_by_hand
from grader.kinds.gradient.explaining_by_hand import _known
from grader.kinds.gradient.known_gradients import KnownGradients
from grader.kinds.gradient.question import GradientParams

CASE = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]
GATES = [letter + gate for gate in "zrn" for letter in "WUb"]
BY_HAND = msgspec.convert(
    {
        "network": {
            "inputs": {"x": "2"},
            "parameters": {name: {"W": "2 x 2", "U": "2 x 2", "b": "2"}[name[0]] for name in GATES},
            "equations": [
                "z(t) = sigmoid(Wz @ x(t) + Uz @ h(t-1) + bz)",
                "r(t) = sigmoid(Wr @ x(t) + Ur @ h(t-1) + br)",
                "n(t) = tanh(Wn @ x(t) + Un @ (r(t) * h(t-1)) + bn)",
                "h(t) = (1 - z(t)) * n(t) + z(t) * h(t-1)",
            ],
        },
        "loss": "sum((h - d)**2) / 2",
        "values": {
            "x": [[0.5, -1], [1, 0.3], [-0.6, 0.8]],
            "d": [[0.4, 1], [-0.5, 0.2], [1, -0.3]],
            "Wz": [[0.3, -0.6], [0.9, 0.2]],
            "Uz": [[0.5, 0.7], [-0.4, 0.1]],
            "bz": [0.2, -0.3],
            "Wr": [[-0.8, 0.4], [0.1, 0.6]],
            "Ur": [[0.9, -0.2], [0.6, 0.8]],
            "br": [0.1, 0.5],
            "Wn": [[0.7, 0.5], [-0.3, 1]],
            "Un": [[-0.5, 0.8], [0.2, 0.6]],
            "bn": [0, 0.4],
        },
        "places": 4,
    },
    GradientParams,
)
KNOWN = KnownGradients(msgspec.convert(CASE, GradientParams))
RIGHT = [KNOWN.right(index) for index in range(len(KNOWN.trials))]
# What is made of the right gradients, and the ids that tell so: an Elman network's by a function, a GRU's by
# hand.
BY_FUNCTION = [
    (lambda g: {"W": 0 * g["W"], "U": 0 * g["U"]}, {"dU-dW-zero"}),
    (lambda g: {"W": 0 * g["W"], "c": 2 * g["c"]}, {"dW-zero", "one-gradient-scaled"}),
    (lambda g: {"W": g["W"].T, "b": 0 * g["b"]}, {"dW-transposed", "db-zero"}),
]
OF_A_GRU = [
    (lambda g: {name: 0 * g[name] for name in ("Wr", "Ur", "br")}, {"dWr-dUr-dbr-zero"}),
    (lambda g: {name: g[name].T for name in ("Uz", "Ur", "Un")}, {"dUz-dUr-dUn-transposed"}),
    (lambda g: {"bz": g["br"], "br": g["bz"]}, {"another-gradient"}),
    (lambda g: {"bn": g["br"]}, {"another-gradient"}),
    (lambda g: {"Wz": -g["Wz"], "bz": -g["bz"]}, {"one-gradient-scaled"}),
    (lambda g: {"Un": 3 * g["Un"]}, {"one-gradient-scaled"}),
    (lambda g: {"bn": g["bn"] / 3, "Wn": 0 * g["Wn"]}, {"one-gradient-scaled", "dWn-zero"}),
    (lambda g: {name: one / 3 for name, one in g.items()}, {"scale"}),
]


def as_code(change):
    return KNOWN.one_by_one([{**one, **change(one)} for one in RIGHT])


def by_hand(gradients):
    known = _known(BY_HAND)
    numbers = {name: np.round(np.ravel(one), BY_HAND.places) for name, one in gradients.items()}
    named = tuple(known.told(one) for one in known.named(numbers))
    return named or known.one_by_one(numbers)


@pytest.mark.parametrize(("change", "ids"), BY_FUNCTION)
def test_a_function_that_loses_some_gradients_is_told_which(change, ids):
    assert {one.id for one in as_code(change)} == ids


@pytest.mark.parametrize(("change", "ids"), OF_A_GRU)
def test_numbers_that_are_wrong_in_some_gradients_are_told_how(change, ids):
    right = right_by_hand(BY_HAND)
    assert {one.id for one in by_hand({**right, **change(right)})} == ids


def test_a_known_mistake_in_one_gradient_alone_is_told_as_such():
    (mutant,) = (one for one in KNOWN.mutants if one.id == "truncated-1")
    stopped = iter([KNOWN.gradients(mutant, index)["W"] for index in range(len(RIGHT))])
    (found,) = as_code(lambda g: {"W": next(stopped)})
    assert found.id == "truncated-1-in-dW"
    assert found.message == "In dW alone: Errors do not go back in time at all."


def test_two_in_each_others_place_are_told_together():
    right = right_by_hand(BY_HAND)
    (found,) = by_hand({**right, "br": right["bz"], "bz": right["br"]})
    assert found.message == "dbr and dbz stand in each other's place."


def test_what_takes_no_work_or_is_wrong_otherwise_is_not_told():
    right = right_by_hand(BY_HAND)
    for constant in (0, 0.5, 1):
        assert by_hand({name: np.full(one.shape, constant) for name, one in right.items()}) == ()
    assert as_code(lambda g: {name: 0 * one for name, one in g.items()}) == ()
    rng = np.random.default_rng(5)
    for _ in range(50):
        assert by_hand({name: rng.uniform(-1, 1, one.shape) for name, one in right.items()}) == ()
        assert by_hand({**right, "bn": rng.uniform(-1, 1, 2), "Wr": rng.uniform(-1, 1, (2, 2))}) == ()
    assert as_code(lambda g: {"W": 0 * g["W"], "c": g["c"] + 1}) == ()
