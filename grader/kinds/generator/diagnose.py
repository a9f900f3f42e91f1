"""Which known wrong targets a wrong data set fits."""

from __future__ import annotations

from fractions import Fraction

from grader.kinds.generator.bounds import variance_excess
from grader.kinds.generator.examination import residuals
from grader.kinds.generator.judge import GeneratorFacts
from grader.kinds.generator.question import Data, GeneratorParams
from grader.model.outcome import Diagnosis, Finding
from grader.training.task import OtherTargets, TaskParams


def diagnose(params: GeneratorParams, facts: GeneratorFacts) -> Finding:
    """The first known wrong targets that leave nothing but noise in every output, with their credit."""
    found = known_targets(params, params.noise, facts.data) if any(facts.faults.formulas) else None
    if found is None:
        return Finding()
    fraction = min(Fraction(found.share), facts.most) if found.share else None
    return Finding(diagnoses=(Diagnosis(found.id, found.message),), fraction=fraction)


def known_targets(params: TaskParams, noise: float, data: Data) -> OtherTargets | None:
    """The first of the exercise's known wrong targets that the data fit.

    Args:
        params: The task.
        noise: Standard deviation that the noise should have.
        data: The data set.
    """
    for mistake in params.mistakes:
        if all(variance_excess(r) <= 1 for r in residuals(params, mistake.targets, data, noise)):
            return mistake
    return None
