"""A loss curve: weak evidence, so a small share of the marks, and mostly remarks.

Only what no honest training can show costs marks: numbers that are not finite, a curve that does not fall, a
loss below the noise, or one that belongs to other weights than those of the same answer.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, NamedTuple

import numpy as np
from msgspec import UNSET, UnsetType

from grader.answers.arrays import to_numpy
from grader.answers.claims import read_count
from grader.errors import Unreadable
from grader.model.evidence import LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Asks, Judgement
from grader.model.outcome import Feedback
from grader.model.value import Fields, Items, Value
from grader.training.calls import judged
from grader.training.networks import TrainedNetwork, predict, read_network
from grader.training.task import FloatArray, TaskParams, draw_sequences, rounded

OTHER_WEIGHTS_SHARE = Fraction(1, 2)
# Nothing says what was logged, so the scale, the end and the weights cannot be held against one another.
UNKNOWN_SCALE_SHARE = Fraction(1, 2)
# With fewer entries a curve of unknown scale shows nothing.
LEAST_ENTRIES = 5
# A curve whose end is not lower than this share of its start has not learned.
FALLS = 0.9
# Honest losses rise by up to 1.84 between two entries, spikes more; weights may be the best of a run.
BELOW, ABOVE = 2.0, 3.0
MAX_SHOWN = 400


class CurveParams(TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `curve`.

    Args:
        start: Smallest and largest cost that starting weights have, in the asked scale.
        floor: A cost that no training can reach.
        low: A cost that no honest run of ours has reached.
        slow: An end above this is slow.
        noise: Standard deviation of the noise on the training targets.
        train_seqs: Training sequences, to recognise a cost that is summed.
        n_steps: Steps of each.
        weights: Id of the question about the trained weights; empty where there is none.
    """

    start: tuple[float, float]
    floor: float
    low: float
    slow: float
    noise: float = 0.1
    train_seqs: int = 8
    n_steps: int = 100
    weights: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.floor < self.low < self.slow < self.start[0] < self.start[1]:
            raise ValueError("wanted 0 < floor < low < slow < start[0] < start[1]")


class CurveEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of a loss curve: at most 400 entries, and the epochs from one to the next."""

    losses: Annotated[list[float | None] | UnsetType, LOCATION] = UNSET
    every: Annotated[int | UnsetType, LOCATION] = UNSET


class LossScale(NamedTuple):
    """How the logged numbers come from the cost: a factor, a root, and what that means; empty if as asked."""

    factor: float
    is_root: bool
    meaning: str

    def cost(self, logged: FloatArray) -> FloatArray:
        """The cost that the logged numbers mean."""
        return np.asarray((logged**2 if self.is_root else logged) / self.factor, dtype=np.float64)


def asks(params: CurveParams) -> Asks:
    """The losses; weights and training data are looked at where they stand beside them."""
    also = (params.weights, "weights", "x_train", "y_train") if params.weights else ()
    return Asks(fields=("losses",), optional=("every",), also=also)


def judge(params: CurveParams, answer: Answer) -> Judgement[None]:
    """Whether a training can have this curve.

    Raises:
        Unreadable: If it is no list of at least two numbers.
    """
    if "losses" not in answer.fields:
        raise Unreadable("no losses", "losses = [...], one an entry", None, "missing-field")
    losses = _one_column(to_numpy(_in_order(answer.fields["losses"]), "losses"))
    every = read_count(answer.fields["every"], "every") if "every" in answer.fields else 1
    if len(losses) < 2 or every < 1:
        raise Unreadable(
            f"{len(losses)} losses, one every {every} epochs",
            "give at least the first and the last, and every as 1 or more",
            "losses",
            "number-of-losses",
        )
    scale = _scale(params, losses)
    network = _network(params, answer)
    fraction, messages = _judged(params, losses, scale, network, answer)
    stride = math.ceil(len(losses) / MAX_SHOWN)
    shown = [rounded(loss, 6) for loss in losses[::stride]]
    evidence = CurveEvidence(losses=shown, every=every * stride)
    return judged(None, fraction, tried_on(1, "curve"), messages, evidence)


def _in_order(losses: Value) -> Value:
    """A dict keyed by epochs, {0: 40.0, 100: 12.5}, as the list of its values."""
    if not isinstance(losses, Fields):
        return losses
    if not all(key.isascii() and key.isdecimal() for key in losses.fields):
        return losses
    keys = sorted(losses.fields, key=lambda key: (len(key.lstrip("0")), key.lstrip("0")))
    return Items(tuple(losses.fields[key] for key in keys))


def _one_column(losses: FloatArray) -> FloatArray:
    """The losses as a flat array.

    Raises:
        Unreadable: If they are a table with several numbers an entry.
    """
    if sum(n != 1 for n in losses.shape) > 1:
        hint = "give one number an entry, with a decimal point: a list, or an array of one column"
        raise Unreadable(f"it has shape {losses.shape}", hint, "losses", "shape")
    return losses.ravel()


def _scale(params: CurveParams, losses: FloatArray) -> LossScale | None:
    """The scale, from the cost of starting weights; None where the start fits none."""
    low, high = params.start
    n = params.train_seqs * params.n_steps
    for scale in (
        LossScale(1, False, ""),
        LossScale(0.5, False, "half the cost, or its mean over outputs, is logged"),
        LossScale(1, True, "the root of the cost is logged"),
        LossScale(n, False, "the sum over sequences and steps is logged where the mean is asked"),
    ):
        if low <= scale.cost(losses)[0] <= high:
            return scale
    return None


def _network(params: CurveParams, answer: Answer) -> TrainedNetwork | None:
    """The weights that were of the other question, if they are a network."""
    value = answer.others.get(params.weights) or answer.others.get("weights")
    if isinstance(value, Fields) and "weights" in value.fields:
        value = value.fields["weights"]
    if value is None:
        return None
    try:
        return read_network(value, params.inputs, len(params.targets), "weights")
    except Unreadable:
        return None


def _judged(
    params: CurveParams,
    losses: FloatArray,
    scale: LossScale | None,
    network: TrainedNetwork | None,
    answer: Answer,
) -> tuple[Fraction, list[Feedback]]:
    if (impossible := _impossible(losses)) is not None:
        return Fraction(0), [impossible]
    if scale is None:
        return _on_unknown_scale(params, losses)
    messages = [Feedback("other-scale", f"Going by its start, {scale.meaning}.")] if scale.meaning else []
    cost = scale.cost(losses)
    if cost.min() < params.floor:
        text = f"A cost of {cost.min():.2g} lies below the noise in the data; no training can reach that."
        return Fraction(0), [*messages, Feedback("below-noise", text)]
    messages += _remarks(params, cost)
    if network is not None and (other := _other_weights(params, cost, network, answer)) is not None:
        return OTHER_WEIGHTS_SHARE, [*messages, other]
    return Fraction(1), messages


def _impossible(losses: FloatArray) -> Feedback | None:
    """Why no training logs such losses on any scale; None where one may."""
    if not np.isfinite(losses).all():
        entry = int(np.flatnonzero(~np.isfinite(losses))[0]) + 1
        return Feedback("not-finite", f"Entry {entry} is not a finite number.")
    if losses.min() < 0:
        return Feedback("negative", "A mean of squares cannot be negative, and one of the losses is.")
    if losses[-1] > FALLS * losses[0]:
        text = f"The curve does not fall: it starts at {losses[0]:.4g} and ends at {losses[-1]:.4g}."
        return Feedback("does-not-fall", text)
    return None


def _on_unknown_scale(params: CurveParams, losses: FloatArray) -> tuple[Fraction, list[Feedback]]:
    """What losses earn whose start is no cost of fresh weights on any scale that people log."""
    # A root falls less than its cost does: what is too low as a cost is too low as a root as well.
    if losses.min() <= losses[0] * params.floor / params.start[1]:
        text = (
            f"It falls from {losses[0]:.4g} to {losses.min():.2g}, whatever was logged: that is below "
            "the noise in the data, and no training can reach it."
        )
        return Fraction(0), [Feedback("below-noise", text)]
    text = (
        f"It starts at {losses[0]:.4g}; the asked cost of fresh weights lies between {params.start[0]:g} "
        f"and {params.start[1]:g}. Was something else logged, or the first epochs left out?"
    )
    if len(losses) < LEAST_ENTRIES:
        text += f" With {len(losses)} entries nothing else can be seen; hand in more."
        return Fraction(0), [Feedback("unusual-start", text)]
    return UNKNOWN_SCALE_SHARE, [Feedback("unusual-start", text)]


def _other_weights(
    params: CurveParams, cost: FloatArray, network: TrainedNetwork, answer: Answer
) -> Feedback | None:
    """A message that the weights are not those at the end of the curve; None if they may be."""
    own, at_end = _cost_of(params, network, answer)
    tail = cost[-max(2, len(cost) // 10) :]
    if cost.min() / BELOW <= at_end <= ABOVE * tail.max():
        return None
    data = "your x_train and y_train" if own else "fresh data of the same kind"
    text = (
        f"The weights handed in have the cost {at_end:.3g} on {data}, this curve ends at "
        f"{cost[-1]:.3g}: are they from the same run?"
    )
    return Feedback("other-weights", text)


def _remarks(params: CurveParams, cost: FloatArray) -> list[Feedback]:
    if cost.min() < params.low:
        text = f"It reaches {cost.min():.2g}; none of our own runs went below {params.low:g}."
        return [Feedback("unusually-low", text)]
    if cost[-1] > params.slow:
        text = (
            f"It ends at {cost[-1]:.3g}, which is slow: more epochs, or is it plain gradient descent, or a "
            "smaller learning rate?"
        )
        return [Feedback("slow", text)]
    return []


def _cost_of(params: CurveParams, network: TrainedNetwork, answer: Answer) -> tuple[bool, float]:
    """Whether the student's own data was used, and the cost of the weights on it or on fresh data."""
    own = _own_data(params, answer)
    if own is not None:
        x, y = own
        return True, float(np.mean(np.sum((predict(network, x) - y) ** 2, axis=2)))
    data = draw_sequences(params, 64, params.n_steps, np.random.default_rng(0))
    error = (predict(network, data.x) - data.y)[:, data.start :]
    return False, float(np.mean(np.sum(error**2, axis=2))) + len(params.targets) * params.noise**2


def _own_data(params: CurveParams, answer: Answer) -> tuple[FloatArray, FloatArray] | None:
    try:
        x, y = (to_numpy(answer.others[name], name) for name in ("x_train", "y_train"))
    except (KeyError, Unreadable):
        return None
    fits = x.ndim == 3 and y.ndim == 3 and x.shape[:2] == y.shape[:2] and x.size > 0
    fits = fits and x.shape[2] == params.inputs and y.shape[2] == len(params.targets)
    return (x, y) if fits and np.isfinite(x).all() and np.isfinite(y).all() else None
