"""Mark the example answers of an exercise file, and compare with what the file says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from grader.grading.judging import cannot_tell
from grader.grading.mark import mark
from grader.model.exercise import ExampleAnswer, Exercise, Question
from grader.model.mistake import Identifiability
from grader.model.outcome import Outcome, Verdict
from grader.model.submission import AnswerFile
from grader.submissions import build_submission

MOST_MESSAGES = 3


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """An example that is marked otherwise than its file says.

    Args:
        question: The question's id.
        title: The example's.
        mistakes: What came out and what the file says, one sentence each.
        feedback: The report's first messages on the answer, each after its code.
    """

    question: str
    title: str
    mistakes: tuple[str, ...]
    feedback: tuple[str, ...]


def check_examples(exercise: Exercise) -> Iterator[Mismatch | None]:
    """Mark every example, in the file's order; None for one that is marked as the file says."""
    for question in exercise.questions:
        for example in question.examples:
            yield check_example(exercise, question.id, example)


def check_example(exercise: Exercise, question_id: str, example: ExampleAnswer) -> Mismatch | None:
    """Mark one example; None if it is marked as the file says."""
    outcome = outcome_of(exercise, question_id, example)
    mistakes = tuple(_mistakes(outcome, example))
    feedback = tuple(f"{one.code}: {one.message}" for one in outcome.feedback[:MOST_MESSAGES])
    if not mistakes:
        return None
    return Mismatch(question=question_id, title=example.title, mistakes=mistakes, feedback=feedback)


def outcome_of(exercise: Exercise, question_id: str, example: ExampleAnswer) -> Outcome:
    """The outcome of one example for its question."""
    submission = build_submission("example", [AnswerFile(example.file, example.answer.encode())])
    # A cap on what students are told would hide the codes that the file names.
    report = mark(msgspec.structs.replace(exercise, reveal="working"), submission)
    return next(entry.outcome for entry in report.questions if entry.id == question_id)


def _mistakes(outcome: Outcome, example: ExampleAnswer) -> Iterator[str]:
    if outcome.verdict != example.verdict:
        yield f"the verdict is {outcome.verdict.value}, the file says {example.verdict.value}"
    if example.fraction is not None and outcome.fraction != example.fraction:
        yield f"the fraction is {outcome.fraction}, the file says {example.fraction}"
    yield from _absent("code", example.codes, [one.code for one in outcome.feedback])
    yield from _absent("diagnosis", example.diagnoses, [one.id for one in outcome.diagnoses])


def _absent(what: str, wanted: tuple[str, ...], found: list[str]) -> Iterator[str]:
    for word in wanted:
        if word not in found:
            there = f"there is {', '.join(found)}" if found else "there is none"
            yield f"{what}: {there}, the file says {word}"


WRONG = (Verdict.PARTIAL, Verdict.INCORRECT)


class Nameless(NamedTuple):
    """A wrong example that no known mistake explains.

    Args:
        title: The example's.
        codes: Codes of the feedback that its student gets instead.
    """

    title: str
    codes: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one question's mistakes.

    Args:
        right: How many of its examples are right.
        wrong: How many are wrong; one that cannot be read is neither.
        named: Ids of the known mistakes that are diagnosed in its examples, sorted.
        nameless: Wrong examples that no known mistake explains.
        untried: Ids of mistakes that the exercise file declares and no example shows.
        hidden: Mistakes that the question's own numbers cannot tell apart; None where that is not computed.
    """

    right: int
    wrong: int
    named: tuple[str, ...]
    nameless: tuple[Nameless, ...]
    untried: tuple[str, ...]
    hidden: Identifiability | None


def audit(question: Question, outcomes: Sequence[Outcome]) -> Audit:
    """Which known mistakes a question's examples show, and which its own numbers hide.

    Args:
        question: The question.
        outcomes: What each of its examples got, in order.
    """
    named = {one.id for outcome in outcomes for one in outcome.diagnoses}
    marked = list(zip(question.examples, outcomes, strict=True))
    wrong = [(example, outcome) for example, outcome in marked if outcome.verdict in WRONG]
    # The parameter of this name holds the mistakes that an exercise file declares, in kinds that have it.
    declared = [one.id for one in getattr(question.params, "mistakes", ())]
    return Audit(
        right=sum(outcome.verdict is Verdict.CORRECT for outcome in outcomes),
        wrong=len(wrong),
        named=tuple(sorted(named)),
        nameless=tuple(
            Nameless(example.title, tuple(dict.fromkeys(one.code for one in outcome.feedback)))
            for example, outcome in wrong
            if not outcome.diagnoses
        ),
        untried=tuple(one for one in dict.fromkeys(declared) if one not in named),
        hidden=cannot_tell(question),
    )
