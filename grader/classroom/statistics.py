"""How a class did in an exercise, question by question."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple, TypeAlias

import msgspec
from sqlalchemy import Connection

from grader.gradebook.kept_reports import decoded, report_texts
from grader.gradebook.records import StoredMark, exact
from grader.gradebook.standing import Standing
from grader.model.outcome import Verdict
from grader.model.text import counted

Diagnoses: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""The ids of known mistakes, by student and question."""

NO_DIAGNOSES: Mapping[str, Sequence[str]] = {}

BINS = 10

OPEN = (Verdict.UNDECIDED, Verdict.PENDING)
"""Verdicts that may still change without a new attempt: they count neither way."""

FEW_FOR_ANYTHING = 10
"""Below this, one student moves a share by more than a tenth."""

FEW_FOR_DISCRIMINATION = 30
"""Below this, a correlation of 0.3 may well be chance (its 95 % interval reaches below 0)."""


class QuestionStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """One question over the class.

    Args:
        question: Its id.
        difficulty: Mean share of its points; 1 is easy. None where nobody was decided.
        discrimination: Correlation of its points with those of all other questions; None where either is
            the same for everybody.
        verdicts: How many have each verdict.
        diagnoses: How many made each known mistake.
    """

    question: str
    difficulty: float | None
    discrimination: float | None
    verdicts: dict[str, int]
    diagnoses: dict[str, int]


