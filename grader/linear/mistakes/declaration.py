"""What a declared mistake is: an id, a test on one output, words, and two answers that hold it to them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from grader.linear.findings import plain, told
from grader.linear.mistakes.case import Output

# Weights as a student would write them, with the question they answer: see `samples`.
Sample: TypeAlias = tuple[Mapping[str, Any], Mapping[str, Any]]


class Breadth(enum.IntEnum):
    """How much a mistake explains: the narrowest that fits is named."""

    NARROW = 0  # says of every step what comes out, and why
    WIDE = 1  # says what comes out
    VAGUE = 2  # says from where on it is wrong


class Aspect(enum.Enum):
    """What of an output a mistake is about; one of each can be wrong at the same time."""

    INPUTS = "reactions to inputs"
    START = "response to the initial state"


@dataclass(frozen=True)
class OutputMistake:
    """A mistake that shows in single outputs.

    Args:
        id: Stable kebab-case word.
        aspect: What of the output it is about.
        breadth: How much it explains.
        sees: From an output that is wrong in this aspect to a sentence with `{it}` for the output's name, or
            None where the mistake would have given something else.
        example: A wrong answer that it explains.
        near_miss: A wrong answer like it that it does not.
    """

    id: str
    aspect: Aspect
    breadth: Breadth
    sees: Callable[[Output], str | None]
    example: Sample
    near_miss: Sample


def said(value: Fraction) -> str:
    """A number for a sentence: short, else a decimal of six digits, or more where six look whole."""
    shown = plain(value)
    if not isinstance(shown, float):
        return str(shown)
    short = f"{shown:.6g}"
    return told(value) if Fraction(short).denominator == 1 else short


def inputs_named(columns: list[int]) -> str:
    """x[1] and x[3], from indices that count from 0."""
    names = [f"x[{j + 1}]" for j in columns]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
