"""A decided network in a report: messages to the student, and facts as evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.describe import fraction_text
from grader.linear.decision import Decision, OutputDecision, Tier
from grader.linear.judge import JudgedNetwork
from grader.linear.reading import SHORT_DENOMINATOR
from grader.model.evidence import (
    COUNTEREXAMPLE,
    LOCATION,
    PROVED_FOR_ALL_INPUTS,
    WORKING,
    Basis,
    Evidence,
    tried_on,
)
from grader.model.outcome import Feedback
from grader.model.text import joined
from grader.networks.drawn import UnrolledDrawing
from reference.equivalence import Counterexample

JsonNumber: TypeAlias = int | float | str

LARGEST_WITH_REST = 10**15
# A float ends at 2**1024, and Python writes no whole number of more than 4300 digits.
LONGEST_SHOWN_BITS = 1000


class ShownCounterexample(msgspec.Struct, frozen=True, kw_only=True):
    """The input with both output sequences, in full, so that it can be replayed; counted from 1."""

    inputs: list[list[JsonNumber]]
    expected: list[list[JsonNumber]]
    got: list[list[JsonNumber]]
    first_wrong_step: int
    first_wrong_row: int


class ShownStateMap(msgspec.Struct, frozen=True, kw_only=True):
    """The matrix that takes the state of a right network to outputs, one row for each name in `to`."""

    to: list[str]
    matrix: list[list[JsonNumber]]


class LinearEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of a decided network; outputs count from 1."""

    rows_right: Annotated[dict[str, bool] | UnsetType, LOCATION] = UNSET
    deciding_steps: Annotated[int | UnsetType, LOCATION] = UNSET
    counterexample: Annotated[ShownCounterexample | UnsetType, COUNTEREXAMPLE] = UNSET
    accepted_by: Annotated[str | UnsetType, LOCATION] = UNSET
    state_map: Annotated[ShownStateMap | UnsetType, WORKING] = UNSET
    unrolled: Annotated[UnrolledDrawing | UnsetType, COUNTEREXAMPLE] = UNSET


def basis(decision: Decision) -> Basis:
    """What a decision rests on: proved, or tried on so many values or steps where rounding was allowed."""
    if decision.points:
        return tried_on(decision.points, "step")
    if decision.tier in (Tier.ROUNDED, Tier.BORDERLINE):
        return tried_on(decision.steps, "step")
    return PROVED_FOR_ALL_INPUTS


def evidence(decision: Decision, state_map: ShownStateMap | None = None) -> LinearEvidence:
    """Which outputs are right, and how the network was accepted or where it goes wrong.

    Args:
        decision: About the network.
        state_map: What its state means, where it is right and that is known.
    """
    shown, is_right = decision.counterexample, decision.tier is not Tier.WRONG
    accepted_by = "values" if decision.points else decision.tier.name.lower()
    return LinearEvidence(
        rows_right={str(i): one.tier is not Tier.WRONG for i, one in enumerate(decision.outputs, start=1)},
        deciding_steps=decision.steps,
        counterexample=UNSET if shown is None else _shown_counterexample(shown),
        accepted_by=accepted_by if is_right and shown is None else UNSET,
        state_map=state_map or UNSET,
    )


def _shown_counterexample(example: Counterexample) -> ShownCounterexample:
    inputs, expected, got = (
        [list(map(json_number, row)) for row in rows]
        for rows in (example.inputs, example.wanted, example.got)
    )
    return ShownCounterexample(
        inputs=inputs,
        expected=expected,
        got=got,
        first_wrong_step=len(example.inputs),
        first_wrong_row=example.row + 1,
    )


def json_number(value: Fraction) -> JsonNumber:
    """A whole number as such, a third as "1/3", others as a decimal, huge ones in four digits."""
    if value.numerator.bit_length() - value.denominator.bit_length() > LONGEST_SHOWN_BITS:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.4g}"
    if value.denominator == 1:
        return value.numerator
    if value.denominator <= SHORT_DENOMINATOR:
        shown = fraction_text(value)
        return shown if "/" in shown else float(value)
    return float(value)


def rendered(value: Fraction) -> str:
    """A number for a sentence; one that a float cannot tell from a whole number as "1 + 1e-300"."""
    shown = json_number(value)
    if isinstance(shown, str):
        return shown
    near = round(value)
    if Fraction(shown) != near or value == near or abs(near) > LARGEST_WITH_REST:
        return str(shown)
    # A float cannot show it: 1 + 1e-300.
    rest = abs(value - near)
    size = Decimal(rest.numerator) / Decimal(rest.denominator)
    return f"{near} {'+' if value > near else '-'} {size:.3g}"


