"""Runs steps 3 to 7 for one submission: the report is what comes out; `mark.py` has them in their order."""

from grader.grading.mark import mark, reveal

__all__ = ["mark", "reveal"]
