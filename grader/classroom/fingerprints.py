"""Fingerprints of an answer, for finding copies: of wrong values, and of unusual weights. Pure."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from grader.errors import Unreadable
from grader.grading.resolve import Given
from grader.model.exercise import Exercise
from grader.model.outcome import Verdict
from grader.model.value import Array, Fields, Flag, Items, Number, Value

WEIGHT_KINDS = frozenset({"design", "linear_system", "realisation", "feasibility", "training"})
"""Kinds with many right answers, among which each student makes a choice."""

USUAL = frozenset({"True", "False", *(str(Fraction(n, d)) for n in range(-4, 5) for d in (1, 2))})
"""Weights that anybody writes."""

FEWEST_UNUSUAL = 3
"""This many different unusual numbers in common are no coincidence."""

MOST_NUMBERS = 4096
"""The numbers of one answer that are looked at, the first ones."""

LONGEST_NUMBER = 60
"""Letters; longer ones are compared as text, since a power of ten can be written in few letters."""


def fingerprints_of(exercise: Exercise, given: Given, verdict: Verdict) -> dict[str, str]:
    """The fingerprints of the answer to one question; none where it does not ask for fields."""
    numbers = _numbers(given)
    own: dict[str, str] = {}
    if not numbers:
        return own
    if verdict in (Verdict.INCORRECT, Verdict.PARTIAL):
        own["values"] = _digest(numbers)
    if exercise.values and verdict is Verdict.CORRECT:
        own["right"] = _digest(numbers)
    if given.question.kind in WEIGHT_KINDS and len(_unusual(numbers)) >= FEWEST_UNUSUAL:
        own["basis"] = _digest(_without_order_and_sign(numbers))
    return own


def _numbers(given: Given) -> list[tuple[str, list[str]]]:
    """Each field's numbers, in reading order; texts are for people and not compared."""
    if given.question.asks.function is not None:
        return []
    try:
        answer = given.answer
    except Unreadable:
        return []
    fields = [(name, _first(answer.fields[name])) for name in sorted(answer.fields)]
    return [(name, numbers) for name, numbers in fields if numbers]


def _first(value: Value) -> list[str]:
    return [text for text, _ in zip(_texts(value), range(MOST_NUMBERS), strict=False)]


def _texts(value: Value) -> Iterator[str]:
    match value:
        case Number(text=text):
            yield _canonical(text)
        case Flag(value=flag):
            yield str(flag)
        case Array(dtype=dtype, data=data):
            for number in np.frombuffer(data, dtype=dtype)[:MOST_NUMBERS].tolist():
                yield _canonical(str(number))
        case Items(items=items):
            for item in items:
                yield from _texts(item)
        case Fields(fields=fields):
            for name in sorted(fields):
                yield from _texts(fields[name])


@functools.lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    if len(text) <= LONGEST_NUMBER and "e" not in text.lower():
        with contextlib.suppress(ValueError, ZeroDivisionError):
            return str(Fraction(text))
    return text


def _unusual(numbers: list[tuple[str, list[str]]]) -> set[str]:
    return {text.lstrip("-") for _, texts in numbers for text in texts if text not in USUAL}


def _without_order_and_sign(numbers: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """The same for all weights that differ by the order and the signs of their states."""
    return [(name, sorted(text.lstrip("-") for text in texts)) for name, texts in numbers]


def _digest(numbers: list[tuple[str, list[str]]]) -> str:
    return hashlib.sha256(repr(numbers).encode()).hexdigest()[:16]
