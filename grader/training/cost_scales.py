"""Factors that mistakes in the cost lead to, in words."""

from __future__ import annotations

import functools
import itertools

import numpy as np

FACTORS = 16
"""Ways to get the cost's factor wrong, signs apart."""


@functools.lru_cache(maxsize=16)
def scale_words(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that mistakes in the cost lead to, with words; the fewest mistakes first."""
    halves = ((1.0, ""), (0.5, "the 2 of the squared error's derivative is missing"))
    sums = (
        (1.0, ""),
        (float(n_seqs), "summed over sequences where the mean is meant"),
        (float(n_steps), "summed over time steps where the mean is meant"),
        (float(n_seqs * n_steps), "summed over sequences and steps where the mean is meant"),
    )
    outputs = ((1.0, ""), (1 / n_out, "averaged over outputs where the sum is meant"))
    signs = ((1.0, ""), (-1.0, "the sign is turned round"))
    found = []
    for parts in itertools.product(halves, sums, outputs, signs):
        words = [text for _, text in parts if text]
        found.append((float(np.prod([value for value, _ in parts])), ", and ".join(words)))
    return tuple(sorted(found, key=lambda pair: pair[1].count(", and ") + bool(pair[1])))


@functools.lru_cache(maxsize=16)
def one_scale_words(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that one gradient of several may have by itself, with words to follow "is"."""
    return (
        (1.0, ""),
        (-1.0, "of the wrong sign"),
        (0.5, "half as large as asked"),
        (2.0, "twice as large as asked"),
        (1 / n_seqs, "divided by the number of sequences once more"),
        (1 / n_steps, "divided by the number of steps once more"),
        (1 / (n_seqs * n_steps), "divided by the numbers of sequences and steps once more"),
        (1 / n_out, "divided by the number of outputs"),
        (float(n_seqs), "not divided by the number of sequences"),
        (float(n_steps), "not divided by the number of steps"),
        (float(n_seqs * n_steps), "not divided by the numbers of sequences and steps"),
        (float(n_out), "multiplied by the number of outputs"),
    )
