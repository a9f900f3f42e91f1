"""Known squares and powers of a field, against sympy and counted bits."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import sympy

from grader.exact.field import Field, prime_factors
from grader.exact.polynomial import (
    BITS,
    MAX_COEFFICIENT_BITS,
    Budget,
    Polynomial,
    TooLarge,
    add,
    constant,
    exponents,
    generator,
    power,
)
from grader.exact.quotient import DivisionByZero, Quotient, multiply, of_number
from grader.exact.quotient import power as quotient_power

A, B, ROOT = sympy.symbols("a b r")


def in_sympy(p: Polynomial) -> sympy.Expr:
    terms = (
        number * sympy.Mul(*((A, B, ROOT)[index] ** n for index, n in exponents(monomial)))
        for monomial, number in p.items()
    )
    return sympy.Add(*terms)


def field_with_a_root() -> Field:
    """The generators a, b and r, where r^2 = 1 - a^2."""
    field = Field(Budget(10**6))
    root = field.new_index(3) + 2
    field.squares[root] = add(constant(1), generator(0, 2), -1)
    return field


@pytest.mark.parametrize("seed", range(20))
def test_known_squares_are_put_in_as_the_remainder_of_a_division(seed: int) -> None:
    rng, field = random.Random(seed), field_with_a_root()
    p: Polynomial = {}
    for _ in range(rng.randint(1, 12)):
        monomial = sum(rng.randint(0, 5) << (BITS * index) for index in range(3))
        p[monomial] = rng.choice((-3, -1, 2, 5))
    wanted = sympy.rem(in_sympy(p), ROOT**2 + A**2 - 1, ROOT)
    assert sympy.expand(in_sympy(field.reduced(p)) - wanted) == 0


def test_a_quotient_by_a_hidden_zero_is_refused() -> None:
    field = field_with_a_root()
    zero = add(add(generator(2, 2), generator(0, 2)), constant(1), -1)
    with pytest.raises(DivisionByZero):
        field.reduced_quotient(Quotient(constant(1), zero))
    found = field.reduced_quotient(Quotient(generator(2, 3), generator(2)))
    assert sympy.expand(in_sympy(found.numerator) - (1 - A**2) * in_sympy(found.denominator)) == 0


@pytest.mark.parametrize(
    ("base", "times", "other", "is_whole", "is_same"),
    [
        (-1, 2, 1, True, True),
        (-1, 3, -1, True, True),
        (-1, 3, -1, False, False),
        (8, 1, 2, True, False),
        (2, 3, 8, True, True),
        (-8, 1, -2, True, False),
    ],
)
def test_a_power_of_a_sign_alone_goes_round(base, times, other, is_whole, is_same):
    """base ^ (times k) against other ^ k: for whole k the same where base ^ times is other."""
    field = Field(Budget(10**6))
    k = field.new_index()
    if is_whole:
        field.whole.add(k)
    powers = [
        field.power(of_number(number), Quotient(dict.fromkeys(generator(k), n), constant(1)))
        for number, n in ((base, times), (other, 1))
    ]
    assert (base**times == other) is is_same or not is_whole
    assert (field.sign_between(*powers) == 1) is is_same


def test_powers_are_bounded_by_the_bits_that_they_will_have() -> None:
    """2^100 has 101 bits: 40 times that is 4040, 41 times 4141."""
    assert MAX_COEFFICIENT_BITS == 4096
    p, budget = {next(iter(generator(0))): 2**100}, Budget(1000)
    assert list(power(p, 40, budget).values()) == [2**4000]
    with pytest.raises(TooLarge):
        power(p, 41, budget)


def test_generators_are_numbered_from_0_on() -> None:
    field = Field(Budget())
    assert [field.new_index(), field.new_index(), field.new_index(2), field.new_index()] == [0, 1, 2, 4]
    assert field.indices == 5


K = 3
"""The generator in exponents, after a, b and r."""


def linear(slope: Fraction, constant_term: Fraction) -> Quotient:
    """The exponent slope * k + constant."""
    below = slope.denominator * constant_term.denominator
    whole = {monomial: int(n * below) for monomial, n in ((1 << (BITS * K), slope), (0, constant_term)) if n}
    return Quotient(whole, constant(below))


BASES = {
    "2": Quotient({0: 2}, {0: 1}),
    "12": Quotient({0: 12}, {0: 1}),
    "3/4": Quotient({0: 3}, {0: 4}),
    "a": Quotient({1: 1}, {0: 1}),
    "a^2 b": Quotient({2 + (1 << BITS): 1}, {0: 1}),
    "6 / a": Quotient({0: 6}, {1: 1}),
}
WHOLE = [Fraction(n) for n in (-2, 0, 3)]
PARTS = [Fraction(-1, 3), Fraction(5, 4), Fraction(7, 60)]


@pytest.mark.parametrize("name", BASES)
def test_exponents_add_up_where_powers_are_multiplied(name: str) -> None:
    """Of positive numbers fractions as well: of symbols they are roots, which are not split."""
    base, budget = BASES[name], Budget(10**7)
    constants = WHOLE + (PARTS if base.is_number else [])
    for slope, other_slope in ((Fraction(0), Fraction(1)), (Fraction(1), Fraction(-2))):
        for one, other in itertools.product(constants, repeat=2):
            if one // 1 + other // 1 != (one + other) // 1:
                continue  # roots of numbers are not put together again
            field = Field(budget)
            field.new_index(4)
            powers = [
                field.power(base, linear(*each))
                for each in ((slope, one), (other_slope, other), (slope + other_slope, one + other))
            ]
            assert field.sign_between(multiply(powers[0], powers[1], budget), powers[2]) == 1


@pytest.mark.parametrize("name", BASES)
@pytest.mark.parametrize("exponent", [-3, -1, 0, 1, 2, 60])
def test_a_whole_power_is_that_of_repeated_multiplication(name: str, exponent: int) -> None:
    field = Field(Budget(10**6))
    field.new_index(4)
    found = field.power(BASES[name], linear(Fraction(0), Fraction(exponent)))
    assert field.sign_between(found, quotient_power(BASES[name], exponent, Budget(10**6))) == 1
    assert not field.roots


@pytest.mark.parametrize("exponent", [61, -61])
def test_whole_powers_beyond_60_are_left_alone(exponent: int) -> None:
    field = Field(Budget(10**6))
    field.new_index(4)
    with pytest.raises(TooLarge):
        field.power(BASES["a"], linear(Fraction(1), Fraction(exponent)))


@pytest.mark.parametrize("base", [Quotient({}, {0: 1}), Quotient({}, {1: 1})])
def test_zero_has_no_power(base: Quotient) -> None:
    with pytest.raises(TooLarge):
        Field(Budget()).power(base, linear(Fraction(0), Fraction(2)))


ONE_MORE = {0: 1, 1: 1}  # 1 + a
BELOW = {1 << BITS: 1}  # b


@pytest.mark.parametrize(
    ("p", "q", "ratio"),
    [
        (Quotient({1: 6}, BELOW), Quotient({1: 4}, BELOW), Fraction(3, 2)),
        (Quotient({1: -6}, BELOW), Quotient({1: 4}, BELOW), Fraction(-3, 2)),
        (Quotient(ONE_MORE, BELOW), Quotient({0: 2, 1: 2}, BELOW), Fraction(1, 2)),
        (Quotient(ONE_MORE, BELOW), Quotient({0: 2, 1: 3}, BELOW), None),
        (Quotient(ONE_MORE, BELOW), Quotient({0: 2}, BELOW), None),
        # The same over other denominators: (1 + a) / b and b (1 + a) / (5 b^2).
        (
            Quotient(ONE_MORE, BELOW),
            Quotient({1 << BITS: 1, 1 + (1 << BITS): 1}, {2 << BITS: 5}),
            Fraction(5),
        ),
        (Quotient(ONE_MORE, BELOW), Quotient(ONE_MORE, {0: 1}), None),
        (Quotient(ONE_MORE, BELOW), Quotient(ONE_MORE, {1 << BITS: 7}), Fraction(7)),
        (Quotient({}, BELOW), Quotient(ONE_MORE, BELOW), None),
        (Quotient(ONE_MORE, BELOW), Quotient({}, {0: 1}), None),
        # By r^2 = 1 - a^2: r^3 and 2 r (1 - a^2), and what is zero by it.
        (
            Quotient({3 << 2 * BITS: 1}, BELOW),
            Quotient({1 << 2 * BITS: 2, 2 + (1 << 2 * BITS): -2}, BELOW),
            Fraction(1, 2),
        ),
        (Quotient({0: 1, 2: -1, 2 << 2 * BITS: -1}, BELOW), Quotient(ONE_MORE, BELOW), None),
    ],
)
def test_two_quotients_have_a_ratio_where_it_is_a_number(p: Quotient, q: Quotient, ratio: Fraction) -> None:
    field = field_with_a_root()
    assert field.ratio(p, q) == ratio
    assert field.sign_between(p, q) == (ratio if ratio in (1, -1) else 0)
    negative = Quotient({monomial: -n for monomial, n in p.numerator.items()}, p.denominator)
    if field.reduced(p.numerator):
        assert (field.sign_between(p, p), field.sign_between(p, negative)) == (1, -1)


def test_powers_have_a_generator_for_each_base_and_each_exponent() -> None:
    field = field_with_a_root()
    a, b = (Quotient(generator(i), constant(1)) for i in (0, 1))
    pairs = [(a, a), (a, b), (b, a), (b, b)]
    made = [field.root(base, exponent, 1) for base, exponent in pairs]
    assert len({str(one) for one in made}) == 4
    assert [field.root(base, exponent, 1) for base, exponent in pairs] == made


@pytest.mark.parametrize(
    ("number", "factors"),
    [
        (1, []),
        (2, [(2, 1)]),
        (360, [(2, 3), (3, 2), (5, 1)]),
        (997, [(997, 1)]),
        (1009, [(1009, 1)]),
        (997**2 * 1009, [(997, 2), (1009, 1)]),
        (1009 * 1013, [(1009 * 1013, 1)]),  # both are beyond the primes that are tried
    ],
)
def test_numbers_are_split_into_primes_up_to_a_thousand(number: int, factors: list[tuple[int, int]]) -> None:
    assert prime_factors(number) == factors