class Statistics(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise over the class.

    Args:
        exercise: Its id.
        students: How many are in it.
        mean: Mean share of the points, as they count.
        median: Half of the class is at or below.
        histogram: How many have 0-10 %, 10-20 %, ... of the points; full marks are in the last.
        questions: In the exercise's order.
        warnings: Conclusions that the figures do not support.
    """

    exercise: str
    students: int
    mean: float | None
    median: float | None
    histogram: tuple[int, ...]
    questions: tuple[QuestionStatistics, ...]
    warnings: tuple[str, ...] = ()


def statistics(exercise: str, standings: Sequence[Standing], diagnoses: Diagnoses) -> Statistics:
    """The figures of one exercise.

    Args:
        exercise: Its id.
        standings: One for each student.
        diagnoses: The known mistakes in it.
    """
    decided = [one for one in standings if not one.is_undecided and not one.is_pending]
    shares = [float(one.fraction) for one in decided]
    # Of marks that differ, in the order in which they come: most of a class have the same few.
    of_all = dict.fromkeys(one.marks for one in standings)
    questions = list(dict.fromkeys(mark.question for marks in of_all for mark in marks))
    return Statistics(
        exercise=exercise,
        students=len(standings),
        mean=sum(shares) / len(shares) if shares else None,
        median=median(shares) if shares else None,
        histogram=_histogram(shares),
        questions=tuple(_question(question, standings, diagnoses) for question in questions),
        warnings=_warnings(
            len(standings),
            sum(one.is_undecided for one in standings),
            sum(one.is_pending and not one.is_undecided for one in standings),
        ),
    )


def summary(figures: Statistics) -> str:
    """The class in a line."""
    students = counted(figures.students, "student")
    if figures.mean is None or figures.median is None:
        return students
    return f"{students}, mean {figures.mean:.0%}, median {figures.median:.0%}"


class _Figures(NamedTuple):
    """One mark in numbers, and the points of all others beside it.

    Args:
        verdict: Of the mark.
        share: Of its points.
        points: Its own.
        rest: Those of all other questions: with itself a question always agrees.
        is_comparable: Whether none of all the marks may still change.
    """

    verdict: str
    share: float
    points: float
    rest: float
    is_comparable: bool


@functools.lru_cache(maxsize=4096)
def _figures(marks: tuple[StoredMark, ...]) -> Mapping[str, _Figures]:
    """The numbers of each question; found once for all who have the same marks."""
    is_comparable = not any(mark.verdict in OPEN for mark in marks)
    points = {mark.question: float(exact(mark.points)) for mark in marks}
    return {
        mark.question: _Figures(
            mark.verdict,
            float(exact(mark.fraction)),
            points[mark.question],
            sum(one for name, one in points.items() if name != mark.question),
            is_comparable,
        )
        for mark in marks
    }


def _question(question: str, standings: Sequence[Standing], diagnoses: Diagnoses) -> QuestionStatistics:
    figures = [_figures(one.marks) for one in standings]
    marks = [of_one[question] for of_one in figures if question in of_one]
    shares = [one.share for one in marks if one.verdict not in OPEN]
    counts = Counter(
        one for of_student in diagnoses.values() for one in dict.fromkeys(of_student.get(question, ()))
    )
    return QuestionStatistics(
        question=question,
        difficulty=sum(shares) / len(shares) if shares else None,
        discrimination=correlation([(one.points, one.rest) for one in marks if one.is_comparable]),
        verdicts=dict(sorted(Counter(one.verdict for one in marks).items())),
        diagnoses=dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
    )


class _Diagnosis(msgspec.Struct):
    id: str


class _Question(msgspec.Struct):
    id: str
    diagnoses: tuple[_Diagnosis, ...]


class _Report(msgspec.Struct):
    """The fields of a report that figures need; decoding all of it takes ten times as long."""

    questions: tuple[_Question, ...]


def diagnoses_of(connection: Connection, standings: Sequence[Standing]) -> Diagnoses:
    """The known mistakes in the attempts that count."""
    results = [one.attempt.result for one in standings]
    found = zip(standings, report_texts(connection, results), strict=True)
    return {one.student: _diagnoses(text) for one, (_, text) in found}


def _diagnoses(text: str) -> Mapping[str, Sequence[str]]:
    """The known mistakes in a report; none where it cannot be made sense of."""
    try:
        questions = msgspec.json.decode(text, type=_Report).questions
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _of_odd_report(decoded(text))
    # One and the same for all without any.
    found = {one.id: tuple(each.id for each in one.diagnoses) for one in questions if one.diagnoses}
    return found or NO_DIAGNOSES


def _of_odd_report(record: dict[str, Any]) -> Mapping[str, Sequence[str]]:
    try:
        return {
            question["id"]: tuple(each["id"] for each in question["diagnoses"])
            for question in record.get("questions", ())
            if question["diagnoses"]
        }
    except (KeyError, TypeError, AttributeError):
        return {}


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation; None where either side is constant.

    Args:
        pairs: Two numbers a student.
    """
    if len(pairs) < 2:
        return None
    mean_x = math.fsum(x for x, _ in pairs) / len(pairs)
    mean_y = math.fsum(y for _, y in pairs) / len(pairs)
    both = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    spread = math.fsum((x - mean_x) ** 2 for x, _ in pairs) * math.fsum((y - mean_y) ** 2 for _, y in pairs)
    # Sums of floats that should cancel: less than this is no spread.
    return both / math.sqrt(spread) if spread > 1e-18 else None


def _histogram(shares: Sequence[float]) -> tuple[int, ...]:
    # A tenth is a little less than 0.1 in a float: 0.3 must not fall into the bin below.
    counts = Counter(min(max(int(share * BINS + 1e-9), 0), BINS - 1) for share in shares)
    return tuple(counts[at] for at in range(BINS))


def _warnings(students: int, undecided: int, pending: int) -> tuple[str, ...]:
    warnings = []
    if undecided:
        warnings.append(f"{undecided} of {students} students have an undecided question and are left out")
    if pending:
        warnings.append(f"{pending} of {students} students wait for a person's mark and are left out")
    if students < FEW_FOR_ANYTHING:
        warnings.append(f"only {students} students: one of them moves every figure by a lot")
    elif students < FEW_FOR_DISCRIMINATION:
        warnings.append(f"only {students} students: discrimination below 0.4 may be chance")
    return tuple(warnings)
