"""Which known mistakes in gradients, steps or between them give the losses of a wrong training."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from grader.kinds.trajectory.fitting import fit
from grader.kinds.trajectory.gradients import RIGHT, GradientWay, gradient_mistakes
from grader.kinds.trajectory.judge import TRAINS_SHARE, TrajectoryFacts, falls
from grader.kinds.trajectory.question import Start, TrainingTask, TrajectoryParams, tasks
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis, Finding
from grader.training.adam import ArrayStep, Memory, Rule, right
from grader.training.adam_mistakes import ADAM_MISTAKES, NOT_IN_TRAINING
from grader.training.task import FloatArray
from reference.adam import AdamState, Rates
from reference.bptt import Parameters, cost

# So many epochs tell most mistakes from one another; only those left are run to the end.
FIRST_LOOK = 12
# Errors that go back further lie on the right run of thirty steps.
FURTHEST = 25


class TrainingWay(NamedTuple):
    """A way to train; as it stands, the right one.

    Args:
        backprop: How gradients are computed.
        between: What is done to the gradients before the step.
        rule: How a step is made.
    """

    backprop: GradientWay = RIGHT
    between: Callable[[Parameters], Parameters] = lambda grads: grads
    rule: Rule = right


def diagnose(params: TrajectoryParams, facts: TrajectoryFacts) -> Finding:
    """Every known mistake that gives the losses, in the training that is compared or with large targets."""
    if facts.found is not None:
        found = () if facts.loud is None else _clipped(facts.loud.losses, tasks(params).loud)
        return Finding(diagnoses=_diagnoses(found))
    returned, task = facts.returned, tasks(params).long
    found = explain(returned.losses, task.start, task.n_epochs, params.lr)
    # A known mistake explains every single loss: that it trains needs no other proof.
    trains = bool(found) and falls(returned)
    return Finding(diagnoses=_diagnoses(found), fraction=TRAINS_SHARE if trains else Fraction(0))


def _diagnoses(found: tuple[Mistake[TrainingWay], ...]) -> tuple[Diagnosis, ...]:
    return tuple(dict.fromkeys(Diagnosis(one.id, one.message) for one in found))


def _cut_off(limit: float) -> Callable[[Parameters], Parameters]:
    return lambda grads: Parameters(*(np.clip(array, -limit, limit) for array in grads))


def _shortened(limit: float, together: bool) -> Callable[[Parameters], Parameters]:
    """Scaled down to a length of at most the limit, all together or each by itself."""

    def between(grads: Parameters) -> Parameters:
        lengths = [float(np.linalg.norm(array)) for array in grads]
        if together:
            lengths = [float(np.linalg.norm(lengths))] * len(lengths)
        return Parameters(
            *(
                array if length <= limit else array * (limit / length)
                for array, length in zip(grads, lengths, strict=True)
            )
        )

    return between


def _clip(how: str, between: Callable[[Parameters], Parameters]) -> Mistake[TrainingWay]:
    return Mistake("clipped", f"Gradients are clipped: {how}.", TrainingWay(between=between))


CLIPPED = tuple(
    mistake
    for limit in (0.5, 1, 2, 5, 10, 100, 1000)
    for mistake in (
        # Adam steps the same whatever the gradients are multiplied by: the limit does not show.
        _clip("every entry is cut off at a limit", _cut_off(limit)),
        _clip("all together are scaled down to a largest length", _shortened(limit, together=True)),
        _clip("each is scaled down to a largest length", _shortened(limit, together=False)),
    )
)
"""Ways to clip, at the limits that people write."""


@functools.cache
def training_mistakes() -> tuple[Mistake[TrainingWay], ...]:
    """All that may be wrong in a training: gradients, steps, and what is between them."""
    return (
        *(
            Mistake(one.id, one.message, TrainingWay(backprop=one.effect))
            for one in gradient_mistakes()
            if one.effect.reach is None or one.effect.reach <= FURTHEST
        ),
        *(
            Mistake(one.id, one.message, TrainingWay(rule=one.effect))
            for one in ADAM_MISTAKES
            if one.id not in (*NOT_IN_TRAINING, "clipped")
        ),
        *CLIPPED,
    )


def explain(logged: FloatArray, start: Start, n_epochs: int, lr: float) -> tuple[Mistake[TrainingWay], ...]:
    """Every known mistake on whose run the losses lie.

    Args:
        logged: One loss an epoch.
        start: Where training starts.
        n_epochs: Steps that were asked for.
        lr: Learning rate.
    """
    look = min(FIRST_LOOK, n_epochs)
    first_looks = zip(training_mistakes(), _first_losses(_StartKey(start), look, lr), strict=True)
    return tuple(
        one
        for one, losses in first_looks
        if (fit(logged[: look + 1], losses) or fit(logged[:look], losses))
        and fit(logged, losses_of(one.effect, start, n_epochs, lr))
    )


class _StartKey(NamedTuple):
    """A start as a key of a cache: by identity, as starts are themselves kept."""

    start: Start

    def __hash__(self) -> int:
        return id(self.start)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _StartKey) and self.start is other.start


@functools.lru_cache(maxsize=8)
def _first_losses(key: _StartKey, n_epochs: int, lr: float) -> tuple[FloatArray, ...]:
    return tuple(losses_of(one.effect, key.start, n_epochs, lr) for one in training_mistakes())


def _clipped(losses: FloatArray, task: TrainingTask) -> tuple[Mistake[TrainingWay], ...]:
    """That gradients are clipped, where that gives the losses with large targets."""
    runs = ((one, losses_of(one.effect, task.start, task.n_epochs, task.lr)) for one in CLIPPED)
    return next(((one,) for one, run in runs if fit(losses, run)), ())


def losses_of(way: TrainingWay, start: Start, n_epochs: int, lr: float) -> FloatArray:
    """(n_epochs + 1,) losses of a training, as far as it gets."""
    arrays = [AdamState(array, np.zeros_like(array), np.zeros_like(array)) for array in start.params]
    memories: list[Memory] = [{} for _ in arrays]
    losses = np.full(n_epochs + 1, np.nan)
    rates, data = Rates(lr=lr), start[:2]
    with np.errstate(all="ignore"):
        for t in range(1, n_epochs + 2):
            params = Parameters(*(one.theta for one in arrays))
            losses[t - 1] = cost(way.backprop.outputs(start.x, params), start.y)
            if t > n_epochs or not np.isfinite(losses[t - 1]):
                return losses
            grads = way.between(way.backprop.gradients(*data, params))
            arrays = [
                way.rule(ArrayStep(state, g, t, rates, i, len(arrays), memories[i]))
                for i, (state, g) in enumerate(zip(arrays, grads, strict=True))
            ]
    return losses
