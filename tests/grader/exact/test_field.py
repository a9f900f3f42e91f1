"""Known squares and powers of a field, against sympy and counted bits."""

from __future__ import annotations

import random

import pytest
import sympy

from grader.exact.field import Field
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
from grader.exact.quotient import DivisionByZero, Quotient, of_number

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
