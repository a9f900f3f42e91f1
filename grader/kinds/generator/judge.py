"""A function that draws training data: inputs, targets and noise, judged by bounds that hold for all luck.

It is asked for so many sequences that honest data never fail and every known mistake shows. What
counts are the steps at which all outputs have all their inputs; before them y may be anything but what
np.roll brings from the end.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from grader.answers.instance_seed import instance_seed
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.generator.verdict import Findings, examine
from grader.kinds.generator.wraps import wrapped_outputs
from grader.model.evidence import Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Diagnosis, Feedback, Outcome, verdict_for
from grader.model.run import Call, CallReading
from grader.model.value import Generator, Number
from grader.training.calls import not_run, result_of
from grader.training.data_fit import except_words
from grader.training.data_read import Data, judged_only, read_data
from grader.training.task import TaskParams, first_steps

# The data are right, but: the same for every rng, or others at each call with the same rng; inputs from the
# end of the sequence stand for inputs from before its start; or a single sequence fails.
USABLE_SHARE = Fraction(3, 4)
SMALL = (2, 8)
"""Sequences and steps of an early call: whether both sizes are taken."""
WIDE_SEQS = 1000
"""Short sequences, so many that a small term from the wrong end shows beside the noise."""


class Sizes(NamedTuple):
    """Sequences and steps of each call."""

    one: tuple[int, int]
    small: tuple[int, int]
    large: tuple[int, int]
    wide: tuple[int, int]


class GeneratorParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `generator`.

    Args:
        function: Its name; called as function(n_seqs, n_steps, rng), returns (x, y).
        noise: Standard deviation of the noise.
        n_seqs: Sequences asked for; with fewer than 64 uniform noise of the right variance passes.
        n_steps: Steps of each.
        seed: Of the generators handed over.
    """

    function: str = "generate"
    noise: float = 0.1
    n_seqs: int = 64
    n_steps: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if self.n_seqs < 64 or self.n_steps < 32:
            raise ValueError("n_seqs from 64 and n_steps from 32 on: fewer values cannot show a wrong noise")
        if not self.noise > 0:
            raise ValueError(f"noise is {self.noise}; wanted a number above 0")

    @property
    def signature(self) -> str:
        """How the function is called, for messages."""
        return f"{self.function}(n_seqs, n_steps, rng)"


def sizes(params: GeneratorParams) -> Sizes:
    """Sequences and steps of each call."""
    late = max(first_steps(params.targets, params.inputs))
    return Sizes((1, late), SMALL, (params.n_seqs, params.n_steps), (WIDE_SEQS, 2 * late))


def probes(params: GeneratorParams) -> tuple[Call, ...]:
    """One sequence, a few, the large set twice from the same generator and once from another, short ones."""
    one, small, large, wide = sizes(params)
    asked = ((*one, 4, 1), (*small, 0, 1), (*large, 1, 2), (*large, 2, 1), (*wide, 3, 1))
    seed = instance_seed(f"generator/{params.function}", params.seed) * len(asked)
    return tuple(
        Call(
            question="",
            function=(),
            args=(Number(str(n_seqs), "int"), Number(str(n_steps), "int"), Generator(seed + number)),
            times=times,
        )
        for n_seqs, n_steps, number, times in asked
    )


class Source(NamedTuple):
    """Where the randomness comes from: whether rng alone decides, and whether it decides anything."""

    is_from_rng: bool
    has_seed_inside: bool


def judge(params: GeneratorParams, answer: Answer) -> Outcome:
    """Inputs, each output's formula and the noise, each an equal part of the marks.

    Raises:
        Unreadable: If the function does not run or does not return arrays of the asked shapes.
    """
    starts = _starts(params)
    drawn = _drawn(params, answer, starts)
    found = examine(params, params.noise, drawn.first)
    wraps = wrapped_outputs(params, drawn.wide)
    wrong = bool(found.inputs) + len(found.outputs_wrong) + bool(found.noise)
    fraction = 1 - Fraction(wrong, len(params.targets) + 2)
    if found.mistake is not None and found.mistake.share:
        fraction = max(fraction, Fraction(found.mistake.share))
    kept = (Data(one.x, judged_only(one.y, starts)) for one in (drawn.first, drawn.again, drawn.fresh))
    source = _source(*kept)
    if wraps or source.has_seed_inside or not source.is_from_rng or drawn.fails_at_one:
        fraction = min(fraction, USABLE_SHARE)
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=tried_on(params.n_seqs),
        feedback=explained(
            lambda: (
                *_messages(found),
                *_wraps_messages(wraps),
                *_source_messages(source),
                *drawn.fails_at_one,
            )
        )
        or (),
        evidence=(Untyped(table=explained(lambda: _evidence(found, source)) or {}),),
        diagnoses=(Diagnosis(found.mistake.id, found.mistake.message),) if found.mistake else (),
    )


