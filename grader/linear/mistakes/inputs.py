"""Mistakes in how an output responds to inputs.

Each function's docstring says what it looks for. There s_k stands for the output's row of M_k in the
student's network and w_k for the one wanted: what the output shows k steps after a 1 on each input.
"""

from __future__ import annotations

from fractions import Fraction

from grader.linear.mistakes.decays import asked_rate
from grader.linear.mistakes.output import (
    FITS,
    Breadth,
    Output,
    Pattern,
    Words,
    inputs_named,
    ratio_text,
    scaled,
)
from grader.linear.mistakes.samples import last_row, rnn_a, rnn_b, window
from grader.model.mistake import Mistake


def silent(output: Output) -> Words | None:
    """s_k = 0, not all w_k = 0."""
    return FITS if all(map(output.vanishes, output.got)) else None


def another_output(output: Output) -> Words | None:
    """s_k = w_k of another output."""
    for other, wanted in output.others.items():
        if any(map(any, wanted)) and output.follows(output.got, wanted):
            return {"other": f"g_t[{other + 1}]"}
    return None


def passes_input(output: Output) -> Words | None:
    """w_k = 0, s_0 = e_i, s_k = 0 for k >= 1."""
    own = tuple(Fraction(j == output.row) for j in range(output.n_inputs))
    zero_after = all(map(output.vanishes, output.got[1:]))
    if not any(map(any, output.wanted)) and any(own) and output.same(output.got[0], own) and zero_after:
        return {"input": f"x[{output.row + 1}]"}
    return None


def no_memory(output: Output) -> Words | None:
    """s_0 = w_0, s_k = 0 for k >= 1, where w has more."""
    starts_right = any(output.wanted[0]) and output.same(output.got[0], output.wanted[0])
    if starts_right and output.has_memory and all(map(output.vanishes, output.got[1:])):
        return FITS
    return None


def piles_up(output: Output) -> Words | None:
    """s_k = s_0 = w_0, where w_k = 0 for k >= 1."""
    first = output.wanted[0]
    if any(first) and not output.has_memory and all(output.same(row, first) for row in output.got):
        return FITS
    return None


def ignores_inputs(output: Output) -> Words | None:
    """s_k = w_k, but for some inputs 0."""
    ignored = []
    for j in range(output.n_inputs):
        got, wanted = _column(output, j)
        if output.follows(got, wanted):
            continue
        if not all(map(output.vanishes, got)):
            return None
        ignored.append(j)
    return None if silent(output) is not None else {"inputs": inputs_named(ignored)}


def _column(output: Output, j: int) -> tuple[tuple[tuple[Fraction], ...], tuple[tuple[Fraction], ...]]:
    return tuple((row[j],) for row in output.got), tuple((row[j],) for row in output.wanted)


def without_current(output: Output) -> Words | None:
    """s_0 = 0, s_k = w_k for k >= 1."""
    is_left_out = output.has_memory and output.vanishes(output.got[0])
    return FITS if is_left_out and output.follows(output.got[1:], output.wanted[1:]) else None


def one_step_late(output: Output) -> Words | None:
    """s_0 = 0, s_{k+1} = w_k."""
    is_late = output.vanishes(output.got[0]) and output.follows(output.got[1:], output.wanted)
    return FITS if is_late else None


def counted_twice(output: Output) -> Words | None:
    """s_0 = 2 w_0, s_k = w_k for k >= 1."""
    twice = scaled(output.wanted[:1], Fraction(2))
    is_twice = any(output.wanted[0]) and output.follows(output.got, (*twice, *output.wanted[1:]))
    return FITS if is_twice else None


def sign_flipped(output: Output) -> Words | None:
    """s_k = -w_k."""
    return FITS if output.factor(output.got, output.wanted) == -1 else None


def scale(output: Output) -> Words | None:
    """s_k = c w_k, c not 0, 1, -1."""
    ratio = output.factor(output.got, output.wanted)
    return None if ratio is None or abs(ratio) in (0, 1) else {"ratio": ratio_text(ratio)}


