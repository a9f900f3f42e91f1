"""Random data, judged by bounds that honest data of any seed keep: inputs, formulas, noise, use of rng.

What counts are the steps at which all outputs have all their inputs; before them y may be anything but what
np.roll brings from the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.generator.examination import DataFaults, examine, wrapped_outputs
from grader.kinds.generator.question import Data, GeneratorParams, read_data, sizes
from grader.model.evidence import LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.run import CallReading
from grader.training.calls import NOT_CALLED, attempt, judged, result_of, right_except
from grader.training.fitted_formula import except_text
from grader.training.task import judged_only, rounded

# The data are right, but: the same for every rng, or others at each call with the same rng; inputs from the
# end of the sequence stand for inputs from before its start; or a single sequence fails.
USABLE_SHARE = Fraction(3, 4)


class GeneratorEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of random data.

    Args:
        largest_excess: The largest statistic over its bound; None where it is infinite.
        follows: For each output the formula that it follows where that is not the asked one.
        repeatable: Whether the same rng gives the same data.
    """

    largest_excess: Annotated[float | UnsetType | None, LOCATION] = UNSET
    follows: Annotated[list[str | None] | UnsetType, LOCATION] = UNSET
    repeatable: Annotated[bool | UnsetType, LOCATION] = UNSET


class RandomSource(NamedTuple):
    """Where the randomness comes from: from rng alone, or from a seed inside the function."""

    is_from_rng: bool
    has_seed_inside: bool


class Drawn(NamedTuple):
    """What the calls gave.

    Args:
        first: The large set.
        again: The same from the same generator.
        fresh: Another from another generator.
        wide: Many short sequences.
        failure_at_one: Why a single sequence fails, or None.
    """

    first: Data
    again: Data
    fresh: Data
    wide: Data
    failure_at_one: Unreadable | None


class GeneratorFacts(NamedTuple):
    """What was drawn and found.

    Args:
        data: The large set.
        faults: What is wrong with it.
        most: The largest share of the points that the rest allows.
    """

    data: Data
    faults: DataFaults
    most: Fraction


def judge(params: GeneratorParams, answer: Answer) -> Judgement[GeneratorFacts]:
    """Inputs, each output's formula and the noise, each an equal part of the marks.

    Raises:
        Unreadable: If the function does not run or does not return arrays of the asked shapes.
    """
    starts = [params.start] * len(params.targets)
    drawn = _drawn(params, answer, starts)
    faults = examine(params, params.noise, drawn.first)
    wraps = wrapped_outputs(params, drawn.wide)
    wrong = bool(faults.inputs) + len(faults.outputs_wrong) + bool(faults.noise)
    kept = (Data(one.x, judged_only(one.y, starts)) for one in (drawn.first, drawn.again, drawn.fresh))
    source = random_source(*kept)
    is_limited = wraps or source.has_seed_inside or not source.is_from_rng or drawn.failure_at_one
    most = USABLE_SHARE if is_limited else Fraction(1)
    fraction = min(1 - Fraction(wrong, len(params.targets) + 2), most)
    feedback = explained(lambda: _messages(params, faults, wraps, source, drawn.failure_at_one)) or ()
    evidence = explained(lambda: _evidence(faults, source)) or ()
    facts = GeneratorFacts(drawn.first, faults, most)
    return judged(facts, fraction, tried_on(params.n_seqs), feedback, *evidence)


def _drawn(params: GeneratorParams, answer: Answer, starts: Sequence[int]) -> Drawn:
    """All data sets.

    Raises:
        Unreadable: If one of them, but for the single sequence, is none.
    """

    def read(call: CallReading, size: tuple[int, int], index: int = 0) -> Data:
        value = result_of(call, params.signature, _asked(*size), index)
        shape = (*size, params.inputs, len(params.targets))
        return read_data(value, shape, starts, params.function)

    one, small, large, other, wide = answer.calls
    asked = sizes(params)
    alone = attempt(lambda: read(one, asked.one))
    failure = alone if isinstance(alone, Unreadable) else None
    few = attempt(lambda: read(small, asked.small))
    if isinstance(few, Unreadable):
        # What ends the program at the first call leaves the later ones without a reason of their own.
        raise failure if failure is not None and few.code == NOT_CALLED else few
    return Drawn(
        first=read(large, asked.large),
        again=read(large, asked.large, index=1),
        fresh=read(other, asked.large),
        wide=read(wide, asked.wide),
        failure_at_one=failure,
    )


def _asked(n_seqs: int, n_steps: int) -> str:
    return f"n_seqs = {n_seqs} and n_steps = {n_steps}"


def random_source(first: Data, again: Data, fresh: Data) -> RandomSource:
    """Where the randomness comes from.

    Args:
        first: A data set.
        again: Another from an equal generator.
        fresh: Another from another generator.
    """

    def same(a: Data, b: Data) -> bool:
        # Zeros for y are the same whatever they come from.
        is_drawn = bool(np.ptp(a.y) > 0)
        return np.array_equal(a.x, b.x) or (is_drawn and np.array_equal(a.y, b.y))

    is_repeatable = np.array_equal(first.x, again.x) and np.array_equal(first.y, again.y)
    return RandomSource(is_repeatable, has_seed_inside=same(first, fresh))


def _messages(
    params: GeneratorParams,
    faults: DataFaults,
    wraps: tuple[int, ...],
    source: RandomSource,
    failure: Unreadable | None,
) -> tuple[Feedback, ...]:
    messages = [Feedback("inputs", _sentence(text)) for text in faults.inputs]
    for k, (formula, steps) in enumerate(zip(faults.formulas, faults.broken_at, strict=True), start=1):
        if steps:
            messages.append(Feedback("other-formula", except_text(k, steps)))
        elif formula is not None and formula.is_seen:
            text = f"What comes out follows {formula.text(k)}; that is not the formula."
            messages.append(Feedback("other-formula", text))
        elif formula is not None:
            messages.append(Feedback("other-formula", f"y{k} does not follow its formula."))
    messages += [Feedback("noise", _sentence(text)) for text in faults.noise]
    if faults.is_shared:
        text = (
            "All outputs get the same noise. The formulas can be read so; usually each output has its own, "
            "as in the sheet's code."
        )
        messages.append(Feedback("shared-noise", text))
    if wraps:
        text = (
            f"The first steps of {' and '.join(f'y{k}' for k in wraps)} take inputs from the end of the "
            "sequence, as np.roll does: there is nothing before the first input. These steps may hold "
            "anything else."
        )
        messages.append(Feedback("wraps-around", text))
    if source.has_seed_inside:
        text = "Another rng gives the same data. Draw all numbers from the rng that is handed over."
        messages.append(Feedback("seed-inside", text))
    elif not source.is_from_rng:
        text = "The same rng gives other data each time: some numbers do not come from it. Draw all from rng."
        messages.append(Feedback("ignores-rng", text))
    if failure is not None:
        at_one = _asked(*sizes(params).one)
        messages.append(right_except("It works for several sequences", at_one, failure.message))
    return tuple(messages)


def _sentence(text: str) -> str:
    # x is x at the start of a sentence, too.
    return f"{text}." if text.startswith("x ") else f"{text[0].upper()}{text[1:]}."


def _evidence(faults: DataFaults, source: RandomSource) -> tuple[GeneratorEvidence]:
    largest = rounded(faults.largest, 3)
    follows = [None if one is None else one.text(k) for k, one in enumerate(faults.formulas, start=1)]
    return (GeneratorEvidence(largest_excess=largest, follows=follows, repeatable=source.is_from_rng),)
