"""What `--format github` does beside the report: it points into the answer, and adds to the job's summary."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import _output

if TYPE_CHECKING:
    from grader.model.exercise import Exercise, Question
    from grader.model.report import Report
    from grader.model.submission import Submission
    from grader.reports import AnswerPlace, View

SUMMARY, WORKSPACE = "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"


def with_places(view: View, exercise: Exercise, submission: Submission, answer: str) -> View:
    """The view, with the place in the answer of every question.

    Args:
        view: How the report is rendered.
        exercise: Whose questions were asked.
        submission: The answer that was read.
        answer: Its file or folder, as typed.
    """
    import msgspec

    found = {question.id: _place(question, submission, answer) for question in exercise.questions}
    return msgspec.structs.replace(view, places={key: place for key, place in found.items() if place})


def _place(question: Question, submission: Submission, answer: str) -> AnswerPlace | None:
    """Where the name that a question asks for is given something; else the first file."""
    from grader.reports import AnswerPlace
    from grader.submissions.answer_files import line_of

    code = [file for file in submission.files if file.name.endswith(".py")]
    lines = ((file, line_of(file.data, question.answered_by)) for file in code)
    file, line = next(((file, line) for file, line in lines if line), (None, None))
    file = file or next(iter(submission.files), None)
    if answer == "-" or file is None:
        return None
    path = os.path.join(answer, file.name) if os.path.isdir(answer) else answer
    return AnswerPlace(_from_workspace(path), line)


def _from_workspace(path: str) -> str:
    """The file's path from the repository's folder, as GitHub names it; else as typed."""
    root = os.environ.get(WORKSPACE)
    if root and (absolute := os.path.abspath(path)).startswith(os.path.join(root, "")):
        return os.path.relpath(absolute, root)
    return path


def add_summary(report: Report, view: View) -> None:
    """Add the report to the summary of the job; nothing where there is none. No mark depends on it.

    Args:
        report: The report.
        view: Who reads it, and how many hints to show.
    """
    place = os.environ.get(SUMMARY)
    if not place:
        return
    from grader.reports import find_format

    text = find_format("markdown").render(report, view)
    try:
        with Path(place).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        _output.note(f"the summary of the job cannot be written: {error.strerror}")
