"""How large an answer may be: what is as large as the limit is read, one more is refused, with that reason.

The limits stand here as numbers once more, so that a change of one is a decision.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.answers.claims import read_shape
from grader.answers.numbers import read_number
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.kinds.feasibility.question import FeasibilityParams
from grader.linear.certificate import check_certificate
from grader.linear.reading import LinearSizes, read_weights
from grader.model.value import Fields, Items, Number, Text


def ints(count):
    return Items((Number("1", "int"),) * count)


def grid(rows, columns):
    return Items((ints(columns),) * rows)


def refused(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value.code


def test_a_number_has_at_most_1200_digits():
    assert read_number(Text("1" * 1200), "n").value == int("1" * 1200)
    assert refused(read_number, Text("1" * 1201), "n") == "too-large"


@pytest.mark.parametrize("sign", ["", "-"])
def test_an_exponent_has_at_most_400_zeros(sign):
    assert read_number(Text(f"1e{sign}400"), "n").value == Fraction(10) ** int(f"{sign}400")
    assert refused(read_number, Text(f"1e{sign}401"), "n") == "too-large"


def test_five_digits_may_be_rounded_and_four_are_meant():
    assert read_number(Text("0.33333"), "n").is_rounded
    assert not read_number(Text("0.3333"), "n").is_rounded
    assert not read_number(Text("33333"), "n").is_rounded
    assert not read_number(Text("0.25000"), "n").is_rounded


@pytest.mark.parametrize(
    ("fits", "exceeds"),
    [
        (ints(4096), ints(4097)),
        (grid(64, 64), grid(65, 64)),
        (from_numpy(np.ones((64, 64))), from_numpy(np.ones((64, 65)))),
    ],
)
def test_a_table_has_at_most_4096_entries(fits, exceeds):
    assert len(read_table(fits, "M").entries) == 4096
    assert refused(read_table, exceeds, "M") == "too-large"


def test_a_shape_has_at_most_six_axes_of_at_most_a_billion():
    assert read_shape(ints(6), "z") == (1,) * 6
    assert refused(read_shape, ints(7), "z") == "not-a-shape"
    assert read_shape(Number("1000000000", "int"), "z") == (10**9,)
    assert refused(read_shape, Number("1000000001", "int"), "z") == "not-a-shape"
    assert read_shape(Number("0", "int"), "z") == (0,)
    assert refused(read_shape, Number("-1", "int"), "z") == "not-a-shape"


def weights(n):
    return {"s0": ints(n), "Wss": grid(n, n), "Wsx": grid(n, 1), "Wo": grid(1, n)}


def test_a_network_has_at_most_64_states():
    free = LinearSizes(None, 1, 1)
    assert len(read_weights("rnn-a", free, weights(64))[1]) == 64
    assert refused(read_weights, "rnn-a", free, weights(65)) in ("too-large", "shape")


SUM_TOO = ("x[1]", "cumsum(x[1])")
QUESTION = FeasibilityParams(structure="rnn-a", inputs=1, state_size=1, target=SUM_TOO)


def sequences(count, length):
    return Items((Items((ints(1),) * length),) * count)


@pytest.mark.parametrize(
    ("fits", "exceeds"),
    [
        (sequences(32, 1), sequences(33, 1)),
        (sequences(1, 64), sequences(1, 65)),
    ],
)
def test_a_certificate_has_at_most_32_sequences_of_at_most_64_steps(fits, exceeds):
    assert check_certificate(QUESTION, 1, fits).rank <= 2
    refused(check_certificate, QUESTION, 1, exceeds)


def place(delay, number):
    return Items((Number(str(delay), "int"), Number(str(number), "int")))


def minor(delay):
    return Fields({"rows": Items((place(delay, 1),)), "cols": Items((place(0, 1),))})


def test_a_minor_reaches_back_at_most_64_steps():
    assert check_certificate(QUESTION, 1, minor(64)).rank <= 1
    refused(check_certificate, QUESTION, 1, minor(65))
    refused(check_certificate, QUESTION, 1, minor(-1))
