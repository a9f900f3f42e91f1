"""Whether words were handed in, and how many; a person says what they are worth."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.kinds.text.question import FIELD, TextParams
from grader.model.evidence import LOCATION, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import HANDED_IN, IN_WORDS, Feedback, Outcome, Verdict
from grader.model.text import counted
from grader.model.value import Items, Text, Value


class TextEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of words: their number."""

    words: Annotated[int, LOCATION]


def judge(params: TextParams, answer: Answer) -> Judgement[str]:
    """Pending, with the text for staff; a text outside the limits is told so and kept.

    Raises:
        Unreadable: If it is no text.
    """
    text = read_text(answer.fields[FIELD]).strip() if FIELD in answer.fields else ""
    if not text:
        return Judgement(
            _outcome(Verdict.MISSING, Feedback("missing", "Nothing was handed in: there are no words.")), ""
        )
    words = len(text.split())
    found = Feedback(HANDED_IN, f"Handed in: {counted(words, 'word')}. A person marks this.", level="verdict")
    outcome = _outcome(
        Verdict.PENDING,
        found,
        *_length(params, words),
        Feedback(IN_WORDS, text, "staff"),
        evidence=(TextEvidence(words=words),),
    )
    return Judgement(outcome, text)


def read_text(value: Value) -> str:
    """The words of an answer; a list of texts is its lines.

    Args:
        value: As handed in.

    Raises:
        Unreadable: If it is anything else.
    """
    if isinstance(value, Text):
        return value.text
    if isinstance(value, Items) and value.items and all(isinstance(one, Text) for one in value.items):
        return "\n".join(one.text for one in value.items if isinstance(one, Text))
    raise Unreadable(
        f"{describe(value)}, where words are wanted",
        "write one text in quotes, of at most 10,000 characters",
        FIELD,
        "no-text",
    )


def _outcome(verdict: Verdict, *feedback: Feedback, evidence: tuple[Evidence, ...] = ()) -> Outcome:
    return Outcome(verdict=verdict, fraction=Fraction(0), feedback=feedback, evidence=evidence)


def _length(params: TextParams, words: int) -> list[Feedback]:
    asked = f"this question asks for {params.min_words} to {params.max_words}"
    if words < params.min_words:
        return [Feedback("too-few-words", f"That is shorter than asked: {asked} words.", level="verdict")]
    if words > params.max_words:
        return [Feedback("too-many-words", f"That is longer than asked: {asked} words.", level="verdict")]
    return []
