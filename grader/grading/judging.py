"""Steps 5 and 6 for one question: judge the answer, then look for what explains a wrong one."""

from __future__ import annotations

import traceback
from collections.abc import Collection, Sequence
from fractions import Fraction

import msgspec
import numpy as np

from grader.answers.describe import short
from grader.answers.look_alikes import false_character
from grader.errors import Unreadable
from grader.explaining import FRAMES, explained, keeping_failures
from grader.grading.diagnosing import diagnose, diagnose_unreadable
from grader.grading.resolve import misnamed, nearest, resolve
from grader.model.exercise import Question
from grader.model.kind import Answer, Judgement
from grader.model.outcome import IN_WORDS, Feedback, Outcome, Verdict
from grader.model.run import CallReading, Fault, RunResult
from grader.model.text import joined
from grader.model.value import Fields, Nothing, Text

NOTHING = Fraction(0)
# A folder may hold any number of files that are no answers.
MOST_NOT_READ = 5
MOST_KEYS = 6
"""Keys of a student's object that are told."""
IN_WORDS_FIELD = "reason"
MOST_WORDS = 2000
"""Characters of what is written in words."""


def judge_question(
    question: Question,
    flat: Sequence[str],
    calls: Sequence[CallReading],
    run: RunResult,
    taken: Collection[str] = (),
    left_out: Sequence[str] = (),
) -> Outcome:
    """The outcome of one question; never raises.

    Args:
        question: The question.
        flat: Its fields that may stand at top level.
        calls: What its own calls gave, in order.
        run: Everything that came back.
        taken: Names that answer other questions: never offered as misspelt.
        left_out: What was handed in but not read, each with the reason.
    """
    with keeping_failures() as failures:
        outcome = _outcome(question, flat, calls, run, taken)
        more = explained(lambda: _beside(question, flat, run, outcome, left_out)) or []
    more += [_not_explained(failure) for failure in dict.fromkeys(failures)]
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *more)) if more else outcome


def _beside(
    question: Question, flat: Sequence[str], run: RunResult, outcome: Outcome, left_out: Sequence[str]
) -> list[Feedback]:
    """Feedback that goes with any verdict: names given twice, words for staff, files that were not read."""
    told = [
        Feedback("given-twice", _twice_text(name), level="verdict") for name in _twice(question, flat, run)
    ]
    told += _in_words(question, flat, run)
    return told + (_not_read(left_out) if outcome.verdict is Verdict.MISSING else [])


def _outcome(
    question: Question,
    flat: Sequence[str],
    calls: Sequence[CallReading],
    run: RunResult,
    taken: Collection[str],
) -> Outcome:
    try:
        answer = resolve(question, flat, run)
        answer = msgspec.structs.replace(answer, calls=tuple(calls))
        if _is_missing(question, answer):
            missing = _missing(question, answer, run, taken)
            return explained(lambda: _with_shared_names(question, flat, run, missing)) or missing
        # Numbers near the largest overflow; what comes of that is judged, and a warning would show our paths.
        with np.errstate(all="ignore"):
            return _judged(question, answer, run)
    except Unreadable as unreadable:
        return _invalid(question, unreadable, run)
    except Exception:
        return _undecided()


def _judged(question: Question, answer: Answer, run: RunResult) -> Outcome:
    try:
        judgement = question.check.judge(question.params, answer)
    except Unreadable as error:
        unreadable, invalid = error, _invalid(question, error, run)
        return explained(lambda: diagnose_unreadable(question, answer, unreadable, invalid)) or invalid
    outcome = judgement.outcome
    named = explained(lambda: _with_names(question, answer, outcome)) or outcome
    judgement = Judgement(named, judgement.facts)
    return explained(lambda: diagnose(question, judgement)) or named


def _is_missing(question: Question, answer: Answer) -> bool:
    if question.asks.function is None:
        return not answer.fields
    return all(call.fault is not None and call.fault.kind == "missing" for call in answer.calls)


def _missing(question: Question, answer: Answer, run: RunResult, taken: Collection[str]) -> Outcome:
    if run.faults:
        return Outcome(
            verdict=Verdict.INVALID, fraction=NOTHING, feedback=tuple(map(fault_feedback, run.faults))
        )
    strange = _strange_keys(question, run)
    if strange:
        messages = [Feedback("missing-field", str(_other_keys(question, strange)))]
    else:
        messages = [Feedback("missing", f"Nothing was handed in: {_absence(question, run)}.")]
    messages += explained(lambda: _offered(question, answer, run, taken)) or []
    verdict = Verdict.INVALID if strange else Verdict.MISSING
    return Outcome(verdict=verdict, fraction=NOTHING, feedback=tuple(messages))


def _offered(question: Question, answer: Answer, run: RunResult, taken: Collection[str]) -> list[Feedback]:
    """Names that are there and close to those that are not."""
    if close := misnamed(question.asks, answer):
        return _misnamed_feedback(question, close)
    wanted = question.asks.function or question.id
    names = [name for name in run.seen if name not in (question.id, *question.asks.fields, *taken)]
    found = None if wanted in run.seen else nearest(wanted, names)
    if found is None or nearest(found, (*taken, wanted)) != wanted:
        return []
    odd = false_character(found)
    having = f", which has the character {odd}" if odd else ""
    return [Feedback("did-you-mean", f"The answer has {found}{having}; did you mean {wanted}?")]


