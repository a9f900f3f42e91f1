"""Certificates of impossibility for b_ii: an RNN-A with two states."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from grader.errors import Unreadable
from grader.kinds.feasibility.question import FeasibilityParams
from grader.linear.certificate import check_certificate, check_ranks
from grader.linear.question import target_system
from grader.model.value import Fields, Formula, Items, Number, Text, Value
from reference.linear_system import simulate

LONGEST_S = 10  # of CPU; it takes less than one
B_II = FeasibilityParams(
    structure="rnn-a",
    inputs=3,
    state_size=2,
    target=("x[1]", "x[2]", "x[3]", "cumsum(x[1] + x[2] + x[3])"),
)
SUM_OF_TWO = FeasibilityParams(
    structure="rnn-b", inputs=1, state_size=1, target=("delay(x[1], 1)", "delay(x[1], 2)")
)


DELAY = FeasibilityParams(structure="rnn-b", inputs=1, state_size=1, target=("delay(x[1], 1)",))


def value(plain: Any) -> Value:
    if isinstance(plain, dict):
        return Fields({name: value(part) for name, part in plain.items()})
    if isinstance(plain, (list, tuple)):
        return Items(tuple(map(value, plain)))
    return Number(str(plain), "int")


UNITS = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# By hand: after x_1 = e_1, e_2, e_3 the outputs must be (1,0,0,1), (0,1,0,1), (0,0,1,1): rank 3 > 2.
VALID = [
    [[unit] for unit in UNITS],
    UNITS,  # the inputs x_1 themselves, without the list around each
    [[unit] for unit in UNITS] + [[[1, 0, 0], [0, 0, 0]]],
    [[[0, 0, 0], unit] for unit in UNITS],
    [[[5, 0, 0], unit] for unit in UNITS],
    [[[x] for x in unit] for unit in UNITS],  # columns, one a sequence
    [[[[x] for x in unit] for unit in (UNITS[0], one)] for one in UNITS],  # columns, two a sequence
    [[[1, 0, 6.123233995736766e-17]], [[0, 1e20, 0]], [[0, 0, 1e-5 / 3]]],
    {"rows": [(0, 1), (0, 2), (0, 3), (0, 4)], "cols": [(0, 1), (0, 2), (0, 3), (1, 1)]},
    {"rows": [(0, 1), (0, 2), (0, 3)], "cols": [(0, 1), (0, 2), (0, 3)]},
    {"rows": [(0, 1), (0, 2), (1, 4)], "columns": [(0, 1), (0, 2), (0, 3)]},
]
TOO_SMALL = [
    [[UNITS[0]], [UNITS[1]]],
    [[UNITS[0]], [UNITS[0]], [UNITS[0]]],
    [[[1, 1, 1]], [[2, 2, 2]], [[3, 3, 3]]],
    [[[1.4142135623730951, 0, 6e-17]], [[0, 1, 0]], [[1.4142135623730951, 1, 6e-17]]],
    {"rows": [(0, 1), (0, 2)], "cols": [(0, 1), (0, 2)]},
    {"rows": [(0, 1), (0, 1), (0, 1)], "cols": [(0, 1), (0, 2), (0, 3)]},
    {"rows": [(1, 1), (1, 2), (1, 4)], "cols": [(0, 1), (0, 2), (0, 3)]},
]
LONG = [[[f"{10**60 + 2 * i + 1}/{10**60 + 2 * i + 3}"] * 3 for i in range(64)] for _ in range(32)]
UNREADABLE = [
    LONG,
    7,
    [],
    [[[1, 0]]],
    {"rows": [(0, 1)]},
    {"rows": [(0, 5)], "cols": [(0, 1)]},
    {"rows": [(0, 0)], "cols": [(0, 1)]},
    {"rows": [(0, 1, 2)], "cols": [(0, 1)]},
    {"rows": [(10**5, 1)], "cols": [(0, 1)]},
    [[[[[1, 0, 0]]]]],
    [[1, 0], [0, 1]],  # flat lists of two and of six where an input has three numbers
    [[1, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0]],
]


@pytest.mark.parametrize(("length", "is_read"), [(0, False), (1, True), (64, True), (65, False)])
@pytest.mark.parametrize("shape", ["flat", "rows", "columns"])
def test_sequences_are_read_up_to_a_length(length, is_read, shape):
    x = {"flat": 0, "rows": [0], "columns": [[0]]}[shape]
    certificate = value([[x] * length])
    if not is_read:
        with pytest.raises(Unreadable):
            check_certificate(DELAY, 1, certificate)
        return
    assert check_certificate(DELAY, 1, certificate).rank == 0


@pytest.mark.parametrize("certificate", VALID)
def test_valid_certificates_are_accepted(certificate):
    assert check_certificate(B_II, 2, value(certificate)).is_valid


@pytest.mark.parametrize("certificate", TOO_SMALL)
def test_certificates_that_two_states_can_satisfy_are_not(certificate):
    assert not check_certificate(B_II, 2, value(certificate)).is_valid


@pytest.mark.parametrize("certificate", UNREADABLE)
def test_what_is_no_certificate_is_told(certificate):
    with pytest.raises(Unreadable):
        check_certificate(B_II, 2, value(certificate))


def test_long_numbers_take_a_bounded_time():
    """As many and as long as are read: over a common denominator of 511 bits, none a multiple of another."""
    over = 2**511 - 1
    long = [
        [[f"{over // (3 + i + 3 * j + 200 * k)}/{over}" for i in range(3)] for j in range(64)]
        for k in range(32)
    ]
    start = time.process_time()
    check_certificate(B_II, 2, value(long))
    assert time.process_time() - start < LONGEST_S


def test_a_formula_in_a_certificate_is_told_for_what_it_is():
    with pytest.raises(Unreadable, match=r"the formula sqrt\(2\) in a certificate") as refused:
        check_certificate(B_II, 2, Items((Items((Formula("sqrt(2)"), *value([0, 0]).items)),)))
    assert "free symbols" not in str(refused.value)


@pytest.mark.parametrize(
    ("required", "available", "is_valid"),
    [(3, 2, True), (4, 2, True), (5, 2, False), (2, 2, False), (3, 3, False), (4, 3, False), (0, 0, False)],
)
def test_ranks(required, available, is_valid):
    """Three for M_0 = Wo Wsx, four for the whole behaviour; two states give at most two."""
    assert check_ranks(B_II, 2, required, available).is_valid is is_valid


def test_no_certificate_rules_out_a_size_that_suffices():
    """Every set of up to four short sequences over {0, e_1, e_2, e_3}, and four states: none may be valid."""
    inputs = [[0, 0, 0], *UNITS]
    sequences = [[x] for x in inputs] + [[x, y] for x in inputs for y in inputs]
    for chosen in list(combinations(sequences, 4))[::40]:
        assert not check_certificate(B_II, 4, value(chosen)).is_valid


def test_a_direct_path_takes_the_last_input_out_of_the_certificate():
    """With RNN-B only what follows the last input counts; x_1 = 1, and 1 then 0, need two states: by hand
    the next outputs are (x_t, x_{t-1}): (1, 0) and (0, 1)."""
    assert check_certificate(SUM_OF_TWO, 1, value([[[1]], [[1], [0]]])).is_valid
    assert not check_certificate(SUM_OF_TWO, 1, value([[[1]], [[2]]])).is_valid


@pytest.mark.parametrize(
    "certificate",
    [
        {"rows": [(0, 1), (1, 1)], "cols": [(0, 1), (1, 1)]},
        [[1], [1, 0]],
        [[1], [1, 0], [0, 2, 2]],
    ],
)
def test_what_a_direct_path_cannot_mend_counts(certificate):
    """A delay needs two states in an RNN-B: [[d, 1], [1, 0]] is regular for every d."""
    assert check_certificate(DELAY, 1, value(certificate)).is_valid
    assert not check_certificate(DELAY, 2, value(certificate)).is_valid


@pytest.mark.parametrize(
    "certificate", [{"rows": [(0, 1)] * 2, "cols": [(0, 1), (1, 1)]}, [[1], [2]], [[1], [0, 1]]]
)
def test_what_a_direct_path_can_mend_does_not_count(certificate):
    checked = check_certificate(DELAY, 1, value(certificate))
    assert not checked.is_valid
    assert "as the output may see x_t itself in any way" in checked.message


@pytest.mark.parametrize(
    "target", ["delay(x[1], 1)", "cumsum(x[1])", "x[1] + delay(x[1], 2)", "delay(cumsum(x[1]), 1)"]
)
def test_a_certificate_shows_the_least_rank_over_all_direct_paths(target):
    """By trying D in -3 ... 3 on sets of three short sequences, ranks by numpy."""
    asked = FeasibilityParams(structure="rnn-b", inputs=1, state_size=1, target=(target,))
    system = target_system(asked)
    sequences = [s for n in (1, 2, 3) for s in product((0, 1, -2), repeat=n)]
    for chosen in list(combinations(sequences, 3))[::97]:
        futures = [
            [float(y) for (y,) in simulate(system, [*((Fraction(x),) for x in s), *[(Fraction(0),)] * 5])]
            for s in chosen
        ]
        seen = np.array([future[len(s) - 1 :][:6] for future, s in zip(futures, chosen, strict=True)])
        last = np.array([s[-1] for s in chosen])
        ranks = [
            np.linalg.matrix_rank(seen - d * np.outer(last, np.eye(seen.shape[1])[0])) for d in range(-3, 4)
        ]
        checked = check_certificate(asked, 1, value([[[x] for x in s] for s in chosen]))
        assert checked.rank == min(ranks)


@pytest.mark.parametrize("text", ["1, 0, 0\n0, 1, 0\n0, 0, 1", "1 0 0; 0 1 0; 0 0 1"])
def test_a_text_is_read_by_its_rows(text: str) -> None:
    """Nine numbers in a row would be no inputs of three."""
    assert check_certificate(B_II, 2, Text(text)).rank == check_certificate(B_II, 2, value(UNITS)).rank == 3


@pytest.mark.parametrize(
    ("required", "available", "told", "not_told"),
    [
        (2, 2, "required_rank 2 is too small", "large"),
        (5, 2, "required_rank 5 is too large", "small"),
        (4, 2, "The behaviour needs rank 4", "whole"),
        (3, 2, "the whole of it more", "too"),
        (4, 3, "max_rank is 3", "required_rank"),
    ],
)
def test_what_a_claim_about_ranks_shows_is_told(required, available, told, not_told):
    checked = check_ranks(B_II, 2, required, available)
    assert told in checked.message
    assert not_told not in checked.message
    assert (checked.rank, checked.most) == (required, required)
    assert (checked.evidence.required_rank, checked.evidence.max_rank) == (required, available)


def test_what_was_found_stands_beside_the_most_that_could_be():
    """Of two sequences the rank is at most 2; of three rows and four columns, 3; these have 2 and 3."""
    two = check_certificate(B_II, 2, value([[UNITS[0]], [UNITS[1]]]))
    assert (two.rank, two.most, two.is_valid) == (2, 2, False)
    assert (two.evidence.sequences, two.evidence.state_size, two.evidence.rank) == (2, 2, 2)
    assert "span only 2 dimensions; a state of 2 can hold that" in two.message
    three = check_certificate(B_II, 2, value(UNITS))
    assert "span 3 dimensions; a state of 2 can tell apart only 2" in three.message
    part = {"rows": [(0, 1), (0, 2), (0, 3)], "cols": [(0, 1), (0, 2), (0, 3), (1, 1)]}
    minor = check_certificate(B_II, 3, value(part))
    assert (minor.rank, minor.most, minor.is_valid) == (3, 3, False)
    assert (minor.evidence.size, minor.evidence.state_size, minor.evidence.rank) == ((3, 4), 3, 3)
    assert "only more than 3" in minor.message
    assert "more than the 2 states" in check_certificate(B_II, 2, value(part)).message


def is_read(certificate: Any, of: FeasibilityParams = DELAY) -> bool:
    try:
        check_certificate(of, 1, value(certificate))
    except Unreadable:
        return False
    return True


def test_certificates_are_read_up_to_their_sizes():
    """32 sequences or places of a side, delays to 64, outputs and inputs from 1 to as many as there are."""
    assert [is_read([[1]] * count) for count in (1, 32, 33)] == [True, True, False]
    for rows, columns in (("rows", "cols"), ("cols", "rows")):
        sizes = [is_read({rows: [(0, 1)] * count, columns: [(0, 1)]}) for count in (0, 1, 32, 33)]
        assert sizes == [False, True, True, False]
        assert [is_read({rows: [(delay, 1)], columns: [(0, 1)]}) for delay in (-1, 0, 64, 65)] == [
            False,
            True,
            True,
            False,
        ]
    outputs = [is_read({"rows": [(0, i)], "cols": [(0, 1)]}, B_II) for i in (0, 1, 4, 5)]
    inputs = [is_read({"rows": [(0, 1)], "cols": [(0, j)]}, B_II) for j in (0, 1, 3, 4)]
    assert outputs == inputs == [False, True, True, False]


@pytest.mark.parametrize(
    ("sequence", "fits"),
    [
        ([2**511], True),
        ([2**512], False),
        ([-(2**512)], False),
        ([f"1/{2**511}"], True),
        ([f"1/{2**512}"], False),
        # Over a common denominator of 511 or 512 bits, and of two more.
        ([f"1/{2**509}", "1/3"], True),
        ([f"1/{2**511}", "1/3"], False),
    ],
)
def test_numbers_have_512_bits_over_a_common_denominator(sequence: list[Any], fits: bool):
    assert is_read([sequence]) is fits


def test_cols_and_columns_are_one_name_and_the_short_one_comes_first():
    part = {"rows": [(0, 1), (0, 2), (0, 3)], "cols": [(0, 1), (0, 2), (0, 3)], "columns": [(0, 1)]}
    assert check_certificate(B_II, 2, value(part)).rank == 3


def test_the_places_of_a_minor_may_be_text():
    part = Fields({"rows": Text("[(0, 1), (0, 2), (0, 3)]"), "cols": Text("[[0, 1], [0, 2], [0, 3]]")})
    assert check_certificate(B_II, 2, part).rank == 3