class Drawn(NamedTuple):
    """What the calls gave.

    Args:
        first: The large set.
        again: The same from the same generator.
        fresh: Another from another generator.
        wide: Many short sequences.
        fails_at_one: What is told where a single sequence fails; empty where it does not.
    """

    first: Data
    again: Data
    fresh: Data
    wide: Data
    fails_at_one: tuple[Feedback, ...]


def _starts(params: GeneratorParams) -> list[int]:
    return [max(first_steps(params.targets, params.inputs)) - 1] * len(params.targets)


def _drawn(params: GeneratorParams, answer: Answer, starts: list[int]) -> Drawn:
    """All data sets.

    Raises:
        Unreadable: If one of them, but for the single sequence, is none.
    """

    def read(call: CallReading, size: tuple[int, int], which: int = 0) -> Data:
        n_seqs, n_steps = size
        value = result_of(call, params.signature, _asked(*size))
        if which and call.fault is not None:
            raise not_run(call.fault, params.signature, _asked(*size))
        shape = (n_seqs, n_steps, params.inputs, len(params.targets))
        return read_data(call.results[which] if which else value, shape, starts, params.function)

    one, small, large, other, wide = answer.calls
    asked = sizes(params)
    failure = _failure_at_one(lambda: read(one, asked.one), asked.one)
    if failure and small.fault is not None and small.fault.kind == "not-run":
        read(one, asked.one)
    read(small, asked.small)
    return Drawn(
        first=read(large, asked.large),
        again=read(large, asked.large, which=-1),
        fresh=read(other, asked.large),
        wide=read(wide, asked.wide),
        fails_at_one=failure,
    )


def _failure_at_one(read: Callable[[], Data], size: tuple[int, int]) -> tuple[Feedback, ...]:
    try:
        read()
    except Unreadable as failure:
        text = f"It works for several sequences, but with {_asked(*size)}: {failure.message}."
        return (Feedback("wrong-at-size-one", text),)
    return ()


def _asked(n_seqs: int, n_steps: int) -> str:
    return f"n_seqs = {n_seqs} and n_steps = {n_steps}"


def _source(first: Data, again: Data, fresh: Data) -> Source:
    def same(a: Data, b: Data) -> bool:
        # Zeros for y are the same whatever they come from.
        is_drawn = bool(np.ptp(a.y) > 0)
        return np.array_equal(a.x, b.x) or (is_drawn and np.array_equal(a.y, b.y))

    is_repeatable = np.array_equal(first.x, again.x) and np.array_equal(first.y, again.y)
    return Source(is_repeatable, has_seed_inside=same(first, fresh))


def _sentence(words: str) -> str:
    # x is x at the start of a sentence, too.
    return f"{words}." if words.startswith("x ") else f"{words[0].upper()}{words[1:]}."


def _messages(found: Findings) -> list[Feedback]:
    messages = [Feedback("inputs", _sentence(words)) for words in found.inputs]
    for k, (formula, steps) in enumerate(zip(found.formulas, found.broken_at, strict=True), start=1):
        if steps:
            messages.append(Feedback("other-formula", except_words(k, steps)))
        elif formula is not None and formula.is_seen:
            text = f"What comes out follows {formula.words(k)}; that is not the formula."
            messages.append(Feedback("other-formula", text))
        elif formula is not None:
            messages.append(Feedback("other-formula", f"y{k} does not follow its formula."))
    messages += [Feedback("noise", _sentence(words)) for words in found.noise]
    if found.is_shared:
        text = (
            "All outputs get the same noise. The formulas can be read so; usually each output has its own, "
            "as in the sheet's code."
        )
        messages.append(Feedback("shared-noise", text))
    return messages


