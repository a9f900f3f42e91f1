"""When a written number is a value "to d decimal places", which slip it is otherwise, and its credit."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from fractions import Fraction

from grader.answers.numbers import ExactNumber, read_number
from grader.errors import Unreadable
from grader.model.outcome import Feedback
from grader.model.value import Text, Value

# Above the error of the floating-point reference (about 1e-14), far below half a unit of any asked place.
MARGIN = Fraction(1, 10**9)
# 6.123e-17 beside 1 is cos(pi/2) and stands for zero, in however many digits it is written.
DUST = Fraction(1, 2**44)
# A decimal with this relative error may stand for a number without a short decimal: 0.33333 for 1/3.
ROUNDED_MARGIN = Fraction(1, 10**5)
DIGITS_OF_A_THOUSAND = 3


class Slip(enum.StrEnum):
    """How a written number differs from the wanted one; the values are feedback codes."""

    RIGHT = "right"
    ROUNDED_INTERMEDIATE = "rounded-working"
    ROUNDED_VALUE = "rounded-value"
    FOLLOWS = "follows-through"
    TRUNCATED = "truncated"
    OFF_BY_ONE = "off-by-one"
    SIGN = "sign"
    PERCENT = "percent"
    TOO_FEW_PLACES = "too-few-places"
    COMMA_DECIMAL = "comma-decimal"
    WRONG = "wrong"


CREDIT = {
    Slip.RIGHT: Fraction(1),
    Slip.ROUNDED_INTERMEDIATE: Fraction(1),
    Slip.ROUNDED_VALUE: Fraction(1),
    Slip.FOLLOWS: Fraction(1),
    Slip.TRUNCATED: Fraction(1, 2),
    Slip.OFF_BY_ONE: Fraction(1, 2),
}

MEANING = {
    Slip.ROUNDED_INTERMEDIATE: "agrees with intermediate values that were rounded on the way (full credit)",
    Slip.ROUNDED_VALUE: "a rounded decimal of a number that has no short one (full credit)",
    Slip.FOLLOWS: "not right, but it follows rightly from your own earlier values (full credit)",
    Slip.TRUNCATED: "cut off where it had to be rounded (half credit)",
    Slip.OFF_BY_ONE: "off by one in the last place (half credit)",
    Slip.SIGN: "the sign is wrong",
    Slip.PERCENT: "looks like a percentage; the number itself was asked",
    Slip.TOO_FEW_PLACES: "right to fewer decimals only",
    Slip.COMMA_DECIMAL: "its comma may stand before decimals or thousands; write decimals with a point",
    Slip.WRONG: "not right",
}


def credit_of(slip: Slip) -> Fraction:
    """Share of the mark that a slip leaves."""
    return CREDIT.get(slip, Fraction(0))


def read_entry(value: Value, where: str, places: int | None = None) -> ExactNumber | Slip:
    """One number of an answer; a comma that may stand for two things is a slip of this entry only.

    Args:
        value: What was handed in.
        where: What the entry is called.
        places: Decimal places asked for, if any. Where three are, "1,341" has them behind its comma.

    Raises:
        Unreadable: If it is no number for another reason.
    """
    try:
        return read_number(value, where)
    except Unreadable as error:
        has_places = error.code == Slip.COMMA_DECIMAL and places == DIGITS_OF_A_THOUSAND
        if has_places and isinstance(value, Text) and value.text.count(",") == 1:
            return read_number(Text(value.text.replace(",", ".")), where)
        if error.code == Slip.COMMA_DECIMAL:
            return Slip.COMMA_DECIMAL
        raise


def slip_of(
    entry: ExactNumber | Slip, wanted: Fraction, places: int | None, largest: Fraction = Fraction(1)
) -> Slip:
    """How a written number differs from the wanted one.

    Right is what lies within half a unit of the last place, ties both ways; more digits than asked are held
    only to `places`, fewer are judged as the number written.

    Args:
        entry: As handed in.
        wanted: To full precision.
        places: Decimal places asked for; None wants the exact value.
        largest: The largest number among those wanted with it: zeros of computed tables are tiny beside it.
    """
    if isinstance(entry, Slip):
        return entry
    if places is None:
        return _exact_slip(entry, wanted, largest)
    return _rounded_slip(entry.value, wanted, places)


def without_luck(slips: Sequence[Slip], entries: Sequence[ExactNumber | Slip]) -> list[Slip]:
    """The slips, but none that leaves a share where one number stands everywhere and fails somewhere.

    Who writes 0 throughout has not rounded 0.0007 badly.

    Args:
        slips: One for each entry.
        entries: As handed in, in the same order.
    """
    is_one = len({entry.value if isinstance(entry, ExactNumber) else entry for entry in entries}) == 1
    if not is_one or all(map(credit_of, slips)):
        return list(slips)
    return [Slip.WRONG if 0 < credit_of(slip) < 1 else slip for slip in slips]


def slip_feedback(slips: Sequence[Slip], places: Sequence[str]) -> list[Feedback]:
    """One message for each kind of slip, naming the entries that have it; none for what is right.

    Args:
        slips: One for each entry.
        places: What the entries are called, in the same order.
    """
    messages = []
    for slip in dict.fromkeys(slips):
        if slip is not Slip.RIGHT:
            named = ", ".join(place for place, other in zip(places, slips, strict=True) if other is slip)
            messages.append(Feedback(slip.value, f"{named}: {MEANING[slip]}."))
    return messages


def is_rounding_of(value: Fraction, wanted: Fraction, places: int) -> bool:
    """Whether a number is the wanted one rounded to `places` decimals; a tie may go either way."""
    return abs(value - wanted) <= _unit(places) / 2 + MARGIN


def truncated(value: Fraction, places: int) -> Fraction:
    """The value cut off after so many places, towards zero."""
    return math.trunc(value / _unit(places)) * _unit(places)


def decimals_of(value: Fraction) -> int | None:
    """How many decimals the value needs; None where no decimal is exact."""
    twos, rest = _divided_out(value.denominator, 2)
    fives, rest = _divided_out(rest, 5)
    return max(twos, fives) if rest == 1 else None


def _rounded_slip(value: Fraction, wanted: Fraction, places: int) -> Slip:
    if is_rounding_of(value, wanted, places):
        return Slip.RIGHT
    if value == truncated(wanted, places):
        return Slip.TRUNCATED
    if abs(value - wanted) <= _unit(places) + MARGIN:
        return Slip.OFF_BY_ONE
    if is_rounding_of(-value, wanted, places):
        return Slip.SIGN
    if abs(wanted) <= 1 < abs(value) and is_rounding_of(value / 100, wanted, places):
        return Slip.PERCENT
    written = decimals_of(value)
    if written is not None and written < places and is_rounding_of(value, wanted, written):
        return Slip.TOO_FEW_PLACES
    return Slip.WRONG


def _exact_slip(entry: ExactNumber, wanted: Fraction, largest: Fraction) -> Slip:
    error = abs(entry.value - wanted)
    if wanted == 0 and error <= DUST * largest:
        return Slip.RIGHT
    scale = max(Fraction(1), abs(wanted)) if wanted else largest
    # Only what was computed in floating point has that many digits; 6.0001 for 6 was meant.
    if error == 0 or (entry.is_rounded and error <= MARGIN * scale):
        return Slip.RIGHT
    written = decimals_of(entry.value)
    if entry.is_rounded and written is not None and error <= min(_unit(written) / 2, ROUNDED_MARGIN * scale):
        return Slip.ROUNDED_VALUE
    if entry.value == -wanted:
        return Slip.SIGN
    return Slip.WRONG


def _unit(places: int) -> Fraction:
    return Fraction(1, 10**places)


def _divided_out(number: int, factor: int) -> tuple[int, int]:
    times = 0
    while number % factor == 0:
        number, times = number // factor, times + 1
    return times, number
