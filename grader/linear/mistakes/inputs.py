"""Mistakes in how an output reacts to inputs.

s_k stands for the row of M_k that the answer gives, w_k for the one asked: what the output shows k steps
after a 1 on each input.
"""

from __future__ import annotations

from fractions import Fraction

from grader.linear.mistakes.case import Output, factor, scaled, tidy
from grader.linear.mistakes.declaration import Aspect, Breadth, OutputMistake, inputs_named, said
from grader.linear.mistakes.samples import last_row, rnn_a, rnn_b, window

ONE = Fraction(1)


def silent(output: Output) -> str | None:
    """s_k = 0, not all w_k = 0."""
    if all(map(output.vanishes, output.got)):
        return "{it} stays zero whatever comes in."
    return None


def another_output(output: Output) -> str | None:
    """s_k = w_k of another output."""
    for other, wanted in output.others.items():
        if any(map(any, wanted)) and output.follows(output.got, wanted):
            return "{it} gives what " + f"g_t[{other + 1}] should give: are the rows of the output in order?"
    return None


def passes_input(output: Output) -> str | None:
    """w_k = 0, s_0 = e_i, s_k = 0 for k >= 1."""
    own = tuple(Fraction(j == output.row) for j in range(output.unit))
    zero_after = all(map(output.vanishes, output.got[1:]))
    if not any(map(any, output.wanted)) and any(own) and output.same(output.got[0], own) and zero_after:
        text = f"passes on x[{output.row + 1}] where zero is asked: that is the job of another question."
        return "{it} " + text
    return None


def no_memory(output: Output) -> str | None:
    """s_0 = w_0, s_k = 0 for k >= 1, where w has more."""
    starts_right = any(output.wanted[0]) and output.same(output.got[0], output.wanted[0])
    if starts_right and output.has_memory and all(map(output.vanishes, output.got[1:])):
        return "{it} remembers only the current input: nothing of earlier steps is kept."
    return None


def piles_up(output: Output) -> str | None:
    """s_k = s_0 = w_0, where w_k = 0 for k >= 1."""
    first = output.wanted[0]
    if any(first) and not output.has_memory and all(output.same(row, first) for row in output.got):
        return "{it} should show the current input only, but adds up all that came: its state never forgets."
    return None


def ignores_inputs(output: Output) -> str | None:
    """s_k = w_k, but for some inputs 0."""
    ignored = []
    for j in range(output.unit):
        got = tuple((row[j],) for row in output.got)
        wanted = tuple((row[j],) for row in output.wanted)
        if output.follows(got, wanted):
            continue
        if not all(map(output.vanishes, got)):
            return None
        ignored.append(j)
    if silent(output):
        return None
    return "{it} takes no notice of " + f"{inputs_named(ignored)}."


def without_current(output: Output) -> str | None:
    """s_0 = 0, s_k = w_k for k >= 1."""
    if (
        output.has_memory
        and output.vanishes(output.got[0])
        and output.follows(output.got[1:], output.wanted[1:])
    ):
        return "{it} leaves the current input out: it shows what came before step t only."
    return None


def one_step_late(output: Output) -> str | None:
    """s_0 = 0, s_{k+1} = w_k."""
    if output.vanishes(output.got[0]) and output.follows(output.got[1:], output.wanted):
        return "{it} is one step late: it shows at step t what should have been there at step t - 1."
    return None


def counted_twice(output: Output) -> str | None:
    """s_0 = 2 w_0, s_k = w_k for k >= 1."""
    twice = scaled(output.wanted[:1], Fraction(2))
    if any(output.wanted[0]) and output.follows(output.got, (*twice, *output.wanted[1:])):
        return "{it} counts the current input twice: two paths lead from x_t to it, and they add up."
    return None


def sign_flipped(output: Output) -> str | None:
    """s_k = -w_k."""
    if factor(output, output.got, output.wanted) == -1:
        return "{it} has the wrong sign: it is minus what is asked."
    return None


def scale(output: Output) -> str | None:
    """s_k = c w_k, c not 0, 1, -1."""
    ratio = factor(output, output.got, output.wanted)
    if ratio is None or abs(ratio) in (0, 1):
        return None
    return "{it} is " + f"{said(ratio)} times what is asked, at every step."


