"""By which factors gradients are off where a loss is summed, averaged or halved otherwise than meant."""

from __future__ import annotations

import itertools
import math
from typing import Any

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.meanings import Counts, are_distinct, counts, of_all, of_one
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import NetworkTable, network_of

NETWORK: dict[str, Any] = {
    "inputs": {"x": "n_in"},
    "parameters": {"U": "n_h x n_in", "V": "n_out x n_h", "w": "n_h"},
    "equations": ["h(t) = tanh(U @ x(t))", "y(t) = V @ h(t)", "s(t) = w @ h(t)", "p(t) = softmax(y(t))"],
}
SIZES = {"N": 3, "T": 7, "n_in": 4, "n_h": 6, "n_out": 5}


@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        ("mean((y - d)**2)", (3, 7, 5, True, True, 2)),
        ("sum((y - d)**2)", (3, 7, 5, False, False, 2)),
        ("mean(sum((y - d)**2))", (3, 7, 5, True, False, 2)),
        ("sum(mean((y - d)**2))", (3, 7, 5, False, True, 2)),
        ("mean(mean((y - d)**2))", (3, 7, 5, True, True, 2)),
        ("mean((h - d)**2)", (3, 7, 6, True, True, 2)),
        ("mean((s - d)**2)", (3, 7, 1, True, False, 2)),
        ("sum((s - d)**2)", (3, 7, 1, False, False, 2)),
        ("sum((y(T) - d)**2)", (3, None, 5, False, False, 2)),
        ("mean((s(T) - d)**2)", (3, None, 1, True, False, 2)),
        ("sum((y - d)**2) / 2", (3, 7, 5, False, False, 0.5)),
        ("0.5 * mean((y - d)**2)", (3, 7, 5, True, True, 0.5)),
        ("sum((s - d)**2) / 3", (3, 7, 1, False, False, 0)),
        ("-sum((s - d)**2)", (3, 7, 1, False, False, 2)),
        ("sum((s - d)**3)", (3, 7, 1, False, False, 0)),
        ("sum((s - d)**4) / 2", (3, 7, 1, False, False, 0)),
        ("mean(cross_entropy(d, p))", (3, 7, 5, True, False, 0)),
        # The first of several terms decides.
        ("sum((y - d)**2) + mean((s - e)**2) / 2", (3, 7, 5, False, False, 2)),
        ("mean((s - e)**2) / 2 + sum((y - d)**2)", (3, 7, 1, True, False, 0.5)),
    ],
)
def test_it_is_counted_what_a_loss_runs_over(loss: str, wanted: tuple[object, ...]) -> None:
    network = network_of(msgspec.convert(NETWORK, NetworkTable))
    read = read_loss(network, loss)
    assert counts(network, read, SIZES) == Counts(*wanted)  # type: ignore[arg-type]
    one_sequence = {name: size for name, size in SIZES.items() if name != "N"}
    assert counts(network, read, one_sequence) == Counts(None, *wanted[1:])  # type: ignore[arg-type]


EVERY = [
    Counts(*sizes, *how)
    for sizes in itertools.product((None, 1, 2), (None, 1, 2, 7), (1, 2, 5))
    for how in itertools.product((True, False), (True, False), (0, 0.5, 2))
]
AXES = {"sequences": 0, "time steps": 1, "sequences and steps": (0, 1)}


def amount(one: Counts, swapped: tuple[int, ...] = (), square: float | None = None) -> float:
    """A loss of ones, with averages and sums over some axes changed over, times what its square makes."""
    ones = np.ones((one.sequences or 1, one.steps or 1, one.outputs))
    for axis, is_mean in ((2, one.is_mean_of_outputs), (1, one.is_mean), (0, one.is_mean)):
        ones = (np.mean if is_mean != (axis in swapped) else np.sum)(ones, axis=axis)
    return float(ones) * (one.square or 1 if square is None else square)


@pytest.mark.parametrize("one", EVERY)
def test_factors_of_all_gradients_are_those_of_losses_with_these_mistakes(one: Counts) -> None:
    said, meant = ("summed", "mean") if one.is_mean else ("averaged", "sum")
    first = [("", ())]
    first += [(f"{said} over sequences where the {meant} is meant", (0,))] if one.sequences else []
    first += [(f"{said} over time steps where the {meant} is meant", (1,))] if one.steps else []
    if one.sequences and one.steps:
        first.append((f"{said} over sequences and steps where the {meant} is meant", (0, 1)))
    outputs = "summed over outputs where the mean is meant"
    if not one.is_mean_of_outputs:
        outputs = "averaged over outputs where the sum is meant"
    # The derivative of e^2 is 2 e and that of e^2 / 2 is e.
    squares: dict[float, list[tuple[str, float | None]]] = {
        2: [("", None), ("the 2 of the squared error's derivative is missing", 1)],
        0.5: [("", None), ("the 1/2 of the loss is left out", 1)],
        0: [("", None)],
    }
    wanted = {}
    for (square, of_square), (sums, swapped) in itertools.product(squares[one.square], first):
        for last, also in [("", ())] + ([(outputs, (2,))] if one.outputs > 1 else []):
            for sign, turned in ((1, ""), (-1, "the sign is turned round")):
                text = ", and ".join(filter(None, (square, sums, last, turned)))
                wanted[text] = sign * amount(one, (*swapped, *also), of_square) / amount(one)
    found = of_all(one)
    assert {meaning: value for value, meaning in found} == pytest.approx(wanted)
    assert len(found) == len(wanted)
    n_mistakes = [meaning.count(", and ") + (meaning != "") for _, meaning in found]
    assert n_mistakes == sorted(n_mistakes)


@pytest.mark.parametrize("one", EVERY)
def test_factors_of_one_gradient_divide_or_multiply_by_a_count_above_one(one: Counts) -> None:
    n, t = one.sequences or 0, one.steps or 0
    numbers = {"number of sequences": n, "number of steps": t, "numbers of sequences and steps": n * t}
    wanted = {
        "": 1.0,
        "of the wrong sign": -1.0,
        "half as large as asked": 0.5,
        "twice as large as asked": 2.0,
    }
    for name, number in numbers.items():
        if number > 1:
            wanted[f"divided by the {name}{' once more' if one.is_mean else ''}"] = 1 / number
            wanted[f"{'not divided' if one.is_mean else 'multiplied'} by the {name}"] = number
    if one.outputs > 1:
        wanted["divided by the number of outputs"] = 1 / one.outputs
        wanted["multiplied by the number of outputs"] = one.outputs
    assert {meaning: value for value, meaning in of_one(one)} == pytest.approx(wanted)


@pytest.mark.parametrize("square", [0, 0.5, 2])
@pytest.mark.parametrize("is_mean", [True, False])
def test_sizes_tell_slips_apart_where_no_two_factors_are_within_a_hundredth(
    square: float, is_mean: bool
) -> None:
    seen = set()
    for n, t, k in itertools.product((2, 3, 6, 100), (2, 5, 7, 101), (1, 2, 5)):
        one = Counts(n, t, k, is_mean, False, square)
        values = [value for value, _ in of_all(one) if value > 0]
        apart = all(abs(math.log(a / b)) > math.log(1.009) for a, b in itertools.combinations(values, 2))
        assert are_distinct(one) is apart
        seen.add(apart)
    assert seen == {True, False}
