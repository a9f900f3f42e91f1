"""What a variant's value can be, and how it is written as a value of an exercise file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

# Numbers are exact; lists are tuples. `Any` stands for a value within one: the type is recursive.
Value: TypeAlias = Fraction | str | bool | tuple[Any, ...] | Mapping[str, Any]
MOST_DIGITS = 15
MOST_WHOLE = 2**63
"""TOML has no larger whole number."""


def read_value(written: object) -> Value:
    """A value of a TOML file with its numbers exact.

    Raises:
        ValueError: If it is, or holds, a date or a number that is not finite; says what was found.
    """
    if isinstance(written, bool | str | Fraction):
        return written
    if isinstance(written, int | float) and abs(written) < float("inf"):
        return Fraction(str(written))
    if isinstance(written, list | tuple):
        return tuple(map(read_value, written))
    if isinstance(written, Mapping):
        return {str(key): read_value(one) for key, one in written.items()}
    raise ValueError(f"found {written!r}, which cannot be drawn; wanted numbers, texts, lists or tables")


def native(value: Value) -> Any:
    """The value as an exercise file has it: numbers as 3, 0.5 or "1/3", lists and tables."""
    if isinstance(value, Fraction):
        return _native_number(value)
    if isinstance(value, tuple):
        return [native(one) for one in value]
    if isinstance(value, Mapping):
        return {key: native(one) for key, one in value.items()}
    return value


def _native_number(number: Fraction) -> int | float | str:
    if number.denominator == 1 and abs(number) < MOST_WHOLE:
        return int(number)
    decimal = float(number)
    return decimal if Fraction(str(decimal)) == number else str(number)


def numbers_in(value: Value) -> Iterator[Fraction]:
    """Every number in a value, in order."""
    if isinstance(value, Fraction):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from numbers_in(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from numbers_in(one)


def shape_of(value: Value) -> tuple[int, ...] | None:
    """Sizes of a number (), a vector or a matrix of numbers; None of anything else."""
    if isinstance(value, Fraction):
        return ()
    if not isinstance(value, tuple) or not value:
        return None
    inner = {shape_of(one) for one in value}
    only = inner.pop()
    return None if inner or only is None or len(only) > 1 else (len(value), *only)


def is_short(number: Fraction) -> bool:
    """Whether people would write the number: with fifteen digits at most in numerator and denominator."""
    return max(len(str(abs(number.numerator))), len(str(number.denominator))) <= MOST_DIGITS
