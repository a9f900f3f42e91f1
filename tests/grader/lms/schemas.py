"""Strict checkers of the result files, written from the platforms' own documentation; unknown keys fail."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

VISIBILITY = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}

GRADESCOPE = {
    "score": (int, float),
    "execution_time": (int, float),
    "output": str,
    "output_format": FORMATS,
    "test_output_format": FORMATS,
    "test_name_format": FORMATS,
    "visibility": VISIBILITY,
    "stdout_visibility": VISIBILITY,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
GRADESCOPE_TEST = {
    "score": (int, float),
    "max_score": (int, float),
    "status": {"passed", "failed"},
    "name": str,
    "name_format": FORMATS,
    "number": str,
    "output": str,
    "output_format": FORMATS,
    "tags": list,
    "visibility": VISIBILITY,
    "extra_data": dict,
}
PRAIRIELEARN = {
    "gradable": bool,
    "score": (int, float),
    "format_errors": (str, list),
    "message": str,
    "output": str,
    "images": list,
    "tests": list,
}
PRAIRIELEARN_TEST = {
    "name": str,
    "description": str,
    "points": (int, float),
    "max_points": (int, float),
    "message": str,
    "output": str,
    "images": list,
}
CLASSROOM50 = {
    "schema": {"classroom50/result/v1"},
    **dict.fromkeys(
        ("classroom", "assignment", "submission", "commit", "release", "review", "datetime"), str
    ),
    "score": int,
    "max-score": int,
    "tests": list,
}
CLASSROOM50_TEST = {"test-name": str, "passed": bool, "score": int, "max-score": int}


def fits(record: dict[str, Any], keys: dict[str, Any], required: set[str]) -> None:
    assert isinstance(record, dict)
    assert set(record) <= set(keys), set(record) - set(keys)
    assert required <= set(record), required - set(record)
    for key, value in record.items():
        wanted = keys[key]
        if isinstance(wanted, set):
            assert value in wanted, (key, value)
        else:
            assert isinstance(value, wanted), (key, value)
            assert wanted is bool or not isinstance(value, bool), (key, value)


def gradescope(record: dict[str, Any]) -> None:
    fits(record, GRADESCOPE, set())
    for test in record.get("tests", []):
        fits(test, GRADESCOPE_TEST, set())
    assert "score" in record or any("score" in test for test in record.get("tests", []))
    assert "\r" not in str(record)


def prairielearn(record: dict[str, Any]) -> None:
    fits(record, PRAIRIELEARN, set())
    if record.get("gradable", True):
        assert 0 <= record["score"] <= 1
        assert "format_errors" not in record
    else:
        errors = record["format_errors"]
        assert errors
        assert isinstance(errors, str) or all(isinstance(one, str) for one in errors)
    tests = record.get("tests", [])
    for test in tests:
        fits(test, PRAIRIELEARN_TEST, {"name"})
    with_points = [{"points", "max_points"} <= set(test) for test in tests]
    assert all(with_points) or not any({"points", "max_points"} & set(test) for test in tests)


def classroom50(record: dict[str, Any]) -> None:
    fits(record, CLASSROOM50, set(CLASSROOM50))
    for test in record["tests"]:
        # More keys are kept by the runner.
        known = {key: value for key, value in test.items() if key in CLASSROOM50_TEST}
        fits(known, CLASSROOM50_TEST, set(CLASSROOM50_TEST))
        assert 0 <= test["score"] <= test["max-score"]
    assert record["score"] == sum(test["score"] for test in record["tests"])
    assert record["max-score"] == sum(test["max-score"] for test in record["tests"])
    assert re.search(r"(Z|[+-]\d\d:\d\d)$", record["datetime"])
    datetime.fromisoformat(record["datetime"])


def catsoop(record: dict[str, Any]) -> None:
    """__QTYPES__/smallbox/smallbox.py, handle_submission: a number from 0 to 1, and HTML."""
    fits(record, {"score": float, "msg": str}, {"score", "msg"})
    assert 0 <= record["score"] <= 1
    assert record["msg"].startswith("<div>")


CHECKERS = {
    "catsoop": catsoop,
    "gradescope": gradescope,
    "prairielearn": prairielearn,
    "classroom50": classroom50,
}
