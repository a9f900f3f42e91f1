"""Runs steps 3 to 7 for one submission: the report is what comes out."""

from grader.grading.mark import mark, report, reveal

__all__ = ["mark", "report", "reveal"]
