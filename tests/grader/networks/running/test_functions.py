"""The functions of compiled equations, on whole runs, against plain loops over steps and entries."""

from __future__ import annotations

import itertools
import math
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from grader.networks.running.functions import (
    FUNCTIONS,
    fitted,
    outer_total,
    part,
    picked,
    piece,
    rounded_to,
    row_outer_totals,
    row_totals,
    shifted,
    stack,
    total,
)

RNG = np.random.default_rng(2)
VALUES = [-800.0, -3.5, -2.0, -1.0, -0.25, 0.0, 0.25, 1.0, 2.0, 3.5, 30.0]
PLAIN = {
    "tanh": math.tanh,
    "sigmoid": lambda u: 1 / (1 + math.exp(-u)) if u > -700 else 0.0,
    "halftanh": lambda u: math.tanh(u / 2),
    "relu": lambda u: u if u > 0 else 0.0,
    "step": lambda u: 1.0 if u >= 0 else 0.0,
    "positive": lambda u: 1.0 if u > 0 else 0.0,
    "sign": lambda u: 1.0 if u > 0 else -1.0 if u < 0 else 0.0,
    "abs": abs,
    "softplus": lambda u: math.log(1 + math.exp(u)),
    "exp": math.exp,
    "log": lambda u: math.log(u) if u > 0 else None,
    "sqrt": lambda u: math.sqrt(u) if u >= 0 else None,
}


