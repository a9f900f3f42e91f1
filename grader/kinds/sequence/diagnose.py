"""Step 6: a wrong sequence held against what known mistakes give on the question's own network."""

from __future__ import annotations

import functools

import numpy as np

from grader.kinds.sequence.judge import SequenceFacts
from grader.kinds.sequence.question import SequenceParams, network_of
from grader.model.mistake import Identifiability
from grader.model.outcome import Finding
from grader.networks.combinations import (
    MOST_TOGETHER,
    Combination,
    combinations,
    finding,
    identifiability,
)
from grader.networks.forward import MARGIN
from grader.networks.variants import Variants, matching, right_variant, sharing, variants
from reference.network import Array


def diagnose(params: SequenceParams, facts: SequenceFacts) -> Finding:
    """The fewest known mistakes that give the handed-in sequence at every step.

    An answer that may be guessed gets no diagnosis: one number throughout; and one of 0 and ±1 alone is not
    explained by two mistakes together.

    Args:
        params: The question.
        facts: What its judge read; hidden activations, where given, narrow the choice.
    """
    if _is_constant(facts.y, params.places):
        return Finding()
    most = 1 if _is_whole(facts.y, params.places) else MOST_TOGETHER
    for size in range(1, most + 1):
        found = _explaining(params, size, facts)
        if found:
            return finding(found, params.slip_credit**size, facts.fraction)
    return Finding()


@functools.lru_cache(maxsize=16)
def cannot_tell(params: SequenceParams, size: int = 1) -> Identifiability:
    """Which combinations share an answer to the asked places, by their outputs alone.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
    """
    table = variants_of(params, size)
    right = right_variant(params.cell, params.places, network_of(params)).y[0]
    return identifiability(
        table.combinations,
        lambda k: sharing(table.y, table.y[k], params.places),
        sharing(table.y, right, params.places),
    )


@functools.lru_cache(maxsize=64)
def variants_of(params: SequenceParams, size: int) -> Variants:
    """What `size` known mistakes made together (1 or 2) give; computed once for a question."""
    known = combinations(params.cell, "by-hand", size, params.places)
    other_W = None if params.other_W is None else np.array(params.other_W, dtype=np.float64)
    return variants(params.cell, known, network_of(params), other_W)


def _is_constant(y: Array, places: int) -> bool:
    """Whether the answer is one number throughout, which no input is needed for."""
    return len(y) > 1 and bool(np.all(np.ptp(y, axis=0) <= 10.0**-places + MARGIN))


def _is_whole(y: Array, places: int) -> bool:
    """Whether every number is a whole one: pairs of mistakes give many rows of 0 and ±1."""
    return bool(np.all(np.abs(y - np.rint(y)) <= 0.5 * 10.0**-places))


def _explaining(params: SequenceParams, size: int, facts: SequenceFacts) -> list[Combination]:
    table = variants_of(params, size)
    by_y = matching(table.y, facts.y, params.places)
    by_both = by_y & matching(table.h, facts.h, params.places) if facts.h is not None else by_y
    # Where no mistake fits outputs and intermediate values, the outputs alone decide.
    chosen = by_both if by_both.any() else by_y
    return [table.combinations[k] for k in np.flatnonzero(chosen)]
