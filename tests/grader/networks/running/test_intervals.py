"""Intervals hold every value that the numbers in their arguments give, in fractions or in many digits."""

from __future__ import annotations

import math
import random
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from grader.networks.running.intervals import EVERYTHING, Interval, Intervals, exactly

I = Intervals()  # noqa: E741


def drawn(rng: random.Random) -> tuple[Interval, list[Fraction]]:
    """An interval, and numbers in it, its ends among them."""
    a, b = sorted(
        rng.choice([rng.uniform(-3, 3), rng.randint(-3, 3), rng.uniform(-1, 1) * 1e-8]) for _ in "ab"
    )
    inner = [Fraction(a) + (Fraction(b) - Fraction(a)) * Fraction(k, 7) for k in range(8)]
    return Interval(float(a), float(b)), inner


def holds(interval: Interval, value: Fraction) -> bool:
    low = math.isinf(interval.low) or Fraction(interval.low) <= value
    return low and (math.isinf(interval.high) or value <= Fraction(interval.high))


@pytest.mark.parametrize("seed", range(40))
def test_sums_products_powers_and_remainders_hold_the_exact_ones(seed: int) -> None:
    rng = random.Random(seed)
    (a, xs), (b, ys) = drawn(rng), drawn(rng)
    for x in xs:
        assert holds(I.negative(a), -x)
        for n in (1, 2, 3, 8):
            assert holds(I.power(a, n), x**n)
        for y in ys:
            assert holds(I.add(a, b), x + y)
            assert holds(I.multiply(a, b), x * y)
            assert holds(I.of_two("max", a, b), max(x, y))
            assert holds(I.of_two("min", a, b), min(x, y))
            if y:
                assert holds(I.divide(a, b), x / y)
                assert holds(I.of_two("mod", a, b), x % y)


def in_digits(name: str, x: Decimal) -> Decimal:
    one = Decimal(1)
    match name:
        case "tanh":
            return one - 2 / ((2 * x).exp() + 1)
        case "halftanh":
            return one - 2 / (x.exp() + 1)
        case "sigmoid":
            return one / (1 + (-x).exp())
        case "exp":
            return x.exp()
        case "softplus":
            return (1 + x.exp()).ln()
        case "log":
            return x.ln()
        case "sqrt":
            return x.sqrt()
    raise KeyError(name)


@pytest.mark.parametrize("name", ["tanh", "halftanh", "sigmoid", "exp", "softplus", "log", "sqrt"])
def test_functions_hold_their_values_in_fifty_digits(name: str) -> None:
    rng = random.Random(name)
    with localcontext() as context:
        context.prec = 50
        for _ in range(200):
            interval, inner = drawn(rng)
            result = I.function(name, interval)
            for x in inner:
                if x > 0 or name not in ("log", "sqrt"):
                    value = in_digits(name, Decimal(x.numerator) / Decimal(x.denominator))
                    assert Decimal(result.low) <= value <= Decimal(result.high)


@pytest.mark.parametrize("spread", [1, 30, 700])
def test_softmax_holds_that_of_every_choice_in_fifty_digits(spread: int) -> None:
    rng = random.Random(spread)
    with localcontext() as context:
        context.prec = 50
        for _ in range(100):
            centres = [rng.uniform(-spread, spread) for _ in range(3)]
            boxes = [Interval(c, c + rng.random()) for c in centres]
            picks = [[box[rng.randint(0, 1)] for box in boxes] for _ in range(8)]
            shares = I.softmax(boxes)
            for pick in picks:
                powers = [Decimal(v).exp() for v in pick]
                for share, power in zip(shares, powers, strict=True):
                    assert Decimal(share.low) <= power / sum(powers) <= Decimal(share.high)


@pytest.mark.parametrize(
    ("how", "places", "value", "low", "high"),
    [
        ("rounded", 2, 0.126, 0.13, 0.13),
        ("rounded", 2, -0.126, -0.13, -0.13),
        ("rounded", 2, 0.125, 0.12, 0.13),  # a tie may have been meant either way
        ("cut", 2, 0.1299, 0.12, 0.12),
        ("cut", 2, -0.1299, -0.12, -0.12),
        ("coarse", 2, 0.16, 0.2, 0.2),
        ("rounded", 0, 2.4, 2, 2),
    ],
)
def test_rounded_values_are_digits(how: str, places: int, value: float, low: float, high: float) -> None:
    kept = I.kept(how, Interval(value, value), places)
    assert kept.low == pytest.approx(low, abs=1e-12)
    assert kept.high == pytest.approx(high, abs=1e-12)


def test_a_quotient_by_an_interval_around_zero_has_no_bound() -> None:
    assert I.divide(exactly(1), Interval(-1.0, 1.0)) == EVERYTHING


def test_what_is_no_float_lies_inside() -> None:
    third = exactly(Fraction(1, 3))
    assert Fraction(third.low) < Fraction(1, 3) < Fraction(third.high)
    assert exactly(Fraction(3, 8)) == Interval(0.375, 0.375)


def test_no_bound_times_zero_is_zero() -> None:
    low, high = I.multiply(EVERYTHING, Interval(0.0, 0.0))
    assert abs(low) < 1e-300
    assert abs(high) < 1e-300
