"""A wrong network function: all that came back is held against what known mistakes give."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from grader.kinds.behaviour.judge import BehaviourFacts
from grader.kinds.behaviour.question import BehaviourParams, instances_seed, trials
from grader.kinds.behaviour.trial import TrialResult, first_wrong_step
from grader.model.mistake import Identifiability
from grader.model.outcome import Diagnosis, Finding
from grader.networks.combinations import (
    MOST_TOGETHER,
    Combination,
    Mask,
    combinations,
    finding,
    identifiability,
)
from grader.networks.forward import FORWARD_PASS
from reference.cell_runs import run_cells
from reference.network import Array, Weights

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


# The number of an instance, and the (T, n_out) outputs that came back on it.
ReturnedOutputs: TypeAlias = Sequence[tuple[int, Array]]
# What is rounded inside a function is most often rounded to the places that the sheet asks by hand.
PLACES = 2
# Outputs without an activation can be large; the students' and our order of summing differ by this much.
RELATIVE_MARGIN = 1e-9


def explaining(
    params: BehaviourParams, size: int, returned: ReturnedOutputs, places: int = PLACES
) -> list[Combination]:
    """The combinations that give all that came back, eliminated instance by instance.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
        returned: The instances on which the function gave an array of the right shape.
        places: Decimal places that mistakes about rounding keep.
    """
    known = combinations(params.reference, "as-code", size, places)
    left = np.arange(len(known))
    # Most rows first: more numbers leave fewer combinations.
    for trial, y in sorted(returned, key=lambda one: one[1].size, reverse=True):
        table = outputs(params, size, trial, places)[left]
        with np.errstate(invalid="ignore"):
            near = np.abs(table - y) <= params.atol + RELATIVE_MARGIN * np.abs(table)
        left = left[np.all(near, axis=(1, 2))]
        if not len(left):
            break
    return [known[k] for k in left]


def outputs(params: BehaviourParams, size: int, trial: int, places: int = PLACES) -> Array:
    """What each combination gives on one instance; (K, T, n_out), NaN where it cannot be run."""
    return _outputs(params, size, trial, places, instances_seed(params))


def cannot_tell(params: BehaviourParams, size: int = 1) -> Identifiability:
    """Which combinations give the same outputs on every instance that a function is tried on.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
    """
    return _cannot_tell(params, size, instances_seed(params))


@functools.lru_cache(maxsize=256)
def _outputs(params: BehaviourParams, size: int, trial: int, places: int, seed: int) -> Array:
    known = combinations(params.reference, "as-code", size, places)
    instance = trials(params)[trial].instance
    return run_cells([one.cell for one in known], Weights(*instance)).y


@functools.lru_cache(maxsize=16)
def _cannot_tell(params: BehaviourParams, size: int, seed: int) -> Identifiability:
    known = combinations(params.reference, "as-code", size, PLACES)
    tried = trials(params)
    table = np.concatenate(
        [outputs(params, size, k).reshape(len(known), -1) for k in range(len(tried))], axis=1
    )
    right = np.concatenate([trial.expected.ravel() for trial in tried])

    def like(values: Array) -> Mask:
        # Where a mistake cannot be run it gives nothing, and so nothing that would tell it apart.
        same = (np.abs(table - values) <= 2 * params.atol) | np.isnan(table) | np.isnan(values)
        return np.asarray(np.all(same, axis=1))

    return identifiability(known, lambda k: like(table[k]), like(right))
