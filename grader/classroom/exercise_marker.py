"""Marks the answers to one exercise; equal answers to a question are judged once and get the same mark.

Many students hand in the same numbers. Steps 5 to 7 are a pure function of the question and what was read for
it, so a mark that was found holds wherever all of that is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from grader.classroom.fingerprints import fingerprints_of
from grader.classroom.question_inputs import QuestionInputs
from grader.gradebook.records import StoredMark, StoredResult, stored_mark, stored_result
from grader.grading.asked import Asked
from grader.grading.judging import NOT_EXPLAINED
from grader.grading.mark import Runner, question_report, report_of
from grader.grading.resolve import Given
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Outcome, Verdict
from grader.model.report import QuestionReport
from grader.model.submission import Submission
from grader.reports.json_report import as_record, question_record

MOST_BYTES = 4 << 20
"""Bytes of keys and reports that are remembered at most; the objects around them take about as much again."""

LARGEST_BYTES = 64 << 10
"""The largest report that is remembered, in bytes: a larger one is hardly ever needed again."""


class MarkedQuestion(msgspec.Struct, frozen=True):
    """The mark and report of one question, as far as a result needs them.

    Args:
        report: Verdict and points only; feedback and evidence stand in `record`.
        record: The question in the JSON report.
        mark: As the gradebook keeps it.
        fingerprints: Hashes that a copied answer would share.
        is_explained: Whether the grader did not fail to explain it: it may do better the next time.
    """

    report: QuestionReport
    record: msgspec.Raw
    mark: StoredMark
    fingerprints: dict[str, str]
    is_explained: bool = True

    @property
    def may_be_remembered(self) -> bool:
        """Whether it holds for the next answer, too: it was decided, and all of it was explained."""
        is_decided = self.report.outcome.verdict is not Verdict.UNDECIDED
        return is_decided and self.is_explained and len(bytes(self.record)) <= LARGEST_BYTES


class StoredQuestion(msgspec.Struct, frozen=True):
    """What the gradebook has of one question of a result.

    Args:
        inputs: The digest of everything that its mark depends on.
        record: The question in the JSON report, byte for byte.
        mark: Its mark.
        fingerprints: Hashes that a copied answer would share.
    """

    inputs: str
    record: msgspec.Raw
    mark: StoredMark
    fingerprints: dict[str, str]


class _StoredReport(msgspec.Struct):
    questions: tuple[msgspec.Raw, ...]


def _kept_questions(before: StoredResult | None) -> dict[str, StoredQuestion]:
    """The questions of a result for which the digest of their inputs is known."""
    if before is None or not before.inputs:
        return {}
    try:
        records = msgspec.json.decode(before.report, type=_StoredReport).questions
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    if len(records) != len(before.marks):
        return {}
    return {
        mark.question: StoredQuestion(
            before.inputs[mark.question], record, mark, before.fingerprints.get(mark.question, {})
        )
        for mark, record in zip(before.marks, records, strict=True)
        if mark.question in before.inputs
    }


def _as_kept(question: Question, kept: StoredQuestion) -> MarkedQuestion:
    outcome = Outcome(verdict=Verdict(kept.mark.verdict), fraction=Fraction(kept.mark.fraction))
    report = QuestionReport(id=question.id, label=question.label, max_points=question.points, outcome=outcome)
    return MarkedQuestion(report, kept.record, kept.mark, kept.fingerprints)


class ExerciseMarker:
    """Marks answers to one exercise.

    Args:
        exercise: The exercise; another variant of it is another exercise.
        most_bytes: How much is remembered.
    """

    def __init__(self, exercise: Exercise, most_bytes: int = MOST_BYTES) -> None:
        self.asked = Asked(exercise, exercise.questions)
        self.most_bytes = most_bytes
        self.bytes = 0
        self._before: dict[bytes, MarkedQuestion] = {}
        self._inputs = QuestionInputs(exercise)

    def mark(self, submission: Submission, run: Runner, before: StoredResult | None = None) -> StoredResult:
        """The result of an answer.

        Args:
            submission: What was handed in.
            run: Step 4.
            before: Its result by another version of the exercise: what it says of a question whose mark
                follows from the very same is taken from it.
        """
        exercise = self.asked.exercise
        result = run(submission, self.asked.probes(submission), exercise.limits)
        inputs: dict[str, str] = {}
        kept = _kept_questions(before)
        marked = [self._marked(given, inputs, kept) for given in self.asked.given(submission, result)]
        report = report_of(exercise, submission, tuple(one.report for one in marked), result)
        return stored_result(
            report,
            as_record(report, questions=[one.record for one in marked]),
            {one.report.id: one.fingerprints for one in marked if one.fingerprints},
            tuple(one.mark for one in marked),
            inputs,
        )

    def _marked(
        self, given: Given, inputs: dict[str, str], kept: Mapping[str, StoredQuestion]
    ) -> MarkedQuestion:
        alone, key, digest = self._inputs.of(given)
        if key is None:
            return self._judged(alone)
        found = self._before.pop(key, None)
        if found is None:
            of_before = kept.get(given.question.id)
            if of_before is not None and of_before.inputs == digest:
                found = _as_kept(given.question, of_before)
            else:
                found = self._judged(alone)
            if not found.may_be_remembered:
                return found
            self._make_room(len(key) + len(bytes(found.record)))
        # Put at the end: what was not asked for longest is forgotten first.
        self._before[key] = found
        if digest is not None:
            inputs[given.question.id] = digest
        return found

    def _judged(self, given: Given) -> MarkedQuestion:
        exercise = self.asked.exercise
        report = question_report(given, exercise.reveal)
        bare = Outcome(verdict=report.outcome.verdict, fraction=report.outcome.fraction)
        return MarkedQuestion(
            msgspec.structs.replace(report, outcome=bare, hints=()),
            msgspec.Raw(msgspec.json.encode(question_record(report))),
            stored_mark(report),
            fingerprints_of(exercise, given, report.outcome.verdict),
            is_explained=all(one.code != NOT_EXPLAINED for one in report.outcome.feedback),
        )

    def _make_room(self, size: int) -> None:
        self.bytes += size
        while self.bytes > self.most_bytes and self._before:
            oldest = next(iter(self._before))
            self.bytes -= len(oldest) + len(bytes(self._before.pop(oldest).record))
