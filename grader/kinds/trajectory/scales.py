"""The factors that mistakes in the cost of a training lead to, with what they mean."""

from __future__ import annotations

import functools
import itertools

import numpy as np


@functools.lru_cache(maxsize=16)
def scale_meanings(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that mistakes in the cost lead to, with what they mean; the fewest mistakes first."""
    halves = ((1.0, ""), (0.5, "the 2 of the squared error's derivative is missing"))
    sums = (
        (1.0, ""),
        (float(n_seqs), "summed over sequences where the mean is meant"),
        (float(n_steps), "summed over time steps where the mean is meant"),
        (float(n_seqs * n_steps), "summed over sequences and steps where the mean is meant"),
    )
    outputs = ((1.0, ""), (1 / n_out, "averaged over outputs where the sum is meant"))
    signs = ((1.0, ""), (-1.0, "the sign is turned round"))
    found: list[tuple[float, list[str]]] = []
    for parts in itertools.product(halves, sums, outputs, signs):
        texts = [text for _, text in parts if text]
        found.append((float(np.prod([value for value, _ in parts])), texts))
    return tuple(
        (scale, ", and ".join(texts)) for scale, texts in sorted(found, key=lambda pair: len(pair[1]))
    )
