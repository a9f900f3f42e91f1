"""Mistakes in biases and the start: what an output shows without any input, beside what is asked there.

Each function's docstring says what it looks for; o_t is the output at step t with zero inputs less what is
asked of it, and r_t what is asked.
"""

from __future__ import annotations

from grader.linear.mistakes.output import FITS, NOTHING, Aspect, Breadth, Output, Pattern, Words, ratio_text
from grader.linear.mistakes.samples import biased
from grader.model.mistake import Mistake


def constant_left_out(output: Output) -> Words | None:
    """o_t = -r_t, r_t not 0: nothing is shown without input."""
    is_silent = all(
        output.near(off + asked, NOTHING)
        for off, asked in zip(output.start, output.wanted_start, strict=True)
    )
    return FITS if is_silent else None


def sign_of_constant(output: Output) -> Words | None:
    """o_t = -2 r_t: the constant has the other sign."""
    is_flipped = all(
        output.near(off + 2 * asked, NOTHING)
        for off, asked in zip(output.start, output.wanted_start, strict=True)
    )
    return FITS if is_flipped else None


def off_by_constant(output: Output) -> Words | None:
    """o_t = c."""
    first = output.start[0]
    return FITS if all(output.near(value, first) for value in output.start) else None


def piles_up(output: Output) -> Words | None:
    """o_t = c t + d with c not 0."""
    rise = output.start[1] - output.start[0] if len(output.start) > 1 else NOTHING
    if output.near(rise, NOTHING):
        return None
    is_line = all(output.near(value, output.start[0] + t * rise) for t, value in enumerate(output.start))
    return {"rise": ratio_text(output.tidy(rise))} if is_line else None


def is_off(output: Output) -> Words | None:
    """o_t is not 0 for some t: nothing more is known."""
    step = next(t for t, value in enumerate(output.start, start=1) if not output.near(value, NOTHING))
    return {"step": str(step)}


BIAS_MISTAKES: tuple[Mistake[Pattern], ...] = (
    Mistake(
        "constant-left-out",
        "{it} leaves out the constant: without any input it stays zero.",
        Pattern(constant_left_out, Breadth.NARROW, Aspect.OFFSET),
        biased(bo=[0, 0]),
        biased(bo=[1, 0]),
    ),
    Mistake(
        "constant-sign-flipped",
        "{it} has its constant with the wrong sign.",
        Pattern(sign_of_constant, Breadth.NARROW, Aspect.OFFSET),
        biased(bo=[-2, 0]),
        biased(bo=[-1, 0]),
    ),
    Mistake(
        "off-by-a-constant",
        "{it} is off by the same number at every step, whatever comes in: look at s0 and the biases.",
        Pattern(off_by_constant, Breadth.WIDE, Aspect.OFFSET),
        biased(bo=[5, 0]),
        biased(bs=[1]),
    ),
    Mistake(
        "bias-piles-up",
        "{it} counts the steps: a bias that is added to the state again and again changes it by {rise} every "
        "step.",
        Pattern(piles_up, Breadth.WIDE, Aspect.OFFSET),
        biased(bs=[1]),
        biased(bo=[5, 0]),
    ),
    Mistake(
        "without-input-otherwise",
        "{it} is not what is asked at step {step} without any input: look at s0 and the biases.",
        Pattern(is_off, Breadth.VAGUE, Aspect.OFFSET),
        biased(Wss=[[0.5]], bs=[1]),
        biased(Wss=[[0.5]]),
    ),
)
