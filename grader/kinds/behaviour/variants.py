"""What every known mistake, and every two of them, gives on the instances that a function is tried on."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from grader.kinds.behaviour.question import BehaviourParams, instances_seed, trials
from grader.model.mistake import Identifiability
from grader.networks.combinations import Combination, Mask, combinations, identifiability
from reference.cell_runs import run_cells
from reference.network import Array, Weights

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
