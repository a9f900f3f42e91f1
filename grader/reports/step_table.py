"""A network run step by step, as lines to follow by hand and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from grader.answers.describe import fraction_text
from grader.networks.running.interpreted import Value
from grader.networks.running.stepwise import Step, StepwiseRun, Worked

SCHEMA = "rnngrade/trace/1"
DIGITS = 6
LONGEST = 20
"""Characters of an exact number; a longer one is told by its first digits."""


def step_lines(run: StepwiseRun) -> list[str]:
    """The run, a block a step: the inputs, then every value in the order in which it is worked out."""
    width = max((len(_left(one)) for step in run.steps for one in step.worked), default=0)
    lines = []
    for step in run.steps:
        lines += ["", *_block(step, width)]
    kind = "Every value is exact." if run.is_exact else f"Values are shown to {DIGITS} digits."
    return [*lines[1:], "", kind]


def as_record(run: StepwiseRun, exercise: str, question: str) -> dict[str, Any]:
    """The run as JSON-ready values; fractions that are no whole numbers are text, such as "1/3".

    Args:
        run: The run.
        exercise: Its id.
        question: Its id.
    """
    return {
        "schema": SCHEMA,
        "exercise": exercise,
        "question": question,
        "exact": run.is_exact,
        "steps": [
            {
                "t": step.t,
                "inputs": {name: _json(value) for name, value in step.inputs.items()},
                "worked": [{"what": one.text, "value": _json(one.value)} for one in step.worked],
            }
            for step in run.steps
        ],
    }


def _block(step: Step, width: int) -> Iterator[str]:
    given = ", ".join(f"{name}({step.t}) = {_text(value)}" for name, value in step.inputs.items())
    yield f"t = {step.t}   {given}"
    for one in step.worked:
        yield f"{_left(one):{width}} = {_text(one.value)}"


def _left(one: Worked) -> str:
    return f"  {one.text}" if one.is_variable else f"    {one.text}"


def _text(value: Value) -> str:
    return f"({', '.join(map(_text, value))})" if isinstance(value, tuple) else _number(value)


def _number(value: Fraction | float) -> str:
    if isinstance(value, float):
        return f"{value:.{DIGITS}g}"
    if value.numerator.bit_length() + value.denominator.bit_length() <= 4 * LONGEST:
        text = fraction_text(value)
        if len(text) <= LONGEST:
            return text
    try:
        return f"about {float(value):.{DIGITS}g}"
    except OverflowError:
        power = (abs(value.numerator).bit_length() - value.denominator.bit_length()) * math.log10(2)
        return f"about {'-' if value < 0 else ''}10^{round(power)}"


def _json(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(map(_json, value))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return value.numerator if value.denominator == 1 and abs(value) < 2**53 else str(value)
