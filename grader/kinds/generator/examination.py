"""What is right and wrong in a generated data set: inputs, formulas, noise, first steps.

What is said of it is only what is true of the numbers at hand, and only what luck does not explain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.generator.bounds import (
    ALPHA,
    BoundTest,
    failed,
    input_tests,
    mean_excess,
    noise_tests,
    shares_noise,
    variance_excess,
)
from grader.kinds.generator.question import Data
from grader.training.fitted_formula import FittedFormula, other_formula
from grader.training.task import FloatArray, TaskParams, clean_targets

# Mean square over the noise's of a step that no noise explains; zeros for the formula make hundreds.
LOUD = 25.0
UNSEEN = "the noise cannot be seen, since no output follows a formula"
INPUT_FAULTS = {
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
# Both signs could count, one does: exp(-BOUND^2 / 2) is the chance of honest data, for all outputs together.
BOUND = math.sqrt(2 * math.log(1 / ALPHA))


class DataFaults(NamedTuple):
    """What was found in a data set.

    Args:
        inputs: What is wrong with x.
        formulas: For each output the formula that it follows where that is not the asked one, else None.
        broken_at: For each output the steps, from 1, at which it leaves a formula that it follows elsewhere.
        noise: What is wrong with the noise, as sentences without an end.
        is_shared: Whether all outputs have the same noise.
        largest: The largest excess of all tests; below 1 where everything can be chance.
    """

    inputs: tuple[str, ...]
    formulas: tuple[FittedFormula | None, ...]
    broken_at: tuple[tuple[int, ...], ...]
    noise: tuple[str, ...]
    is_shared: bool
    largest: float

    @property
    def outputs_wrong(self) -> tuple[int, ...]:
        """Outputs, from 1, that do not follow their formula at every step."""
        both = zip(self.formulas, self.broken_at, strict=True)
        return tuple(k for k, (formula, steps) in enumerate(both, start=1) if formula is not None or steps)


def examine(params: TaskParams, noise: float, data: Data) -> DataFaults:
    """Everything that is wrong with a data set, and what each output follows instead.

    Args:
        params: The task.
        noise: Standard deviation that the noise should have.
        data: Finite, with at least two sequences.
    """
    left = residuals(params, params.targets, data, noise)
    inputs = input_tests(data.x)
    noise_found = [noise_tests(r, k + 1) for k, r in enumerate(left)]
    first = data.y.shape[1] - left[0].shape[1] + 1
    broken_at = tuple(tuple(first + step for step in _broken_at(r)) for r in left)
    clean = params.clean(data.x)
    formulas = tuple(
        other_formula(data.x, data.y[:, :, k], clean[:, :, k], first - 1)
        if any(failed(tests)) and not broken
        else None
        for k, (tests, broken) in enumerate(zip(noise_found, broken_at, strict=True))
    )
    noise_texts = [
        [] if broken else fitted_noise_faults(formula, noise) if formula else noise_faults(r, tests)
        for r, tests, broken, formula in zip(left, noise_found, broken_at, formulas, strict=True)
    ]
    all_follow = not any(formulas) and not any(broken_at)
    is_shared = len(left) > 1 and all_follow and shares_noise(*left[:2])
    every = [*inputs, *(test for tests in noise_found for test in tests)]
    return DataFaults(
        inputs=input_faults(data.x, inputs),
        formulas=formulas,
        broken_at=broken_at,
        noise=by_output(noise_texts) if any(map(_shows_noise, formulas)) else (UNSEEN,),
        is_shared=is_shared,
        largest=max(test.excess for test in every if test.name != "repeats"),
    )


def _shows_noise(formula: FittedFormula | None) -> bool:
    """Whether an output follows a formula, the asked one or another: its noise is what is left over."""
    return formula is None or formula.is_seen


def residuals(params: TaskParams, targets: tuple[str, ...], data: Data, noise: float) -> list[FloatArray]:
    """For each output (y - formula) / noise, from the first step at which all formulas have a value."""
    start = max(params.starts)
    difference = (data.y - clean_targets(targets, data.x)) / noise
    return [difference[:, start:, k] for k in range(len(targets))]


def _broken_at(r: FloatArray) -> list[int]:
    """The steps, from 0, at which an output leaves its formula; none if it does so at most steps."""
    loud = (r**2).mean(axis=0) > LOUD
    if not 0 < loud.mean() < 0.5 or variance_excess(r[:, ~loud]) > 1:
        return []
    return [int(step) for step in np.flatnonzero(loud)]


def input_faults(x: FloatArray, tests: Sequence[BoundTest]) -> tuple[str, ...]:
    """What is wrong with the inputs.

    Args:
        x: (n_seqs, T, n_in).
        tests: All that were made of them.
    """
    found = list(failed(tests))
    if any(test.name == "repeats" and test.excess > MOSTLY_COPIES for test in found):
        return (_copies(x),)
    return tuple(dict.fromkeys(INPUT_FAULTS[test.name] for test in found))


def _copies(x: FloatArray) -> str:
    if (x == x[:1]).all():
        return "all sequences of x are the same"
    if (x == x[:, :1]).all():
        return "x is the same at all steps of a sequence"
    if (x == x[:, :, :1]).all():
        return "the elements of x are the same"
    return INPUT_FAULTS["repeats"]


def noise_faults(r: FloatArray, tests: Sequence[BoundTest]) -> list[str]:
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
    for low, high, text in UNIFORM:
        if _is_uniform(r, high - low) and abs(mean - (low + high) / 2) < NEAR * (high - low):
            return [text]
    found = []
    # Whichever it is: a shift alone raises the sum of squares, and a wrong size alone moves the mean.
    if mean_excess(r / spread) > 1:
        found.append(f"its mean is {mean:.2g} standard deviations from zero")
    if variance_excess(r - mean) > 1:
        found.append(_spread_fault(spread) or f"its standard deviation is {spread:.2g} times what is asked")
    if not found and names & {"normal", "largest"}:
        found.append("its values are not normally distributed")
    return found or ["its values depend on one another"]


def fitted_noise_faults(formula: FittedFormula, noise: float) -> list[str]:
    """The same for an output that follows another formula; only what no regression can hide."""
    r = formula.residual / noise
    spread = float(r.std())
    if spread < NO_NOISE:
        return ["there is no noise"]
    if not formula.is_seen:
        return []
    # The regression takes the mean away.
    uniform = (text for low, high, text in UNIFORM if _is_uniform(r, high - low))
    text = next(uniform, _spread_fault(spread))
    return [text] if text else []


def _is_uniform(r: FloatArray, width: float) -> bool:
    """Whether the range and the spread are those of a uniform distribution of this width."""
    sizes = float(np.ptp(r)), float(r.std()) * math.sqrt(12)
    return all(abs(size / width - 1) < NEAR for size in sizes)


def _spread_fault(spread: float) -> str:
    return next((text for size, text in SPREADS if abs(spread / size - 1) < NEAR), "")


def by_output(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """What is wrong: "the noise of y1: there is no noise", or "the noise: ..." of all outputs.

    Args:
        texts: For each output what is wrong with its noise.
    """
    found = []
    for k, own in enumerate(texts, start=1):
        for one in own:
            is_general = all(one in other for other in texts)
            found.append(f"the noise: {one}" if is_general else f"the noise of y{k}: {one}")
    return tuple(dict.fromkeys(found))


def wrapped_outputs(params: TaskParams, data: Data) -> tuple[int, ...]:
    """Outputs, from 1, whose first steps follow the formula with inputs from the end of the sequence.

    They are held against the formula with the end of their own sequence and with that of a neighbour. In
    honest data one end is as good as another, so that changing the two ends of a pair turns the sign of the
    pair's difference: the sum over pairs is one of independent signs, and Hoeffding's inequality bounds it,
    whatever stands in the first steps.

    Args:
        params: The task.
        data: Finite; the sequences at least twice as long as the past that the formulas need.
    """
    late = max(params.starts)
    n_pairs = len(data.x) // 2
    x, y = data.x[: 2 * n_pairs], data.y[: 2 * n_pairs]
    other_ends = x.reshape(n_pairs, 2, *x.shape[1:])[:, ::-1].reshape(x.shape)
    found = []
    # What stands in the first steps may be too large for a square; that follows nothing.
    with np.errstate(all="ignore"):
        own, others = (_wrapped(params, x, ends, late) for ends in (x, other_ends))
        nearer = (y[:, :late] - others) ** 2 - (y[:, :late] - own) ** 2
        for k, start in enumerate(params.starts):
            pairs = nearer[:, :start, k].reshape(n_pairs, -1).sum(axis=1)
            size = float(np.sqrt(np.sum(pairs**2)))
            if size > 0 and float(pairs.sum()) / size > BOUND:
                found.append(k + 1)
    return tuple(found)


def _wrapped(params: TaskParams, x: FloatArray, ends: FloatArray, late: int) -> FloatArray:
    """(n_seqs, late, n_out): the formulas at the first steps, with the last inputs of `ends` before them."""
    past = np.concatenate([ends[:, x.shape[1] - late :], x], axis=1)
    return clean_targets(params.targets, past)[:, late : 2 * late]
