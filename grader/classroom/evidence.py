"""What statistics look at in the attempts that count, one report at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sqlalchemy import Connection

from grader.classroom.normal_code import shingles
from grader.classroom.similarity import Traces
from grader.gradebook.reading import fingerprints, reports, submission
from grader.gradebook.standing import Standing

Diagnoses: TypeAlias = dict[str, dict[str, tuple[str, ...]]]
"""For each student and question the ids of known mistakes."""


def diagnoses_of(connection: Connection, found: Sequence[Standing]) -> Diagnoses:
    """The known mistakes in the attempts that count.

    Args:
        connection: To the gradebook.
        found: What stands for each student.
    """
    results = [one.attempt.result for one in found]
    diagnoses: Diagnoses = {}
    for one, (_, record) in zip(found, reports(connection, results), strict=True):
        diagnoses[one.student] = {
            question["id"]: tuple(each["id"] for each in question["diagnoses"])
            for question in record.get("questions", ())
            if question["diagnoses"]
        }
    return diagnoses


def traces_of(
    connection: Connection, found: Sequence[Standing], diagnoses: Mapping[str, Mapping[str, Sequence[str]]]
) -> list[Traces]:
    """What of the attempts that count may be the same in another.

    Args:
        connection: To the gradebook.
        found: What stands for each student.
        diagnoses: For each student and question the ids of known mistakes.
    """
    results = [one.attempt.result for one in found]
    traces = []
    for one, (_, prints) in zip(found, fingerprints(connection, results), strict=True):
        files = submission(connection, one.attempt.submission, one.student).files
        traces.append(
            Traces(
                student=one.student,
                submission=one.attempt.submission if files else "",
                fingerprints=prints,
                recognised=frozenset(diagnoses.get(one.student, ())),
                code=shingles(files),
            )
        )
    return traces
