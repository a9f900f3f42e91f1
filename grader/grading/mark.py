"""Steps 3 to 7 for one submission: a pure function of exercise and submission, but for the student's code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from grader.answers.instance_seed import course_secret
from grader.grading.judging import judge_question
from grader.grading.names import Given
from grader.grading.resolve import calls_of, flat_names, names_asked_for, plan
from grader.model.evidence import LEVELS, Level
from grader.model.exercise import Exercise, Limits, Question
from grader.model.hints import shown_freely
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Call, Probe, RunResult
from grader.model.submission import Submission, has_code
from grader.version import VERSION

Runner: TypeAlias = Callable[[Submission, Sequence[Probe], Limits], RunResult]


def mark(
    exercise: Exercise, submission: Submission, *, question_id: str | None = None, run: Runner | None = None
) -> Report:
    """Mark one submission.

    Args:
        exercise: The exercise.
        submission: What was handed in.
        question_id: Mark this question alone; its fields may then stand at top level.
        run: Step 4; a warm sandbox for a class, by default a fresh one.

    Returns:
        The exact report, one entry a question in the exercise's order.

    Raises:
        KeyError: If the exercise has no such question.
        SandboxError: If no sandbox could be started.
    """
    asked = Asked(exercise, _asked(exercise, question_id))
    if run is None:
        from grader.sandbox import run as run_once

        run = run_once
    result = run(submission, asked.probes(submission), exercise.limits)
    entries = (question_report(given, exercise.reveal) for given in asked.given(submission, result))
    return report_of(exercise, submission, tuple(entries), result)


def report(
    exercise: Exercise, submission: Submission, questions: Sequence[Question], result: RunResult
) -> Report:
    """Judge what came back from the sandbox: pure, the same report for the same readings.

    The calls in `result` stand in the order of `plan`: those of the first question, then the next. Of an
    answer that is data there are none.
    """
    entries = map(question_report, Asked(exercise, questions).given(submission, result))
    return report_of(exercise, submission, tuple(entries), result)


class Asked:
    """Questions of an exercise that are marked together, for one answer or many.

    Args:
        exercise: The exercise.
        questions: Those of its questions.
    """

    def __init__(self, exercise: Exercise, questions: Sequence[Question]) -> None:
        self.exercise = exercise
        self.questions = tuple(questions)
        self._flat = tuple(flat_names(exercise, question, questions) for question in questions)
        self._taken = names_asked_for(exercise)
        self._reads = plan(exercise, questions, calls=False)
        self._drawn_with: bytes | None = None
        self._calls: tuple[tuple[Call, ...], ...] = ()
        self._probes: tuple[Probe, ...] = ()

    def probes(self, submission: Submission) -> tuple[Probe, ...]:
        """Everything to read and to call of an answer.

        Args:
            submission: What was handed in.
        """
        calls = self._calls_of(submission)
        return self._probes if any(calls) else self._reads

    def _calls_of(self, submission: Submission) -> tuple[tuple[Call, ...], ...]:
        """The calls of each question: for one answer as for the next, unless the secret has changed since."""
        if _is_data(submission):
            return ((),) * len(self.questions)
        secret = course_secret()
        if self._drawn_with != secret:
            self._calls = tuple(calls_of(self.exercise, question) for question in self.questions)
            self._probes = (*self._reads, *(call for calls in self._calls for call in calls))
            self._drawn_with = secret
        return self._calls

    def given(self, submission: Submission, result: RunResult) -> Iterator[Given]:
        """What came back for each question.

        Args:
            submission: What was handed in.
            result: What its probes gave.
        """
        at, calls_each = 0, self._calls_of(submission)
        for question, flat, made in zip(self.questions, self._flat, calls_each, strict=True):
            count = len(made)
            calls = result.calls[at : at + count]
            yield Given(question, flat, calls, result, self._taken, submission.left_out)
            at += count


def question_report(given: Given, most: Level = LEVELS[-1]) -> QuestionReport:
    """The report of one question, judged and explained.

    Args:
        given: The question, and what came back for it.
        most: The highest level that may be told.
    """
    question = given.question
    # Who marks here knows of no attempts before, and keeps no record: only what anybody may see.
    free = shown_freely(question.terms)
    return QuestionReport(
        id=question.id,
        label=question.label,
        max_points=question.points,
        outcome=_revealed(judge_question(given), LEVELS.index(most)),
        hints=question.hints[:free],
        held_hints=len(question.hints) - free,
    )


def report_of(
    exercise: Exercise, submission: Submission, entries: tuple[QuestionReport, ...], result: RunResult
) -> Report:
    """The report of an answer whose questions are judged.

    Args:
        exercise: The exercise.
        submission: What was handed in.
        entries: The reports of its questions.
        result: What came back from the sandbox.
    """
    return Report(
        exercise=exercise.id,
        exercise_digest=exercise.digest,
        student=submission.student,
        submission_digest=submission.digest,
        grader_version=VERSION,
        seed=exercise.seed,
        questions=entries,
        protection=result.protection,
        usage=result.usage,
        output=result.output,
        notes=(*_practice(exercise), *result.notes),
        title=exercise.title,
        variant=exercise.variant,
    )


def _is_data(submission: Submission) -> bool:
    """Whether no file of an answer may hold a function: drawing what it would be called with is left out."""
    return bool(submission.files) and not has_code(file.name for file in submission.files)


def _practice(exercise: Exercise) -> list[str]:
    """Says of a variant that is nobody's that it is for practice."""
    if not exercise.values:
        return []
    from grader.variants.code import SAMPLE

    return (
        []
        if exercise.variant not in ("", SAMPLE)
        else ["This is for practice: marked against the sample, the variant that is nobody's."]
    )


def _asked(exercise: Exercise, question_id: str | None) -> tuple[Question, ...]:
    if question_id is None:
        return exercise.questions
    found = tuple(question for question in exercise.questions if question.id == question_id)
    if not found:
        raise KeyError(question_id)
    return found


def reveal(report: Report, most: Level) -> Report:
    """The report without what tells its student more than `most`; marks and staff feedback stay.

    Args:
        report: The report.
        most: The highest level that may be told.
    """
    questions = tuple(
        msgspec.structs.replace(question, outcome=_revealed(question.outcome, LEVELS.index(most)))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)


def _revealed(outcome: Outcome, most: int) -> Outcome:
    # Why nothing could be marked is always told: it gives nothing away, and a student needs it to go on.
    is_marked = outcome.verdict not in (
        Verdict.MISSING,
        Verdict.INVALID,
        Verdict.UNDECIDED,
        Verdict.PENDING,
    )
    return msgspec.structs.replace(
        outcome,
        feedback=tuple(one for one in outcome.feedback if not is_marked or _may_be_told(one, most)),
        diagnoses=outcome.diagnoses if most >= LEVELS.index("location") else (),
        evidence=tuple(one.up_to(LEVELS[most]) for one in outcome.evidence),
    )


def _may_be_told(feedback: Feedback, most: int) -> bool:
    return feedback.audience == "staff" or LEVELS.index(feedback.level) <= most
