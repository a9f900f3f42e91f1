"""The gradebook as JSON or CSV, for scripts: one record for each student and exercise. Pure."""

from __future__ import annotations

import csv
import datetime
import functools
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from grader.gradebook.records import Override, StoredMark, exact
from grader.gradebook.standing import Standing

PLACES = 6

Reasons: TypeAlias = Mapping[tuple[str, str], Mapping[str, str]]
"""By student and exercise, then by question, what was written in words."""

NOTHING_SAID: Mapping[str, str] = {}
NO_REASONS: Reasons = {}

FIRST = ("student", "exercise", "points", "max_points", "fraction")
LAST = ("name", "attempt", "attempts", "submitted_at", "penalty", "time_problem", "hints", "not_accepted")
OF_OVERRIDE = {
    "override": "points",
    "override.who": "who",
    "override.why": "why",
    "override.made_at": "made_at",
}
EXTRA = ("override", "reason")
"""Facts of a question that get a column only if anybody has them."""

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula; a student chooses the name of a file."""


def as_record(standing: Standing, reasons: Mapping[str, str] = NOTHING_SAID) -> dict[str, Any]:
    """One record, numbers rounded once, here.

    Args:
        standing: Of one student in one exercise.
        reasons: What the student wrote in the field `reason` of a question, which is not marked.
    """
    return {
        "student": standing.student,
        "exercise": standing.exercise,
        "points": rounded(standing.points),
        "max_points": rounded(standing.max_points),
        "fraction": rounded(standing.fraction),
        "questions": _questions(standing, reasons),
        "name": standing.attempt.name,
        **facts(standing),
        "time_problem": standing.when.problem,
    }


def _questions(standing: Standing, reasons: Mapping[str, str]) -> Mapping[str, Any]:
    given = {one.question: _override_fact(one) for one in standing.overrides if one.question is not None}
    if not given and not reasons:
        return _of_marks(standing.marks)
    return {
        question: {
            **fields,
            **({"override": given[question]} if question in given else {}),
            **({"reason": reasons[question]} if question in reasons else {}),
        }
        for question, fields in _of_marks(standing.marks).items()
    }


@functools.lru_cache(maxsize=4096)
def _of_marks(marks: tuple[StoredMark, ...]) -> Mapping[str, Any]:
    """The facts of each question that follow from its mark: one object for all with the same marks."""
    return {
        mark.question: {"verdict": mark.verdict, "fraction": rounded(exact(mark.fraction))} for mark in marks
    }


def facts(standing: Standing) -> dict[str, Any]:
    """Which attempt counts and what else decides its points, JSON-ready; nothing that is for staff only."""
    whole = next((one for one in standing.overrides if one.question is None), None)
    return {
        "attempt": standing.attempt.number,
        "attempts": standing.attempts,
        "submitted_at": _iso(standing.when.at),
        "penalty": rounded(standing.penalty),
        "override": None if whole is None else _override_fact(whole),
        "hints": [
            {
                "question": one.question,
                "numbers": list(one.numbers),
                "cost": rounded(one.cost),
                "taken": rounded(one.taken),
            }
            for one in standing.hints
        ],
        "not_accepted": [
            {"attempt": one.number, "submitted_at": _iso(one.when.at), "why": one.why}
            for one in standing.refused
        ],
    }


def _iso(at: datetime.datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _override_fact(override: Override) -> dict[str, Any]:
    return {
        "points": rounded(Fraction(override.points or 0)),
        "who": override.who,
        "why": override.why,
        "made_at": override.made_at,
    }


def as_json(standings: Sequence[Standing], reasons: Reasons = NO_REASONS) -> str:
    """All records as one JSON list."""
    records = [as_record(one, reasons.get((one.student, one.exercise), {})) for one in standings]
    nested: dict[int, str] = {}
    text = ",\n  ".join(_indented(record, nested) for record in records)
    return f"[\n  {text}\n]\n" if records else "[]\n"


SCALARS = json.JSONEncoder(ensure_ascii=False, separators=(",\n    ", ": "))
NESTED = json.JSONEncoder(ensure_ascii=False, indent=2)


def _indented(record: Mapping[str, Any], nested: dict[int, str]) -> str:
    """A record as `json.dumps(..., indent=2)` writes it in a list, which in Python takes five times as long.

    Args:
        record: From `as_record`.
        nested: JSON of objects in earlier records, by `id`; all of these objects must still exist.
    """
    parts: list[str] = []
    scalars: dict[str, Any] = {}
    for key, value in record.items():
        if not (value and isinstance(value, dict | list)):
            scalars[key] = value
            continue
        parts += [SCALARS.encode(scalars)[1:-1]] if scalars else []
        scalars = {}
        if id(value) not in nested:
            # No text in JSON has a line end of its own.
            nested[id(value)] = NESTED.encode(value).replace("\n", "\n    ")
        parts.append(f"{SCALARS.encode(key)}: {nested[id(value)]}")
    parts += [SCALARS.encode(scalars)[1:-1]] if scalars else []
    return "{\n    " + ",\n    ".join(parts) + "\n  }"


def as_csv(standings: Sequence[Standing], reasons: Reasons = NO_REASONS) -> str:
    """All records as a table; two columns a question, empty where an exercise has no such question."""
    records = [as_record(one, reasons.get((one.student, one.exercise), {})) for one in standings]
    questions = list(dict.fromkeys(question for record in records for question in record["questions"]))
    extra = [(question, key) for question in questions for key in EXTRA if _has(records, question, key)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    marks = [f"{question}.{key}" for question in questions for key in ("verdict", "fraction")]
    writer.writerow([*FIRST, *marks, *LAST, *OF_OVERRIDE, *(f"{question}.{key}" for question, key in extra)])
    for record in records:
        writer.writerow([defused(cell) for cell in _cells(record, questions, extra)])
    return text.getvalue()


def _has(records: Sequence[dict[str, Any]], question: str, key: str) -> bool:
    return any(key in record["questions"].get(question, {}) for record in records)


def _cells(
    record: dict[str, Any], questions: Sequence[str], extra: Sequence[tuple[str, str]]
) -> Iterator[str]:
    yield from (str(record[column]) for column in FIRST)
    for question in questions:
        mark = record["questions"].get(question, {})
        yield from (str(mark.get("verdict", "")), str(mark.get("fraction", "")))
    refused = "; ".join(f"{one['attempt']}: {one['why']}" for one in record["not_accepted"])
    hints = "; ".join(
        f"{one['question']} {'+'.join(map(str, one['numbers']))}: -{one['taken']}" for one in record["hints"]
    )
    last = {**record, "hints": hints, "not_accepted": refused}
    yield from ("" if last[column] is None else str(last[column]) for column in LAST)
    whole = record["override"] or {}
    yield from (str(whole.get(key, "")) for key in OF_OVERRIDE.values())
    for question, key in extra:
        found = record["questions"].get(question, {}).get(key, "")
        yield f"{found['points']} by {found['who']}: {found['why']}" if isinstance(found, dict) else found


def defused(cell: str) -> str:
    """The text of a cell, so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def rounded(number: Fraction) -> float:
    """A number for scripts."""
    return round(float(number), PLACES)
