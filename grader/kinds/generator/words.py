"""What to say of inputs and noise that luck does not explain: only what is true of the numbers at hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from grader.kinds.generator.bounds import Test, failed, mean_excess, variance_excess
from grader.training.data_fit import Formula
from grader.training.task import FloatArray

INPUT_WORDS = {
    "range": "x leaves the range from 0 to 1",
    "repeats": "the values of x repeat: they are rounded, or some are copies of others",
    "uniform": "x is not uniform between 0 and 1",
    "lag": "x at one step depends on x at the step before",
    "elements": "the elements of x depend on one another",
    "sequences": "the sequences of x depend on one another",
}
# With fewer than half of the values new, every other test sees the copies and nothing else.
MOSTLY_COPIES = 2.0
UNIFORM = (
    (0.0, 1.0, "it is uniform between 0 and 1, not standard normal"),
    (-1.0, 1.0, "it is uniform between -1 and 1, not standard normal"),
)
"""Smallest and largest value over the noise's standard deviation that known slips make."""
SPREADS = (
    (math.sqrt(10), "its variance is what its standard deviation should be"),
    (10.0, "its factor is missing"),
    (0.1, "its factor is applied twice"),
)
"""Standard deviations over the noise's that known slips make."""
# Six thousand values show their spread to 1 %, and three times that is seldom passed.
NEAR = 0.03
NO_NOISE = 1e-3
# A steady part of the noise leaves less than this of its spread.
STEADY = 0.05


def input_words(x: FloatArray, tests: Sequence[Test]) -> tuple[str, ...]:
    """What is wrong with the inputs.

    Args:
        x: (n_seqs, T, n_in).
        tests: All that were made of them.
    """
    found = list(failed(tests))
    if any(test.name == "repeats" and test.excess > MOSTLY_COPIES for test in found):
        return (_copies(x),)
    return tuple(dict.fromkeys(INPUT_WORDS[test.name] for test in found))


def _copies(x: FloatArray) -> str:
    if (x == x[:1]).all():
        return "all sequences of x are the same"
    if (x == x[:, :1]).all():
        return "x is the same at all steps of a sequence"
    if (x == x[:, :, :1]).all():
        return "the elements of x are the same"
    return INPUT_WORDS["repeats"]


def noise_words(r: FloatArray, tests: Sequence[Test]) -> list[str]:
    """What is wrong with the noise of an output that follows its formula.

    Args:
        r: (n_seqs, T) residuals over the noise's standard deviation.
        tests: All that were made of them.
    """
    names = {test.name for test in failed(tests)}
    if not names:
        return []
    spread, mean = float(r.std()), float(r.mean())
    if spread < NO_NOISE:
        return [
            "there is no noise" if abs(mean) < NO_NOISE else "all steps and sequences have the same noise"
        ]
    if float(r.std(axis=1).max()) < STEADY * spread:
        return ["all steps of a sequence have the same noise"]
    if "noise-sequences" in names and float(r.std(axis=0).max()) < STEADY * spread:
        return ["all sequences have the same noise"]
    for low, high, words in UNIFORM:
        if _is_uniform(r, high - low) and abs(mean - (low + high) / 2) < NEAR * (high - low):
            return [words]
    found = []
    # Whichever it is: a shift alone raises the sum of squares, and a wrong size alone moves the mean.
    if mean_excess(r / spread) > 1:
        found.append(f"its mean is {mean:.2g} standard deviations from zero")
    if variance_excess(r - mean) > 1:
        found.append(_spread_words(spread) or f"its standard deviation is {spread:.2g} times what is asked")
    if not found and names & {"normal", "largest"}:
        found.append("its values are not normally distributed")
    return found or ["its values depend on one another"]


def fitted_noise_words(formula: Formula, noise: float) -> list[str]:
    """The same for an output that follows another formula; only what no regression can hide."""
    r = formula.residual / noise
    spread = float(r.std())
    if spread < NO_NOISE:
        return ["there is no noise"]
    if not formula.is_seen:
        return []
    # The regression takes the mean away.
    uniform = (words for low, high, words in UNIFORM if _is_uniform(r, high - low))
    words = next(uniform, _spread_words(spread))
    return [words] if words else []


def _is_uniform(r: FloatArray, width: float) -> bool:
    """Whether the range and the spread are those of a uniform distribution of this width."""
    sizes = float(np.ptp(r)), float(r.std()) * math.sqrt(12)
    return all(abs(size / width - 1) < NEAR for size in sizes)


def _spread_words(spread: float) -> str:
    return next((words for size, words in SPREADS if abs(spread / size - 1) < NEAR), "")


def by_output(words: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Sentences without an end, "the noise of y1: there is no noise"; what holds for all names no output.

    Args:
        words: For each output what is wrong with its noise.
    """
    told = []
    for k, own in enumerate(words, start=1):
        for one in own:
            is_general = all(one in other for other in words)
            told.append(f"the noise: {one}" if is_general else f"the noise of y{k}: {one}")
    return tuple(dict.fromkeys(told))