def _fading(output: Output) -> Fraction | None:
    first, second = output.wanted[1:3] if len(output.wanted) >= 3 else ((), ())
    j = next((j for j, value in enumerate(first) if value), None)
    if j is None or not any(second) or not any(output.wanted[0]):
        return None
    ratio = tidy(output, output.got[1][j] / first[j])
    faded = tuple(tuple(ratio**k * value for value in row) for k, row in enumerate(output.wanted))
    return ratio if output.follows(output.got, faded) else None


def fades(output: Output) -> str | None:
    """s_k = c^k w_k, 0 < |c| < 1."""
    ratio = _fading(output)
    if ratio is None or not 0 < abs(ratio) < 1:
        return None
    return "{it} forgets: what it remembers is multiplied by " + f"{said(ratio)} at every step."


def grows(output: Output) -> str | None:
    """s_k = c^k w_k, |c| > 1."""
    ratio = _fading(output)
    if ratio is None or abs(ratio) <= 1:
        return None
    return "{it} runs away: what it remembers is multiplied by " + f"{said(ratio)} at every step."


def alternates(output: Output) -> str | None:
    """s_k = (-1)^k w_k."""
    if _fading(output) == -1:
        return "{it} alternates: what it remembers changes its sign at every step."
    return None


def leaks_in(output: Output) -> str | None:
    """s_k - w_k = c times what another output should give, now or one step ago."""
    extra = tuple(
        tuple(ours - theirs for ours, theirs in zip(got, wanted, strict=True))
        for got, wanted in zip(output.got, output.wanted, strict=True)
    )
    for other, wanted in output.others.items():
        if not any(map(any, wanted)) or factor(output, wanted, output.wanted) is not None:
            continue
        share = factor(output, extra, wanted)
        if share:
            return "{it} has " + f"{_times(share)}g_t[{other + 1}] mixed into it."
        share = factor(output, extra[1:], wanted) if output.vanishes(extra[0]) else None
        if share:
            return "{it} has " + f"{_times(share)}g_t[{other + 1}] of the step before mixed into it."
    return None


def _times(share: Fraction) -> str:
    return "" if share == ONE else f"{said(share)} times "


def weighed_unequally(output: Output) -> str | None:
    """s_k[j] = c_j w_k[j], not all c_j equal."""
    told = []
    for j in range(output.unit):
        got = tuple((row[j],) for row in output.got)
        wanted = tuple((row[j],) for row in output.wanted)
        if output.follows(got, wanted):
            continue
        ratio = factor(output, got, wanted)
        if ratio is None:
            return None
        told.append(f"x[{j + 1}] counts {said(ratio)} times as much")
    return "{it} weighs its inputs wrongly: " + f"{', '.join(told)} as is asked."


def right_at_first(output: Output) -> str | None:
    """s_0 = w_0, s_1 != w_1."""
    if _first_wrong(output) == 1:
        return "{it} is right at the first step after each input, and wrong from the next on."
    return None


def right_until(output: Output) -> str | None:
    """The first k with s_k != w_k is 2 or later."""
    first = _first_wrong(output)
    if first is not None and first >= 2:
        return "{it} is right for " + f"{first} steps and departs at step {first + 1}: try a longer sequence."
    return None


def _first_wrong(output: Output) -> int | None:
    pairs = enumerate(zip(output.got, output.wanted, strict=True))
    return next((k for k, (got, wanted) in pairs if not output.same(got, wanted)), None)


def _narrow(id: str, sees: object, example: object, near_miss: object) -> OutputMistake:
    return OutputMistake(id, Aspect.INPUTS, Breadth.NARROW, sees, example, near_miss)  # type: ignore[arg-type]


