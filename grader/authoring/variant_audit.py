"""Checks many variants of an exercise: each is solvable, all are alike, no answer is right for another's."""

from __future__ import annotations

import json
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import msgspec

from grader.authoring.reference_answers import intermediate_values, reference_answer
from grader.authoring.variant_findings import (
    QuestionVariants,
    RequirementRate,
    VariantAudit,
    VariantFault,
    name_spreads,
    spread,
)
from grader.errors import SpecError
from grader.grading.examples import check_example
from grader.grading.mark import mark
from grader.model.exercise import Exercise, Question
from grader.model.outcome import Outcome, Verdict
from grader.model.report import Report
from grader.model.submission import AnswerFile, Submission
from grader.submissions import build_submission
from grader.variants.choosing import first_draw, requirements_held
from grader.variants.code import code_of
from grader.variants.planning import Plan, Requirement
from grader.variants.values import numbers_in

# Factors beyond which a variant is not as difficult as the median one: its numbers have more digits, or its
# intermediate values are larger.
LONGER, LARGER = 2, 10


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What is audited.

    Args:
        id: The exercise's.
        load: From a variant's code to the exercise with its examples.
        plan: What its file declares; None where only an order is drawn.
        uses: The names that each question uses.
        questions: Ids of those that are looked at; all if empty.
    """

    id: str
    load: Callable[[str], Exercise]
    plan: Plan | None
    uses: Mapping[str, frozenset[str]]
    questions: tuple[str, ...] = ()


class _Tally:
    """Counts of one question, variant by variant."""

    def __init__(self, question: Question) -> None:
        self.question, self.solved_by = question, _solved_by(question)
        self.tried = self.examples = self.neighbours = self.right = self.same = 0
        self.unsolved: list[VariantFault] = []
        self.examples_differ: list[VariantFault] = []
        self.asked: set[str] = set()
        self.answers: set[str] = set()
        self.digits: dict[str, float] = {}
        self.largest: dict[str, float] = {}

    def result(self) -> QuestionVariants:
        unlike = {*_beyond(self.digits, LONGER), *_beyond(self.largest, LARGER)}
        return QuestionVariants(
            id=self.question.id,
            label=self.question.label,
            kind=self.question.kind,
            solved_by=self.solved_by,
            tried=self.tried,
            unsolved=tuple(self.unsolved),
            examples=self.examples,
            examples_differ=tuple(self.examples_differ),
            n_different=len(self.asked),
            n_answers=len(self.answers),
            neighbours=self.neighbours,
            neighbour_right=self.right,
            neighbour_same=self.same,
            digits=spread(self.digits.values()),
            largest=spread(self.largest.values()),
            unlike=tuple(sorted(unlike)),
        )


def audit_variants(
    audited: Audited, wanted: int, seconds: float, step: Callable[[], None] = lambda: None
) -> VariantAudit:
    """Draw variants, mark a right answer, an example and a neighbour's answer in each.

    The codes are those of made-up students under an empty secret: the same at every run.

    Args:
        audited: The exercise.
        wanted: How many variants.
        seconds: After which no further one is begun.
        step: Called after each.
    """
    ends = time.monotonic() + seconds
    tallies: dict[str, _Tally] = {}
    not_made: list[VariantFault] = []
    drawn: list[Exercise] = []
    requirements = () if audited.plan is None else audited.plan.requirements
    broken: dict[int, list[str]] = {one.number: [] for one in requirements}
    at_once: Counter[int] = Counter()
    before: _Right | None = None
    for number in range(wanted):
        if drawn and time.monotonic() > ends:
            break
        code = code_of(f"variant {number}", audited.id, b"")
        try:
            exercise = audited.load(code)
        except SpecError as error:
            not_made.append(VariantFault(code=code, message=str(error)))
            step()
            continue
        drawn.append(exercise)
        if audited.plan is not None:
            at_once.update(one for one, holds in first_draw(audited.plan, code).items() if holds)
            for one, holds in requirements_held(audited.plan, exercise.values).items():
                if not holds:
                    broken[one].append(code)
        before = _tally(audited, exercise, number, tallies, before)
        step()
    return VariantAudit(
        wanted=wanted,
        drawn=len(drawn) + len(not_made),
        n_different=len({repr([_question_text(question) for question in one.questions]) for one in drawn}),
        not_made=tuple(not_made),
        requirements=tuple(_rate(one, at_once, broken, len(drawn)) for one in requirements),
        names=tuple(name_spreads([one.values for one in drawn])),
        questions=tuple(one.result() for one in tallies.values()),
    )


def _rate(
    one: Requirement, at_once: Mapping[int, int], broken: Mapping[int, Sequence[str]], n_drawn: int
) -> RequirementRate:
    """How often a requirement held at the first draw, and codes of the variants in which it does not hold."""
    n_held = at_once.get(one.number, 0)
    return RequirementRate(text=one.text, at_once=n_held / max(n_drawn, 1), broken=tuple(broken[one.number]))


class _Right(msgspec.Struct, frozen=True):
    """The right answers to a variant: those that the program makes, and those of examples."""

    answers: Mapping[str, Any]
    examples: Mapping[str, Submission]

    @property
    def submission(self) -> Submission:
        return _submission("answer.json", json.dumps(self.answers))


def _tally(
    audited: Audited, exercise: Exercise, number: int, tallies: dict[str, _Tally], before: _Right | None
) -> _Right:
    asked = [one for one in exercise.questions if not audited.questions or one.id in audited.questions]
    right = _right_answers(asked, number)
    own = _outcomes(mark(exercise, right.submission))
    theirs = {} if before is None else _outcomes(mark(exercise, before.submission))
    for question in asked:
        tally = tallies.setdefault(question.id, _Tally(question))
        tally.asked.add(_question_text(question))
        _solve(tally, exercise, question, right, own)
        if before is not None:
            _compare(tally, exercise, question, right, before, theirs)
        if question.examples:
            _try_example(tally, exercise, question, number)
        _measure(tally, audited.uses.get(question.id, frozenset()), exercise, question)
    return right


def _right_answers(questions: Sequence[Question], number: int) -> _Right:
    answers, examples = {}, {}
    for question in questions:
        answer = reference_answer(question)
        right = [one for one in question.examples if one.verdict is Verdict.CORRECT]
        if answer is not None:
            answers[question.id] = answer
        elif right:
            one = right[number % len(right)]
            examples[question.id] = _submission(one.file, one.answer)
    return _Right(answers, examples)


def _solve(
    tally: _Tally, exercise: Exercise, question: Question, right: _Right, own: Mapping[str, Outcome]
) -> None:
    if question.id in right.answers:
        outcome = own[question.id]
        tally.answers.add(json.dumps(right.answers[question.id], sort_keys=True))
    elif question.id in right.examples:
        outcome = _outcome(exercise, right.examples[question.id], question.id)
    else:
        return
    tally.tried += 1
    if outcome.verdict is not Verdict.CORRECT:
        message = "; ".join(one.message for one in outcome.feedback[:1])
        tally.unsolved.append(
            VariantFault(code=exercise.variant, message=f"{outcome.verdict.value}: {message}")
        )


def _compare(
    tally: _Tally,
    exercise: Exercise,
    question: Question,
    right: _Right,
    before: _Right,
    theirs: Mapping[str, Outcome],
) -> None:
    if question.id in before.answers:
        outcome = theirs[question.id]
    elif question.id in before.examples:
        outcome = _outcome(exercise, before.examples[question.id], question.id)
    else:
        return
    tally.neighbours += 1
    if outcome.verdict is Verdict.CORRECT:
        tally.right += 1
        is_same = question.id in right.answers and right.answers[question.id] == before.answers.get(
            question.id
        )
        tally.same += is_same


def _try_example(tally: _Tally, exercise: Exercise, question: Question, number: int) -> None:
    example = question.examples[number % len(question.examples)]
    tally.examples += 1
    mismatch = check_example(exercise, question.id, example)
    if mismatch is not None:
        message = f"{example.title}: {'; '.join(mismatch.mistakes)}"
        tally.examples_differ.append(VariantFault(code=exercise.variant, message=message))


def _measure(tally: _Tally, names: frozenset[str], exercise: Exercise, question: Question) -> None:
    used = [exercise.values[name] for name in sorted(names)]
    if used:
        tally.digits[exercise.variant] = sum(map(_n_digits, numbers_in(tuple(used))))
    intermediate = [abs(number) for number in intermediate_values(question)]
    if intermediate:
        tally.largest[exercise.variant] = max(intermediate)


def _n_digits(number: Fraction) -> int:
    """How many digits other than leading and trailing zeros a number has; 0 and 1 are no work at all."""
    if number in (0, 1, -1):
        return 0
    plain = str(abs(number)) if 10**12 % number.denominator else f"{float(abs(number)):.12f}"
    return len(plain.replace(".", "").replace("/", "").strip("0"))


def _question_text(question: Question) -> str:
    return repr((question.prompt, question.fields, question.params))


def _solved_by(question: Question) -> str:
    if question.kind == "text":
        return "person"
    if reference_answer(question) is not None:
        return "program"
    return "examples" if any(one.verdict is Verdict.CORRECT for one in question.examples) else "nobody"


def _submission(name: str, text: str) -> Submission:
    return build_submission("audit", [AnswerFile(name, text.encode())])


def _outcome(exercise: Exercise, submission: Submission, question_id: str) -> Outcome:
    return _outcomes(mark(exercise, submission))[question_id]


def _outcomes(report: Report) -> dict[str, Outcome]:
    return {one.id: one.outcome for one in report.questions}


def _beyond(measured: Mapping[str, float], factor: float) -> Iterator[str]:
    """Codes of variants whose number exceeds the median by a factor."""
    if measured:
        middle = statistics.median(measured.values())
        yield from (code for code, one in measured.items() if one > factor * middle > 0)
