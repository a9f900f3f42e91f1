"""A result in which one question alone is marked anew: the others stay as they stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from grader.gradebook.records import StoredAttempt, StoredMark, StoredResult, total

PLACES = 6
"""Decimals of points in a report's record."""


def marks_with(question: str, old: Sequence[StoredMark], new: Sequence[StoredMark]) -> tuple[StoredMark, ...]:
    """The marks of today's questions, those of the others as they were; all new where no question is named.

    Args:
        question: Its id; empty for all.
        old: As they stand.
        new: Of marking the whole anew.
    """
    before = {one.question: one for one in old} if question else {}
    return tuple(one if one.question == question else before.get(one.question, one) for one in new)


def result_with(
    question: str, old: StoredAttempt, record: Mapping[str, Any], new: StoredResult
) -> StoredResult:
    """The result of marking one question anew, with what stood of the others.

    Args:
        question: Its id.
        old: The attempt as it stands.
        record: The report that stands, as it is kept.
        new: Of marking the whole anew.
    """
    marks = marks_with(question, old.marks, new.marks)
    made = msgspec.json.decode(new.report)
    before = {one["id"]: one for one in record.get("questions", ())}
    made["questions"] = [
        one if one["id"] == question else before.get(one["id"], one) for one in made["questions"]
    ]
    points, most = (total(getattr(one, name) for one in marks) for name in ("points", "max_points"))
    made |= {"points": _written(points), "max_points": _written(most)}
    made["fraction"] = _written(points / most if most else Fraction(1))
    return msgspec.structs.replace(new, marks=marks, report=msgspec.json.encode(made).decode())


def _written(number: Fraction) -> float:
    return round(float(number), PLACES)
