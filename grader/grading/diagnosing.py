"""Step 6: find the known mistakes that would have given a wrong answer.

A kind's file `grader/kinds/<kind>/diagnose.py` has `diagnose(params, facts)`, which returns a `Finding` about
what the kind's judge read and decided, or `diagnose_unreadable(params, answer, unreadable)` about an answer
that could not be read; either may be absent. A kind whose instance decides what can be named has
`cannot_tell(params)` as well.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any

import msgspec

from grader.errors import Unreadable
from grader.model.exercise import Question
from grader.model.kind import Answer, Judgement
from grader.model.mistake import Identifiability
from grader.model.outcome import Finding, Outcome, Verdict, verdict_for

LOST_POINTS = (Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID)


def diagnose(question: Question, judgement: Judgement[Any]) -> Outcome:
    """The outcome with the known mistakes that explain it, and the credit that the question gives them.

    Right answers are never diagnosed; credit is never lowered.

    Args:
        question: The question.
        judgement: What its judge decided.
    """
    outcome, module = judgement.outcome, _module_of(question.kind)
    if outcome.verdict not in LOST_POINTS or module is None:
        return outcome
    if not hasattr(module, "diagnose"):
        return outcome
    return with_finding(outcome, module.diagnose(question.params, judgement.facts))


def diagnose_unreadable(
    question: Question, answer: Answer, unreadable: Unreadable, outcome: Outcome
) -> Outcome:
    """The outcome of an answer that could not be read, with the mistakes that explain why.

    Args:
        question: The question.
        answer: What was handed in for it.
        unreadable: Why it could not be read.
        outcome: The verdict invalid, with that reason as its feedback.
    """
    module = _module_of(question.kind)
    if module is None or not hasattr(module, "diagnose_unreadable"):
        return outcome
    return with_finding(outcome, module.diagnose_unreadable(question.params, answer, unreadable))


def with_finding(outcome: Outcome, finding: Finding) -> Outcome:
    """The outcome with what was found to explain it.

    Args:
        outcome: What the judge decided.
        finding: What explains it.
    """
    fraction = outcome.fraction if finding.fraction is None else max(finding.fraction, outcome.fraction)
    is_invalid = outcome.verdict is Verdict.INVALID and finding.fraction is None
    kept = tuple(one for one in outcome.feedback if one.code not in finding.replaces)
    return msgspec.structs.replace(
        outcome,
        verdict=outcome.verdict if is_invalid else verdict_for(fraction),
        fraction=fraction,
        diagnoses=(*outcome.diagnoses, *finding.diagnoses),
        feedback=(*finding.first, *kept, *finding.feedback),
        evidence=(*outcome.evidence, *finding.evidence),
    )


def cannot_tell(question: Question) -> Identifiability | None:
    """Which known mistakes a question's own instance cannot tell apart; None where that is not known.

    Args:
        question: The question.
    """
    module = _module_of(question.kind)
    if module is None or not hasattr(module, "cannot_tell"):
        return None
    found: Identifiability = module.cannot_tell(question.params)
    return found


def _module_of(kind: str) -> ModuleType | None:
    package = importlib.import_module(f"grader.kinds.{kind}")
    if "diagnose" not in {module.name for module in pkgutil.iter_modules(package.__path__)}:
        return None
    return importlib.import_module(f"{package.__name__}.diagnose")
