"""Which known mistakes a question cannot tell apart: computed from its own instance, never typed in."""

from __future__ import annotations

import functools
from typing import NamedTuple

import numpy as np

from grader.kinds.behaviour.question import BehaviourParams, instances_seed, trials
from grader.kinds.behaviour.variants import PLACES, outputs
from grader.kinds.sequence.question import SequenceParams
from grader.kinds.sequence.variants import Mask, right_variant, variants
from grader.networks.follow_through import MARGIN
from grader.networks.misconception import explanations
from reference.network import Array


class Identifiability(NamedTuple):
    """What a question can tell about so many mistakes at once.

    Args:
        alike: For each explanation's id, the ids of the others that some answer cannot be told from it.
        invisible: Ids of explanations that an answer which is right may come from.
    """

    alike: dict[str, tuple[str, ...]]
    invisible: tuple[str, ...]

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Ids that are named together, each group once."""
        found = {tuple(sorted((one, *others))) for one, others in self.alike.items() if others}
        return tuple(sorted(found))


@functools.lru_cache(maxsize=16)
def identifiability(params: SequenceParams, size: int = 1) -> Identifiability:
    """Which explanations share an answer to the asked places, by their outputs alone.

    Args:
        params: The question.
        size: How many mistakes an explanation has, 1 or 2.
    """
    table = variants(params, size)
    ids = [one.id for one in table.explanations]
    right = right_variant(params).y
    alike = {
        ids[k]: tuple(ids[m] for m in np.flatnonzero(_sharing(table.y, table.y[k], params.places)) if m != k)
        for k in range(len(ids))
    }
    return Identifiability(
        alike, tuple(ids[k] for k in np.flatnonzero(_sharing(table.y, right[0], params.places)))
    )


def function_identifiability(params: BehaviourParams, size: int = 1) -> Identifiability:
    """Which explanations give the same outputs on every instance that a function is tried on.

    Args:
        params: The question.
        size: How many mistakes an explanation has, 1 or 2.
    """
    return _function_identifiability(params, size, instances_seed(params))


@functools.lru_cache(maxsize=16)
def _function_identifiability(params: BehaviourParams, size: int, seed: int) -> Identifiability:
    ids = [one.id for one in explanations(params.reference, "behaviour", size, PLACES)]
    tried = trials(params)
    table = np.concatenate(
        [outputs(params, size, k).reshape(len(ids), -1) for k in range(len(tried))], axis=1
    )
    right = np.concatenate([trial.expected.ravel() for trial in tried])

    def near(values: Array) -> list[int]:
        # Where a mistake cannot be run it gives nothing, and so nothing that would tell it apart.
        same: Mask = np.asarray(
            (np.abs(table - values) <= 2 * params.atol) | np.isnan(table) | np.isnan(values)
        )
        return [int(k) for k in np.flatnonzero(np.all(same, axis=1))]

    alike = {ids[k]: tuple(ids[m] for m in near(table[k]) if m != k) for k in range(len(ids))}
    return Identifiability(alike, tuple(ids[k] for k in near(right)))


def _sharing(tables: Array, one: Array, places: int) -> Mask:
    """Which of (K, P, T, n) share an answer with (Q, T, n): at every entry some paths lie within a unit."""
    unit = 10.0**-places + 2 * MARGIN
    near: Mask = np.asarray(np.abs(tables[:, :, None] - one[None, None]) <= unit)
    return np.asarray(np.all(np.any(near, axis=(1, 2)), axis=(1, 2)))
