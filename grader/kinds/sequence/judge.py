"""Step 5: each step of a sequence by itself, right by the key or by follow-through."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.matrices import Steps, as_floats, read_steps
from grader.answers.numbers import ExactNumber
from grader.answers.rounding import Slip, credit_of, decimals_of, is_rounding_of, slip_feedback, slip_of
from grader.errors import Unreadable
from grader.explaining import explained
from grader.formula.constants import with_numbers
from grader.kinds.sequence.question import SequenceParams, Table, expected, network_of
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.networks.follow_through import HandTrace, LayerValues, StepFacts, Withheld, follow
from reference.network import Array

WHERE = "In your intermediate values"
WHY_WITHHELD: dict[Withheld, str] = {
    "bare": "what was fed back there is not right, and 0 or ±1 throughout",
    "impossible": "what was fed back there is no value that its activation takes",
}


class Layer(NamedTuple):
    """One layer's values as handed in, and for each whether it is right or what is wrong (a `Slip`)."""

    steps: Steps
    slips: list[list[Slip]]

    @property
    def values(self) -> LayerValues:
        """The values as numbers."""
        is_key = [[credit_of(slip) == 1 for slip in step] for step in self.slips]
        return LayerValues(as_floats(self.steps), is_key)

    @property
    def wrong_steps(self) -> list[int]:
        """The steps, from 1 on, in which some value is not right by itself."""
        return [t for t, step in enumerate(self.slips, start=1) if any(credit_of(slip) < 1 for slip in step)]


class SequenceFacts(NamedTuple):
    """What was read and decided.

    Args:
        y: (T, n_out) outputs; NaN where an entry is no number.
        h: (T, n_h) hidden activations, where they were handed in and could be read.
        fraction: What the steps earn.
    """

    y: Array
    h: Array | None
    fraction: Fraction


class StepEvidence(msgspec.Struct, frozen=True):
    """What the outputs of one step are; t counts from 1."""

    t: int
    codes: list[str]
    credit: str


class SequenceEvidence(Evidence, frozen=True, kw_only=True):
    """What each step earns.

    Args:
        steps: All of them.
        first_wrong_working_step: Of the hidden activations, where they were handed in; None where all are
            right, or none could be read.
        slips: The values that are neither the key's nor follow: "h(1)", "y(3)".
    """

    steps: Annotated[list[StepEvidence], LOCATION]
    first_wrong_working_step: Annotated[int | UnsetType | None, LOCATION] = UNSET
    slips: Annotated[list[str] | UnsetType, LOCATION] = UNSET


def judge(params: SequenceParams, answer: Answer) -> Judgement[SequenceFacts]:
    """Mark each step by itself; each counts the same.

    A step is right by the key, by work that was rounded on the way, or because it follows from the student's
    own earlier values; see `grader.networks.follow_through`.

    Raises:
        Unreadable: If the outputs are not given or cannot be read.
    """
    if "y" not in answer.fields:
        raise Unreadable("not given", "hand in the outputs, one for each step", "y", "missing-field")
    right = expected(params)
    y = _read(params, answer, "y", right.y, [path[0] for path in right.rounded])
    h, unread = None, []
    try:
        if "h" in answer.fields:
            h = _read(params, answer, "h", right.h, [path[1] for path in right.rounded])
    except Unreadable as error:
        unread = [Feedback("working-unreadable", f"Your intermediate values were not looked at: {error}")]
    y_values, h_values = y.values, h.values if h else None
    followed = _follow(params, y_values, h_values)
    slips = _with_follow_through(y.slips, followed)
    credits = [sum(map(credit_of, step), Fraction(0)) / len(step) for step in slips]
    fraction = sum(credits, Fraction(0)) / len(credits)
    every = [slip for step in slips for slip in step]
    feedback = explained(lambda: slip_feedback(every, _names("y", slips))) or []
    remarks = explained(lambda: [*_notices(followed), *_on_h(params, h, followed, fraction == 1)]) or []
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED,
        feedback=(*feedback, *unread, *remarks),
        evidence=(_evidence(slips, credits, followed, h, bool(unread)),),
    )
    return Judgement(outcome, SequenceFacts(y_values.values, h_values.values if h_values else None, fraction))


def _read(params: SequenceParams, answer: Answer, name: str, right: Table, rounded: list[Table]) -> Layer:
    steps = read_steps(with_numbers(answer.fields[name]), len(right), len(right[0]), name)
    slips = [
        [
            _slip(entry, right[t][k], [path[t][k] for path in rounded], params.places)
            for k, entry in enumerate(step)
        ]
        for t, step in enumerate(steps)
    ]
    return Layer(steps, slips)


def _slip(entry: ExactNumber | Slip, right: Fraction, rounded: list[Fraction], places: int) -> Slip:
    slip = slip_of(entry, right, places)
    if slip is Slip.RIGHT or isinstance(entry, Slip):
        return slip
    follows = any(is_rounding_of(entry.value, value, places) for value in rounded)
    return Slip.ROUNDED_INTERMEDIATE if follows else slip


