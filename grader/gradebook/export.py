"""The gradebook for scripts: one record a student and exercise. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from grader.gradebook.standing import Standing

PLACES = 6

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula; a student chooses the name of a file."""


def as_record(standing: Standing) -> dict[str, Any]:
    """One record, numbers rounded once, here.

    Args:
        standing: What stands.
    """
    return {
        "student": standing.student,
        "exercise": standing.exercise,
        "points": rounded(standing.points),
        "max_points": rounded(standing.max_points),
        "fraction": rounded(standing.fraction),
        "questions": {
            mark.question: {"verdict": mark.verdict, "fraction": rounded(Fraction(mark.fraction))}
            for mark in standing.marks
        },
    }


def as_json(standings: Sequence[Standing]) -> str:
    """All records as one JSON list.

    Args:
        standings: In the order to be written.
    """
    return json.dumps([as_record(one) for one in standings], indent=2, ensure_ascii=False) + "\n"


def as_csv(standings: Sequence[Standing]) -> str:
    """All records as a table; two columns a question, empty where an exercise has no such question.

    Args:
        standings: In the order to be written.
    """
    records = [as_record(one) for one in standings]
    questions = list(dict.fromkeys(question for record in records for question in record["questions"]))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = ["student", "exercise", "points", "max_points", "fraction"]
    writer.writerow(
        [*columns, *(f"{question}.{key}" for question in questions for key in ("verdict", "fraction"))]
    )
    for record in records:
        cells = [defused(str(record[column])) for column in columns]
        for question in questions:
            mark = record["questions"].get(question, {"verdict": "", "fraction": ""})
            cells += [mark["verdict"], str(mark["fraction"])]
        writer.writerow(cells)
    return text.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs.

    Args:
        cell: Its text.
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def rounded(number: Fraction) -> float:
    """A number for scripts.

    Args:
        number: Exact.
    """
    return round(float(number), PLACES)
