"""A wrong network function: all that came back is held against what known mistakes give."""

from __future__ import annotations

from collections.abc import Sequence

from grader.kinds.behaviour.judge import BehaviourFacts
from grader.kinds.behaviour.question import BehaviourParams
from grader.kinds.behaviour.trial import TrialResult, first_wrong_step
from grader.kinds.behaviour.variants import ReturnedOutputs, cannot_tell, explaining
from grader.model.outcome import Diagnosis, Finding
from grader.networks.combinations import MOST_TOGETHER, Combination, finding
from grader.networks.forward import FORWARD_PASS

__all__ = ["cannot_tell", "diagnose"]

OTHER_LAYOUT = (
    "All weights are used as if each row belonged to a neuron that a signal goes to; here it belongs to one "
    "that it comes from: U is n_in x n_h. So there are outputs only where sizes are equal."
)
STATE_KEPT = "A call goes on where the one before has ended; what is fed back starts from zero in every call."
# One instance of size 1 is explained by many mistakes; two wrong results leave few.
FEWEST_WRONG = 2
# Two places are what sheets ask by hand; from 6 on, rounding is within the tolerance.
OTHER_PLACES = (1, 3, 4, 5)


def diagnose(params: BehaviourParams, facts: BehaviourFacts) -> Finding:
    """The fewest known mistakes that give every array that came back.

    Args:
        params: The question.
        facts: What came of the calls; the first call on each instance counts, where its shape is right.
    """
    if _is_state_kept(params, facts.results):
        return Finding(diagnoses=(Diagnosis("state-kept-between-calls", STATE_KEPT),))
    returned = [(k, one.first) for k, one in enumerate(facts.results) if one.first is not None]
    if sum(one.first_wrong_step is not None for one in facts.results) < FEWEST_WRONG:
        return Finding()
    for size in range(1, MOST_TOGETHER + 1):
        found = explaining(params, size, returned)
        if found:
            return finding(found, params.slip_credit**size, facts.fraction)
        if size == 1 and (found := _rounded_otherwise(params, returned)):
            return finding(found, params.slip_credit, facts.fraction)
        if size == 1 and _is_in_other_layout(params, facts.results):
            return Finding(diagnoses=(Diagnosis("weights-in-other-layout", OTHER_LAYOUT),))
    return Finding()


def _is_state_kept(params: BehaviourParams, results: Sequence[TrialResult]) -> bool:
    """Whether every second call goes on from where a right first one has ended."""
    forward = FORWARD_PASS[params.reference]
    found = []
    for result in results:
        if result.second is None or result.first_wrong_step is not None:
            continue
        right = forward(*result.trial.instance)
        ended = right.h[-1] if params.reference == "elman" else right.y[-1]
        goes_on = forward(*result.trial.instance, ended).y
        if first_wrong_step(goes_on, result.trial.expected, params.atol) is not None:
            found.append(first_wrong_step(result.second, goes_on, params.atol) is None)
    return bool(found) and all(found)


def _rounded_otherwise(params: BehaviourParams, returned: ReturnedOutputs) -> list[Combination]:
    """Mistakes that keep another number of decimals than two."""
    for places in OTHER_PLACES:
        found = [
            one
            for one in explaining(params, 1, returned, places)
            if any(name.endswith("_digits") for name in one.mistakes[0].effect.settings)
        ]
        if found:
            return found
    return []


def _is_in_other_layout(params: BehaviourParams, results: Sequence[TrialResult]) -> bool:
    """Whether all results are those of the transposed weights, as far as sizes allow any."""
    forward = FORWARD_PASS[params.reference]
    for result in results:
        if result.first is None:
            continue
        x, U, W, V, b, c = result.trial.instance
        if any(one.shape != one.T.shape for one in (U, W, V)):
            return False
        if first_wrong_step(result.first, forward(x, U.T, W.T, V.T, b, c).y, params.atol) is not None:
            return False
    return True
