"""At which values of the symbols formulas are tried, and which of their digits are taken for known."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from grader.answers.numbers import ExactNumber
from grader.exact.ball import Ball, Unsure
from grader.linear.decision import OutputDecision, Tier
from grader.linear.reading import LinearSizes, read_weights
from grader.linear.symbolic import by_values
from grader.linear.symbolic.entries import read_formulas
from grader.model.value import Items, Text, Value


def written_of(entry: str, states: int = 1):
    zeros = ["0"] * (states - 1)
    fields: dict[str, Value] = {
        "s0": Items(tuple(map(Text, ["0", *zeros]))),
        "Wss": Items(tuple(Items((Text("0"),) * states) for _ in range(states))),
        "Wsx": Items(tuple(Items((Text(x),)) for x in [entry, *zeros])),
        "Wo": Items((Items(tuple(map(Text, ["1", *zeros]))),)),
    }
    written = read_formulas(fields)
    return written, read_weights("rnn-a", LinearSizes(states, 1, 1), written.fields)


@pytest.mark.parametrize("count", [1, 8, 9, 12])
def test_first_each_symbol_has_a_value_of_its_own_and_then_all_spans_come_up(count: int) -> None:
    names = "abcdfghjkmnp"[:count]
    written, _ = written_of(" + ".join(names))
    first, *others = by_values._points(written)
    primes = [2, 3, 5, 7, 11, 13, 17, 19, 3, 4, 6, 8]
    assert list(first.values()) == primes[:count]
    assert len(others) == 80
    for turn, point in enumerate(others):
        low, high = by_values.SPANS[turn % 6]
        assert point.keys() == first.keys()
        assert all(low <= value <= high and value.denominator <= 7 for value in point.values())
    # Roots and logarithms need what is positive, sqrt(1 - a^2) what is below 1, |a| both signs.
    values = [value for point in others for value in point.values()]
    assert min(values) < -5
    assert max(values) > 60
    assert any(0 < value < 1 for value in values)


def test_without_symbols_there_is_one_point() -> None:
    assert list(by_values._points(written_of("exp(1)")[0])) == [{}]


@pytest.mark.parametrize(
    ("value", "is_rounded"),
    [
        (Fraction(2**63 - 1), False),
        (Fraction(2**63), True),
        (Fraction(-(2**63) + 1), False),
        (Fraction(1, 2**63 - 1), False),
        (Fraction(1, 2**63), True),
        (Fraction(2**63 - 1, 2**63), True),
        (Fraction(-7, 3), False),
    ],
)
def test_short_fractions_are_known_and_long_ones_to_their_first_digits(
    value: Fraction, is_rounded: bool
) -> None:
    number = by_values._as_number(value, 45)
    assert number.is_rounded is is_rounded
    assert abs(number.value - value) <= (abs(value) / 10**44 if is_rounded else 0)


@pytest.mark.parametrize("digits", [22, 45])
@pytest.mark.parametrize(
    ("value", "error", "is_sure"),
    [
        ("3", "3", True),
        ("3", "3.1", False),
        ("-3", "3", True),
        ("-3", "3.1", False),
        # Below 1 what is off counts as it stands.
        ("0.25", "1", True),
        ("0.25", "1.1", False),
        ("0", "1", True),
    ],
)
def test_a_number_is_known_to_so_many_digits_or_not_at_all(
    value: str, error: str, is_sure: bool, digits: int
) -> None:
    near = Ball(Decimal(value), Decimal(error).scaleb(-digits))
    if is_sure:
        assert by_values._as_number(near, digits) == ExactNumber(
            Fraction(value), by_values._as_number(near, digits).text, is_rounded=True
        )
    else:
        with pytest.raises(Unsure):
            by_values._as_number(near, digits)


FUNCTIONS: dict[str, Any] = {
    "cos(3*a)": lambda a: mpmath.cos(3 * a),
    "sin(3*a)": lambda a: mpmath.sin(3 * a),
    "2*cos(a)^2": lambda a: 1 + mpmath.cos(2 * a),
    "sin(pi/7 + a)": lambda a: mpmath.sin(mpmath.pi / 7 + a),
    "cos(exp(a))": lambda a: mpmath.cos(mpmath.exp(a)),
    "tan(a)": mpmath.tan,
    "exp(-a)": lambda a: 1 / mpmath.exp(a),
    "a*5/7": lambda a: a * 5 / 7,
}


@pytest.mark.parametrize("text", FUNCTIONS)
@pytest.mark.parametrize(("states", "digits"), [(1, 40), (8, 40), (9, 20)])
def test_a_network_at_a_point_has_the_values_of_its_formulas(text: str, states: int, digits: int) -> None:
    """By mpmath to 60 digits; a larger state makes do with fewer."""
    written, weights = written_of(text, states)
    (symbol,) = written.symbols
    network = by_values._network_at("rnn-a", written, weights, {symbol: Fraction(3, 8)})
    assert network is not None
    with mpmath.workdps(60):
        wanted = FUNCTIONS[text](mpmath.mpf(3) / 8)
        found = mpmath.mpf(network.system.B[0][0].numerator) / network.system.B[0][0].denominator
        assert abs(found - wanted) < mpmath.mpf(10) ** -digits
    assert [row[0] for row in network.system.B[1:]] == [0] * (states - 1)


def test_a_point_without_a_value_makes_no_network() -> None:
    for text in ("log(a)", "1/(abs(a) - 1)", "sqrt(a)"):
        written, weights = written_of(text)
        (symbol,) = written.symbols
        assert by_values._network_at("rnn-a", written, weights, {symbol: Fraction(-1)}) is None


def test_the_worse_of_two_wrong_outputs_has_fewer_parts_right() -> None:
    def of(tier: Tier, *parts: bool) -> OutputDecision:
        return OutputDecision(tier, *parts, is_silent=False, is_zero_wanted=False, is_start_wanted=False)

    rising = [
        of(Tier.EXACT, True, True, True),
        of(Tier.BORDERLINE, True, True, True),
        of(Tier.WRONG, True, True, True),
        of(Tier.WRONG, True, False, True),
        of(Tier.WRONG, False, False, True),
        of(Tier.WRONG, False, False, False),
    ]
    ranks = [by_values._how_wrong(one) for one in rising]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    two = [(True, True, False), (True, False, True), (False, True, True)]
    assert len({by_values._how_wrong(of(Tier.WRONG, *parts)) for parts in two}) == 1
