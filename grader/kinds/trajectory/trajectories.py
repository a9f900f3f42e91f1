"""What right and mistaken training does from the same weights and data, epoch by epoch."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from grader.training.gradient_bank import BANK as GRADIENT_BANK
from grader.training.gradient_bank import RIGHT, Slip, gradients, outputs
from grader.training.optimizer_bank import BANK as OPTIMIZER_BANK
from grader.training.optimizer_bank import Memory, Rule, Step, right
from grader.training.task import FloatArray
from reference.adam import AdamState, Rates
from reference.bptt import Parameters, bptt, cost, forward
from reference.trainer import glorot, train

# Honest training is off by 3e-7 after 100 epochs, float32 among it; the nearest mistake by 1e-3.
TOLERANCE = 1e-5
# So many epochs tell most mistakes from one another; only those left are run to the end.
FIRST_LOOK = 12


class Start(NamedTuple):
    """Where training starts: inputs, noisy targets and weights."""

    x: FloatArray
    y: FloatArray
    params: Parameters


class Run(NamedTuple):
    """A training run.

    Args:
        losses: (n_epochs + 1,) the cost before each step and after the last.
        params: After the last step.
    """

    losses: FloatArray
    params: Parameters


class Fit(NamedTuple):
    """How logged losses lie on a run's.

    Args:
        factor: Logged over the run's.
        is_root: Whether the root of the cost was logged.
    """

    factor: float
    is_root: bool = False


def _as_they_are(grads: Parameters) -> Parameters:
    return grads


class Suspect(NamedTuple):
    """A mistake that a training may hold: its id, what to tell, and its parts.

    Args:
        id: Stable kebab-case word.
        message: What to tell the student.
        slip: In the gradients.
        rule: In the step.
        between: What is done to the gradients before the step.
    """

    id: str
    message: str
    slip: Slip = RIGHT
    rule: Rule = right
    between: Callable[[Parameters], Parameters] = _as_they_are


def draw_start(
    x: FloatArray, clean: FloatArray, noise: float, hidden: int, rng: np.random.Generator
) -> Start:
    """Noisy targets and starting weights for given inputs.

    Biases are not zero: with zero biases some mistakes in them could not be told apart.
    """
    y = clean + noise * rng.standard_normal(clean.shape)
    params = glorot(rng, x.shape[-1], hidden, y.shape[-1])
    biases = [rng.uniform(-0.5, 0.5, size=size) for size in (hidden, y.shape[-1])]
    return Start(x, y, params._replace(b=biases[0], c=biases[1]))


def right_run(start: Start, n_epochs: int, lr: float) -> Run:
    """Full-batch training with Adam."""
    trained = train(start.x, start.y, start.params, n_epochs, Rates(lr=lr))
    last = cost(forward(start.x, trained.params).y, start.y)
    return Run(np.append(np.asarray(trained.losses, dtype=np.float64), last), trained.params)


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
    factor = float(np.median(ratios))
    if not factor > 0 or not np.all(np.abs(ratios / factor - 1) <= TOLERANCE):
        return None
    return 1.0 if abs(factor - 1) <= TOLERANCE else factor


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


def _clip(how: str, between: Callable[[Parameters], Parameters]) -> Suspect:
    return Suspect("clipped", f"Gradients are clipped: {how}.", between=between)


CLIPPED = tuple(
    suspect
    for limit in (0.5, 1, 2, 5, 10, 100, 1000)
    for suspect in (
        # Adam steps the same whatever the gradients are multiplied by: the limit does not show.
        _clip("every entry is cut off at a limit", _cut_off(limit)),
        _clip("all together are scaled down to a largest length", _shortened(limit, together=True)),
        _clip("each is scaled down to a largest length", _shortened(limit, together=False)),
    )
)
"""Ways to clip, at the limits that people write."""
# Errors that go back further lie on the right run of thirty steps.
FURTHEST = 25
SUSPECTS = (
    *(
        Suspect(slip.id, slip.message, slip=slip)
        for slip in GRADIENT_BANK
        if slip.reach is None or slip.reach <= FURTHEST
    ),
    *(
        Suspect(slip.id, slip.message, rule=slip.rule)
        for slip in OPTIMIZER_BANK
        if slip.shows_in_training and slip.id != "clipped"
    ),
    *CLIPPED,
)


def explain(logged: FloatArray, start: Start, n_epochs: int, lr: float) -> Iterator[tuple[Suspect, Fit]]:
    """Every suspect whose run the losses lie on.

    Args:
        logged: One loss an epoch.
        start: Where training starts.
        n_epochs: Steps that were asked for.
        lr: Learning factor.
    """
    look = min(FIRST_LOOK, n_epochs)
    first_looks = suspects_runs(_Key(start), look, lr)
    for suspect, losses in zip(SUSPECTS, first_looks, strict=True):
        if fit(logged[: look + 1], losses) or fit(logged[:look], losses):
            found = fit(logged, mistaken_losses(suspect, start, n_epochs, lr))
            if found is not None:
                yield suspect, found


class _Key(NamedTuple):
    """A start as a key of a cache: by identity, as starts are themselves kept."""

    start: Start

    def __hash__(self) -> int:
        return id(self.start)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.start is other.start


@functools.lru_cache(maxsize=8)
def suspects_runs(key: _Key, n_epochs: int, lr: float) -> tuple[FloatArray, ...]:
    """The first losses of every suspect."""
    return tuple(mistaken_losses(suspect, key.start, n_epochs, lr) for suspect in SUSPECTS)


def mistaken_losses(suspect: Suspect, start: Start, n_epochs: int, lr: float) -> FloatArray:
    """(n_epochs + 1,) losses of a training with the mistake, as far as it gets."""
    slip = suspect.slip
    arrays = [AdamState(array, np.zeros_like(array), np.zeros_like(array)) for array in start.params]
    memories: list[Memory] = [{} for _ in arrays]
    losses = np.full(n_epochs + 1, np.nan)
    rates = Rates(lr=lr)
    with np.errstate(all="ignore"):
        for t in range(1, n_epochs + 2):
            params = Parameters(*(one.theta for one in arrays))
            losses[t - 1] = cost(outputs(slip, start.x, params), start.y)
            if t > n_epochs or not np.isfinite(losses[t - 1]):
                return losses
            grads = bptt(start.x, start.y, params) if slip is RIGHT else gradients(slip, *start[:2], params)
            grads = suspect.between(grads)
            arrays = [
                suspect.rule(Step(state, g, t, rates, i, len(arrays), memories[i]))
                for i, (state, g) in enumerate(zip(arrays, grads, strict=True))
            ]
    return losses
