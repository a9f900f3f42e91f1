"""A report as Python programs and notebooks use it."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from grader.model import report as exact


class Question(NamedTuple):
    """How one question was marked.

    Args:
        id: The question's.
        label: As on the exercise sheet.
        verdict: "correct", "partial", "incorrect", "missing", "invalid", "skipped", "undecided" or "pending".
        points: Earned, exact.
        max_points: That could be earned.
        messages: What is wrong, in the order of the report.
        causes: Known mistakes that explain the answer.
    """

    id: str
    label: str
    verdict: str
    points: Fraction
    max_points: Fraction
    messages: tuple[str, ...]
    causes: tuple[str, ...]


class Report:
    """A marked answer. In a notebook it shows itself as a page does, else as text.

    Args:
        found: The report as marking made it.
    """

    def __init__(self, found: exact.Report) -> None:
        self._report = found

    @property
    def points(self) -> Fraction:
        """Points earned, exact."""
        return self._report.points

    @property
    def max_points(self) -> Fraction:
        """Points that could be earned."""
        return self._report.max_points

    @property
    def fraction(self) -> Fraction:
        """Share of the points that was earned."""
        return self._report.fraction

    @property
    def is_undecided(self) -> bool:
        """Whether something could not be decided, so that more points may be open."""
        return self._report.is_undecided

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its id, in the exercise's order."""
        return {one.id: _question(one) for one in self._report.questions}

    def to_json(self) -> str:
        """The report in the schema `rnngrade/report/1`, as `submit --format json` writes it."""
        return self._rendered("json")

    def to_html(self) -> str:
        """The report as a page of its own."""
        return self._rendered("html")

    def __repr__(self) -> str:
        return self._rendered("terminal").rstrip("\n")

    def _repr_html_(self) -> str:
        from grader.reports.html.notebook import notebook_html

        return notebook_html(self._report)

    def _repr_markdown_(self) -> str:
        return self._rendered("markdown")

    def _rendered(self, name: str) -> str:
        from grader.reports import find_format

        return find_format(name).render(self._report)


def _question(one: exact.QuestionReport) -> Question:
    return Question(
        id=one.id,
        label=one.label,
        verdict=one.outcome.verdict.value,
        points=one.points,
        max_points=one.max_points,
        messages=tuple(each.message for each in one.outcome.feedback if each.audience == "student"),
        causes=tuple(diagnosis.message for diagnosis in one.outcome.diagnoses),
    )
