"""What an exercise file does not show its writer: which mistakes a question names, and which it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from grader.grading.diagnosing import cannot_tell
from grader.model.exercise import Question
from grader.model.mistake import Identifiability
from grader.model.outcome import Outcome, Verdict

WRONG = (Verdict.PARTIAL, Verdict.INCORRECT)


class Nameless(NamedTuple):
    """A wrong example that no known mistake explains.

    Args:
        title: The example's.
        codes: Of what its student is told instead.
    """

    title: str
    codes: tuple[str, ...]


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one question's mistakes.

    Args:
        right: How many of its examples are right.
        wrong: How many are wrong; one that cannot be read is neither.
        named: Ids of the known mistakes that its examples are told, sorted.
        nameless: Wrong examples that no known mistake explains.
        untried: Ids of mistakes that the exercise file declares and no example shows.
        hidden: Which mistakes the question's own numbers cannot tell; None where that is not computed.
    """

    right: int
    wrong: int
    named: tuple[str, ...]
    nameless: tuple[Nameless, ...]
    untried: tuple[str, ...]
    hidden: Identifiability | None


def audit(question: Question, outcomes: Sequence[Outcome]) -> Audit:
    """What a question's examples and its own numbers tell of its mistakes.

    Args:
        question: The question.
        outcomes: What each of its examples got, in order.
    """
    named = {one.id for outcome in outcomes for one in outcome.diagnoses}
    marked = list(zip(question.examples, outcomes, strict=True))
    wrong = [(example, outcome) for example, outcome in marked if outcome.verdict in WRONG]
    # Kinds whose mistakes an exercise file declares have them under this name.
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
