"""Which modules decide marks, and in which tests to look for those that notice a change."""

from __future__ import annotations

PARTS: dict[str, tuple[str, ...]] = {
    "reference": ("reference/*.py",),
    "linear": ("grader/linear/*.py", "grader/linear/family/*.py"),
    "answers": ("grader/answers/*.py",),
    "checks": ("grader/checks/*.py",),
    "formula": ("grader/formula/*.py",),
    "sequences": ("grader/recurrent/*.py",),
    "training": ("grader/training/*.py",),
    "credit and policy": (
        "grader/gradebook/policy.py",
        "grader/gradebook/standing.py",
        "grader/grading/*.py",
        "grader/model/outcome.py",
        "grader/model/report.py",
    ),
}
"""Patterns of files by part, from the root of the project."""

TESTS = (
    "tests/reference",
    "tests/grader/answers",
    "tests/grader/checks",
    "tests/grader/diagnosis",
    "tests/grader/formula",
    "tests/grader/gradebook",
    "tests/grader/grading",
    "tests/grader/linear",
    "tests/grader/recurrent",
    "tests/grader/signals",
    "tests/grader/training",
    "tests/exercises",
)
