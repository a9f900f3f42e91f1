"""Which modules decide marks, and in which tests to look for those that notice a change."""

from __future__ import annotations

PARTS: dict[str, tuple[str, ...]] = {
    "reference": ("reference/*.py",),
    "linear": ("grader/linear/*.py", "grader/linear/symbolic/*.py"),
    "answers": ("grader/answers/*.py",),
    "kinds": ("grader/kinds/*.py", "grader/kinds/*/*.py"),
    "formula": ("grader/exact/*.py", "grader/formula/*.py"),
    "networks": (
        "grader/networks/*.py",
        "grader/networks/backward/*.py",
        "grader/networks/counting/*.py",
        "grader/networks/equations/*.py",
        "grader/networks/running/*.py",
        "grader/networks/unrolled/*.py",
    ),
    "design": ("grader/networks/automaton/*.py",),
    "training": ("grader/training/*.py",),
    "credit and policy": (
        "grader/gradebook/late_days.py",
        "grader/gradebook/policy.py",
        "grader/gradebook/standing.py",
        "grader/gradebook/computing.py",
        "grader/grading/*.py",
        "grader/model/outcome.py",
        "grader/model/report.py",
    ),
}
"""Patterns of files by part, from the root of the project."""

LEFT_OUT = {
    "grader/answers/describe.py": "words: what a value is called in a message",
    "grader/kinds/expression/diagnose.py": "words: in what way a wrong formula is wrong",
    "grader/linear/messages.py": "words: how a decision is put",
    "grader/kinds/optimizer/diagnose.py": "words: where a step goes wrong",
    "grader/kinds/code/conventions.py": "explains what is already marked",
    "grader/kinds/code/diagnose.py": "explains what is already marked",
    "grader/kinds/feasibility/diagnose.py": "explains what is already marked",
    "grader/kinds/linear_system/diagnose.py": "explains what is already marked",
    "grader/kinds/numeric/diagnose.py": "explains what is already marked",
    "grader/kinds/realisation/constructions.py": "explains what is already marked",
    "grader/kinds/realisation/diagnose.py": "explains what is already marked",
    "grader/kinds/trace/diagnose.py": "explains what is already marked",
    "grader/kinds/shape/diagnose.py": "explains what is already marked",
    "grader/kinds/shape/mistakes.py": "explains what is already marked",
    "grader/kinds/shape/recognising.py": "explains what is already marked",
    "grader/linear/diagnose.py": "explains what is already marked",
    "grader/kinds/code/instances.py": "which inputs are tried; its tests hold what they must show",
}
"""Files of these parts on which no verdict, credit or reading depends, and why they are there."""

TESTS = (
    "tests/reference",
    "tests/grader/answers",
    "tests/grader/cli/test_author.py",
    "tests/grader/cli/test_author_release.py",
    "tests/grader/cli/test_trace.py",
    "tests/grader/exact",
    "tests/grader/kinds",
    "tests/grader/formula",
    "tests/grader/gradebook",
    "tests/grader/grading",
    "tests/grader/linear",
    "tests/grader/networks",
    "tests/grader/training",
    "tests/exercises",
)
