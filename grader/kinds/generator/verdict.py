"""What is right and wrong in a generated data set."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from grader.kinds.generator.bounds import (
    failed,
    input_tests,
    noise_tests,
    shares_noise,
    variance_excess,
)
from grader.kinds.generator.words import by_output, fitted_noise_words, input_words, noise_words
from grader.training.data_fit import Formula, other_formula
from grader.training.data_read import Data
from grader.training.task import FloatArray, OtherTargets, TaskParams, clean_targets, first_steps

# Mean square over the noise's of a step that no noise explains; zeros for the formula make hundreds.
LOUD = 25.0
UNSEEN = "the noise cannot be seen, since no output follows a formula"


class Findings(NamedTuple):
    """What was found in a data set.

    Args:
        inputs: What is wrong with x.
        formulas: For each output the formula that it follows where that is not the asked one, else None.
        broken_at: For each output the steps, from 1, at which it leaves a formula that it follows elsewhere.
        noise: What is wrong with the noise, as sentences without an end.
        is_shared: Whether all outputs have the same noise.
        mistake: The known wrong targets that the data fit, or None.
        largest: The largest excess of all tests; below 1 where everything can be chance.
    """

    inputs: tuple[str, ...]
    formulas: tuple[Formula | None, ...]
    broken_at: tuple[tuple[int, ...], ...]
    noise: tuple[str, ...]
    is_shared: bool
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
    clean = clean_targets(params.targets, data.x)
    formulas = tuple(
        other_formula(data.x, data.y[:, :, k], clean[:, :, k], first - 1)
        if any(failed(tests)) and not broken
        else None
        for k, (tests, broken) in enumerate(zip(noise_found, broken_at, strict=True))
    )
    words = [
        [] if broken else fitted_noise_words(formula, noise) if formula else noise_words(r, tests)
        for r, tests, broken, formula in zip(residuals, noise_found, broken_at, formulas, strict=True)
    ]
    mistake = _mistake(params, data, noise) if any(formulas) else None
    all_follow = not any(formulas) and not any(broken_at)
    is_shared = len(residuals) > 1 and all_follow and shares_noise(*residuals[:2])
    every = [*inputs, *(test for tests in noise_found for test in tests)]
    return Findings(
        inputs=input_words(data.x, inputs),
        formulas=formulas,
        broken_at=broken_at,
        noise=by_output(words) if any(map(_shows_noise, formulas)) else (UNSEEN,),
        is_shared=is_shared,
        mistake=mistake,
        largest=max(test.excess for test in every if test.name != "repeats"),
    )


def _shows_noise(formula: Formula | None) -> bool:
    """Whether an output follows a formula, the asked one or another: its noise is what is left over."""
    return formula is None or formula.is_seen


def _residuals(params: TaskParams, targets: tuple[str, ...], data: Data, noise: float) -> list[FloatArray]:
    """For each output what is left over the noise, from the first step that all of them can have."""
    start = max(first_steps(params.targets, params.inputs)) - 1
    difference = (data.y - clean_targets(targets, data.x)) / noise
    return [difference[:, start:, k] for k in range(len(targets))]


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