@pytest.mark.parametrize("name", PLAIN)
def test_functions_of_one_entry_are_those_of_the_books(name):
    values = [u for u in VALUES if PLAIN[name](u) is not None and (name != "log" or u)]
    found = FUNCTIONS[name](np.array(values))
    assert found == pytest.approx([PLAIN[name](u) for u in values], rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(
    ("name", "of_two"),
    [("max", max), ("min", min), ("mod", lambda a, b: a - b * math.floor(a / b))],
)
def test_functions_of_two_or_more_take_one_after_another(name, of_two):
    columns = [
        np.array(column) for column in zip(*itertools.product((-2.5, 1.0, 3.0), repeat=3), strict=True)
    ]
    for given in (columns[:2], columns) if name != "mod" else (columns[:2],):
        rows = zip(*(column.tolist() for column in given), strict=True)
        wanted = [of_two(of_two(a, b), *rest) if rest else of_two(a, b) for a, b, *rest in rows]
        assert FUNCTIONS[name](*given).tolist() == wanted


def test_shares_of_a_softmax_are_powers_over_their_sum():
    u = np.array([[0.0, 1.0, -2.0], [900.0, 901.0, -900.0]])
    for row, shares in zip(u.tolist(), FUNCTIONS["softmax"](u).tolist(), strict=True):
        # Of powers a factor may be taken out, and exp(-1801) is no float.
        powers = [math.exp(max(one - max(row), -740.0)) for one in row]
        assert shares == pytest.approx([power / sum(powers) for power in powers], rel=1e-14, abs=1e-300)
    assert FUNCTIONS["softmax"](np.array(3.0)).tolist() == [1.0]


@pytest.mark.parametrize("places", [0, 1, 2])
@pytest.mark.parametrize(
    ("name", "mode", "fewer"),
    [("rounded", ROUND_HALF_UP, 0), ("cut", ROUND_DOWN, 0), ("coarse", ROUND_HALF_UP, 1)],
)
def test_decimal_places_are_kept_as_by_hand(name, mode, fewer, places):
    texts = [f"{sign}{n / 1000:.3f}" for n in range(0, 1200, 5) for sign in ("", "-")]
    found = FUNCTIONS[name](np.array([float(text) for text in texts]), places)
    step = Decimal(1).scaleb(fewer - places)
    assert found == pytest.approx(
        [float(Decimal(text).quantize(step, rounding=mode)) for text in texts], abs=1e-12
    )


@pytest.mark.parametrize(("sign", "mode"), [(1, ROUND_HALF_UP), (-1, ROUND_HALF_EVEN)])
@pytest.mark.parametrize("places", [0, 1, 2])
def test_each_row_is_rounded_to_its_own_places(sign, mode, places):
    texts = [f"{minus}{n / 1000:.3f}" for n in range(0, 3000, 5) for minus in ("", "-")]
    values = np.array([float(text) for text in texts])
    both = rounded_to(np.array([values, values]), np.array([[sign * 10.0**places], [0.0]]))
    step = Decimal(1).scaleb(-places)
    wanted = [float(Decimal(text).quantize(step, rounding=mode)) for text in texts]
    assert both[0] == pytest.approx(wanted, abs=1e-12)
    assert both[1].tolist() == values.tolist()


def test_parts_and_stacks_stand_one_behind_the_other():
    v = np.arange(12.0).reshape(2, 6)
    for n in (1, 2, 3, 6):
        width = 6 // n
        for k in range(1, n + 1):
            own = [row[(k - 1) * width : k * width] for row in v.tolist()]
            assert part(v, k, n).tolist() == own
            padded = [
                [x if (k - 1) * 6 <= i < k * 6 else 0 for i, x in enumerate(row * n)] for row in v.tolist()
            ]
            assert FUNCTIONS["pad"](v, k, n).tolist() == padded
    number, two, alone = np.array([[1.0], [2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([7.0, 8.0])
    joined = stack(number, two, alone, np.array(9.0))
    assert joined.tolist() == [[1, 3, 4, 7, 8, 9], [2, 5, 6, 7, 8, 9]]
    pieces = [piece(i, joined, number, two, alone, np.array(9.0)).tolist() for i in range(4)]
    assert pieces == [[[1], [2]], [[3, 4], [5, 6]], [[7, 8], [7, 8]], [[9], [9]]]


def test_a_vector_stands_in_for_another_as_it_is_or_with_its_first_entry():
    three, one = np.array([[1.0, 2.0, 3.0]]), np.array([[4.0]])
    assert fitted(three, np.zeros((1, 3))).tolist() == three.tolist()
    assert fitted(one, np.zeros((1, 3))).tolist() == one.tolist()
    assert fitted(three, np.zeros((1, 1))).tolist() == [[1.0]]
    assert np.isnan(fitted(three, np.zeros((1, 2)))).tolist() == [[True, True]]


def test_matrices_give_their_diagonal_and_first_row():
    m = np.array([[[1.0, 2.0], [3.0, 4.0]]])
    assert FUNCTIONS["diagonal"](m).tolist() == [[[1, 0], [0, 4]]]
    assert FUNCTIONS["first-row"](m).tolist() == [[1, 2]]
    assert FUNCTIONS["first-entry"](m).tolist() == [[[1], [3]]]


def test_products_are_added_up_over_steps_and_sequences():
    a, b = RNG.normal(size=(3, 2, 2, 4)), RNG.normal(size=(3, 2, 2, 5))
    steps = list(itertools.product(range(3), range(2), range(2)))
    outer = [[sum(a[at][i] * b[at][j] for at in steps) for j in range(5)] for i in range(4)]
    assert outer_total(a, b) == pytest.approx(np.array(outer))
    assert outer_total(a, b[0, 0, 0]) == pytest.approx(np.outer(a.reshape(-1, 4).sum(0), b[0, 0, 0]))
    assert total(a).tolist() == pytest.approx([sum(a[at][i] for at in steps) for i in range(4)])
    assert FUNCTIONS["dot"](a, a)[..., 0] == pytest.approx((a**2).sum(3))
    assert FUNCTIONS["total"](a)[..., 0] == pytest.approx(a.sum(3))
    for row in range(2):
        own = [(t, row, p) for t in range(3) for p in range(2)]
        outer = [[sum(a[at][i] * b[at][j] for at in own) for j in range(5)] for i in range(4)]
        assert row_outer_totals(a, b)[row] == pytest.approx(np.array(outer))
        assert row_totals(a)[row].tolist() == [pytest.approx([sum(a[at][i] for at in own) for i in range(4)])]
        first = [
            [sum(a[0, row, p, i] * b[0, row, p, j] for p in range(2)) for j in range(5)] for i in range(4)
        ]
        assert row_outer_totals(a[0], b[0])[row] == pytest.approx(np.array(first))
        assert row_totals(a[0])[row].tolist() == [pytest.approx(a[0, row].sum(0).tolist())]


@pytest.mark.parametrize("lag", range(-5, 6))
@pytest.mark.parametrize("edge", ["", "hold", "wrap"])
def test_the_value_of_steps_before_or_after_is_read_at_every_step(lag, edge):
    v, start = np.arange(1.0, 9).reshape(4, 2), np.array([-1.0, -2.0])
    wanted = []
    for t in range(4):
        at = t - lag
        if edge == "wrap":
            wanted.append(v[at % 4].tolist())
        elif 0 <= at < 4:
            wanted.append(v[at].tolist())
        else:
            wanted.append(start.tolist() if not edge else v[0 if at < 0 else 3].tolist())
    assert shifted(v, lag, start, edge).tolist() == wanted


@pytest.mark.parametrize(
    ("pick", "is_there"),
    [
        ("last-only", lambda t, i, j: t == 2),
        ("first-only", lambda t, i, j: t == 0),
        ("first-sequence", lambda t, i, j: i == 0),
        ("first-entry", lambda t, i, j: j == 0),
    ],
)
def test_some_of_a_signal_is_kept_and_the_rest_is_zero(pick, is_there):
    v = np.arange(1.0, 19).reshape(3, 2, 3)
    found = picked(v, pick)
    for at in itertools.product(range(3), range(2), range(3)):
        assert found[at] == (v[at] if is_there(*at) else 0)


def test_steps_are_turned_round_or_stand_for_all():
    v = np.arange(6.0).reshape(3, 2)
    assert picked(v, "reversed").tolist() == [[4, 5], [2, 3], [0, 1]]
    assert picked(v, "first").tolist() == [[0, 1]] * 3
    assert picked(v, "last").tolist() == [[4, 5]] * 3
