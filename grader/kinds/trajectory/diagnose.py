"""Which known mistakes in gradients, steps or between them give the losses of a wrong training."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from grader.kinds.trajectory.fitting import fit
from grader.kinds.trajectory.judge import TRAINS_SHARE, TrajectoryFacts, falls
from grader.kinds.trajectory.question import Start, TrainingTask, TrajectoryParams, tasks
from grader.model.mistake import Mistake
from grader.model.outcome import Diagnosis, Finding
from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import Arrays, GradientInstance
from grader.networks.backward.loss import read_loss
from grader.networks.backward.together import forward_values
from grader.networks.equations.declaration import network_of
from grader.networks.identity import Identical
from grader.networks.library import library_network
from grader.networks.mutants.backward.catalogue import gradient_mutants, with_kept_names
from grader.networks.mutants.backward.context import Context, WrongPasses, context_of
from grader.networks.mutants.backward.evaluation import wrong_gradients
from grader.training.adam import ArrayStep, Memory, Rule, right
from grader.training.adam_mistakes import ADAM_MISTAKES, NOT_IN_TRAINING
from grader.training.task import FloatArray
from reference.adam import AdamState, Rates
from reference.bptt import Parameters, bptt, cost, forward

NETWORK, LOSS, OUTPUT, TARGET = "library/elman-linear", "mean(sum((y - d)**2))", "y", "d"


class GradientWay:
    """A way to compute gradients.

    Args:
        wrong: What the mistake in it does; None for none.
    """

    def __init__(self, wrong: WrongPasses | None = None) -> None:
        self.wrong = wrong

    @property
    def reach(self) -> int | None:
        """How many steps an error goes back; None for all."""
        return None if self.wrong is None else self.wrong.reach

    def gradients(self, x: FloatArray, wanted: FloatArray, params: Parameters) -> Parameters:
        """The gradients that come out.

        Args:
            x: (n_seqs, T, n_in).
            wanted: (n_seqs, T, n_out).
            params: The network.
        """
        if self.wrong is None:
            return bptt(x, wanted, params)
        inputs, targets = {"x": x.transpose(1, 0, 2)}, {TARGET: wanted.transpose(1, 0, 2)}
        instance = GradientInstance(inputs, targets, params._asdict())
        found = wrong_gradients(_context(), self.wrong, instance, self._values(x, params))
        return Parameters(**found)

    def outputs(self, x: FloatArray, params: Parameters) -> FloatArray:
        """The outputs (n_seqs, T, n_out) of the forward pass, mistakes included."""
        if self.wrong is None:
            return forward(x, params).y
        return self._values(x, params)[OUTPUT].transpose(1, 0, 2)

    def _values(self, x: FloatArray, params: Parameters) -> Arrays:
        assert self.wrong is not None
        return _forward_values(Identical(self.wrong), Identical(x), Identical(params))


@functools.lru_cache(maxsize=1)
def _forward_values(
    wrong: Identical[WrongPasses], x: Identical[FloatArray], params: Identical[Parameters]
) -> Arrays:
    """What the forward pass gives; kept for the way back, and no longer: of all mistakes it is 15 MiB."""
    return forward_values(wrong.one.forward, {"x": x.one.transpose(1, 0, 2)}, params.one._asdict())


RIGHT = GradientWay()


@functools.cache
def gradient_mistakes() -> tuple[Mistake[GradientWay], ...]:
    """The known mistakes that have a name of their own, and errors that stop on the way back."""
    context = _context()
    named = with_kept_names(gradient_mutants(context), context.network)
    return tuple(
        Mistake(one.id, one.message, GradientWay(one.effect))
        for one in named
        if one.has_kept_name or one.effect.is_truncated
    )


@functools.cache
def _context() -> Context:
    network = network_of(library_network(NETWORK).network)
    return context_of(backward_pass(network, read_loss(network, LOSS)))


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
    """A diagnosis that gradients are clipped, if that gives the losses with large targets."""
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
