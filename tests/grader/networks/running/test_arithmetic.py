"""One step in fractions and in floats: each operation against the same in decimals and the math module."""

from __future__ import annotations

import itertools
import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from grader.networks.running.arithmetic import Floats, Fractions, NotExact

NUMBERS = [Fraction(n, 8) for n in range(-24, 25)]


@pytest.mark.parametrize("places", [0, 1, 2])
@pytest.mark.parametrize(
    ("how", "mode", "fewer"),
    [("rounded", ROUND_HALF_UP, 0), ("cut", ROUND_DOWN, 0), ("coarse", ROUND_HALF_UP, 1)],
)
def test_places_are_kept_as_by_hand(how, mode, fewer, places):
    step = Decimal(1).scaleb(fewer - places)
    for number in (Fraction(n, 200) for n in range(-500, 501)):
        decimal = Decimal(number.numerator) / Decimal(number.denominator)
        wanted = Fraction(decimal.quantize(step, rounding=mode))
        assert Fractions().to_places(how, number, places) == wanted, number


@pytest.mark.parametrize("arithmetic", [Fractions(), Floats()])
def test_operations_are_those_of_numbers(arithmetic):
    for a, b in itertools.product(NUMBERS[::3], repeat=2):
        x, y = (n if isinstance(arithmetic, Fractions) else float(n) for n in (a, b))
        assert arithmetic.constant(a) == a
        assert arithmetic.add(x, y) == a + b
        assert arithmetic.negative(x) == -a
        assert arithmetic.multiply(x, y) == a * b
        assert [arithmetic.power(x, n) for n in (1, 2, 3)] == [a, a * a, a * a * a]
        assert arithmetic.of_two("max", x, y) == (a if a > b else b)
        assert arithmetic.of_two("min", x, y) == (b if a > b else a)
        if b:
            assert arithmetic.divide(x, y) == pytest.approx(a / b, rel=1e-15)
            assert arithmetic.of_two("mod", x, y) == a - b * math.floor(a / b)


@pytest.mark.parametrize("arithmetic", [Fractions(), Floats()])
def test_functions_of_steps_and_pieces_are_exact(arithmetic):
    plain = {
        "step": lambda u: 1 if u >= 0 else 0,
        "positive": lambda u: 1 if u > 0 else 0,
        "sign": lambda u: 1 if u > 0 else -1 if u < 0 else 0,
        "relu": lambda u: u if u > 0 else 0,
        "abs": lambda u: u if u > 0 else -u,
    }
    for name, number in itertools.product(plain, NUMBERS):
        x = number if isinstance(arithmetic, Fractions) else float(number)
        assert arithmetic.function(name, x) == plain[name](number)


def test_fractions_know_no_function_that_leaves_them():
    for name in ("tanh", "sigmoid", "exp"):
        with pytest.raises(NotExact):
            Fractions().function(name, Fraction(1))
    with pytest.raises(NotExact):
        Fractions().softmax([Fraction(1), Fraction(2)])


@pytest.mark.parametrize("u", [-1000.0, -700.0, -30.0, -1.5, 0.0, 0.25, 40.0, 1000.0])
def test_tanh_and_sigmoid_are_those_of_the_books(u):
    assert Floats().function("tanh", u) == math.tanh(u)
    wanted = math.exp(u) / (1 + math.exp(u)) if u < 0 else 1 / (1 + math.exp(-u))
    assert Floats().function("sigmoid", u) == pytest.approx(wanted, rel=1e-14, abs=1e-300)


def test_shares_are_powers_over_their_sum():
    powers = [math.exp(u) for u in (0.0, 1.0, -2.0)]
    shares = Floats().softmax([1000.0, 1001.0, 998.0])
    assert shares == pytest.approx([power / sum(powers) for power in powers], rel=1e-12)
