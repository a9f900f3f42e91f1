"""Step 7: the report, exact. `reports/` turns it into what people and scripts read."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from grader.model.outcome import Outcome, Verdict
from grader.model.run import Protection, Usage

SCHEMA = "rnngrade/report/1"


class QuestionReport(msgspec.Struct, frozen=True, kw_only=True):
    """One question's outcome with its points."""

    id: str
    label: str
    max_points: Fraction
    outcome: Outcome
    hints: tuple[str, ...] = ()

    @property
    def points(self) -> Fraction:
        """Points earned, exact."""
        return self.max_points * self.outcome.fraction


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known about one marked submission."""

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

    @property
    def points(self) -> Fraction:
        """Points earned over all questions, exact."""
        return sum((question.points for question in self.questions), Fraction(0))

    @property
    def max_points(self) -> Fraction:
        """Points that could be earned."""
        return sum((question.max_points for question in self.questions), Fraction(0))

    @property
    def fraction(self) -> Fraction:
        """Share of the points; 1 where nothing could be earned."""
        return self.points / self.max_points if self.max_points else Fraction(1)

    @property
    def is_undecided(self) -> bool:
        """Whether the grader itself failed or could not decide somewhere."""
        return any(question.outcome.verdict is Verdict.UNDECIDED for question in self.questions)
