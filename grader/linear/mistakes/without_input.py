"""Mistakes in biases and the start state: what an output shows without any input, beside what is asked there.

Each function's docstring says what it looks for; o_t is the output at step t with zero inputs less what is
asked of it, and r_t what is asked, which is nothing where the start state is mistaken.
"""

from __future__ import annotations

from grader.linear.mistakes.output import FITS, NOTHING, Aspect, Breadth, Output, Pattern, Words, ratio_text
from grader.linear.mistakes.samples import biased, last_row, rnn_a, rnn_b, window
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
    """o_t = c t + d with c not 0: it counts steps."""
    rise = output.start[1] - output.start[0] if len(output.start) > 1 else NOTHING
    if output.near(rise, NOTHING):
        return None
    is_line = all(output.near(value, output.start[0] + t * rise) for t, value in enumerate(output.start))
    return {"rise": ratio_text(output.tidy(rise))} if is_line else None


def is_off(output: Output) -> Words | None:
    """o_t is not 0 for some t: nothing more is known."""
    step = next(t for t, value in enumerate(output.start, start=1) if not output.near(value, NOTHING))
    return {"step": str(step)}


def idle_state(output: Output) -> Words | None:
    """o_t comes from one state that nothing else comes from."""
    return None if output.idle_state is None else {"state": f"s[{output.idle_state + 1}]"}


def starts_from(output: Output) -> Words | None:
    """o_t = c: a constant that comes from s0."""
    first = output.start[0]
    is_constant = all(output.near(value, first) for value in output.start)
    return {"start": ratio_text(output.tidy(first))} if is_constant else None


def dies_or_grows(output: Output) -> Words | None:
    """o_t = c l^t with l not 1: it dies out, or grows."""
    first = output.start[0]
    if output.near(first, NOTHING) or len(output.start) < 2:
        return None
    ratio = output.tidy(output.start[1] / first)
    expected = (first * ratio**t for t in range(len(output.start)))
    if ratio == 1 or not all(map(output.near, output.start, expected)):
        return None
    if ratio == 0:
        return {"course": "at step 1, where no input has been"}
    times = f"{ratio_text(ratio)} times as much at every further step"
    return {"course": f"without any input: {ratio_text(output.tidy(first))} at step 1, then {times}"}


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

START_MISTAKES: tuple[Mistake[Pattern], ...] = (
    Mistake(
        "idle-state-starts",
        "{it} shows the start value of {state}, a state that contributes nothing else to it.",
        Pattern(idle_state, Breadth.NARROW, Aspect.START),
        rnn_b(s0=[0, 3], Wssx=[[1, 0, 1, 1, 1], [0, "1/2", 0, 0, 0]], Wox=last_row([1, 1, 0, 0, 0])),
        rnn_b(s0=[3, 0]),
    ),
    Mistake(
        "sum-starts-from-s0",
        "{it} starts from {start}, which comes from s0: it should start from 0.",
        Pattern(starts_from, Breadth.WIDE, Aspect.START),
        rnn_a(s0=[0, 5]),
        window(s0=[1, 0, 0]),
    ),
    Mistake(
        "start-state-dies-or-grows",
        "{it} shows s0 {course}.",
        Pattern(dies_or_grows, Breadth.WIDE, Aspect.START),
        window(s0=[0, 1, 0]),
        window(s0=[1, 0, 0]),
    ),
    Mistake(
        "start-state-counts-steps",
        "{it} counts the steps, since s0 is added again and again: without any input it changes by {rise} "
        "every step.",
        Pattern(piles_up, Breadth.WIDE, Aspect.START),
        rnn_b(s0=[1, 4], Wssx=[[1, 1, 1, 1, 1], [0, 1, 0, 0, 0]]),
        window(s0=[1, 0, 0]),
    ),
    Mistake(
        "start-state-shows",
        "{it} shows s0 at step {step} without any input: it should show nothing of it.",
        Pattern(is_off, Breadth.VAGUE, Aspect.START),
        window(s0=[1, 1, 0]),
        window(Wo=[[1, 1, 1]]),
    ),
)
