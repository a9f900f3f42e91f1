from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers.numbers import ExactNumber, read_number
from grader.answers.rounding import (
    Slip,
    credit_of,
    decimals_of,
    read_entry,
    slip_feedback,
    slip_of,
    truncated,
    without_luck,
)
from grader.errors import Unreadable
from grader.model.value import Nothing, Number, Text


def slip(written: str, wanted: str, places: int | None = 2) -> Slip:
    return slip_of(read_number(Text(written), "y"), Fraction(wanted), places)


# The table of the rounding rule for two decimal places; the values are those of Tutorial 8.
@pytest.mark.parametrize(
    ("written", "wanted", "verdict"),
    [
        ("0.27", ".270726", "right"),
        ("0.73", ".728395", "right"),
        ("0.72", ".728395", "truncated"),
        ("-0.21", "-.206674", "right"),
        ("-0.20", "-.206674", "truncated"),
        ("0.21", "-.206674", "sign"),
        ("1", ".998979", "right"),
        ("1.0", ".998979", "right"),
        ("0.99", ".998979", "truncated"),
        ("0.3", ".270726", "too-few-places"),
        ("0.2707", ".270726", "right"),
        (".27", ".270726", "right"),
        ("2.7e-1", ".270726", "right"),
        ("0.275", ".270726", "right"),
        ("0.276", ".270726", "off-by-one"),
        ("27", ".270726", "percent"),
        ("0.15", ".156263", "truncated"),
        ("0.12", ".125", "right"),
        ("0.13", ".125", "right"),
        ("0.125", ".125", "right"),
        ("0.50", ".495", "right"),
        ("0.49", ".495", "right"),
        ("0.26", ".270726", "wrong"),
        ("0.28", ".270726", "off-by-one"),
        ("-0.0", "0", "right"),
        ("0", "-0.004", "right"),
        ("0.285", ".28", "right"),
        ("0.5", "0", "wrong"),
        ("1", "0", "wrong"),
        ("0.7", ".728395", "too-few-places"),
        ("0.8", ".728395", "wrong"),
        ("1/3", "1/3", "right"),
    ],
)
def test_two_places_by_the_rule(written: str, wanted: str, verdict: str) -> None:
    assert slip(written, wanted) == verdict


def test_tie_is_right_both_ways_and_a_hair_beyond_is_not() -> None:
    assert slip("0.28", "0.275") == Slip.RIGHT
    assert slip("0.27", "0.275") == Slip.RIGHT
    assert slip("0.27", "0.27500001") == Slip.TRUNCATED
    assert slip("0.28", "0.27499999") == Slip.OFF_BY_ONE


def test_whole_unit_is_the_edge_of_off_by_one() -> None:
    assert slip("0.30", "0.29") == Slip.OFF_BY_ONE
    assert slip("0.3001", "0.29") == Slip.WRONG


@given(units=st.integers(-(10**7), 10**7), places=st.integers(0, 5))
def test_both_roundings_of_any_value_are_right_and_its_truncation_earns_half(units: int, places: int) -> None:
    value = Decimal(units) / 10**6
    step = Decimal(1).scaleb(-places)
    for rounding in (ROUND_HALF_UP, ROUND_HALF_DOWN):
        assert slip(f"{value.quantize(step, rounding):f}", str(value), places) == Slip.RIGHT
    cut = f"{value.quantize(step, ROUND_DOWN):f}"
    assert Fraction(cut) == truncated(Fraction(value), places)
    assert slip(cut, str(value), places) in (Slip.RIGHT, Slip.TRUNCATED)


@given(units=st.integers(-(10**7), 10**7), error=st.integers(11, 10**4), sign=st.sampled_from([1, -1]))
def test_more_than_a_unit_away_earns_nothing(units: int, error: int, sign: int) -> None:
    wanted = Fraction(units, 10**6)
    entry = read_number(Number(str(Decimal(units) / 10**6 + sign * Decimal(error) / 1000), "float"), "y")
    assert credit_of(slip_of(entry, wanted, 2)) == 0


@pytest.mark.parametrize(
    ("written", "wanted", "verdict"),
    [
        ("6", "6", "right"),
        ("6.0", "6", "right"),
        ("12/2", "6", "right"),
        ("0.30000000000000004", "0.3", "right"),
        ("0.3333333333333333", "1/3", "right"),
        ("0.33333", "1/3", "rounded-value"),
        ("0.3333", "1/3", "wrong"),
        ("0.33334", "1/3", "wrong"),
        ("6.00001", "6", "wrong"),
        ("6.0000001", "6", "wrong"),
        ("-6", "6", "sign"),
        ("5", "6", "wrong"),
    ],
)
def test_exact_values(written: str, wanted: str, verdict: str) -> None:
    assert slip(written, wanted, None) == verdict


def test_an_ambiguous_comma_costs_the_entry_only() -> None:
    entry = read_entry(Text("1,270"), "y")
    assert slip_of(entry, Fraction("0.27"), 2) == "comma-decimal"
    assert credit_of(Slip.COMMA_DECIMAL) == 0


@pytest.mark.parametrize(
    ("written", "hundredths"),
    [
        ("27%", "27"),
        ("27.1 %", "27.1"),
        ("-4,5%", "-4.5"),
        ("114 %", "114"),
        ("1/2 %", "1/2"),
        (r"27 \%", "27"),
    ],
)
def test_with_a_percent_sign_behind_it_a_number_is_that_many_hundredths(written: str, hundredths: str):
    entry = read_entry(Text(written), "y")
    assert isinstance(entry, ExactNumber)
    assert entry.value == Fraction(hundredths) / 100
    assert slip_of(entry, Fraction(hundredths) / 100, 2) == "right"


