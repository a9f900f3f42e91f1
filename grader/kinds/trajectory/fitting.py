"""How logged losses lie on those of a run, and what a constant factor between them means."""

from __future__ import annotations

import functools
import itertools
import statistics
from typing import NamedTuple

import numpy as np

from grader.training.task import FloatArray

# Honest training is off by 3e-7 after 100 epochs, float32 among it; the nearest mistake by 1e-3.
TOLERANCE = 1e-5


class Fit(NamedTuple):
    """How logged losses lie on a run's.

    Args:
        factor: Logged over the run's.
        is_root: Whether the root of the cost was logged.
    """

    factor: float
    is_root: bool = False


def fit(logged: FloatArray, run: FloatArray) -> Fit | None:
    """How the logged losses lie on the run's, up to one constant factor; None if they do not.

    Before each step, after each step, or both ends: all three are one loss an epoch.

    Args:
        logged: (n,) losses.
        run: (n_epochs + 1,) losses.
    """
    n_epochs = len(run) - 1
    starts = {n_epochs: (0, 1), n_epochs + 1: (0,)}.get(len(logged), ())
    for start in starts:
        part = run[start : start + len(logged)]
        for is_root in (False, True):
            factor = _factor(logged, np.sqrt(part) if is_root else part)
            if factor is not None:
                return Fit(factor, is_root)
    return None


def _factor(logged: FloatArray, part: FloatArray) -> float | None:
    is_known = np.isfinite(part)
    if not is_known.any() or not np.array_equal(is_known, np.isfinite(logged)):
        return None
    ratios = logged[is_known] / part[is_known]
    # Not numpy's, which loads its masked arrays for it: 3 MB and 10 ms.
    factor = statistics.median(ratios.tolist())
    if not factor > 0 or not np.all(np.abs(ratios / factor - 1) <= TOLERANCE):
        return None
    return 1.0 if abs(factor - 1) <= TOLERANCE else factor


def is_like(found: Fit, of_other: Fit | None) -> bool:
    """Whether the losses of another training lie on its own run as those of the long one do."""
    if of_other is None or of_other.is_root != found.is_root:
        return False
    # A sum, or a mean over one step less, has another factor for each number of sequences and steps.
    return found.factor != 1 or of_other.factor == 1


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
