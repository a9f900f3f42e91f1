"""What the hints that a student was shown cost an attempt. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import msgspec

from grader.gradebook.records import StoredMark, now
from grader.model.exercise import Question
from grader.model.hints import HintTerms
from grader.specs.hint_policy import HintPolicy


class ShownHint(msgspec.Struct, frozen=True, kw_only=True):
    """A record that a student was shown a hint, or that this is taken back.

    Args:
        student: Who was shown it.
        exercise: The exercise's id.
        question: The question's id.
        number: Which of its hints, from 1.
        cost: Points that the student was told it costs, exact, as text.
        shown_at: ISO 8601 with offset; None where it is not known, and then it is before every attempt.
        who: Recorded it.
        is_withdrawn: Whether it is taken back: as if it had not been shown.
        kept_at: ISO 8601 in UTC.
    """

    student: str
    exercise: str
    question: str
    number: int
    who: str
    cost: str = "0"
    shown_at: str | None = None
    is_withdrawn: bool = False
    kept_at: str = msgspec.field(default_factory=now)


ByHint: TypeAlias = dict[tuple[str, int], ShownHint]
"""Shown hints by question and number."""


class HintCost(NamedTuple):
    """What the hints of one question cost an attempt.

    Args:
        question: The question's id.
        numbers: Of the hints that were shown before the attempt.
        cost: Points of them together.
        taken: Points that are taken off: no more than the question has earned.
    """

    question: str
    numbers: tuple[int, ...]
    cost: Fraction
    taken: Fraction


NO_ANSWERS: Mapping[str, datetime.datetime | None] = {}


def hints_that_count(rows: Iterable[ShownHint]) -> ByHint:
    """The hints of one student in one exercise that were shown, each once.

    Args:
        rows: Everything that was recorded, oldest first.
    """
    last = {(one.question, one.number): one for one in rows}
    return {key: one for key, one in last.items() if not one.is_withdrawn}


def hint_costs(
    hints: ByHint,
    marks: Sequence[StoredMark],
    submitted_at: datetime.datetime | None,
    policy: HintPolicy | None = None,
    by_hand: Collection[str] = (),
    answered: Mapping[str, datetime.datetime | None] = NO_ANSWERS,
) -> tuple[HintCost, ...]:
    """What hints cost an attempt, in the order of its questions; a question without cost is left out.

    Args:
        hints: That were shown.
        marks: Of the attempt.
        submitted_at: When it was handed in: what was shown then or later costs it nothing.
        policy: The course's; a cost in it replaces that of the record.
        by_hand: Questions for which a person gave points: these stand as they are.
        answered: When a question was answered, where that was not with the rest.
    """
    costs: list[HintCost] = []
    for mark in marks if hints else ():
        numbers = sorted(
            number
            for (question, number), one in hints.items()
            if question == mark.question
            and question not in by_hand
            and _is_before(one, answered.get(question, submitted_at))
        )
        cost = sum((_cost(hints[mark.question, number], policy) for number in numbers), Fraction(0))
        if cost:
            taken = min(cost, max(Fraction(mark.points), Fraction(0)))
            costs.append(HintCost(mark.question, tuple(numbers), cost, taken))
    return tuple(costs)


def _is_before(hint: ShownHint, submitted_at: datetime.datetime | None) -> bool:
    if hint.shown_at is None or submitted_at is None:
        return True
    return datetime.datetime.fromisoformat(hint.shown_at) < submitted_at


def _cost(hint: ShownHint, policy: HintPolicy | None) -> Fraction:
    of_course = None if policy is None else policy.cost_of(hint.number)
    return Fraction(hint.cost) if of_course is None else of_course


def course_terms(question: Question, policy: HintPolicy | None) -> tuple[HintTerms, ...]:
    """When a course shows the hints of a question and at which cost: its own terms, else the exercise's."""
    if policy is None:
        return question.terms
    own = [policy.over(terms, number) for number, terms in enumerate(question.terms, start=1)]
    return tuple(own)
