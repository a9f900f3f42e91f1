"""Which modules decide marks, and which tests are to notice a change in them."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """Modules and their tests.

    Args:
        modules: Patterns of files, from the root of the project.
        tests: Files and folders of tests, the quickest first.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]


LINEAR = (
    "tests/reference",
    "tests/grader/linear/test_rounding.py",
    "tests/grader/linear/test_deciding.py",
    "tests/grader/linear/test_certificate.py",
    "tests/grader/linear/test_family.py",
    "tests/grader/checks",
    "tests/grader/diagnosis",
    "tests/grader/linear/test_mistakes.py",
    "tests/exercises/test_examples.py",
    "tests/exercises/test_counterexamples_replay.py",
)

PARTS: dict[str, Part] = {
    "reference": Part(
        ("reference/*.py",),
        (
            "tests/reference",
            "tests/grader/checks",
            "tests/grader/training",
            "tests/exercises/test_examples.py",
        ),
    ),
    "linear": Part(("grader/linear/*.py", "grader/linear/family/*.py"), LINEAR),
    "answers": Part(
        ("grader/answers/*.py",),
        (
            "tests/grader/answers",
            "tests/grader/checks",
            "tests/grader/grading",
            "tests/exercises/test_examples.py",
        ),
    ),
    "checks": Part(
        ("grader/checks/*.py",),
        (
            "tests/grader/checks",
            "tests/grader/diagnosis",
            "tests/grader/training",
            "tests/exercises/test_examples.py",
        ),
    ),
    "formula": Part(
        ("grader/formula/*.py",),
        (
            "tests/grader/formula",
            "tests/grader/checks",
            "tests/exercises/test_examples.py",
            "tests/exercises/test_rnn_by_formula.py",
        ),
    ),
    "sequences": Part(
        ("grader/recurrent/*.py",),
        (
            "tests/grader/recurrent",
            "tests/grader/checks",
            "tests/grader/diagnosis",
            "tests/exercises/test_examples.py",
        ),
    ),
    "training": Part(
        ("grader/training/*.py",),
        ("tests/grader/training", "tests/grader/checks", "tests/exercises/test_examples.py"),
    ),
    "credit and policy": Part(
        (
            "grader/linear/credit.py",
            "grader/gradebook/policy.py",
            "grader/gradebook/standing.py",
            "grader/grading/*.py",
            "grader/model/outcome.py",
            "grader/model/report.py",
        ),
        (
            "tests/grader/gradebook/test_policy.py",
            "tests/grader/grading",
            "tests/grader/gradebook",
            "tests/grader/checks",
            "tests/exercises/test_examples.py",
        ),
    ),
}
