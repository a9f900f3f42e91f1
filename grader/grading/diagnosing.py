"""Step 6: a wrong answer is matched with what known mistakes would have produced.

A kind's file `grader/kinds/<kind>/diagnose.py` has a function `diagnose(params, answer, outcome)` that
returns a `Finding`; a kind without such a file is not diagnosed. Each known mistake is one small declaration.
A kind whose instance decides what can be told has `cannot_tell(params)` as well.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import TYPE_CHECKING

import msgspec

from grader.model.check import Answer
from grader.model.exercise import Question
from grader.model.outcome import Finding, Outcome, Verdict, verdict_for

if TYPE_CHECKING:
    from grader.kinds.identifiability import Identifiability


def diagnose(question: Question, answer: Answer, outcome: Outcome) -> Outcome:
    """The outcome with the known mistakes that explain it, and the credit that the question gives them.

    Right answers are never diagnosed; credit is never lowered.

    Args:
        question: The question.
        answer: What was handed in for it.
        outcome: What its check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT, Verdict.INVALID):
        return outcome
    module = _module_of(question.kind)
    if module is None:
        return outcome
    finding: Finding = module.diagnose(question.params, answer, outcome)
    fraction = outcome.fraction if finding.fraction is None else max(finding.fraction, outcome.fraction)
    is_invalid = outcome.verdict is Verdict.INVALID and finding.fraction is None
    return msgspec.structs.replace(
        outcome,
        verdict=outcome.verdict if is_invalid else verdict_for(fraction),
        fraction=fraction,
        diagnoses=(*outcome.diagnoses, *finding.diagnoses),
        feedback=(*outcome.feedback, *finding.feedback),
        evidence={**outcome.evidence, **finding.evidence},
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
