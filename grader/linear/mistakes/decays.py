"""What people get wrong about a memory that decays: w_k = a^k w_0, as of y_t = a y_{t-1} + x_t."""

from __future__ import annotations

from fractions import Fraction

from grader.linear.mistakes.output import FITS, Output, Pattern, Rows, Words, ratio_text, scaled
from grader.linear.mistakes.samples import leaky
from grader.model.mistake import Mistake


def rate_of(output: Output, rows: Rows) -> Fraction | None:
    """The a of rows that are a^k times the first, up to rounding; None where they are not, or a is 0."""
    pairs = zip(*rows[:2], strict=True) if len(rows) > 1 else ()
    ratios = [later / first for first, later in pairs if first]
    rate = output.tidy(ratios[0]) if ratios else Fraction(0)
    return rate if rate and output.follows(rows, _decaying(rows, rate)) else None


def asked_rate(output: Output) -> Fraction | None:
    """The rate at which what is asked decays; None where it does not, a plain sum among them."""
    rate = rate_of(output, output.wanted)
    return None if rate is None or abs(rate) == 1 else rate


def _decaying(rows: Rows, rate: Fraction) -> Rows:
    return tuple(tuple(rate**k * value for value in rows[0]) for k in range(len(rows)))


def never_decays(output: Output) -> Words | None:
    """s_k = w_0."""
    is_plain_sum = asked_rate(output) and output.follows(output.got, _decaying(output.wanted, Fraction(1)))
    return FITS if is_plain_sum else None


def swapped(output: Output) -> Words | None:
    """s_k = (1 - a)^k w_0, or the same times a / (1 - a)."""
    rate = asked_rate(output)
    if rate is None or rate == Fraction(1, 2):
        return None
    found = _decaying(output.wanted, 1 - rate)
    is_seen = any(output.follows(output.got, scaled(found, c)) for c in (Fraction(1), rate / (1 - rate)))
    return FITS if is_seen else None


def input_decays(output: Output) -> Words | None:
    """s_k = a w_k or (1 - a) w_k."""
    rate, ratio = asked_rate(output), output.factor(output.got, output.wanted)
    return {"ratio": ratio_text(ratio)} if rate and ratio in (rate, 1 - rate) else None


def other_rate(output: Output) -> Words | None:
    """s_k = b^k w_0, b not 0, 1, a or 1 - a."""
    asked, rate = asked_rate(output), rate_of(output, output.got)
    if asked is None or rate in (None, 1, asked, 1 - asked):
        return None
    if not output.same(output.got[0], output.wanted[0]):
        return None
    return {"rate": ratio_text(rate)}


DECAY_MISTAKES: tuple[Mistake[Pattern], ...] = (
    Mistake(
        "never-decays",
        "{it} never forgets: it adds up all that came, and what is asked decays.",
        Pattern(never_decays),
        leaky(Wss=[[1]]),
        leaky(Wss=[["9/10"]]),
    ),
    Mistake(
        "decay-and-rest-swapped",
        "{it} keeps the share that it should lose: a and 1 - a have changed places.",
        Pattern(swapped),
        leaky(Wss=[["1/4"]]),
        leaky(Wss=[["1/5"]]),
    ),
    Mistake(
        "input-decays-too",
        "{it} multiplies what comes in by {ratio} as well: only what is remembered should decay.",
        Pattern(input_decays),
        leaky(Wsx=[["3/4"]]),
        leaky(Wsx=[["1/2"]]),
    ),
    Mistake(
        "decays-otherwise",
        "{it} multiplies what it remembers by {rate} at every step: that is not the decay that is asked.",
        Pattern(other_rate),
        leaky(Wss=[["9/10"]]),
        leaky(Wss=[["9/10"]], Wo=[[2]]),
    ),
)
