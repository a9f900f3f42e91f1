"""Step 5 and 6: what was decided about one question."""

from __future__ import annotations

import enum
from fractions import Fraction
from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from grader.model.evidence import Basis, Evidence, Level, ShownFrom, facts

Audience: TypeAlias = Literal["student", "staff"]
IN_WORDS = "in-words"
"""Code of staff feedback: what the student wrote in a field that no program marks."""
HANDED_IN = "handed-in"
"""Code of the feedback on an answer that waits for a person's mark."""


class Verdict(enum.StrEnum):
    """What a question was found to be; see `docs/contract.md`."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    MISSING = "missing"
    INVALID = "invalid"
    SKIPPED = "skipped"
    UNDECIDED = "undecided"
    PENDING = "pending"


class Feedback(msgspec.Struct, frozen=True):
    """One thing to tell one audience; `code` is stable, the message is for people."""

    code: str
    message: str
    audience: Audience = "student"
    level: Level = "location"


class Diagnosis(msgspec.Struct, frozen=True):
    """A known mistake that would have produced this answer."""

    id: str
    message: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about one question.

    Args:
        verdict: See `Verdict`.
        fraction: Share of the question's points, 0 to 1, exact.
        basis: What the decision rests on; None where nothing was decided.
        feedback: In the order to be read.
        evidence: Facts for the report: a counterexample, which rows are right, a certificate.
        diagnoses: The known mistakes that explain the answer, added by step 6.
        is_withheld: Whether it waits for the course, with which the question's key stays.
    """

    verdict: Verdict
    fraction: Fraction
    basis: Basis | None = None
    feedback: tuple[Feedback, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    is_withheld: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """All facts of the evidence by name, as plain values."""
        return facts(self.evidence)


class WithheldEvidence(Evidence, frozen=True, kw_only=True):
    """Who marks an answer whose question has its key elsewhere."""

    marked_by: Annotated[Literal["course"], ShownFrom("verdict")] = "course"


def handed_in_to_course(*more: Feedback) -> Outcome:
    """The outcome where a question's key stays with the course.

    Args:
        more: Further feedback.
    """
    waiting = Feedback(HANDED_IN, "Handed in; marked by your course.", level="verdict")
    return Outcome(
        verdict=Verdict.PENDING,
        fraction=Fraction(0),
        feedback=(waiting, *more),
        evidence=(WithheldEvidence(),),
        is_withheld=True,
    )


def verdict_for(fraction: Fraction) -> Verdict:
    """The verdict of an answer that earns this share of the points."""
    if fraction >= 1:
        return Verdict.CORRECT
    return Verdict.PARTIAL if fraction > 0 else Verdict.INCORRECT


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What step 6 adds to an outcome.

    Args:
        diagnoses: The mistakes that explain the answer; more than one where they cannot be told apart.
        fraction: The credit that the question gives a recognised mistake; None leaves the credit as it is.
        first: Feedback that is read before the judge's.
        feedback: Feedback that is read after it.
        replaces: Codes of the judge's feedback that this finding says better.
        evidence: Facts to add.
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    fraction: Fraction | None = None
    first: tuple[Feedback, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    replaces: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()