INPUT_MISTAKES: tuple[OutputMistake, ...] = (
    _narrow(
        "output-stays-zero",
        silent,
        rnn_a(Wo=[[1, 0], [0, 0], [0, 0], [0, 0]]),
        rnn_a(Wo=[[1, 0], [0, 0], [0, 0], [1, 0]]),
    ),
    _narrow(
        "outputs-in-other-order",
        another_output,
        rnn_a(Wo=[[0, 1], [0, 0], [0, 0], [1, 0]]),
        rnn_a(Wo=[[0, 2], [0, 0], [0, 0], [2, 0]]),
    ),
    _narrow(
        "zero-output-passes-input",
        passes_input,
        (
            {**rnn_a()[0], "state_size": 3},
            {
                "s0": [0, 0, 0],
                "Wss": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
                "Wsx": [[1, 0, 0], [1, 1, 1], [0, 1, 0]],
                "Wo": [[1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0]],
            },
        ),
        rnn_a(Wo=[[1, 0], [1, 0], [0, 0], [0, 1]]),
    ),
    _narrow("no-memory", no_memory, rnn_a(Wss=[[0, 0], [0, 0]]), rnn_a(Wss=[[0, 0], [0, "1/100"]])),
    _narrow("current-input-piles-up", piles_up, rnn_a(Wss=[[1, 0], [0, 1]]), rnn_a(Wss=[["1/2", 0], [0, 1]])),
    _narrow(
        "inputs-ignored",
        ignores_inputs,
        rnn_a(Wsx=[[1, 0, 0], [1, 0, 1]]),
        rnn_a(Wsx=[[1, 0, 0], [1, -1, 1]]),
    ),
    _narrow(
        "current-input-left-out",
        without_current,
        rnn_b(Wox=last_row([1, 0, -1, -1, -1])),
        rnn_b(Wox=last_row([1, 0, -1, -1, 0])),
    ),
    _narrow(
        "one-step-late",
        one_step_late,
        window(
            s0=[0] * 4,
            Wss=[[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
            Wsx=[[1], [0], [0], [0]],
            Wo=[[0, 1, 2, 3]],
        ),
        window(Wo=[[0, 2, 3]]),
    ),
    _narrow(
        "current-input-counted-twice",
        counted_twice,
        rnn_b(Wox=last_row([1, 0, 1, 1, 1])),
        rnn_b(Wox=last_row([1, 0, 1, 1, 2])),
    ),
    _narrow(
        "sign-flipped",
        sign_flipped,
        rnn_b(Wssx=[[1, 0, -1, -1, -1], [0, 0, 0, 0, 0]]),
        rnn_b(Wssx=[[1, 0, -1, -1, 1], [0, 0, 0, 0, 0]]),
    ),
    _narrow(
        "scaled",
        scale,
        rnn_a(Wsx=[[1, 0, 0], ["1/3", "1/3", "1/3"]]),
        rnn_a(Wsx=[[1, 0, 0], ["1/3", "1/3", "1/2"]]),
    ),
    _narrow("memory-fades", fades, rnn_a(Wss=[[0, 0], [0, 0.9]]), window(Wo=[[1, 1, 3]])),
    _narrow("memory-grows", grows, rnn_a(Wss=[[0, 0], [0, 2]]), window(Wo=[[1, 2, 6]])),
    _narrow("memory-alternates", alternates, rnn_a(Wss=[[0, 0], [0, -1]]), rnn_a(Wss=[[0, 0], [0, -2]])),
    _narrow(
        "another-output-leaks-in",
        leaks_in,
        rnn_a(Wss=[[0, 3], [0, 1]]),
        rnn_a(Wsx=[[1, 1, 0], [1, 1, 1]]),
    ),
    OutputMistake(
        "inputs-weighed-wrongly",
        Aspect.INPUTS,
        Breadth.WIDE,
        weighed_unequally,
        rnn_a(Wsx=[[1, 0, 0], [1, -1, 1]]),
        rnn_a(Wsx=[[1, 0, 0], [1, 1, 0]]),
    ),
    OutputMistake(
        "right-at-first-only",
        Aspect.INPUTS,
        Breadth.VAGUE,
        right_at_first,
        window(Wo=[[1, 5, 3]]),
        window(Wo=[[2, 2, 3]]),
    ),
    OutputMistake(
        "right-for-a-while",
        Aspect.INPUTS,
        Breadth.VAGUE,
        right_until,
        rnn_b(Wssx=[[0, 1, 2, 2, 2], [1, -1, 1, 1, 1]], Wox=last_row([1, 0, -1, -1, -1])),
        window(Wo=[[1, 5, 3]]),
    ),
)
