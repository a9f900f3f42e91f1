"""A trained network's error as a mark, by bands that baselines and many honest trainings fix.

The score R is the sum over outputs of the mean squared error, divided by the same sum for the best constant
outputs: 0 is perfect, and a network with R = 1 has learned nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
import numpy as np

from grader.training.networks import TrainedNetwork, score_many
from grader.training.task import FloatArray, Sequences, TaskParams, draw_sequences
from reference.bptt import Parameters
from reference.trainer import Trained, glorot, train

BASELINE_SEQUENCES = 8192
SETS = 4
"""Training sets over which the seeds are spread: a single one could be an easy one."""

# Two of three honest trainings reach it, so the best of three misses it in under 4 % of cases.
FULL_QUANTILE = 2 / 3
NEARLY_QUANTILE = 0.9
# Another draw of the sequences moves R by 2 to 3 %.
NEARLY_ROOM = 1.05
LINEAR_ROOM = 1.035
SHARES = ("1", "9/10", "7/10", "2/5", "3/20")
DECIMALS = 4
"""Rounding weights to these moves R by less than a thousandth of itself."""


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A share of the points, for R up to a bound."""

    up_to: float
    share: str

    def __post_init__(self) -> None:
        if not 0 < self.up_to < math.inf:
            raise ValueError(f"up_to is {self.up_to}; wanted a number above 0")
        if not 0 <= Fraction(self.share) <= 1:
            raise ValueError(f"share is {self.share}; wanted 0 to 1")


class Study(NamedTuple):
    """What the bands come from.

    Args:
        constant: Mean squared error of the best constant, an output.
        linear: Mean squared error of the best linear predictor from the lags that the targets use.
        errors: (seeds, n_out) of honestly trained networks on sequences they were not trained on.
    """

    constant: tuple[float, ...]
    linear: tuple[float, ...]
    errors: FloatArray


class StudyPlan(NamedTuple):
    """Size of a seed study.

    Args:
        hidden: Hidden neurons.
        noise: Standard deviation of the noise on the training targets.
        train_seqs: Training sequences.
        n_seqs: Sequences for scoring.
        n_steps: Steps of each.
        seeds: Networks to train.
        epochs: For each of them.
    """

    hidden: int
    noise: float
    train_seqs: int
    n_seqs: int
    n_steps: int
    seeds: int
    epochs: int


def study(task: TaskParams, plan: StudyPlan, seed: int) -> Study:
    """Baselines and honest trainings; a few minutes on one core for 60 seeds of 5000 epochs.

    Args:
        task: What is learnt.
        plan: The size of the study.
        seed: Of everything that is drawn.
    """
    rng = np.random.default_rng(seed)
    sample = draw_sequences(task, BASELINE_SEQUENCES, plan.n_steps, rng)
    held_out = draw_sequences(task, plan.n_seqs, plan.n_steps, rng)
    errors = [
        score_many(_trained(task, plan, len(part), rng), held_out)
        for part in np.array_split(np.arange(plan.seeds), SETS)
        if len(part)
    ]
    return Study(constant_errors(sample), linear_errors(sample), np.concatenate(errors))


def _trained(task: TaskParams, plan: StudyPlan, seeds: int, rng: np.random.Generator) -> list[TrainedNetwork]:
    size = plan.train_seqs, plan.n_steps, plan.noise
    params = _train(task, plan.hidden, size, (seeds, plan.epochs), rng, np.float32).params
    return [TrainedNetwork(Parameters(*(array[i] for array in params))) for i in range(seeds)]


def _train(
    task: TaskParams,
    hidden: int,
    size: tuple[int, int, float],
    effort: tuple[int, int],
    rng: np.random.Generator,
    dtype: type[np.floating] = np.float64,
) -> Trained:
    """Networks trained from different weights on the same noisy sequences."""
    n_seqs, n_steps, noise = size
    data = draw_sequences(task, n_seqs, n_steps, rng)
    wanted = data.y + noise * rng.standard_normal(data.y.shape)
    start = glorot(rng, task.inputs, hidden, len(task.targets), effort[0])
    return train(data.x, wanted, start, effort[1], dtype=dtype)


def best_answer(
    task: TaskParams, hidden: int, size: tuple[int, int, float], effort: tuple[int, int], seed: int
) -> str:
    """The Python source of an honest answer: the network with the lowest training cost.

    Args:
        task: What is learnt.
        hidden: Hidden neurons.
        size: Training sequences, steps of each, and standard deviation of the noise.
        effort: Networks to train, and epochs for each.
        seed: Of all that is drawn.
    """
    trained = _train(task, hidden, size, effort, np.random.default_rng(seed))
    best = int(np.argmin(trained.losses[-1]))
    arrays = {name: array[best].round(DECIMALS) for name, array in trained.params._asdict().items()}
    lines = [f'    "{name}": {array.tolist()},' for name, array in arrays.items()]
    return "\n".join(["q2_weights = {", *lines, "}"])


def constant_errors(data: Sequences) -> tuple[float, ...]:
    """Mean squared error of the best constant outputs."""
    y = data.y[:, data.start :]
    return tuple(float(error) for error in y.reshape(-1, y.shape[-1]).var(axis=0))


def linear_errors(data: Sequences) -> tuple[float, ...]:
    """Mean squared error of the best linear predictor from the inputs of this and the last steps."""
    T = data.x.shape[1]
    lagged = [data.x[:, data.start - lag : T - lag] for lag in range(data.start + 1)]
    regressors = np.concatenate([*lagged, np.ones_like(lagged[0][..., :1])], axis=-1)
    A = regressors.reshape(-1, regressors.shape[-1])
    y = data.y[:, data.start :].reshape(len(A), -1)
    residual = y - A @ np.linalg.lstsq(A, y, rcond=None)[0]
    return tuple(float(error) for error in np.mean(residual**2, axis=0))


def bands_from(found: Study) -> tuple[Band, ...]:
    """The bands: what most honest runs reach, the linear predictor, half of and all of the constants."""
    constant = sum(found.constant)
    ratios = found.errors.sum(axis=1) / constant
    edges = [
        float(np.quantile(ratios, FULL_QUANTILE)),
        NEARLY_ROOM * float(np.quantile(ratios, NEARLY_QUANTILE)),
        LINEAR_ROOM * sum(found.linear) / constant,
        0.5,
        1.0,
    ]
    # Rounded up, in the students' favour; where a study puts two edges in the wrong order, the later gives.
    rounded = np.maximum.accumulate([math.ceil(edge * 1000) / 1000 for edge in edges])
    return tuple(Band(up_to=float(edge), share=share) for edge, share in zip(rounded, SHARES, strict=True))


def share_of(ratio: float, bands: Sequence[Band], tolerance: float, par: float = 1.0) -> Fraction:
    """The share of the points for R, an edge widened by the tolerance, though not beyond the constants.

    Args:
        ratio: R; infinite for a network that overflows.
        bands: In rising order.
        tolerance: Relative.
        par: The R of constant outputs on these sequences; from there on nothing was learned.
    """
    for band in bands:
        if band.up_to > 1:
            is_in = ratio <= band.up_to
        else:
            is_in = ratio <= band.up_to * (1 + tolerance) and ratio < par
        if is_in:
            return Fraction(band.share)
    return Fraction(0)
