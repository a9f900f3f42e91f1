"""The parts of deciding with free symbols, one by one."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from grader.errors import Unreadable
from grader.exact import polynomial as poly
from grader.kinds.linear_system import judge as linear_system
from grader.kinds.linear_system.question import LinearSystemParams
from grader.linear.mistakes.samples import rnn_a
from grader.linear.symbolic import by_values
from grader.linear.symbolic.entries import read_formulas
from grader.linear.symbolic.field import PI, cosine
from grader.linear.symbolic.special_values import special_values, without_excluded
from grader.model.kind import Answer
from grader.model.value import Formula, Items, Text

B_I = LinearSystemParams(**rnn_a()[0])
FINE = Fraction(1, 10**44)


def scaled(entry: str, inverse: str, **changed: Any) -> dict[str, Any]:
    """1(b)i with its first state scaled."""
    return {
        **rnn_a()[1],
        "Wsx": [[Formula(entry), 0, 0], [1, 1, 1]],
        "Wo": [[Formula(inverse), 0], [0, 0], [0, 0], [0, 1]],
        **changed,
    }


@pytest.mark.parametrize("angle", ["0", "1/3", "1", "-1", "2", "3", "7/2", "5", "-20", "100", "12345/7"])
def test_cosines_are_right_to_many_digits(angle: str) -> None:
    """Beside floats, and by cos 2x = 2 cos^2 x - 1 and cos^2 x + cos^2(x - pi/2) = 1."""
    x = Fraction(angle)
    assert abs(float(cosine(x)) - math.cos(x)) < 1e-11
    assert abs(cosine(2 * x) - 2 * cosine(x) ** 2 + 1) < FINE
    assert abs(cosine(x) ** 2 + cosine(x - PI / 2) ** 2 - 1) < FINE


# exp(a) is a call, 12, of a symbol, 1; exp(-a) has a product of -1 and a in it, 12 + 3.
WEIGHT = 12 + 1 + 12 + 3


@pytest.mark.parametrize(("most", "is_read"), [(WEIGHT, True), (WEIGHT - 1, False)])
def test_formulas_that_are_long_to_compute_are_refused_from_a_bound_on(
    most: int, is_read: bool, plain_fields: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_values, "MAX_WEIGHT", most)
    answer = Answer(fields=plain_fields(scaled("exp(a)", "exp(-a)")))
    if is_read:
        assert linear_system.judge(B_I, answer).outcome.verdict == "correct"
        return
    with pytest.raises(Unreadable) as refused:
        linear_system.judge(B_I, answer)
    assert refused.value.code == "too-large"


@pytest.mark.parametrize(("length", "is_read"), [(1000, True), (1001, False)])
def test_a_formula_of_a_thousand_characters_is_read_and_no_longer_one(length: int, is_read: bool) -> None:
    fields = {"W": Items((Text("a" + " " * (length - 1)),))}
    if is_read:
        assert len(read_formulas(fields).trees) == 1
        return
    with pytest.raises(Unreadable, match="1001 characters; at most 1000 are read"):
        read_formulas(fields)


def test_a_constant_without_effect_leaves_a_proof_for_all_values(plain_fields: Any) -> None:
    """The first state forgets where it started, and what it starts from may be any number, exp(1) too."""
    fields = plain_fields(scaled("a", "1/a", s0=[Formula("exp(1)"), 0], Wss=[[0, 0], [0, 1]]))
    outcome = linear_system.judge(B_I, Answer(fields=fields)).outcome
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved")


@pytest.mark.parametrize(
    ("entry", "inverse"),
    [("sqrt(2)", "1/sqrt(2)"), ("2^(1/2)", "2^(-1/2)"), ("8^(1/2)*a", "1/(2*a*2^(1/2))")],
)
def test_a_root_is_proved_however_it_is_written(entry: str, inverse: str, plain_fields: Any) -> None:
    outcome = linear_system.judge(B_I, Answer(fields=plain_fields(scaled(entry, inverse)))).outcome
    assert (outcome.verdict, outcome.basis.code) == ("correct", "proved")


def monomial(*exponents: int) -> int:
    return sum(n << (poly.BITS * i) for i, n in enumerate(exponents))


NAMES = ("a", "b")


@pytest.mark.parametrize(
    ("p", "excluded", "left"),
    [
        ({monomial(3, 1): 4}, [], {monomial(1, 1): 1}),  # 4 a^3 b = 0 where a b = 0
        ({monomial(2): -3}, [], {monomial(1): 1}),
        ({monomial(2, 1): 4}, [{monomial(1): 1}], {monomial(0, 1): 1}),  # a is not 0
        ({monomial(2, 1): 4}, [{monomial(1): 1, 0: 1}], {monomial(1, 1): 1}),  # a + 1 is not 0
        ({monomial(2): 2, monomial(1): -4}, [{monomial(1): 1}], {monomial(1): 1, 0: -2}),
        ({monomial(1): 2, monomial(0, 1): 2}, [], {monomial(1): 1, monomial(0, 1): 1}),
        ({0: -2, monomial(2): 1}, [], {0: -2, monomial(2): 1}),  # it begins with a plus as it is written
        ({0: 2, monomial(2): -1}, [], {0: -2, monomial(2): 1}),
        ({monomial(0, 1): 1, monomial(2): -1}, [], {monomial(0, 1): -1, monomial(2): 1}),
    ],
)
def test_a_condition_is_left_with_what_can_be_zero(p: Any, excluded: Any, left: Any) -> None:
    assert without_excluded(p, excluded) == left


@pytest.mark.parametrize(
    ("coefficients", "text"),
    [
        # By rising power; roots by hand.
        ([0, 0, 1], "a = 0"),
        ([-6, 11, -6, 1], "a = 1 or a = 2 or a = 3"),
        ([-1, 4], "a = 1/4"),
        ([3, 8, 4], "a = -3/2 or a = -1/2"),
        ([1, 0, 1], ""),  # a^2 = -1
        ([-2, 0, 1], "a^2 - 2 = 0"),
        ([2, -2, 0, 1], "a^3 - 2*a + 2 = 0"),  # odd: one real root, not rational
        ([-2, 2, -1, 1], "a = 1"),  # (a - 1)(a^2 + 2)
        ([2, -2, -1, 1], "a = 1 or a^2 - 2 = 0"),  # (a - 1)(a^2 - 2)
        ([1, 0, 0, 0, 1], ""),  # a^4 = -1
        ([1, 1, 1, 1, 1], ""),  # the fifth roots of one but 1
        ([1, 0, -5, 0, 1], "a^4 - 5*a^2 + 1 = 0"),
        ([0, -2, 0, 1], "a = 0 or a^2 - 2 = 0"),
        ([4, 0, -4, 0, 1], "a^2 - 2 = 0"),  # squared
        # Divisors of numbers up to a million are tried.
        ([-1_000_000, 1], "a = 1000000"),
        ([-1_000_001, 1], "a - 1000001 = 0"),
        ([-1, 1_000_000], "a = 1/1000000"),
        ([-1, 1_000_001], "1000001*a - 1 = 0"),
        ([0, -1_000_001, 1], "a = 0 or a - 1000001 = 0"),
    ],
)
def test_real_values_that_make_one_symbol_right_are_found(coefficients: list[int], text: str) -> None:
    p = {monomial(k): c for k, c in enumerate(coefficients) if c}
    found = special_values([p], [], NAMES)
    assert (found.text, found.is_never) == (text, not text)


@pytest.mark.parametrize(
    ("excluded", "text"),
    [([-1, 1], "a = 2"), ([2, -3, 1], ""), ([-3, 1], "a = 1 or a = 2"), ([1, -2, 1], "a = 2")],
)
def test_values_that_a_denominator_forbids_make_nothing_right(excluded: list[int], text: str) -> None:
    """(a - 1)(a - 2) = 0 where a - 1, both, a - 3, (a - 1)^2 are not."""
    p = {monomial(2): 1, monomial(1): -3, 0: 2}
    q = {monomial(k): c for k, c in enumerate(excluded) if c}
    assert special_values([p], [q], NAMES).text == text
