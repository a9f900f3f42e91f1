"""Step 5: where a student's steps of Adam end, compared with the accepted forms of Adam."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.kinds.optimizer.moves import (
    OptimizerMoves,
    StepEnd,
    entries_alike,
    moves_between,
    moves_of,
    moves_of_forms,
    nearest_form,
    parts_alike,
    read_end,
    right_form,
)
from grader.kinds.optimizer.question import (
    FORMS,
    N_STEPS,
    ONES,
    OTHER_RATES,
    RATES,
    SHAPES,
    AskedStep,
    Form,
    OptimizerParams,
    asked_steps,
    repeated,
    split,
)
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.run import CallReading
from grader.model.text import joined
from grader.training.adam import KERAS_EPS, KERAS_FORMS, RIGHT_FORMS
from grader.training.calls import WrongCall, attempt, judged, not_run, result_of
from grader.training.networks import NAMES
from reference.adam import AdamState, Rates

# Right with the usual settings, but it does not use others that it is given.
IGNORES_SETTINGS_SHARE = Fraction(3, 4)
# A third of this for each of parameters, m and v that is right.
SOME_RIGHT_SHARE = Fraction(3, 4)
PARTS = ("the parameters", "m", "v")


class OptimizerEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of steps of Adam; `right` lists what is of parameters, m and v."""

    form: Annotated[str | UnsetType | None, LOCATION] = UNSET
    arrays: Annotated[Form | UnsetType, LOCATION] = UNSET
    in_place: Annotated[bool | UnsetType, LOCATION] = UNSET
    steps: Annotated[int | UnsetType, LOCATION] = UNSET
    right: Annotated[list[str] | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[WrongCall | UnsetType, COUNTEREXAMPLE] = UNSET


class OptimizerFacts(NamedTuple):
    """What the function did.

    Args:
        seed: Of the steps.
        array_form: How it takes its arrays.
        ends: The states after the steps with the usual settings; none where the first step, t = 1, divides
            by zero and the others are Adam's with t - 1.
        other: After the one step with other settings; None where it failed there.
        moves: What the steps with the usual settings did; None where there are none.
        form: Which accepted form these have, or None.
        nearest: The accepted form with which most entries agree.
    """

    seed: int
    array_form: Form
    ends: tuple[AdamState, ...] = ()
    other: AdamState | None = None
    moves: OptimizerMoves | None = None
    form: str | None = None
    nearest: str = ""


def judge(params: OptimizerParams, answer: Answer) -> Judgement[OptimizerFacts]:
    """One of the accepted forms, or how much of a step is right.

    Raises:
        Unreadable: If the function does not run or does not give a state back.
    """
    by_form = np.array_split(np.arange(len(answer.calls)), len(FORMS))
    readings = {form: [answer.calls[i] for i in part] for form, part in zip(FORMS, by_form, strict=True)}
    for form, calls in readings.items():
        if _is_from_zero(params, calls, form):
            return _from_zero(OptimizerFacts(params.instance_seed, form))
    used = next((form for form in FORMS if any(one.results for one in readings[form])), FORMS[0])
    facts, is_in_place = _read(params, readings[used], used)
    evidence = OptimizerEvidence(form=facts.form, arrays=used, in_place=is_in_place, steps=N_STEPS)
    fraction, feedback, right = _settings(facts) if facts.form else _wrong(facts)
    return judged(facts, fraction, tried_on(N_STEPS), feedback, evidence, *right)


Decided: TypeAlias = tuple[Fraction, tuple[Feedback, ...], tuple[OptimizerEvidence, ...]]


def _is_from_zero(params: OptimizerParams, calls: list[CallReading], form: Form) -> bool:
    """Whether every step with t = 1 divides by zero and all others are Adam's with t - 1 in place of t."""
    pairs = list(zip(calls[:-1], asked_steps(params.instance_seed)[:-1], strict=True))
    first = [reading.fault for reading, step in pairs if step.t == 1]
    if not all(fault is not None and fault.error == "ZeroDivisionError" for fault in first):
        return False
    later = [pair for pair in pairs if pair[1].t > 1]
    if not all(reading.results for reading, _ in later):
        return False
    ends = attempt(lambda: [_end(params, *pair, form).state for pair in later])
    if isinstance(ends, Unreadable):
        return False
    steps = [step for _, step in later]
    moves, early = moves_between(steps, ends), [step._replace(t=step.t - 1) for step in steps]
    return any(all(parts_alike(moves, moves_of(rule, early))) for rule in RIGHT_FORMS.values())


def _from_zero(facts: OptimizerFacts) -> Judgement[OptimizerFacts]:
    # As for the same mistake in numpy, which gives NaN and goes on: m and v are right.
    fraction = SOME_RIGHT_SHARE * Fraction(2, 3)
    feedback = Feedback("division-by-zero", "The first step, t = 1, divides by zero.")
    return judged(facts, fraction, tried_on(N_STEPS), [feedback])


def _read(params: OptimizerParams, calls: list[CallReading], form: Form) -> tuple[OptimizerFacts, bool]:
    """What the function did, and whether it changes its arrays in place."""
    seed = params.instance_seed
    *usual, other = asked_steps(seed)
    read = [_end(params, reading, step, form) for reading, step in zip(calls, usual, strict=False)]
    last = None
    if calls[-1].results:
        last = _end(params, calls[-1], other, form).state
    elif calls[-1].fault is not None:
        raise not_run(calls[-1].fault, params.signature)
    ends = tuple(end.state for end in read)
    moves = moves_between(usual, ends)
    found = right_form(moves, seed)
    nearest = found or nearest_form(moves, seed)
    return OptimizerFacts(seed, form, ends, last, moves, found, nearest), read[0].is_in_place


def _end(params: OptimizerParams, reading: CallReading, step: AskedStep, form: Form) -> StepEnd:
    sizes = f"t = {step.t} and arrays of shapes {', '.join(map(str, step.shapes))}"
    return read_end(result_of(reading, params.signature, sizes), step, form, params.function)


def _settings(facts: OptimizerFacts) -> Decided:
    """Right steps: whether all settings are used."""
    messages = []
    other = None if facts.other is None else moves_between(asked_steps(facts.seed)[-1:], [facts.other])
    ignored = None if other is None else ignored_settings(other, facts.seed)
    if facts.form in KERAS_FORMS:
        text = "It uses eps = 1e-7, as Keras does, whatever is asked for. That is accepted."
        messages.append(Feedback("eps-of-keras", text))
        ignored = tuple(name for name in ignored if name != "eps") if ignored is not None else None
    if ignored == ():
        return Fraction(1), tuple(messages), ()
    if ignored is None:
        text = "With unusual lr, beta1, beta2 and eps it does something else: are all four used as given?"
    else:
        fixed = "its value is" if len(ignored) == 1 else "their values are"
        text = f"It does not use the {joined(ignored)} that it is given: {fixed} fixed inside the function."
    return IGNORES_SETTINGS_SHARE, (*messages, Feedback("ignores-settings", text)), ()


def ignored_settings(got: OptimizerMoves, seed: int) -> tuple[str, ...] | None:
    """Which settings a right function does not take from its arguments; None where nothing explains it.

    Args:
        got: What it made of the step with other settings alone.
        seed: Of the steps.
    """
    step, names = asked_steps(seed)[-1], Rates._fields
    for number in sorted(range(2 ** len(names)), key=lambda bits: bits.bit_count()):
        ignored = tuple(name for i, name in enumerate(names) if number >> i & 1)
        usual = {name: getattr(RATES, name) for name in ignored}
        for eps in (RATES.eps, KERAS_EPS) if "eps" in ignored else (OTHER_RATES.eps,):
            one = step._replace(rates=OTHER_RATES._replace(**{**usual, "eps": eps}))
            for form in ("torch", "paper"):
                if all(parts_alike(got, moves_of(RIGHT_FORMS[form], (one,)))):
                    return ignored
    return None


def _wrong(facts: OptimizerFacts) -> Decided:
    assert facts.moves is not None
    alike = parts_alike(facts.moves, moves_of_forms(facts.seed)["torch"])
    right = [name for name, is_right in zip(PARTS, alike, strict=True) if is_right]
    messages = [Feedback("wrong-step", _what_differs(facts, facts.moves, right))]
    if not _repeats(facts):
        text = (
            "The same step gives something else when it is asked for again: something is kept between calls."
        )
        messages.append(Feedback("keeps-state", text))
    fraction = SOME_RIGHT_SHARE * Fraction(sum(alike), len(alike))
    return fraction, tuple(messages), (OptimizerEvidence(right=right),)


def _what_differs(facts: OptimizerFacts, moves: OptimizerMoves, right: list[str]) -> str:
    """Which of parameters, m and v are wrong, and in which arrays."""
    usual = asked_steps(facts.seed)[:-1]
    lost = {step.t for step, end in zip(usual, facts.ends, strict=True) if not np.isfinite(end).all()}
    if lost == {1}:
        return "After the first step, t = 1, there are values that are not finite numbers."
    nearest = moves_of_forms(facts.seed)[facts.nearest]
    wrong = []
    for part, groups in zip(PARTS, entries_alike(moves, nearest), strict=True):
        if part not in right:
            names = _wrong_arrays(groups)
            some = facts.array_form != "array" and len(names) < len(NAMES)
            wrong.append(f"{part} ({', '.join(names)})" if some else part)
    text = f"After a step {' and '.join(wrong)} differ from Adam's"
    return (
        f"{text}; {' and '.join(right)} {'are' if len(right) > 1 else 'is'} right." if right else f"{text}."
    )


def _wrong_arrays(groups: tuple[npt.NDArray[np.bool_], ...]) -> list[str]:
    """The arrays that are wrong after some step, by which entries are right."""
    arrays = [
        split(np.asarray(one.all(axis=0)), shapes) for one, shapes in zip(groups, (ONES, SHAPES), strict=True)
    ]
    return [name for name in NAMES if not all(getattr(one, name).all() for one in arrays)]


def _repeats(facts: OptimizerFacts) -> bool:
    """Whether steps that are asked for again end where they did."""
    pairs = [(facts.ends[first], facts.ends[again]) for first, again in repeated()]
    return all(np.allclose(a, b, rtol=1e-6, atol=0, equal_nan=True) for a, b in pairs)