def test_what_is_no_number_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read_entry(Nothing(), "y")


@pytest.mark.parametrize(("value", "decimals"), [("5", 0), ("0.25", 2), ("1/3", None), ("1/40", 3)])
def test_decimals_that_a_value_needs(value: str, decimals: int | None) -> None:
    assert decimals_of(Fraction(value)) == decimals


@pytest.mark.parametrize("dust", ["6e-17", "6.123233995736766e-17", "-1e-16"])
def test_a_zero_of_a_computed_table_is_one_by_its_size(dust: str) -> None:
    entry = read_entry(Number(dust, "float"), "g")
    assert slip_of(entry, Fraction(0), None) is Slip.RIGHT
    assert slip_of(entry, Fraction(0), None, largest=Fraction(1, 10**16)) is not Slip.RIGHT
    assert slip_of(read_entry(Number("1e-9", "float"), "g"), Fraction(0), None) is not Slip.RIGHT


NEAR = Fraction(33333, 100001)  # 0.33333/1.00001, which no decimal is


@pytest.mark.parametrize(
    ("entry", "wanted", "largest", "found"),
    [
        # A zero is told from dust by 2^-44 of the largest beside it, which is 1 unless it is given.
        (ExactNumber(Fraction(3, 2**45), "dust"), 0, None, "wrong"),
        (ExactNumber(Fraction(1, 2**44), "dust"), 0, None, "right"),
        (ExactNumber(Fraction(3, 2**45), "dust"), 0, 2, "right"),
        (ExactNumber(Fraction(-3, 2**45), "dust"), 0, 2, "right"),
        (ExactNumber(NEAR, "0.33333/1.00001", is_rounded=True), Fraction(1, 3), None, "wrong"),
        (ExactNumber(NEAR, "0.33333/1.00001", is_rounded=True), NEAR, None, "right"),
        (ExactNumber(Fraction("0.33333"), "0.33333", is_rounded=True), Fraction(1, 3), None, "rounded-value"),
        (ExactNumber(Fraction("0.33334"), "0.33334", is_rounded=True), Fraction(1, 3), None, "wrong"),
        (ExactNumber(Fraction("0.33333"), "0.33333"), Fraction(1, 3), None, "wrong"),
        (ExactNumber(Fraction("-0.5"), "-0.5"), Fraction(1, 2), None, "sign"),
    ],
)
def test_exact_values_by_the_rule(
    entry: ExactNumber, wanted: Fraction, largest: int | None, found: str
) -> None:
    beside = () if largest is None else (Fraction(largest),)
    assert slip_of(entry, Fraction(wanted), None, *beside) == found


@pytest.mark.parametrize(
    ("text", "is_rounded"),
    [("0", False), ("1/3", False), ("0.5", False), ("0.3333", False), ("0.33333", True), ("12345", False)],
)
def test_only_a_decimal_of_five_digits_may_stand_for_another_number(text: str, is_rounded: bool) -> None:
    found = read_number(Text(text), "y")
    assert (found.is_rounded, found.is_single) == (is_rounded, False)
    assert (ExactNumber(found.value, text).is_rounded, ExactNumber(found.value, text).is_single) == (
        False,
        False,
    )


@pytest.mark.parametrize(
    ("written", "found"),
    [("1,341", Fraction("1.341")), ("-1,341", Fraction("-1.341")), ("1,341,", Slip.COMMA_DECIMAL)],
)
def test_only_one_comma_has_the_three_places_that_were_asked_for_behind_it(
    written: str, found: Fraction | Slip
) -> None:
    entry = read_entry(Text(written), "dw", 3)
    assert (entry if isinstance(entry, Slip) else entry.value) == found
    assert read_entry(Text(written), "dw", 2) is Slip.COMMA_DECIMAL


@pytest.mark.parametrize(
    ("written", "slips", "left"),
    [
        # One number everywhere that fails somewhere: what leaves a share elsewhere is luck.
        ("0 0 0", "right off-by-one wrong", "right wrong wrong"),
        ("0 0", "truncated sign", "wrong sign"),
        ("0 0", "follows-through wrong", "follows-through wrong"),
        ("0 0.0", "off-by-one wrong", "wrong wrong"),
        # It fails nowhere, or there are several numbers.
        ("0 0 0", "right off-by-one right", "right off-by-one right"),
        ("0", "truncated", "truncated"),
        ("0 0 1", "right off-by-one wrong", "right off-by-one wrong"),
        ("0 1", "truncated wrong", "truncated wrong"),
        ("0 5,123", "truncated comma-decimal", "truncated comma-decimal"),
        ("5,123 5,123", "comma-decimal comma-decimal", "comma-decimal comma-decimal"),
    ],
)
def test_one_number_everywhere_is_not_rounded_badly_where_it_is_near(written: str, slips: str, left: str):
    entries = [read_entry(Text(one), "y") for one in written.split()]
    found = without_luck([Slip(one) for one in slips.split()], entries)
    assert found == [Slip(one) for one in left.split()]


def test_slips_are_told_by_kind_with_all_entries_that_have_them():
    slips = [Slip.SIGN, Slip.RIGHT, Slip.TRUNCATED, Slip.SIGN]
    told = slip_feedback(slips, ["y(1)", "y(2)", "y(3)", "y(4)"])
    assert [(one.code, one.message) for one in told] == [
        ("sign", "y(1), y(4): the sign is wrong."),
        ("truncated", "y(3): cut off where it had to be rounded (half credit)."),
    ]
    assert slip_feedback([Slip.RIGHT], ["y(1)"]) == []
