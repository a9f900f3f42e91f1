"""What every known mistake, and every two of them, gives on the instances that a function is tried on."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from grader.kinds.behaviour.question import BehaviourParams, instances_seed, trials
from grader.networks.misconception import Explanation, explanations
from reference.cell_runs import run_cells
from reference.network import Array, Weights

# What is rounded inside a function is most often rounded to the places that the sheet asks by hand.
PLACES = 2
# Outputs without an activation can be large; the students' and our order of summing differ by this much.
RELATIVE_MARGIN = 1e-9


class Called(NamedTuple):
    """What a function returned on one instance.

    Args:
        trial: Number of the instance.
        y: (T, n_out) outputs.
    """

    trial: int
    y: Array


def explaining(
    params: BehaviourParams, size: int, results: tuple[Called, ...], places: int = PLACES
) -> list[Explanation]:
    """The explanations that give all results, eliminated instance by instance.

    Args:
        params: The question.
        size: How many mistakes an explanation has, 1 or 2.
        results: The instances on which the function gave an array of the right shape.
        places: Decimal places that mistakes about rounding keep.
    """
    known = explanations(params.reference, "behaviour", size, places)
    left = np.arange(len(known))
    # Most rows first: more numbers leave fewer explanations.
    for called in sorted(results, key=lambda one: one.y.size, reverse=True):
        table = outputs(params, size, called.trial, places)[left]
        with np.errstate(invalid="ignore"):
            near = np.abs(table - called.y) <= params.atol + RELATIVE_MARGIN * np.abs(table)
        left = left[np.all(near, axis=(1, 2))]
        if not len(left):
            break
    return [known[k] for k in left]


def outputs(params: BehaviourParams, size: int, trial: int, places: int = PLACES) -> Array:
    """What each explanation gives on one instance; (K, T, n_out), NaN where it cannot be run."""
    return _outputs(params, size, trial, places, instances_seed(params))


@functools.lru_cache(maxsize=256)
def _outputs(params: BehaviourParams, size: int, trial: int, places: int, seed: int) -> Array:
    known = explanations(params.reference, "behaviour", size, places)
    instance = trials(params)[trial].instance
    return run_cells([one.cell for one in known], Weights(*instance)).y
