"""Step 7: from a submission to a report."""

from grader.grading.mark import mark, report, reveal

__all__ = ["mark", "report", "reveal"]
