"""Feedback on names: absent, misspelt, given twice, shared with other questions, or not read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import msgspec

from grader.answers.describe import short
from grader.answers.look_alikes import false_character
from grader.errors import Unreadable
from grader.grading.resolve import Given, misnamed, nearest, resolve
from grader.model.exercise import Question
from grader.model.kind import Answer
from grader.model.outcome import IN_WORDS, Feedback, Outcome, Verdict
from grader.model.run import Fault
from grader.model.text import joined
from grader.model.value import Fields, Nothing, Text

NOTHING = Fraction(0)
# A folder may hold any number of files that are no answers.
MOST_NOT_READ = 5
MOST_KEYS = 6
"""Keys of a student's object that are named."""
IN_WORDS_FIELD = "reason"
MOST_WORDS = 2000
"""Characters of what is written in words."""


def missing(given: Given) -> Outcome:
    """The outcome where there is nothing to judge."""
    faults, strange = given.run.faults, _strange_keys(given)
    if faults:
        feedback = tuple(map(fault_feedback, faults))
        return Outcome(verdict=Verdict.INVALID, fraction=NOTHING, feedback=feedback)
    if not strange:
        return Outcome(verdict=Verdict.MISSING, fraction=NOTHING, feedback=(_absence(given),))
    return invalid(_other_keys(given.question, strange))


def invalid(unreadable: Unreadable) -> Outcome:
    """The outcome of an answer that cannot be read."""
    feedback = Feedback(unreadable.code, str(unreadable))
    return Outcome(verdict=Verdict.INVALID, fraction=NOTHING, feedback=(feedback,))


def with_offered_names(given: Given, outcome: Outcome) -> Outcome:
    """The outcome where nothing was found, with the names that may have been meant."""
    offered = [] if given.run.faults else _offered_names(given)
    return _with(outcome, [*offered, *_shared_names(given)])


def with_names_in_own(given: Given, outcome: Outcome) -> Outcome:
    """The outcome where a field is missing, with names in the question's own object that are close to it."""
    question = given.question
    try:
        answer = resolve(question, (), given.run)
    except Unreadable:
        answer = Answer()
    return _with(outcome, _misspelt(question, answer))


def with_misspelt_names(given: Given, outcome: Outcome) -> Outcome:
    """The outcome of a wrong answer, with the names that it may have misspelt first in its feedback."""
    close = [] if outcome.verdict is Verdict.CORRECT else _misspelt(given.question, given.answer)
    return msgspec.structs.replace(outcome, feedback=(*close, *outcome.feedback)) if close else outcome


def with_names_feedback(given: Given, outcome: Outcome) -> Outcome:
    """The outcome with feedback that fits any verdict: names given twice, words for staff, files not read."""
    twice = [
        Feedback("given-twice", _twice_text(name), level="verdict") for name in _names_given_twice(given)
    ]
    not_read = _not_read(given.left_out) if outcome.verdict is Verdict.MISSING else []
    return _with(outcome, [*twice, *_in_words(given), *not_read])


def _with(outcome: Outcome, more: list[Feedback]) -> Outcome:
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *more)) if more else outcome


def fault_feedback(fault: Fault) -> Feedback:
    """What went wrong while an answer was read, to its author."""
    return Feedback(fault.code, fault.text)


def _misspelt(question: Question, answer: Answer) -> list[Feedback]:
    """Names in an answer that are close to those asked for."""
    return [
        Feedback("did-you-mean", f"{question.id} has {found}; did you mean {name}?")
        for name, found in misnamed(question.asks, answer).items()
    ]


def _offered_names(given: Given) -> list[Feedback]:
    """Feedback that offers names which the answer has and which are close to absent ones."""
    question, run, taken = given.question, given.run, given.taken
    if close := _misspelt(question, given.answer):
        return close
    wanted = question.asks.function or question.id
    names = [name for name in run.seen if name not in (question.id, *question.asks.fields, *taken)]
    found = None if wanted in run.seen else nearest(wanted, names)
    if found is None or nearest(found, (*taken, wanted)) != wanted:
        return []
    odd = false_character(found)
    having = f", which has the character {odd}" if odd else ""
    return [Feedback("did-you-mean", f"The answer has {found}{having}; did you mean {wanted}?")]


def _strange_keys(given: Given) -> list[str]:
    """Keys of the question's object, where it has none of the question's fields, not even as None."""
    asks, value = given.question.asks, given.run.names.get(given.question.id)
    if not isinstance(value, Fields) or not asks.fields:
        return []
    if any(name in value.fields for name in (*asks.fields, *asks.optional)):
        return []
    return [name for name, field in value.fields.items() if not isinstance(field, Nothing)]


def _other_keys(question: Question, keys: Sequence[str]) -> Unreadable:
    found = ", ".join(map(short, keys[:MOST_KEYS])) + (", ..." if len(keys) > MOST_KEYS else "")
    wanted = ", ".join(question.asks.parts or question.asks.fields)
    hint = f"the names asked for: {wanted}"
    return Unreadable(f"it holds {found}", hint, question.id, "missing-field")


def _shared_names(given: Given) -> list[Feedback]:
    """A message that names at top level could be fields of several questions."""
    question, fields = given.question, given.question.asks.fields
    if not fields or set(fields) & set(given.flat) or not set(fields) <= set(given.run.seen):
        return []
    one = len(fields) == 1
    message = (
        f"{joined(fields)} {'stands' if one else 'stand'} at top level, but several questions have "
        f"{'a field of that name' if one else 'fields of these names'}: write {question.id} = "
        f"dict({', '.join(f'{name}={name}' for name in fields)}), or mark with --question {question.id}."
    )
    return [Feedback("shared-names", message, level="verdict")]


def _not_read(left_out: Sequence[str]) -> list[Feedback]:
    reasons = list(left_out[:MOST_NOT_READ])
    if len(left_out) > MOST_NOT_READ:
        reasons.append(f"{len(left_out) - MOST_NOT_READ} more")
    return [Feedback("not-read", f"Not read: {reason}", level="verdict") for reason in reasons]


def _in_words(given: Given) -> list[Feedback]:
    """What is written in words, not marked and for staff to read."""
    if IN_WORDS_FIELD not in given.question.asks.optional:
        return []
    try:
        value = given.answer.fields.get(IN_WORDS_FIELD)
    except Unreadable:
        return []
    if not isinstance(value, Text) or not value.text.strip():
        return []
    return [Feedback(IN_WORDS, value.text.strip()[:MOST_WORDS], "staff")]


def _names_given_twice(given: Given) -> list[str]:
    """Names of the question that several files define; of its fields only where it has no object."""
    question, run = given.question, given.run
    fields = () if question.id in run.names else given.flat
    names = dict.fromkeys((question.id, question.asks.function, *fields))
    return [name for name in names if name is not None and name in run.given_twice]


def _twice_text(name: str) -> str:
    return (
        f"{name} stands in more than one file; the first read counts: "
        "that of a file called answer, else of the first by name."
    )


def _absence(given: Given) -> Feedback:
    question, names = given.question, given.run.names
    if question.asks.function:
        why = f"there is no function named {question.asks.function}"
    elif question.id not in names:
        why = f"there is no object named {question.id}"
    elif isinstance(names[question.id], Nothing):
        why = f"{question.id} is still None"
    else:
        why = f"{question.id} has none of the question's fields, or they are still None"
    return Feedback("missing", f"Nothing was handed in: {why}.")
