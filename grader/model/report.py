"""Step 7: the report, exact. `reports/` turns it into what people and scripts read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

import msgspec

from grader.model.outcome import Outcome, Verdict
from grader.model.run import Protection, Usage

SCHEMA = "rnngrade/report/1"


class QuestionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One question's outcome with its points.

    Args:
        id: The question's.
        label: As printed on the exercise sheet.
        max_points: Exact.
        outcome: What was found.
        hints: Those that may be shown.
        held_hints: How many more there are, which are to be earned or paid for.
    """

    id: str
    label: str
    max_points: Fraction
    outcome: Outcome
    hints: tuple[str, ...] = ()
    held_hints: int = 0

    @property
    def points(self) -> Fraction:
        """Points earned, exact."""
        return self.max_points * self.outcome.fraction


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What counts of a report once points given by hand and lateness are taken in.

    Args:
        points: That count.
        reasons: Why they are others than those of the questions together, in words for the student.
        facts: The same for scripts, JSON-ready, as the gradebook's export has them.
        is_final: Whether a person gave points for the whole, so that nothing is open.
    """

    points: Fraction
    reasons: tuple[str, ...] = ()
    facts: dict[str, Any] = {}
    is_final: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that is known about one marked submission; `variant` is the code of its exercise's, "" for none."""

    exercise: str
    exercise_digest: str
    student: str
    submission_digest: str
    grader_version: str
    seed: int
    questions: tuple[QuestionReport, ...]
    protection: Protection
    usage: Usage
    output: str = ""
    notes: tuple[str, ...] = ()
    title: str = ""
    counted: Counted | None = None
    variant: str = ""

    @property
    def points(self) -> Fraction:
        """Points that count, exact: those of `counted`, else of all questions."""
        return self.earned if self.counted is None else self.counted.points

    @cached_property
    def earned(self) -> Fraction:
        """Points of all questions together, exact."""
        return _total(question.points for question in self.questions)

    @cached_property
    def max_points(self) -> Fraction:
        """Points that could be earned."""
        return _total(question.max_points for question in self.questions)

    @property
    def fraction(self) -> Fraction:
        """Share of the points; 1 where nothing could be earned."""
        return self.points / self.max_points if self.max_points else Fraction(1)

    @property
    def pending_points(self) -> Fraction:
        """Points of the questions that wait for a person's mark."""
        if self.counted is not None and self.counted.is_final:
            return Fraction(0)
        waiting = (one for one in self.questions if one.outcome.verdict is Verdict.PENDING)
        return _total(one.max_points for one in waiting)

    @property
    def marked_points(self) -> Fraction:
        """Points that could be earned in what is marked."""
        return self.max_points - self.pending_points

    @property
    def marked_fraction(self) -> Fraction:
        """Share of the points of what is marked; 1 where that is nothing."""
        return self.points / self.marked_points if self.marked_points else Fraction(1)

    @property
    def is_undecided(self) -> bool:
        """Whether the grader itself failed or could not decide somewhere."""
        is_final = self.counted is not None and self.counted.is_final
        return not is_final and any(one.outcome.verdict is Verdict.UNDECIDED for one in self.questions)


def _total(numbers: Iterable[Fraction]) -> Fraction:
    """The exact sum, over one common denominator: to add fractions one by one takes four times as long."""
    summands = list(numbers)
    below = math.lcm(*(one.denominator for one in summands))
    return Fraction(sum(one.numerator * (below // one.denominator) for one in summands), below)