def _strange_keys(question: Question, run: RunResult) -> list[str]:
    """What stands in the question's object where none of its fields does, not even as None."""
    value = run.names.get(question.id)
    if not isinstance(value, Fields) or not question.asks.fields:
        return []
    if any(name in value.fields for name in (*question.asks.fields, *question.asks.optional)):
        return []
    return [name for name, field in value.fields.items() if not isinstance(field, Nothing)]


def _other_keys(question: Question, keys: Sequence[str]) -> Unreadable:
    found = ", ".join(map(short, keys[:MOST_KEYS])) + (", ..." if len(keys) > MOST_KEYS else "")
    wanted = ", ".join(question.asks.parts or question.asks.fields)
    return Unreadable(f"it holds {found}", f"the names asked for: {wanted}", question.id, "missing-field")


def _with_shared_names(question: Question, flat: Sequence[str], run: RunResult, outcome: Outcome) -> Outcome:
    """The outcome, which also says that fields at top level could be those of several questions."""
    fields = question.asks.fields
    if not fields or set(fields) & set(flat) or not set(fields) <= set(run.seen):
        return outcome
    one = len(fields) == 1
    told = (
        f"{joined(fields)} {'stands' if one else 'stand'} at top level, but several questions have "
        f"{'a field of that name' if one else 'fields of these names'}: write {question.id} = "
        f"dict({', '.join(f'{name}={name}' for name in fields)}), or mark with --question {question.id}."
    )
    shared = Feedback("shared-names", told, level="verdict")
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, shared))


def _not_read(left_out: Sequence[str]) -> list[Feedback]:
    told = list(left_out[:MOST_NOT_READ])
    if len(left_out) > MOST_NOT_READ:
        told.append(f"{len(left_out) - MOST_NOT_READ} more")
    return [Feedback("not-read", f"Not read: {reason}", level="verdict") for reason in told]


def _in_words(question: Question, flat: Sequence[str], run: RunResult) -> list[Feedback]:
    """What is written in words, not marked and for staff to read."""
    if IN_WORDS_FIELD not in question.asks.optional:
        return []
    try:
        value = resolve(question, flat, run).fields.get(IN_WORDS_FIELD)
    except Unreadable:
        return []
    if not isinstance(value, Text) or not value.text.strip():
        return []
    return [Feedback(IN_WORDS, value.text.strip()[:MOST_WORDS], "staff")]


def _twice(question: Question, flat: Sequence[str], run: RunResult) -> list[str]:
    """Names of the question that several files define; of its fields only where it has no object."""
    fields = () if question.id in run.names else flat
    names = dict.fromkeys((question.id, question.asks.function, *fields))
    return [name for name in names if name is not None and name in run.given_twice]


def _twice_text(name: str) -> str:
    return (
        f"{name} stands in more than one file; the first read counts: "
        "that of a file called answer, else of the first by name."
    )


def _absence(question: Question, run: RunResult) -> str:
    if question.asks.function:
        return f"there is no function named {question.asks.function}"
    if question.id not in run.names:
        return f"there is no object named {question.id}"
    if isinstance(run.names[question.id], Nothing):
        return f"{question.id} is still None"
    return f"{question.id} has none of the question's fields, or they are still None"


def _with_names(question: Question, answer: Answer, outcome: Outcome) -> Outcome:
    close = misnamed(question.asks, answer)
    if not close or outcome.verdict is Verdict.CORRECT:
        return outcome
    feedback = (*_misnamed_feedback(question, close), *outcome.feedback)
    return msgspec.structs.replace(outcome, feedback=feedback)


def _misnamed_feedback(question: Question, close: dict[str, str]) -> list[Feedback]:
    return [
        Feedback("did-you-mean", f"{question.id} has {found}; did you mean {name}?")
        for name, found in close.items()
    ]


def _invalid(question: Question, unreadable: Unreadable, run: RunResult) -> Outcome:
    messages = [Feedback(unreadable.code, str(unreadable))]
    if unreadable.code == "missing-field":
        messages += explained(lambda: _misnamed_in_own(question, run)) or []
    return Outcome(verdict=Verdict.INVALID, fraction=NOTHING, feedback=tuple(messages))


def _misnamed_in_own(question: Question, run: RunResult) -> list[Feedback]:
    """Names in the question's own object that are close to those asked for."""
    try:
        answer = resolve(question, (), run)
    except Unreadable:
        answer = Answer()
    return _misnamed_feedback(question, misnamed(question.asks, answer))


def _not_explained(failure: str) -> Feedback:
    last = failure.rstrip().rpartition("\n")[2]
    told = f"The mark stands, but the grader failed to explain it: {last}"
    return Feedback("explanation-failed", f"{told}\n{failure}", "staff")


def _undecided() -> Outcome:
    student = "The grader could not decide this answer; your instructor is told. It does not count as wrong."
    return Outcome(
        verdict=Verdict.UNDECIDED,
        fraction=NOTHING,
        feedback=(
            Feedback("grader-failed", student),
            Feedback("grader-failed", traceback.format_exc(limit=FRAMES), "staff"),
        ),
    )


def fault_feedback(fault: Fault) -> Feedback:
    """What went wrong while an answer was read, to its author."""
    place = f"{fault.where}: " if fault.where else ""
    return Feedback(f"does-not-run-{fault.kind}", f"{place}{fault.message}")
