"""What is right and wrong in a generated data set."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from grader.training.data_bounds import (
    Test,
    failed,
    input_tests,
    noise_tests,
    shared_noise_test,
    variance_excess,
)
from grader.training.data_fit import Formula, fit_formula
from grader.training.data_read import Data
from grader.training.task import FloatArray, OtherTargets, TaskParams, clean_targets, first_steps

INPUT_WORDS = {
    "range": "x leaves the range from 0 to 1",
    "repeats": "the values of x repeat: they are rounded, or some are copies of others",
    "uniform": "x is not uniform between 0 and 1",
    "lag": "x at one step depends on x at the step before",
    "elements": "the elements of x depend on one another",
    "sequences": "the sequences of x depend on one another",
}
# Standard deviations over the noise's that known slips make, with what to say; within a tenth.
SPREADS = (
    (0.2887, "it is uniform between 0 and 1, not standard normal"),
    (0.5774, "it is uniform between -1 and 1, not standard normal"),
    (3.1623, "its variance is what its standard deviation should be"),
    (10.0, "its factor is missing"),
    (0.1, "its factor is applied twice"),
)
NO_NOISE = 1e-3
# Mean square over the noise's of a step that no noise explains; zeros for the formula make hundreds.
LOUD = 25.0
# A wrapped formula fits the first steps to the noise; nothing else comes within this factor.
WRAP_FITS = 3.0


class Findings(NamedTuple):
    """What was found in a data set.

    Args:
        inputs: What is wrong with x.
        formulas: For each output the formula that it follows where that is not the asked one, else None.
        broken_at: For each output the steps, from 1, at which it leaves a formula that it follows elsewhere.
        noise: What is wrong with the noise.
        is_shared: Whether all outputs have the same noise.
        wraps: Outputs, from 1, whose first steps take inputs from the end of the sequence.
        mistake: The known wrong targets that the data fit, or None.
        largest: The largest excess of all tests; below 1 where everything can be chance.
    """

    inputs: tuple[str, ...]
    formulas: tuple[Formula | None, ...]
    broken_at: tuple[tuple[int, ...], ...]
    noise: tuple[str, ...]
    is_shared: bool
    wraps: tuple[int, ...]
    mistake: OtherTargets | None
    largest: float

    @property
    def outputs_wrong(self) -> tuple[int, ...]:
        """Outputs, from 1, that do not follow their formula at every step."""
        both = zip(self.formulas, self.broken_at, strict=True)
        return tuple(k for k, (formula, steps) in enumerate(both, start=1) if formula is not None or steps)


def examine(params: TaskParams, noise: float, data: Data) -> Findings:
    """Everything that is wrong with a data set, and what each output follows instead.

    Args:
        params: The task.
        noise: Standard deviation that the noise should have.
        data: Finite, with at least two sequences.
    """
    residuals = _residuals(params, params.targets, data, noise)
    inputs = input_tests(data.x)
    noise_found = [noise_tests(r, k + 1) for k, r in enumerate(residuals)]
    first = data.y.shape[1] - residuals[0].shape[1] + 1
    broken_at = tuple(tuple(first + step for step in _broken_at(r)) for r in residuals)
    formulas = tuple(
        _other_formula(data.x, data.y[:, :, k], r, noise) if any(failed(tests)) and not broken else None
        for k, (r, tests, broken) in enumerate(zip(residuals, noise_found, broken_at, strict=True))
    )
    mistake = _mistake(params, data, noise) if any(formulas) else None
    words = []
    for k, (tests, formula) in enumerate(zip(noise_found, formulas, strict=True)):
        if broken_at[k]:
            continue
        if formula is None:
            words += _noise_words(residuals[k], list(failed(tests)))
        else:
            words += _fitted_noise_words(formula, noise)
    all_follow = not any(formulas) and not any(broken_at)
    is_shared = len(residuals) > 1 and all_follow and shared_noise_test(*residuals[:2]) > 1
    every = [*inputs, *(test for tests in noise_found for test in tests)]
    return Findings(
        inputs=tuple(dict.fromkeys(INPUT_WORDS[test.name] for test in failed(inputs))),
        formulas=formulas,
        broken_at=broken_at,
        noise=tuple(dict.fromkeys(words)),
        is_shared=is_shared,
        wraps=_wraps(params, data, noise),
        mistake=mistake,
        largest=max(test.excess for test in every if test.name != "repeats"),
    )


def _residuals(params: TaskParams, targets: tuple[str, ...], data: Data, noise: float) -> list[FloatArray]:
    """For each output what is left over the noise, from the first step that all of them can have."""
    start = max(first_steps(params.targets, params.inputs)) - 1
    difference = (data.y - clean_targets(targets, data.x)) / noise
    return [difference[:, start:, k] for k in range(len(targets))]


def _other_formula(x: FloatArray, y: FloatArray, r: FloatArray, noise: float) -> Formula | None:
    """The formula that fits better than the asked one; None where the noise alone is to blame."""
    found = fit_formula(x, y)
    # Regression removes a little of any noise; a wrong formula leaves much more. A constant shift is a fault
    # of the noise.
    return found if float(found.residual.var()) < 0.9 * float(r.var()) * noise**2 else None


def _broken_at(r: FloatArray) -> list[int]:
    """The few steps, from 0, at which an output leaves its formula; none unless all others keep it."""
    loud = (r**2).mean(axis=0) > LOUD
    if not 0 < loud.mean() < 0.5 or variance_excess(r[:, ~loud]) > 1:
        return []
    return [int(step) for step in np.flatnonzero(loud)]


def _mistake(params: TaskParams, data: Data, noise: float) -> OtherTargets | None:
    for mistake in params.mistakes:
        residuals = _residuals(params, mistake.targets, data, noise)
        if all(variance_excess(r) <= 1 for r in residuals):
            return mistake
    return None


def _noise_words(r: FloatArray, tests: list[Test]) -> list[str]:
    """What is wrong with the noise of an output that follows its formula."""
    names = {test.name for test in tests}
    if not names:
        return []
    spread = float(r.std())
    if spread < NO_NOISE:
        return ["there is no noise"]
    if float(r.std(axis=1).max()) < 0.05 * spread:
        return ["all steps of a sequence have the same noise"]
    if "noise-sequences" in names and float(r.std(axis=0).max()) < 0.05 * spread:
        return ["all sequences have the same noise"]
    for size, words in SPREADS:
        if abs(spread / size - 1) < 0.1:
            return [words]
    if "mean" in names:
        return [f"its mean is {float(r.mean()):.2g} standard deviations from zero"]
    if "variance" in names:
        return [f"its standard deviation is {spread:.2g} times what is asked"]
    if names & {"normal", "largest"}:
        return ["its values are not normally distributed"]
    return ["its values depend on one another"]


def _fitted_noise_words(formula: Formula, noise: float) -> list[str]:
    """The same for an output that follows another formula; only what no regression can hide."""
    spread = float(formula.residual.std()) / noise
    if spread < NO_NOISE:
        return ["there is no noise"]
    if formula.explained > 0.5:
        return [words for size, words in SPREADS if abs(spread / size - 1) < 0.05]
    return []


def _wraps(params: TaskParams, data: Data, noise: float) -> tuple[int, ...]:
    """Outputs whose first steps fit inputs from the end of the sequence, and nothing else."""
    starts = [step - 1 for step in first_steps(params.targets, params.inputs)]
    twice = clean_targets(params.targets, np.concatenate([data.x, data.x], axis=1))[:, data.x.shape[1] :]
    once = clean_targets(params.targets, data.x)
    found = []
    for k, start in enumerate(starts):
        wrapped, padded = (
            float(np.mean((data.y[:, :start, k] - clean[:, :start, k]) ** 2)) if start else 0.0
            for clean in (twice, once)
        )
        if start and wrapped < WRAP_FITS * noise**2 and padded > WRAP_FITS * noise**2 * 1.5:
            found.append(k + 1)
    return tuple(found)
