"""Numbers r + q ln 2 + ... with rational r and q: what may stand in an exponent, told from zero exactly.

The logarithms of primes and 1 are linearly independent over the rationals (unique factorisation, and e is
transcendental), so such a number is zero only if all its parts are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias, TypeVar

K = TypeVar("K")
V = TypeVar("V")
LogNumber: TypeAlias = tuple[tuple[int, Fraction], ...]
"""(p, q) for each prime p, meaning q ln p; p = 1 is the rational part. No q is 0, and they are sorted."""

LARGEST = 10**8
PRECISION = 40


class NotFactored(Exception):
    """A number whose prime factors would take too long to find."""


def of_fraction(value: Fraction) -> LogNumber:
    """A rational number in this form."""
    return ((1, value),) if value else ()


def logarithm(value: Fraction) -> LogNumber:
    """The natural logarithm of a positive rational number; raises NotFactored where it is too large."""
    parts: dict[int, Fraction] = {}
    for number, sign in ((value.numerator, 1), (value.denominator, -1)):
        for prime in _primes(number):
            parts[prime] = parts.get(prime, Fraction(0)) + sign
    return without_zeros(parts)


def _primes(number: int) -> Iterator[int]:
    if number > LARGEST:
        raise NotFactored
    divisor = 2
    while divisor * divisor <= number:
        while number % divisor == 0:
            yield divisor
            number //= divisor
        divisor += 1
    if number > 1:
        yield number


def without_zeros(parts: Mapping[K, V]) -> tuple[tuple[K, V], ...]:
    """The parts that are not zero, sorted."""
    return tuple(sorted((key, share) for key, share in parts.items() if share))


def added(
    a: tuple[tuple[K, Fraction], ...], b: tuple[tuple[K, Fraction], ...]
) -> tuple[tuple[K, Fraction], ...]:
    """The sum of two of these numbers, or of any shares that are added key by key."""
    parts = dict(a)
    for key, share in b:
        parts[key] = parts.get(key, Fraction(0)) + share
    return without_zeros(parts)


def times(a: LogNumber, factor: Fraction) -> LogNumber:
    """Such a number times a rational one."""
    return tuple((prime, share * factor) for prime, share in a) if factor else ()


def rational(a: LogNumber) -> Fraction | None:
    """Its value, if it is rational."""
    if not a:
        return Fraction(0)
    return a[0][1] if len(a) == 1 and a[0][0] == 1 else None


def sign(a: LogNumber) -> int:
    """-1, 0 or 1."""
    exact = rational(a)
    if exact is not None:
        return (exact > 0) - (exact < 0)
    digits = PRECISION
    while True:
        # It is not zero: enough digits tell its sign.
        value, error = _near(a, digits)
        if abs(value) > error:
            return 1 if value > 0 else -1
        digits *= 2


def _near(a: LogNumber, digits: int) -> tuple[Fraction, Fraction]:
    error = Fraction(1, 10**digits)
    value = sum((share * (1 if prime == 1 else _log(prime, digits)) for prime, share in a), start=Fraction(0))
    return value, error * sum(abs(share) for _, share in a)


def _log(prime: int, digits: int) -> Fraction:
    """Ln p to so many places, by 2 artanh((y - 1)/(y + 1)) for p = 2^k y with y from 1 to 2."""
    twos = prime.bit_length() - 1
    log_two = _artanh_twice(Fraction(1, 3), digits + 4)
    y = Fraction(prime, 2**twos)
    return twos * log_two + _artanh_twice((y - 1) / (y + 1), digits + 4)


def _artanh_twice(z: Fraction, digits: int) -> Fraction:
    # In whole numbers over 10^(digits + 4): |z| <= 1/3, so each term is a ninth of the one before.
    scale = 10 ** (digits + 4)
    power, total, n = int(z * scale), 0, 1
    square = z * z
    while power:
        total += power // n
        power = power * square.numerator // square.denominator
        n += 2
    return Fraction(2 * total, scale)
