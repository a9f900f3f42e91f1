"""Mistakes in the start state: what an output shows without any input, where nothing is asked.

r_t stands for the output at step t with zero inputs.
"""

from __future__ import annotations

from grader.linear.mistakes.case import Output, tidy
from grader.linear.mistakes.declaration import Aspect, Breadth, OutputMistake, said
from grader.linear.mistakes.samples import last_row, rnn_a, rnn_b, window


def idle_state(output: Output) -> str | None:
    """r_t comes from one state that nothing else comes from."""
    if output.idle_state is None:
        return None
    name = f"s[{output.idle_state + 1}]"
    return "{it} shows the start value of " + f"{name}, a state that contributes nothing else to it."


def starts_from(output: Output) -> str | None:
    """r_t = c."""
    first = output.start[0]
    if all(output.near(value, first) for value in output.start):
        return (
            "{it} starts from " + f"{said(tidy(output, first))}, which comes from s0: it should start from 0."
        )
    return None


def dies_or_grows(output: Output) -> str | None:
    """r_t = c l^t, l not 1."""
    first = output.start[0]
    if output.near(first, 0 * first) or len(output.start) < 2:
        return None
    ratio = tidy(output, output.start[1] / first)
    expected = (first * ratio**t for t in range(len(output.start)))
    if ratio == 1 or not all(map(output.near, output.start, expected)):
        return None
    if ratio == 0:
        return "{it} shows s0 at step 1, where no input has been."
    times = f"{said(ratio)} times as much at every further step"
    return "{it} shows s0 without any input: " + f"{said(tidy(output, first))} at step 1, then {times}."


def counts_steps(output: Output) -> str | None:
    """r_t = c t + d, c not 0."""
    rise = output.start[1] - output.start[0] if len(output.start) > 1 else 0 * output.start[0]
    if output.near(rise, 0 * rise):
        return None
    if all(output.near(value, output.start[0] + t * rise) for t, value in enumerate(output.start)):
        text = f"without any input it changes by {said(tidy(output, rise))} every step."
        return "{it} counts the steps, since s0 is added again and again: " + text
    return None


def is_seen(output: Output) -> str | None:
    """r_t not 0 for some t."""
    step = next(t for t, value in enumerate(output.start, start=1) if not output.near(value, 0 * value))
    return "{it} " + f"shows s0 at step {step} without any input: it should show nothing of it."


START_MISTAKES: tuple[OutputMistake, ...] = (
    OutputMistake(
        "idle-state-starts",
        Aspect.START,
        Breadth.NARROW,
        idle_state,
        rnn_b(s0=[0, 3], Wssx=[[1, 0, 1, 1, 1], [0, "1/2", 0, 0, 0]], Wox=last_row([1, 1, 0, 0, 0])),
        rnn_b(s0=[3, 0]),
    ),
    OutputMistake(
        "sum-starts-from-s0",
        Aspect.START,
        Breadth.WIDE,
        starts_from,
        rnn_a(s0=[0, 5]),
        window(s0=[1, 0, 0]),
    ),
    OutputMistake(
        "start-state-dies-or-grows",
        Aspect.START,
        Breadth.WIDE,
        dies_or_grows,
        window(s0=[0, 1, 0]),
        window(s0=[1, 0, 0]),
    ),
    OutputMistake(
        "start-state-counts-steps",
        Aspect.START,
        Breadth.WIDE,
        counts_steps,
        rnn_b(s0=[1, 4], Wssx=[[1, 1, 1, 1, 1], [0, 1, 0, 0, 0]]),
        window(s0=[1, 0, 0]),
    ),
    OutputMistake(
        "start-state-shows",
        Aspect.START,
        Breadth.VAGUE,
        is_seen,
        window(s0=[1, 1, 0]),
        window(Wo=[[1, 1, 1]]),
    ),
)
