"""Questions of an answer as pytest items. The answer's code runs in the sandbox, never in this process."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grader.api.marking import load
from grader.errors import GraderError
from grader.grading import mark
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Verdict
from grader.model.report import QuestionReport, Report
from grader.model.share import points_text, read_share
from grader.model.submission import Submission
from grader.reports.question_text import question_text
from grader.reports.wording import earned_text
from grader.submissions import NothingHandedIn, collect
from grader.submissions.answer_files import line_of
from grader.submissions.safe_read import Refused, read_regular_file


@dataclass
class Questions:
    """The pytest hooks of a run that marks answers.

    Args:
        exercise: Whose questions are asked.
        fail_under: The share of a question's points with which it passes.
        hints: How many hints to show of each question that is not solved.
    """

    exercise: Exercise
    fail_under: Fraction
    hints: int

    @classmethod
    def asked_for(cls, config: pytest.Config) -> Questions:
        """From pytest's options.

        Raises:
            pytest.UsageError: If there is no such exercise, or an option says nothing sensible.
        """
        hints = config.getoption("rnngrade_hints")
        if hints < 0:
            raise pytest.UsageError(f"--rnngrade-hints: {hints} is less than no hint")
        try:
            share = read_share(config.getoption("rnngrade_fail_under"))
        except ValueError as error:
            raise pytest.UsageError(f"--rnngrade-fail-under: {error}") from None
        try:
            return cls(load(config.getoption("rnngrade")), share, hints)
        except GraderError as error:
            raise pytest.UsageError(f"--rnngrade: {error}") from None

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, object, list[pytest.Collector]]:
        """Collect a file as an answer, before another plugin opens it."""
        yield
        if not parent.session.isinitpath(file_path):
            return []
        return [CollectedFile.from_parent(parent, path=file_path, asked=self)]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector:
        """Collect a folder that is named as one answer; never as a package, whose code would be imported."""
        if parent.session.isinitpath(path):
            return AnswerFolder.from_parent(parent, path=path, asked=self)
        collector: pytest.Collector = pytest.Dir.from_parent(parent, path=path)
        return collector

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """All questions of a file to one worker, so that it is marked once."""
        if config.getoption("dist") != "load":
            return None
        from xdist.scheduler import LoadFileScheduling

        return LoadFileScheduling(config, log)


class _Answer(pytest.Collector):
    """An answer: its questions, and their marks once one of them is run."""

    def __init__(self, *, asked: Questions, **more: Any) -> None:
        super().__init__(**more)
        self.asked = asked
        self._marked: dict[str, QuestionReport] | GraderError | None = None

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each question; nothing is read yet."""
        for question in self.asked.exercise.questions:
            yield QuestionItem.from_parent(self, name=question.id, question=question, answer=self)

    def question_report(self, question_id: str) -> QuestionReport:
        """The report of a question; the answer is marked at the first call.

        Raises:
            GraderError: If the answer cannot be read or the sandbox not be started; for every question.
        """
        if self._marked is None:
            try:
                self._marked = {one.id: one for one in self._report().questions}
            except GraderError as error:
                self._marked = error
        if isinstance(self._marked, GraderError):
            raise self._marked
        return self._marked[question_id]

    def _report(self) -> Report:
        return mark(self.asked.exercise, self._submission())

    def _submission(self) -> Submission:
        try:
            return collect(self.path)
        except NothingHandedIn as nothing:
            return nothing.without_files(self.path.stem)


class CollectedFile(_Answer, pytest.File):
    """An answer in one file."""


class AnswerFolder(_Answer, pytest.Directory):
    """An answer in the files of a folder."""


class QuestionItem(pytest.Item):
    """One question of an answer.

    It passes with enough of its points, else it fails, also where nothing was handed in for it: a run that
    passes has the points. Where the grader could not decide, it neither passes nor fails: that is an error
    of the run, as every failure outside a test is, and no failure of the student's.
    """

    def __init__(self, *, question: Question, answer: _Answer, **more: Any) -> None:
        super().__init__(**more)
        self.question = question
        self.answer = answer

    def setup(self) -> None:
        """Mark the answer, unless that is done."""
        try:
            found = self.answer.question_report(self.question.id)
        except GraderError as error:
            pytest.fail(error.message, pytrace=False)
        self.user_properties += [
            ("verdict", found.outcome.verdict.value),
            ("points", points_text(found.points)),
            ("max_points", points_text(found.max_points)),
        ]
        if found.outcome.verdict is Verdict.UNDECIDED:
            pytest.fail(self._text(found), pytrace=False)

    def runtest(self) -> None:
        """Pass or fail by the share of the points."""
        found = self.answer.question_report(self.question.id)
        if found.outcome.verdict is Verdict.PENDING:
            is_withheld = self.question.is_withheld
            pytest.skip(f"handed in; {'your course' if is_withheld else 'a person'} marks it")
        if found.outcome.fraction < self.answer.asked.fail_under:
            pytest.fail(self._text(found), pytrace=False)

    def reportinfo(self) -> tuple[os.PathLike[str], int | None, str]:
        """The file, the line in which the question is answered (from 0), and the question's name."""
        return self.path, self._line(), f"{self.question.label} {self.question.id}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report of the question as it is."""
        if isinstance(excinfo.value, pytest.fail.Exception):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def _text(self, found: QuestionReport) -> str:
        head = f"{found.outcome.verdict.value}, {earned_text(found)}"
        return "\n".join(filter(None, [head, question_text(found, self.answer.asked.hints)]))

    def _line(self) -> int | None:
        if self.path.suffix != ".py":
            return None
        try:
            code = read_regular_file(str(self.path))
        except (Refused, OSError):
            return None
        line = line_of(code, self.question.answered_by)
        return None if line is None else line - 1