def _follow(params: SequenceParams, y: LayerValues, h: LayerValues | None) -> tuple[StepFacts, ...]:
    if params.places == 0:
        return ()  # without decimals every activation is within reach of every other
    return follow(HandTrace(network_of(params), params.cell == "elman", params.places), y, h)


def _with_follow_through(slips: list[list[Slip]], followed: tuple[StepFacts, ...]) -> list[list[Slip]]:
    if not followed:
        return slips
    return [
        [
            Slip.FOLLOWS if follows and credit_of(slip) < 1 else slip
            for slip, follows in zip(own, step.y_follows, strict=True)
        ]
        for own, step in zip(slips, followed, strict=True)
    ]


def _evidence(
    slips: list[list[Slip]],
    credits: list[Fraction],
    followed: tuple[StepFacts, ...],
    h: Layer | None,
    is_unread: bool,
) -> SequenceEvidence:
    return SequenceEvidence(
        steps=[
            StepEvidence(t, [slip.value for slip in step], str(credit))
            for t, (step, credit) in enumerate(zip(slips, credits, strict=True), start=1)
        ],
        first_wrong_working_step=next(iter(h.wrong_steps), None) if h else None if is_unread else UNSET,
        slips=_slip_names(followed) if any(Slip.FOLLOWS in step for step in slips) else UNSET,
    )


def _slip_names(followed: Sequence[StepFacts]) -> list[str]:
    return [
        f"{name}({t})"
        for t, step in enumerate(followed, start=1)
        for name, is_slip in (("h", step.is_h_slip), ("y", step.is_y_slip))
        if is_slip
    ]


def _names(name: str, slips: list[list[Slip]]) -> list[str]:
    return [
        f"{name}({t})" if len(step) == 1 else f"{name}({t})[{k}]"
        for t, step in enumerate(slips, start=1)
        for k in range(1, len(step) + 1)
    ]


def _notices(followed: Sequence[StepFacts]) -> list[Feedback]:
    """What was not taken to follow, and what looks copied."""
    messages = []
    for why, reason in WHY_WITHHELD.items():
        withheld = [str(t) for t, step in enumerate(followed, start=1) if step.withheld == why]
        if withheld:
            text = f"Step {', '.join(withheld)} was held against the right values alone: {reason}."
            messages.append(Feedback("not-followed", text))
    copied = [
        f"{name}({t})"
        for t, step in enumerate(followed, start=1)
        for name, is_copied in (("h", step.is_h_copied), ("y", step.is_y_copied))
        if is_copied
    ]
    if copied:
        text = f"{', '.join(copied)}: right, but does not follow from the wrong values handed in before it."
        messages.append(Feedback("does-not-follow", text, "staff"))
    return messages


def _on_h(
    params: SequenceParams, h: Layer | None, followed: Sequence[StepFacts], is_solved: bool
) -> list[Feedback]:
    """What is said of the hidden activations: that they are right, or where they first go wrong."""
    if h is None:
        return []
    wrong = h.wrong_steps
    if not wrong:
        text = "Your intermediate values h are right at every step"
        text += "." if is_solved else ", so look at how y follows from h."
        return [Feedback("working-right", text)]
    if _is_coarse(h, params):
        text = f"Your intermediate values h have fewer decimals than were asked, first in h({wrong[0]})."
        return [Feedback("working-step", text)]
    text = f"{WHERE} h({wrong[0]}) is the first step that is not right."
    # An h that is wrong but follows is no slip: the slip is in an output that was fed back before it.
    fed = [t for t, step in enumerate(followed[: wrong[0] - 1], start=1) if step.is_y_slip]
    if followed and fed and not followed[wrong[0] - 1].is_h_slip:
        text = f"{WHERE} the slip is in y({fed[0]}); h({wrong[0]}) follows rightly from it."
    slips = [t for t, step in enumerate(followed, start=1) if step.is_h_slip]
    if slips == wrong[:1] and wrong[0] < len(followed):
        text = f"{WHERE} the slip is in h({wrong[0]}); all later h follow rightly from it."
    return [Feedback("working-step", text + ("" if is_solved else " Look there first."))]


def _is_coarse(h: Layer, params: SequenceParams) -> bool:
    """Whether every value that is not right would be right if fewer decimals had been asked."""
    wrong = [
        (entry, wanted)
        for own, slips, right in zip(h.steps, h.slips, expected(params).h, strict=True)
        for entry, slip, wanted in zip(own, slips, right, strict=True)
        if credit_of(slip) < 1
    ]
    return all(
        isinstance(entry, ExactNumber)
        and (written := decimals_of(entry.value)) is not None
        and written < params.places
        and is_rounding_of(entry.value, wanted, written)
        for entry, wanted in wrong
    )
