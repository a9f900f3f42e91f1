"""Which parts of which outputs are right, on networks so small that it can be worked out by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.decision import OutputDecision, Tier, decide
from grader.linear.marking import credit
from grader.linear.reading import LinearNetwork
from grader.model.kind import Answer
from reference.equivalence import differences, shortest_counterexample
from reference.linear_system import LinearSystem


def exact(rows):
    return tuple(tuple(Fraction(value) for value in row) for row in rows)


def system(A, B, C, D=((0,),), s0=(0,)):
    return LinearSystem(exact(A), exact(B), exact(C), exact(D), tuple(map(Fraction, s0)))


def scalar(a, b, c, d=0, start=0):
    return system([[a]], [[b]], [[c]], [[d]], (start,))


def as_network(linear):
    return LinearNetwork(linear, linear, linear, is_rounded=False)


def only_row(network, target):
    decision = decide(as_network(network), target)
    (row,) = decision.outputs
    return row


# y_t = C s_t + D x_t with s_t = A s_{t-1} + B x_t: M_0 = CB + D, M_k = C A^k B, r_t = C A^t s_0.
LATE = system([[0, 0], [1, 0]], [[1], [0]], [[0, 1]], s0=(0, 0))  # y_t = x_{t-1}: M_1 = 1, all else 0
TWICE_LATE = system([[0, 0], [1, 0]], [[1], [0]], [[0, 2]], s0=(0, 0))  # M_1 = 2, all else 0
COPY = scalar(0, 1, 1)  # M_0 = 1, all else 0
SUM = scalar(1, 1, 1)  # M_k = 1


@pytest.mark.parametrize(
    ("network", "target", "parts"),
    [
        (SUM, SUM, (True, True, True)),
        (TWICE_LATE, LATE, (True, False, True)),  # wrong in M_1 alone
        (
            system([[0, 0], [1, 0]], [[1], [0]], [[1, 1]], s0=(0, 0)),
            LATE,
            (False, True, True),
        ),  # in M_0 alone
        (COPY, SUM, (True, False, True)),
        (scalar(1, 1, 1, d=1), SUM, (False, True, True)),
        (scalar(1, 1, 1, start=1), SUM, (True, True, False)),
        (scalar(1, 1, 1, start=-1), SUM, (True, True, False)),
        (scalar(1, -1, -1, start=-1), scalar(1, 1, 1, start=1), (True, True, True)),
        (scalar(1, 1, 1, start=-1), scalar(1, 1, 1, start=1), (True, True, False)),
        (scalar(1, 1, -1), SUM, (False, False, True)),
        (scalar(-1, 1, 1), SUM, (True, False, True)),
    ],
)
def test_each_part_of_an_output_is_right_or_wrong_by_itself(network, target, parts):
    row = only_row(network, target)
    assert (row.first_right, row.later_right, row.start_right) == parts
    assert (row.tier is Tier.WRONG) == (parts != (True, True, True))


def test_a_difference_in_the_first_delayed_response_alone_is_found_and_shown():
    places = differences(TWICE_LATE, LATE)
    assert [(place.step, place.cause, place.row) for place in places] == [(2, 1, 0)]
    shown = shortest_counterexample(TWICE_LATE, LATE, min(places))
    assert (shown.inputs, shown.wanted, shown.got) == (
        exact([[1], [0]]),
        exact([[0], [1]]),
        exact([[0], [2]]),
    )


@pytest.mark.parametrize(
    ("network", "target", "silent", "zero", "start"),
    [
        (scalar(1, 1, 0), SUM, True, False, False),
        (scalar(1, 1, 1), scalar(0, 0, 0), False, True, False),
        (scalar(1, 0, 1, start=2), scalar(1, 1, 1, start=2), False, False, True),
        (scalar(1, 1, -1), SUM, False, False, False),
    ],
)
def test_what_an_output_shows_and_is_asked_to_show(network, target, silent, zero, start):
    row = only_row(network, target)
    assert (row.is_silent, row.is_zero_wanted, row.is_start_wanted) == (silent, zero, start)


def a_row(tier=Tier.WRONG, first=False, later=False, start=False, silent=False, zero=False):
    return OutputDecision(tier, first, later, start, silent, zero, is_start_wanted=False)


RIGHT = a_row(Tier.EXACT, True, True, True)


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        # docs/contract.md: half of 0.4 for the current input, 0.4 for earlier ones, 0.2 for none.
        ([a_row(first=True)], "1/5"),
        ([a_row(later=True)], "1/5"),
        ([a_row(start=True)], "1/10"),
        ([a_row(first=True, later=True)], "2/5"),
        ([a_row()], "0"),
        ([a_row(first=True, later=True, start=True, silent=True)], "0"),
        ([RIGHT, a_row()], "1/2"),
        # An output that should be zero weighs a quarter.
        ([RIGHT, a_row(zero=True)], "4/5"),
        ([a_row(), a_row(Tier.EXACT, zero=True)], "1/5"),
        ([a_row(Tier.BORDERLINE), a_row(Tier.ROUNDED), a_row(Tier.RATIONALISED)], "1"),
    ],
)
def test_credit_is_that_of_the_contract(rows, share):
    assert credit(rows) == Fraction(share)


def longest_error(A, B, C, wanted, steps=100):
    """Largest |C A^k B - wanted^k| relative to max(1, wanted^k), in whole numbers of the written decimals."""
    state, largest = [Fraction(v) for v in B], Fraction(0)
    for k in range(steps):
        seen = sum(c * s for c, s in zip(map(Fraction, C), state, strict=True))
        largest = max(largest, abs(seen - wanted**k) / max(1, wanted**k))
        state = [sum(Fraction(a) * s for a, s in zip(row, state, strict=True)) for row in A]
    return largest


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(("hidden", "is_right"), [(2.0, False), (0.5, True)])
def test_rounded_weights_whose_error_grows_are_wrong_and_those_where_it_dies_out_are_right(
    seed, hidden, is_right, plain_fields
):
    """A second mode is unseen but for rounding to eight places: doubled each step it swamps the sum.

    Which it is comes from stepping the written decimals through a hundred steps.
    """
    rng = np.random.default_rng(seed)
    T = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    A, B, C = T @ np.diag([1.0, hidden]) @ T.T, T @ [1.0, 0.0], np.array([1.0, 0.0]) @ T.T
    A, B, C = ([[f"{v:.8f}" for v in row] for row in np.atleast_2d(M)] for M in (A, B, C))
    error = longest_error(A, B[0], C[0], 1)
    assert (error < Fraction(1, 10**4)) == is_right
    assert (error > 10) == (not is_right)
    fields = plain_fields({"s0": [0, 0], "Wss": A, "Wsx": [[v] for v in B[0]], "Wo": C})
    params = LinearSystemParams(structure="rnn-a", inputs=1, target=("cumsum(x[1])",))
    outcome = linear_system.judge(params, Answer(fields=fields)).outcome
    assert (outcome.verdict == "correct") == is_right
