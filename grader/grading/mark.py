"""The seven steps of an answer, in their order, for one submission.

1. `specs.load_exercise` gave the exercise, and 2. `submissions.collect` what was handed in.
3. `Asked.probes`: names to read and calls to make, without any expected value.
4. `run`: the sandbox reads and calls; the only step that meets a stranger's code or files.
5. `judge_question` finds the answer of each question among the readings (`resolve`), and judges it;
6. and where points were lost it diagnoses the mistake.
7. `report_of` puts the report together, cut to what its student may be told (`revealed`): it is made in full
   and cut afterwards, so that no mark depends on how much is told.

All but step 4 is a pure function of exercise, readings and seed. `classroom.exercise_marker` takes the same
steps for a class, with a memory between 4 and 5, and its results are what the gradebook keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from grader.grading.asked import Asked
from grader.grading.judging import judge_question
from grader.grading.resolve import Given
from grader.model.evidence import LEVELS, Level
from grader.model.exercise import Exercise, Limits, Question
from grader.model.hints import shown_freely
from grader.model.outcome import Feedback, Outcome, Verdict
from grader.model.report import QuestionReport, Report
from grader.model.run import Probe, RunResult
from grader.model.submission import Submission
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
    asked = Asked(exercise, _questions_to_mark(exercise, question_id))
    if run is None:
        from grader.sandbox import run as run_once

        run = run_once
    result = run(submission, asked.probes(submission), exercise.limits)
    entries = (question_report(given, exercise.reveal) for given in asked.given(submission, result))
    return report_of(exercise, submission, tuple(entries), result)


def question_report(given: Given, most: Level) -> QuestionReport:
    """The report of one question, judged and explained.

    Args:
        given: The question, and what came back for it.
        most: The highest level that may be told.
    """
    question, found = given.question, judge_question(given)
    # No record of earlier attempts is kept here, so only hints that are free for everybody are shown.
    free = shown_freely(question.terms)
    return QuestionReport(
        id=question.id,
        label=question.label,
        max_points=question.points,
        outcome=revealed(found, most),
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


def _practice(exercise: Exercise) -> list[str]:
    """A note that a variant which belongs to nobody is for practice."""
    if not exercise.values:
        return []
    from grader.variants.code import SAMPLE

    return (
        []
        if exercise.variant not in ("", SAMPLE)
        else ["This is for practice: marked against the sample, the variant that is nobody's."]
    )


def _questions_to_mark(exercise: Exercise, question_id: str | None) -> tuple[Question, ...]:
    if question_id is None:
        return exercise.questions
    found = tuple(question for question in exercise.questions if question.id == question_id)
    if not found:
        raise KeyError(question_id)
    return found


def reveal(report: Report, most: Level) -> Report:
    """The report without what tells its student more than `most`; marks and staff feedback stay."""
    questions = tuple(
        msgspec.structs.replace(question, outcome=revealed(question.outcome, most))
        for question in report.questions
    )
    return msgspec.structs.replace(report, questions=questions)


def revealed(outcome: Outcome, most: Level) -> Outcome:
    """The outcome of one question without what tells its student more than `most`."""
    # Why nothing could be marked is always told: it gives nothing away, and a student needs it to go on.
    is_marked = outcome.verdict not in (
        Verdict.MISSING,
        Verdict.INVALID,
        Verdict.UNDECIDED,
        Verdict.PENDING,
    )
    allowed = LEVELS.index(most)
    return msgspec.structs.replace(
        outcome,
        feedback=tuple(one for one in outcome.feedback if not is_marked or _is_allowed(one, allowed)),
        diagnoses=outcome.diagnoses if allowed >= LEVELS.index("location") else (),
        evidence=tuple(one.up_to(most) for one in outcome.evidence),
    )


def _is_allowed(feedback: Feedback, allowed: int) -> bool:
    return feedback.audience == "staff" or LEVELS.index(feedback.level) <= allowed
