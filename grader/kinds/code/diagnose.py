"""A wrong network function: all that came back is held against what known mistakes give."""

from __future__ import annotations

from grader.kinds.code.conventions import FEWEST_WRONG, in_another_convention, kept_state
from grader.kinds.code.judge import CodeFacts
from grader.kinds.code.mistakes import ReturnedArrays, asked_of, cannot_tell, explaining
from grader.kinds.code.question import CodeParams
from grader.model.outcome import Finding
from grader.networks.mutants.combination import MOST_TOGETHER, Combination, finding

__all__ = ["cannot_tell", "diagnose"]

# Two places are what sheets ask by hand; from 6 on, rounding is within the tolerance.
OTHER_PLACES = (1, 3, 4, 5)


def diagnose(params: CodeParams, facts: CodeFacts) -> Finding:
    """The fewest known mistakes that give every array that came back.

    Args:
        params: The question.
        facts: What came of the calls; the first call on each instance counts, where its shape is right.
    """
    if (kept := kept_state(params, facts.results)) is not None:
        return Finding(diagnoses=(kept,))
    returned = [(k, one.first) for k, one in enumerate(facts.results) if one.first is not None]
    has_evidence = sum(one.first_wrong_step is not None for one in facts.results) >= FEWEST_WRONG
    for size in range(1, MOST_TOGETHER + 1):
        if has_evidence and (found := explaining(params, size, returned)):
            return finding(found, params.slip_credit**size, facts.fraction, asked_of(params))
        if size == 1 and has_evidence and (found := _rounded_otherwise(params, returned)):
            return finding(found, params.slip_credit, facts.fraction, asked_of(params))
        if size == 1 and (convention := in_another_convention(params, facts.results)):
            return Finding(diagnoses=(convention,))
    return Finding()


def _rounded_otherwise(params: CodeParams, returned: ReturnedArrays) -> list[Combination]:
    """Mistakes that keep another number of decimals than two."""
    for places in OTHER_PLACES:
        if found := explaining(params, 1, returned, places):
            return found
    return []
