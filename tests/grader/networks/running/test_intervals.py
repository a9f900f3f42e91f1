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
        ("rounded", 2, -0.125, -0.13, -0.12),
        ("coarse", 2, 0.25, 0.2, 0.3),
        ("coarse", 2, -0.25, -0.3, -0.2),
        ("cut", 2, 0.12, 0.11, 0.12),  # as a float it is a little more or less
        ("cut", 2, -0.12, -0.12, -0.11),
        ("cut", 2, 0.1299, 0.12, 0.12),
        ("cut", 2, -0.1299, -0.12, -0.12),
        ("coarse", 2, 0.16, 0.2, 0.2),
        ("rounded", 0, 2.4, 2, 2),
    ],
)
def test_rounded_values_are_digits(how: str, places: int, value: float, low: float, high: float) -> None:
    kept = I.to_places(how, Interval(value, value), places)
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


BY_ENDS = {
    "add": (I.add, lambda x, y: x + y),
    "multiply": (I.multiply, lambda x, y: x * y),
    "divide": (I.divide, lambda x, y: x / y),
    "max": (lambda a, b: I.of_two("max", a, b), max),
    "min": (lambda a, b: I.of_two("min", a, b), min),
}


@pytest.mark.parametrize("name", BY_ENDS)
def test_no_end_lies_further_out_than_rounding_needs(name: str) -> None:
    """What grows or falls with each of its numbers is least and largest at ends."""
    rng = random.Random(name)
    of_intervals, of_numbers = BY_ENDS[name]
    for _ in range(200):
        (a, _), (b, _) = drawn(rng), drawn(rng)
        if name == "divide" and b.low <= 0 <= b.high:
            assert of_intervals(a, b) == EVERYTHING
            continue
        values = [of_numbers(x, y) for x in a for y in b]
        assert tuple(of_intervals(a, b)) == pytest.approx((min(values), max(values)), rel=1e-15, abs=1e-300)


@pytest.mark.parametrize("exponent", [1, 2, 3, 4])
def test_powers_end_where_they_are_least_and_largest(exponent: int) -> None:
    rng = random.Random(exponent)
    for _ in range(100):
        a, _ = drawn(rng)
        values = [a.low**exponent, a.high**exponent]
        least = 0.0 if exponent % 2 == 0 and a.low <= 0 <= a.high else min(values)
        found = I.power(a, exponent)
        assert tuple(found) == pytest.approx((least, max(values)), rel=1e-14, abs=1e-300)
        assert exponent % 2 or found.low >= 0
    assert I.power(Interval(-1e200, 1e200), 3) == EVERYTHING
    assert I.power(Interval(-1e200, 1.0), 2).high == math.inf


def test_functions_end_at_their_values_and_at_what_they_cannot_pass() -> None:
    for name in ("tanh", "halftanh", "sigmoid", "exp", "softplus", "log", "sqrt"):
        a = Interval(0.3, 1.7)
        ends = [float(in_digits(name, Decimal(x))) for x in a]
        assert tuple(I.function(name, a)) == pytest.approx(ends, rel=1e-14)
    far = Interval(-1000.0, 1000.0)
    limits = {"tanh": (-1, 1), "halftanh": (-1, 1), "sigmoid": (0, 1), "exp": (0, math.inf)}
    for name, ends in limits.items():
        assert tuple(I.function(name, far)) == ends
    assert I.function("softplus", far).low == 0
    assert I.function("softplus", far).high == pytest.approx(1000)
    assert I.function("log", Interval(0.0, 1.0)).low == -math.inf
    assert I.function("sqrt", Interval(0.0, 4.0)).low == 0
    for name in ("log", "sqrt"):
        assert I.function(name, Interval(-1e-300, 1.0)) == EVERYTHING
    for a in (Interval(-2.0, 1.0), Interval(-2.0, -1.0), Interval(1.0, 2.0), Interval(0.0, 2.0)):
        inner = [a.low + (a.high - a.low) * k / 6 for k in range(7)]
        plain = {
            "abs": [abs(x) for x in inner],
            "relu": [x if x > 0 else 0.0 for x in inner],
            "step": [float(x >= 0) for x in inner],
            "positive": [float(x > 0) for x in inner],
            "sign": [1.0 if x > 0 else -1.0 if x < 0 else 0.0 for x in inner],
        }
        for name, values in plain.items():
            assert I.function(name, a) == (min(values), max(values))


def test_a_remainder_is_known_where_the_quotient_has_one_floor() -> None:
    assert tuple(I.of_two("mod", Interval(7.25, 7.5), Interval(3.0, 3.0))) == pytest.approx((1.25, 1.5))
    assert tuple(I.of_two("mod", Interval(-1.0, -0.5), Interval(3.0, 3.0))) == pytest.approx((2, 2.5))
    assert I.of_two("mod", Interval(2.0, 4.0), Interval(3.0, 3.0)) == (0, 3)
    assert I.of_two("mod", Interval(2.0, 4.0), Interval(-3.0, -3.0)) == (-3, 0)
    assert I.of_two("mod", Interval(2.0, 4.0), Interval(-1.0, 3.0)) == EVERYTHING


def test_digits_are_kept_of_both_ends() -> None:
    kept = {"rounded": (0.12, 0.99), "cut": (0.12, 0.98), "coarse": (0.1, 1.0)}
    for how, ends in kept.items():
        for a in (Interval(0.123, 0.987), Interval(-0.987, -0.123)):
            wanted = ends if a.low > 0 else (-ends[1], -ends[0])
            assert tuple(I.to_places(how, a, 2)) == pytest.approx(wanted, abs=1e-12)
    assert I.to_places("rounded", EVERYTHING, 2) == EVERYTHING


def test_shares_of_numbers_that_are_known_are_known() -> None:
    points = [Interval(x, x) for x in (0.0, 1.0, -2.0)]
    powers = [math.exp(x.low) for x in points]
    for share, power in zip(I.softmax(points), powers, strict=True):
        assert tuple(share) == pytest.approx((power / sum(powers),) * 2, rel=1e-13)
    least, most = I.softmax([Interval(-1.0, 1.0), Interval(0.0, 2.0)])[0]
    assert least == pytest.approx(1 / (1 + math.exp(3)))
    assert most == pytest.approx(1 / (1 + math.exp(-1)))
    alone = I.softmax([Interval(-5.0, 900.0)])[0]
    assert tuple(alone) == pytest.approx((1, 1))
    far = I.softmax([Interval(-2000.0, 2000.0), Interval(0.0, 0.0)])
    assert (far[0].low, far[0].high) == (0, 1)
    assert I.softmax([Interval(-2000.0, -2000.0), Interval(0.0, 0.0)])[0].high > 0
