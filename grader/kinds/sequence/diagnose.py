"""Step 6 for sequences: a wrong answer held against what known mistakes give on the question's instance."""

from __future__ import annotations

import numpy as np

from grader.answers.steps import as_floats, read_steps
from grader.errors import Unreadable
from grader.formula.constants import with_numbers
from grader.kinds.identifiability import Identifiability, identifiability
from grader.kinds.sequence.question import SequenceParams
from grader.kinds.sequence.variants import matching, variants
from grader.model.kind import Answer
from grader.model.outcome import Finding, Outcome, Verdict
from grader.networks.findings import finding
from grader.networks.follow_through import MARGIN
from grader.networks.misconception import Explanation
from reference.network import Array

MOST_MISTAKES = 2


def diagnose_answer(params: SequenceParams, answer: Answer, outcome: Outcome) -> Finding:
    """The fewest known mistakes that give the handed-in sequence at every step.

    What could be guessed is not explained: one number throughout, or by two mistakes a row of 0 and ±1.

    Args:
        params: The question.
        answer: The outputs y; hidden activations h, where given, narrow the choice.
        outcome: What the check decided.
    """
    if outcome.verdict not in (Verdict.PARTIAL, Verdict.INCORRECT):
        return Finding()
    y = _values(answer, "y", len(params.x), len(params.c))
    h = _values(answer, "h", len(params.x), len(params.b))
    if y is None or _is_constant(y, params.places):
        return Finding()
    most = 1 if _is_whole(y, params.places) else MOST_MISTAKES
    for size in range(1, most + 1):
        found = _explaining(params, size, y, h)
        if found:
            return finding(found, params.slip_credit**size, outcome.fraction)
    return Finding()


def cannot_tell(params: SequenceParams) -> Identifiability:
    """Which single mistakes this question cannot tell apart, or cannot see.

    Args:
        params: The question.
    """
    return identifiability(params)


def _is_constant(y: Array, places: int) -> bool:
    """Whether the answer is one number throughout, which no input is needed for."""
    return len(y) > 1 and bool(np.all(np.ptp(y, axis=0) <= 10.0**-places + MARGIN))


def _is_whole(y: Array, places: int) -> bool:
    """Whether every number is a whole one: pairs of mistakes give many rows of 0 and ±1."""
    return bool(np.all(np.abs(y - np.rint(y)) <= 0.5 * 10.0**-places))


def _explaining(params: SequenceParams, size: int, y: Array, h: Array | None) -> list[Explanation]:
    table = variants(params, size)
    by_y = matching(table.y, y, params.places)
    by_both = by_y & matching(table.h, h, params.places) if h is not None else by_y
    # Working that fits none of them says nothing about the outputs.
    chosen = by_both if by_both.any() else by_y
    return [table.explanations[k] for k in np.flatnonzero(chosen)]


def _values(answer: Answer, name: str, n_steps: int, width: int) -> Array | None:
    if name not in answer.fields:
        return None
    try:
        steps = read_steps(with_numbers(answer.fields[name]), n_steps, width, name)
    except Unreadable:
        return None
    return as_floats(steps)
