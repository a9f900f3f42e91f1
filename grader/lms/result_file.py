"""The result file of an autograder: complete or not there, and never a zero where the grader failed."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.lms.class_layout import declared, platforms_with
from grader.model.outcome import Verdict
from grader.model.report import Report
from grader.reports.whole_file import is_database, write_whole


class UndecidedResult(GraderError):
    """A question could not be decided, so this run must not give a mark."""


@dataclass(frozen=True)
class ResultFile:
    """How `rnngrade harness COMMAND` writes a platform's result: `RESULT_FILE` in `lms/<platform>/write.py`.

    Args:
        command: The name of the command.
        help: What it says of itself.
        submission: Where the platform puts what a student submitted.
        results: Where it looks for the result.
        values: The whole file as JSON-ready values, from a report that is decided and the number of hints to
            show of each question that is not solved.
        has_staff_errors: Whether only staff sees standard error there, so that what is for staff goes to it.
    """

    command: str
    help: str
    submission: str
    results: str
    values: Callable[[Report, int], dict[str, Any]]
    has_staff_errors: bool = False

    def of(self, report: Report, hints: int = 0) -> dict[str, Any]:
        """The file's values for a report.

        Raises:
            UndecidedResult: If a question is undecided; the platform then shows a failure and no zero.
        """
        still_open = [q.id for q in report.questions if q.outcome.verdict is Verdict.UNDECIDED]
        if still_open:
            raise UndecidedResult(
                f"the grader could not decide {', '.join(still_open)}; no result was written",
                "nothing counts as wrong; run it again, or mark these by hand",
            )
        return self.values(report, hints)


def result_files() -> dict[str, ResultFile]:
    """The result files of all platforms, by the name of their command."""
    found = (declared(platform, "write", "RESULT_FILE") for platform in platforms_with("write"))
    return {one.command: one for one in found if one is not None}


def staff_lines(report: Report) -> tuple[str, ...]:
    """The feedback that is for staff only, one line each."""
    return tuple(
        f"{question.id}: {feedback.code}: {feedback.message}"
        for question in report.questions
        for feedback in question.outcome.feedback
        if feedback.audience == "staff"
    )


def remove_old(path: Path) -> Path | None:
    """Delete a result file that is there already: a run that fails must leave none.

    A student's checkout can hold a file of that name, or a link to elsewhere. A folder or a database gets
    another name: it may be somebody's work, and a student's is not to let every run fail.

    Returns:
        That other name; None where nothing had to be kept.

    Raises:
        GraderError: If it cannot be removed.
    """
    try:
        if (path.is_dir() and not path.is_symlink()) or is_database(path):
            free = (path.with_name(f"{path.name}.{number}") for number in itertools.count(1))
            return path.rename(next(one for one in free if not os.path.lexists(one)))
        path.unlink(missing_ok=True)
        return None
    except OSError as error:
        raise GraderError(f"cannot be replaced: {error.strerror}", where=str(path)) from None


def write_result(path: Path, results: dict[str, Any]) -> None:
    """Write the whole file at once; its folder is made.

    Raises:
        GraderError: If it cannot be written.
    """
    text = json.dumps(results, indent=2, ensure_ascii=True, allow_nan=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The platform may read as another user.
        write_whole(path, text.encode(), mode=0o644)
    except OSError as error:
        raise GraderError(f"cannot be written: {error.strerror}", where=str(path)) from None