def _fading(output: Output) -> Fraction | None:
    """The c with s_k = c^k w_k; None if there is none, or too little memory is asked to tell."""
    first, second = output.wanted[1:3] if len(output.wanted) >= 3 else ((), ())
    j = next((j for j, value in enumerate(first) if value), None)
    if j is None or not any(second) or not any(output.wanted[0]) or asked_rate(output) is not None:
        return None
    ratio = output.tidy(output.got[1][j] / first[j])
    faded = tuple(tuple(ratio**k * value for value in row) for k, row in enumerate(output.wanted))
    return ratio if output.follows(output.got, faded) else None


def fades(output: Output) -> Words | None:
    """s_k = c^k w_k, 0 < |c| < 1."""
    ratio = _fading(output)
    return None if ratio is None or not 0 < abs(ratio) < 1 else {"ratio": ratio_text(ratio)}


def grows(output: Output) -> Words | None:
    """s_k = c^k w_k, |c| > 1."""
    ratio = _fading(output)
    return None if ratio is None or abs(ratio) <= 1 else {"ratio": ratio_text(ratio)}


def alternates(output: Output) -> Words | None:
    """s_k = (-1)^k w_k."""
    return FITS if _fading(output) == -1 else None


def leaks_in(output: Output) -> Words | None:
    """s_k - w_k = c times what another output should give, now or one step ago."""
    extra = tuple(
        tuple(ours - theirs for ours, theirs in zip(got, wanted, strict=True))
        for got, wanted in zip(output.got, output.wanted, strict=True)
    )
    for other, wanted in output.others.items():
        if not any(map(any, wanted)) or output.factor(wanted, output.wanted) is not None:
            continue
        name = f"g_t[{other + 1}]"
        if share := output.factor(extra, wanted):
            return {"share": _times(share) + name}
        if output.vanishes(extra[0]) and (share := output.factor(extra[1:], wanted)):
            return {"share": f"{_times(share)}{name} of the step before"}
    return None


def _times(share: Fraction) -> str:
    return "" if share == 1 else f"{ratio_text(share)} times "


def weighed_unequally(output: Output) -> Words | None:
    """s_k[j] = c_j w_k[j], not all c_j equal."""
    weighed = []
    for j in range(output.n_inputs):
        got, wanted = _column(output, j)
        if output.follows(got, wanted):
            continue
        ratio = output.factor(got, wanted)
        if ratio is None:
            return None
        weighed.append(f"x[{j + 1}] counts {ratio_text(ratio)} times as much")
    return {"weighed": ", ".join(weighed)}


def right_at_first(output: Output) -> Words | None:
    """s_0 = w_0, s_1 != w_1."""
    return FITS if _first_wrong(output) == 1 else None


def right_until(output: Output) -> Words | None:
    """The first k with s_k != w_k is 2 or later."""
    first = _first_wrong(output)
    return None if first is None or first < 2 else {"steps": str(first), "next": str(first + 1)}


def _first_wrong(output: Output) -> int | None:
    pairs = enumerate(zip(output.got, output.wanted, strict=True))
    return next((k for k, (got, wanted) in pairs if not output.same(got, wanted)), None)