def network_feedback(judged: JudgedNetwork) -> tuple[Feedback, ...]:
    """Messages about weights, whether they hold free symbols or not."""
    found = judged.symbolic
    messages = feedback(judged.decision, judged.has_biases)
    if found is None or not found.symbols:
        return messages
    if judged.is_right:
        nonzero = [f"{entry} != 0" for entry in found.excluded]
        but = f" with {' and '.join(nonzero)}" if nonzero else ""
        for_all = Feedback("right-for-all", f"Right for all values of {joined(found.symbols)}{but}.")
        return messages if judged.decision.points else (for_all, *messages)
    at = ", ".join(f"{name} = {json_number(value)}" for name, value in found.sample.items())
    first, *rest = messages
    text = f"With {at}: {first.message[:1].lower()}{first.message[1:]}"
    messages = (Feedback(first.code, text, level=first.level), *rest)
    if found.is_never_right:
        never = Feedback("right-for-no-value", f"Right for no value of {joined(found.symbols)}.")
        return (never, *messages)
    if found.right_only:
        only = f"Right only {found.right_only}: what stands for any number must do for every number."
        return (Feedback("right-for-special-values", only), *messages)
    return messages


def feedback(decision: Decision, has_biases: bool = False) -> tuple[Feedback, ...]:
    """Messages about a decision: where it goes wrong, or how a right answer was accepted."""
    if decision.tier is not Tier.WRONG:
        return _acceptance(decision)
    messages = []
    if decision.counterexample is not None:
        text = _where_it_fails(decision.counterexample)
        messages.append(Feedback("counterexample", text, level="counterexample"))
    messages.extend(_about_start(decision, has_biases))
    wrong = [(i, one) for i, one in enumerate(decision.outputs, start=1) if one.tier is Tier.WRONG]
    right = [i for i, one in enumerate(decision.outputs, start=1) if one.tier is not Tier.WRONG]
    if right:
        text = f"Right for all inputs: {_names(right)}. Not right: {_names([i for i, _ in wrong])}."
        messages.append(Feedback("rows-right", text))
    parts: dict[str, list[int]] = {}
    for i, one in wrong:
        parts.setdefault(_part_right(one), []).append(i)
    messages.extend(
        Feedback("row-part-right", f"{_names(outputs)}: {text}") for text, outputs in parts.items() if text
    )
    return tuple(messages)


def _about_start(decision: Decision, has_biases: bool) -> Iterator[Feedback]:
    wrong = [(i, one) for i, one in enumerate(decision.outputs, start=1) if not one.start_right]
    if has_biases and wrong:
        outputs = _names([i for i, _ in wrong])
        are = "are" if len(wrong) > 1 else "is"
        text = f"Without any input {outputs} {are} not what is asked: look at s0 and the biases."
        yield Feedback("starts-from-nonzero", text)
        return
    for is_wanted in (False, True):
        outputs = _names([i for i, one in wrong if one.is_start_wanted is is_wanted])
        if not outputs:
            continue
        text = f"The initial state shows in {outputs}: with all inputs zero it is not what is asked."
        if is_wanted:
            are = "are" if "," in outputs else "is"
            text = f"Without any input {outputs} {are} not what is asked: look at the initial state."
        yield Feedback("starts-from-nonzero", text)


def _where_it_fails(shown: Counterexample) -> str:
    t, i = len(shown.inputs), shown.row
    got, wanted = rendered(shown.got[-1][i]), rendered(shown.wanted[-1][i])
    silent = not any(value for row in shown.inputs for value in row)
    given = "With no input at all" if silent else f"For the input {_sequence(shown)}"
    short = f"{given}, g_{t}[{i + 1}] should be {wanted}; yours is {got}."
    return short if len(short) < 400 else f"{given}, g_{t}[{i + 1}] is not what is asked."


def _sequence(shown: Counterexample) -> str:
    steps = ["(" + ", ".join(str(json_number(v)) for v in row) + ")" for row in shown.inputs]
    return ", ".join(f"x_{t} = {x_t}" for t, x_t in enumerate(steps, start=1))


def _part_right(output: OutputDecision) -> str:
    if output.is_silent:
        return "zero whatever comes in."
    if output.first_right and not output.later_right:
        return "the response to the current input is right, that to earlier ones is not."
    if output.later_right and not output.first_right:
        return "the response to earlier inputs is right, that to the current one is not."
    return ""


def _names(outputs: Sequence[int]) -> str:
    return ", ".join(f"g_t[{i}]" for i in outputs)


def _acceptance(decision: Decision) -> tuple[Feedback, ...]:
    if decision.points:
        tried = f"{decision.points} values of its symbols that were tried"
        text = f"Right at all {tried}; algebra does not decide it."
        return (Feedback("right-at-values", text),)
    match decision.tier:
        case Tier.RATIONALISED:
            text = "Right, reading decimals such as 0.3333333333333333 as the fractions they stand for."
            return (Feedback("rationalised", text),)
        case Tier.ROUNDED:
            text = 'Right up to the rounding of your numbers. Fractions such as "1/3" are taken exactly.'
            return (Feedback("right-up-to-rounding", text),)
        case Tier.BORDERLINE:
            text = (
                "Accepted, though your numbers are rounded so far that the outputs are slightly off. "
                'Write fractions such as "1/3" to be exact.'
            )
            staff = (
                "Accepted as rounding: errors lie between 1e-9 and 1e-5, with floats of 32 bits 1e-3. Have a "
                "look if rounding matters."
            )
            return (Feedback("borderline-rounding", text), Feedback("borderline-rounding", staff, "staff"))
    return ()
