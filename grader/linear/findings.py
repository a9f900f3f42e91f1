"""A decision in words and as evidence for the report."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from grader.answers.describe import shown_fraction
from grader.linear.decision import Decision, Row, Tier
from grader.model.evidence import PROVED_FOR_ALL_INPUTS, Basis, tried_on
from grader.model.outcome import Feedback
from reference.equivalence import Counterexample

TIER_NAMES = {
    Tier.EXACT: "exact",
    Tier.RATIONALISED: "rationalised",
    Tier.ROUNDED: "rounded",
    Tier.BORDERLINE: "borderline",
}

# A student recognises 1/3 and 7/1000, but not the 54 digits of a float as a fraction.
SHORT_DENOMINATOR = 1000
LARGEST_WITH_REST = 10**15
# A float ends at 2**1024, and Python writes no whole number of more than 4300 digits.
LONGEST_SHOWN_BITS = 1000


def basis(decision: Decision) -> Basis:
    """What an exact decision or a counterexample rests on, and one where rounding was allowed."""
    if decision.points:
        return tried_on(decision.points, "step")
    if decision.tier in (Tier.ROUNDED, Tier.BORDERLINE):
        return tried_on(decision.steps, "step")
    return PROVED_FOR_ALL_INPUTS


def evidence(decision: Decision) -> dict[str, Any]:
    """JSON-ready: the tier or the counterexample, and which outputs are right; outputs count from 1."""
    rows = {str(i): row.tier is not Tier.WRONG for i, row in enumerate(decision.rows, start=1)}
    facts: dict[str, Any] = {"rows_right": rows, "deciding_steps": decision.steps}
    if decision.counterexample is not None:
        facts["counterexample"] = counterexample_evidence(decision.counterexample)
    elif decision.tier is not Tier.WRONG:
        facts["accepted_by"] = "values" if decision.points else TIER_NAMES[decision.tier]
    return facts


def counterexample_evidence(shown: Counterexample) -> dict[str, Any]:
    """The input with both output sequences, in full, so that it can be replayed."""
    return {
        "inputs": [[plain(v) for v in row] for row in shown.inputs],
        "expected": [[plain(v) for v in row] for row in shown.wanted],
        "got": [[plain(v) for v in row] for row in shown.got],
        "first_wrong_step": len(shown.inputs),
        "first_wrong_row": shown.row + 1,
    }


def plain(value: Fraction) -> int | float | str:
    """A whole number as such, a third as "1/3", others as a decimal, huge ones in four digits."""
    if value.numerator.bit_length() - value.denominator.bit_length() > LONGEST_SHOWN_BITS:
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.4g}"
    if value.denominator == 1:
        return value.numerator
    if value.denominator <= SHORT_DENOMINATOR:
        shown = shown_fraction(value)
        return shown if "/" in shown else float(value)
    return float(value)


def told(value: Fraction) -> str:
    """A number for a sentence, in as many digits as tell it from the short number next to it."""
    shown = plain(value)
    if isinstance(shown, str):
        return shown
    near = round(value)
    if Fraction(shown) != near or value == near or abs(near) > LARGEST_WITH_REST:
        return str(shown)
    # A float cannot show it: 1 + 1e-300.
    rest = abs(value - near)
    size = Decimal(rest.numerator) / Decimal(rest.denominator)
    return f"{near} {'+' if value > near else '-'} {size:.3g}"


def feedback(decision: Decision) -> tuple[Feedback, ...]:
    """What to tell about a decision: where it goes wrong, or how a right answer was accepted."""
    if decision.tier is not Tier.WRONG:
        return _acceptance(decision)
    messages = []
    if decision.counterexample is not None:
        text = _where_it_fails(decision.counterexample)
        messages.append(Feedback("counterexample", text, level="counterexample"))
    messages.extend(_about_start(decision))
    wrong = [(i, row) for i, row in enumerate(decision.rows, start=1) if row.tier is Tier.WRONG]
    right = [i for i, row in enumerate(decision.rows, start=1) if row.tier is not Tier.WRONG]
    if right:
        text = f"Right for all inputs: {_list(right)}. Not right: {_list([i for i, _ in wrong])}."
        messages.append(Feedback("rows-right", text))
    parts: dict[str, list[int]] = {}
    for i, row in wrong:
        parts.setdefault(_part_right(row), []).append(i)
    messages.extend(
        Feedback("row-part-right", f"{_list(rows)}: {text}") for text, rows in parts.items() if text
    )
    return tuple(messages)


def _about_start(decision: Decision) -> Iterator[Feedback]:
    wrong = [(i, row) for i, row in enumerate(decision.rows, start=1) if not row.start_right]
    for is_wanted in (False, True):
        outputs = _list([i for i, row in wrong if row.is_start_wanted is is_wanted])
        if not outputs:
            continue
        text = f"The initial state shows in {outputs}: with all inputs zero it is not what is asked."
        if is_wanted:
            are = "are" if "," in outputs else "is"
            text = f"Without any input {outputs} {are} not what is asked: look at the initial state."
        yield Feedback("starts-from-nonzero", text)


def _where_it_fails(shown: Counterexample) -> str:
    t, i = len(shown.inputs), shown.row
    got, wanted = told(shown.got[-1][i]), told(shown.wanted[-1][i])
    silent = not any(value for row in shown.inputs for value in row)
    given = "With no input at all" if silent else f"For the input {_sequence(shown)}"
    short = f"{given}, g_{t}[{i + 1}] should be {wanted}; yours is {got}."
    return short if len(short) < 400 else f"{given}, g_{t}[{i + 1}] is not what is asked."


def _sequence(shown: Counterexample) -> str:
    steps = ["(" + ", ".join(str(plain(v)) for v in row) + ")" for row in shown.inputs]
    return ", ".join(f"x_{t} = {x_t}" for t, x_t in enumerate(steps, start=1))


def _part_right(row: Row) -> str:
    if row.is_silent:
        return "zero whatever comes in."
    if row.first_right and not row.later_right:
        return "the reaction to the current input is right, that to earlier ones is not."
    if row.later_right and not row.first_right:
        return "the reaction to earlier inputs is right, that to the current one is not."
    return ""


def _list(outputs: list[int]) -> str:
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