INPUT_MISTAKES: tuple[Mistake[Pattern], ...] = (
    Mistake(
        "output-stays-zero",
        "{it} stays zero whatever comes in.",
        Pattern(silent),
        rnn_a(Wo=[[1, 0], [0, 0], [0, 0], [0, 0]]),
        rnn_a(Wo=[[1, 0], [0, 0], [0, 0], [1, 0]]),
    ),
    Mistake(
        "outputs-in-other-order",
        "{it} gives what {other} should give: are the rows of the output in order?",
        Pattern(another_output),
        rnn_a(Wo=[[0, 1], [0, 0], [0, 0], [1, 0]]),
        rnn_a(Wo=[[0, 2], [0, 0], [0, 0], [2, 0]]),
    ),
    Mistake(
        "zero-output-passes-input",
        "{it} passes on {input} where zero is asked: that is the job of another question.",
        Pattern(passes_input),
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
    Mistake(
        "no-memory",
        "{it} remembers only the current input: nothing of earlier steps is kept.",
        Pattern(no_memory),
        rnn_a(Wss=[[0, 0], [0, 0]]),
        rnn_a(Wss=[[0, 0], [0, "1/100"]]),
    ),
    Mistake(
        "current-input-piles-up",
        "{it} should show the current input only, but adds up all that came: its state never forgets.",
        Pattern(piles_up),
        rnn_a(Wss=[[1, 0], [0, 1]]),
        rnn_a(Wss=[["1/2", 0], [0, 1]]),
    ),
    Mistake(
        "inputs-ignored",
        "{it} takes no notice of {inputs}.",
        Pattern(ignores_inputs),
        rnn_a(Wsx=[[1, 0, 0], [1, 0, 1]]),
        rnn_a(Wsx=[[1, 0, 0], [1, -1, 1]]),
    ),
    Mistake(
        "current-input-left-out",
        "{it} leaves the current input out: it shows what came before step t only.",
        Pattern(without_current),
        rnn_b(Wox=last_row([1, 0, -1, -1, -1])),
        rnn_b(Wox=last_row([1, 0, -1, -1, 0])),
    ),
    Mistake(
        "one-step-late",
        "{it} is one step late: it shows at step t what should have been there at step t - 1.",
        Pattern(one_step_late),
        window(
            s0=[0] * 4,
            Wss=[[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
            Wsx=[[1], [0], [0], [0]],
            Wo=[[0, 1, 2, 3]],
        ),
        window(Wo=[[0, 2, 3]]),
    ),
    Mistake(
        "current-input-counted-twice",
        "{it} counts the current input twice: two paths lead from x_t to it, and they add up.",
        Pattern(counted_twice),
        rnn_b(Wox=last_row([1, 0, 1, 1, 1])),
        rnn_b(Wox=last_row([1, 0, 1, 1, 2])),
    ),
    Mistake(
        "sign-flipped",
        "{it} has the wrong sign: it is minus what is asked.",
        Pattern(sign_flipped),
        rnn_b(Wssx=[[1, 0, -1, -1, -1], [0, 0, 0, 0, 0]]),
        rnn_b(Wssx=[[1, 0, -1, -1, 1], [0, 0, 0, 0, 0]]),
    ),
    Mistake(
        "scaled",
        "{it} is {ratio} times what is asked, at every step.",
        Pattern(scale),
        rnn_a(Wsx=[[1, 0, 0], ["1/3", "1/3", "1/3"]]),
        rnn_a(Wsx=[[1, 0, 0], ["1/3", "1/3", "1/2"]]),
    ),
    Mistake(
        "memory-fades",
        "{it} forgets: what it remembers is multiplied by {ratio} at every step.",
        Pattern(fades),
        rnn_a(Wss=[[0, 0], [0, 0.9]]),
        window(Wo=[[1, 1, 3]]),
    ),
    Mistake(
        "memory-grows",
        "{it} runs away: what it remembers is multiplied by {ratio} at every step.",
        Pattern(grows),
        rnn_a(Wss=[[0, 0], [0, 2]]),
        window(Wo=[[1, 2, 6]]),
    ),
    Mistake(
        "memory-alternates",
        "{it} alternates: what it remembers changes its sign at every step.",
        Pattern(alternates),
        rnn_a(Wss=[[0, 0], [0, -1]]),
        rnn_a(Wss=[[0, 0], [0, -2]]),
    ),
    Mistake(
        "another-output-leaks-in",
        "{it} has {share} mixed into it.",
        Pattern(leaks_in),
        rnn_a(Wss=[[0, 3], [0, 1]]),
        rnn_a(Wsx=[[1, 1, 0], [1, 1, 1]]),
    ),
    Mistake(
        "inputs-weighed-wrongly",
        "{it} weighs its inputs wrongly: {weighed} as is asked.",
        Pattern(weighed_unequally, Breadth.WIDE),
        rnn_a(Wsx=[[1, 0, 0], [1, -1, 1]]),
        rnn_a(Wsx=[[1, 0, 0], [1, 1, 0]]),
    ),
    Mistake(
        "right-at-first-only",
        "{it} is right at the first step after each input, and wrong from the next on.",
        Pattern(right_at_first, Breadth.VAGUE),
        window(Wo=[[1, 5, 3]]),
        window(Wo=[[2, 2, 3]]),
    ),
    Mistake(
        "right-for-a-while",
        "{it} is right for {steps} steps and departs at step {next}: try a longer sequence.",
        Pattern(right_until, Breadth.VAGUE),
        rnn_b(Wssx=[[0, 1, 2, 2, 2], [1, -1, 1, 1, 1]], Wox=last_row([1, 0, -1, -1, -1])),
        window(Wo=[[1, 5, 3]]),
    ),
)