def _wraps_messages(wraps: tuple[int, ...]) -> list[Feedback]:
    if not wraps:
        return []
    names = " and ".join(f"y{k}" for k in wraps)
    text = (
        f"The first steps of {names} take inputs from the end of the sequence, as np.roll does: there is "
        "nothing before the first input. These steps may hold anything else."
    )
    return [Feedback("wraps-around", text)]


def _source_messages(source: Source) -> list[Feedback]:
    if source.has_seed_inside:
        text = "Another rng gives the same data. Draw all numbers from the rng that is handed over."
        return [Feedback("seed-inside", text)]
    if not source.is_from_rng:
        text = "The same rng gives other data each time: some numbers do not come from it. Draw all from rng."
        return [Feedback("ignores-rng", text)]
    return []


def _evidence(found: Findings, source: Source) -> dict[str, Any]:
    formulas = [
        None if formula is None else formula.words(k) for k, formula in enumerate(found.formulas, start=1)
    ]
    return {
        "largest_excess": float(f"{found.largest:.3g}") if np.isfinite(found.largest) else None,
        "follows": formulas,
        "repeatable": source.is_from_rng,
    }


PARAMS = {"inputs": 3, "targets": ["5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)"]}
GENERATE = """import numpy as np
def generate(n_seqs, n_steps, rng):
    x = rng.random((n_seqs, n_steps, 3))
    y = np.zeros((n_seqs, n_steps, 2))
    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]
    y[:, 3:, 1] = 25 * x[:, 2:-1, 1] * x[:, :-3, 2]
    y += 0.1 * rng.standard_normal(y.shape)
    return x, y
"""


def _changed(before: str, after: str) -> str:
    assert before in GENERATE
    return GENERATE.replace(before, after)


CHECK = Kind(
    params=GeneratorParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample("From rng, zeros before the first input", PARAMS, GENERATE, "correct"),
        KindExample(
            "NaN before the first input",
            PARAMS,
            _changed("np.zeros((n_seqs, n_steps, 2))", "np.full((n_seqs, n_steps, 2), np.nan)"),
            "correct",
        ),
        KindExample(
            "Both outputs from the fourth step on",
            PARAMS,
            _changed("    y +=", "    y[:, :3] = 0\n    y +="),
            "correct",
        ),
        KindExample(
            "rng ignored",
            PARAMS,
            _changed("    x =", "    rng = np.random\n    x ="),
            "partial",
            "ignores-rng",
        ),
        KindExample(
            "One noise for both outputs",
            PARAMS,
            _changed("(y.shape)", "(y[..., :1].shape)"),
            "correct",
            "shared-noise",
        ),
        KindExample(
            "np.roll in one output",
            PARAMS,
            _changed(
                "    y[:, 1:, 0] = 5 * x[:, 1:, 0] - 0.2 * x[:, :-1, 2]",
                "    y[..., 0] = 5 * x[..., 0] - 0.2 * np.roll(x[..., 2], 1, 1)",
            ),
            "partial",
            "wraps-around",
        ),
        KindExample(
            "Not for a single sequence",
            PARAMS,
            _changed("(n_seqs, n_steps, 3))", "(n_seqs, n_steps, 3)).squeeze()"),
            "partial",
            "wrong-at-size-one",
        ),
        KindExample(
            "A seed inside",
            PARAMS,
            _changed("    x =", "    rng = np.random.default_rng(1)\n    x ="),
            "partial",
            "seed-inside",
        ),
        KindExample(
            "A wrong lag", PARAMS, _changed("x[:, :-3, 2]", "x[:, 1:-2, 2]"), "partial", "other-formula"
        ),
        KindExample(
            "A constant for y", PARAMS, _changed("return x, y", "return x, 0 * y"), "partial", "noise"
        ),
        KindExample("No noise", PARAMS, _changed("0.1 * rng", "0 * rng"), "partial", "noise"),
        KindExample(
            "Uniform noise",
            PARAMS,
            _changed("rng.standard_normal(", "rng.uniform(-1, 1, "),
            "partial",
            "noise",
        ),
        KindExample(
            "Normal inputs", PARAMS, _changed("rng.random(", "rng.normal(0, 1, "), "partial", "inputs"
        ),
        KindExample(
            "One step short", PARAMS, _changed("return x, y", "return x[:, 1:], y[:, 1:]"), "invalid", "shape"
        ),
        KindExample("Nothing returned", PARAMS, _changed("return x, y", "x, y"), "invalid", "returns-none"),
    ),
)
