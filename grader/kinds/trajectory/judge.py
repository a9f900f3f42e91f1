"""The losses of a training function, compared strictly epoch by epoch, and the weights that come back."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, NamedTuple, TypeAlias

import numpy as np
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.trajectory.fitting import (
    TOLERANCE,
    Fit,
    ReturnedTraining,
    fit,
    is_like,
    read_trained,
    scale_meanings,
)
from grader.kinds.trajectory.question import (
    SMALL,
    TrainingTask,
    TrainingTasks,
    TrajectoryParams,
    right_losses,
    tasks,
)
from grader.model.evidence import LOCATION, Evidence, tried_on
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.run import CallReading
from grader.training.calls import attempt, judged, result_of, right_except
from grader.training.task import FloatArray, rounded

# The training is right; what is logged or handed back is not what was asked.
OTHER_SCALE_SHARE = Fraction(3, 4)
WEIGHTS_SHARE = Fraction(3, 4)
CHANGES_DATA_SHARE = Fraction(3, 4)
KEEPS_STATE_SHARE = Fraction(1, 2)
# As in a step of Adam alone.
IGNORES_LR_SHARE = Fraction(3, 4)
# Right in the training that is compared, not for sizes of 1 or large targets.
NEARLY_SHARE = Fraction(3, 4)
# It starts where it should and the cost falls.
TRAINS_SHARE = Fraction(1, 4)
FALLS = 0.9
# Losses move by up to a factor of 1.84 from one entry to the next.
ABOUT = 2.0
# A hundred epochs of rounding in float32, seen in the cost.
WEIGHTS_TOLERANCE = 1e-4
KEPT = Feedback(
    "keeps-state",
    "Called a second time with the same arguments it gives other losses: something is kept from call to "
    "call.",
)
Remark: TypeAlias = tuple[Fraction, Feedback]
"""What is not as asked of a right training, and the largest share of the points that it leaves."""


class TrajectoryEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of a training: the first 201 losses as logged, None for one that is not finite."""

    epochs: Annotated[int | UnsetType, LOCATION] = UNSET
    losses: Annotated[list[float | None] | UnsetType, LOCATION] = UNSET


class TrajectoryFacts(NamedTuple):
    """What was read and decided.

    Args:
        returned: By the training that is compared.
        found: How its losses lie on the right ones; None if they do not.
        loud: What the training with large targets gave, where clipped gradients may explain that one of the
            small trainings is wrong.
    """

    returned: ReturnedTraining
    found: Fit | None
    loud: ReturnedTraining | None = None


def judge(params: TrajectoryParams, answer: Answer) -> Judgement[TrajectoryFacts]:
    """The same losses as right training, or how much of it is right.

    Raises:
        Unreadable: If the function does not run or returns no losses.
    """
    task, short, *_ = tasks(params)
    call, short_call, *_ = answer.calls
    got = _read(params, task, call)
    shorts = [_read(params, short, short_call, index) for index in (0, 1)]
    keeps_state = not _are_alike(shorts[0].losses, shorts[1].losses)
    found = fit(got.losses, task.losses)
    if found is None:
        return _wrong(task, got, keeps_state)
    is_alike = is_like(found, fit(shorts[0].losses, short.losses))
    ignores_lr = not is_alike and is_like(
        found, fit(shorts[0].losses, right_losses(short.start, short.n_epochs, params.lr))
    )
    if is_alike or ignores_lr or keeps_state:
        return _right(params, answer, TrajectoryFacts(got, found), keeps_state, ignores_lr)
    fraction = TRAINS_SHARE if _trains(short, shorts[0]) and _trains(task, got) else Fraction(0)
    return _judgement(task, fraction, [_short_differs()], TrajectoryFacts(got, found))


def _wrong(task: TrainingTask, got: ReturnedTraining, keeps_state: bool) -> Judgement[TrajectoryFacts]:
    """Losses that are not those of right training."""
    fraction = TRAINS_SHARE if _starts_right(task, got) and _trains(task, got) else Fraction(0)
    feedback = [explained(lambda: _first_difference(task, got.losses)) or _wrong_losses()]
    feedback += [message for _, message in _changed_data(got)] + ([KEPT] if keeps_state else [])
    return _judgement(task, fraction, feedback, TrajectoryFacts(got, None))


def _right(
    params: TrajectoryParams, answer: Answer, facts: TrajectoryFacts, keeps_state: bool, ignores_lr: bool
) -> Judgement[TrajectoryFacts]:
    """Losses of right training: what else is not as asked."""
    got, found = facts.returned, facts.found
    assert found is not None
    task, _, *others = tasks(params)
    remarks = [*_scale(params, found), *_weights(task, got), *_changed_data(got)]
    if keeps_state:
        remarks.append((KEEPS_STATE_SHARE, KEPT))
    if ignores_lr:
        text = f"It trains with {params.lr:g} whatever lr is: use the argument lr."
        remarks.append((IGNORES_LR_SHARE, Feedback("ignores-lr", text)))
    if not (keeps_state or ignores_lr):
        codes = ("wrong-at-size-one", "wrong-where-large")
        pairs = zip(others, answer.calls[2:], codes, strict=True)
        (_, at_tiny), (loud, at_loud) = (_elsewhere(params, found, *pair) for pair in pairs)
        remarks += at_tiny + at_loud
        facts = facts._replace(loud=loud if at_tiny or at_loud else None)
    fraction = min((share for share, _ in remarks), default=Fraction(1))
    return _judgement(task, fraction, [message for _, message in remarks], facts)


def _judgement(
    task: TrainingTask, fraction: Fraction, feedback: list[Feedback], facts: TrajectoryFacts
) -> Judgement[TrajectoryFacts]:
    losses = facts.returned.losses[:201]
    shown = [rounded(loss, 6) for loss in losses]
    evidence = TrajectoryEvidence(epochs=task.n_epochs, losses=shown)
    return judged(facts, fraction, tried_on(len(TrainingTasks._fields)), feedback, evidence)


def _read(
    params: TrajectoryParams, task: TrainingTask, call: CallReading, index: int = 0
) -> ReturnedTraining:
    value = result_of(call, params.signature, task.sizes, index)
    return read_trained(value, *task.start, params.function)


def _are_alike(first: FloatArray, again: FloatArray) -> bool:
    return first.shape == again.shape and np.allclose(first, again, rtol=1e-4, equal_nan=True)


def _starts_right(task: TrainingTask, got: ReturnedTraining) -> bool:
    return bool(len(got.losses)) and abs(got.losses[0] / task.losses[0] - 1) < 1e-4


def falls(got: ReturnedTraining) -> bool:
    """Whether the loss ends clearly below its start."""
    return len(got.losses) > 1 and bool(got.losses[-1] < FALLS * got.losses[0])


def _trains(task: TrainingTask, got: ReturnedTraining) -> bool:
    """Whether the weights that come back have about the last or lowest loss, below the first."""
    if got.params is None or not falls(got):
        return False
    at_end = task.cost_of(got.params)
    with np.errstate(all="ignore"):
        ratios = [at_end / loss for loss in (got.losses[-1], got.losses.min())]
    is_about = any(1 / ABOUT <= ratio <= ABOUT for ratio in ratios)
    return bool(at_end < FALLS * task.losses[0]) and is_about


def _elsewhere(
    params: TrajectoryParams, found: Fit, task: TrainingTask, call: CallReading, code: str
) -> tuple[ReturnedTraining | None, list[Remark]]:
    """What another training gave, and what is wrong with it."""
    got = attempt(lambda: _read(params, task, call))
    if isinstance(got, Unreadable):
        what = got.message
    elif is_like(found, fit(got.losses, task.losses)):
        return got, []
    else:
        what = "its losses are not those of full-batch Adam"
    message = right_except("The long training is right", task.sizes, what, code)
    return None if isinstance(got, Unreadable) else got, [(NEARLY_SHARE, message)]


def _scale(params: TrajectoryParams, found: Fit) -> Iterator[Remark]:
    if found != Fit(1.0):
        text = f"The training is right, but its losses are on another scale: {_scale_text(params, found)}."
        yield OTHER_SCALE_SHARE, Feedback("other-scale", text)


def _scale_text(params: TrajectoryParams, found: Fit) -> str:
    if found.is_root:
        return "the root of the cost is logged"
    scales = scale_meanings(params.n_seqs, params.n_steps, len(params.targets))
    fits = [meaning for value, meaning in scales if meaning and abs(found.factor / value - 1) < 1e-4]
    if not fits:
        return f"each is {found.factor:.6g} times the cost"
    # With two outputs half the cost is the mean over them: all with the fewest mistakes are named.
    fewest = [meaning for meaning in fits if meaning.count(", and ") == fits[0].count(", and ")]
    # The factor of 1/2 is a missing 2 in a gradient; in a cost it stands before the sum.
    before, after = "the 2 of the squared error's derivative is missing", "half the cost is logged"
    return ", or ".join(meaning.replace(before, after) for meaning in fewest)


def _weights(task: TrainingTask, got: ReturnedTraining) -> Iterator[Remark]:
    if got.params is None:
        text = "The losses are right, but no trained weights come back: return (params, losses)."
        yield WEIGHTS_SHARE, Feedback("no-weights", text)
        return
    at_end, losses = task.cost_of(got.params), task.losses
    # The weights after the last step, or the best ones of the run. Who logs before each step does not see
    # the cost after the last.
    if not any(_is_cost(at_end, right) for right in (losses[-1], losses.min(), losses[:-1].min())):
        is_start = _is_cost(at_end, losses[0])
        what = "they are the starting weights" if is_start else "they are not those after the last epoch"
        text = f"The losses are right, but the weights that come back have the cost {at_end:.4g}: {what}."
        yield WEIGHTS_SHARE, Feedback("other-weights", text)


def _is_cost(cost: float, right: float) -> bool:
    return bool(abs(cost / right - 1) <= WEIGHTS_TOLERANCE)


def _changed_data(got: ReturnedTraining) -> Iterator[Remark]:
    if got.changed:
        text = f"It changes {' and '.join(got.changed)} of its caller in place; work on a copy."
        yield CHANGES_DATA_SHARE, Feedback("changes-inputs", text)


def _short_differs() -> Feedback:
    n_seqs, n_steps, n_epochs = SMALL
    text = (
        f"Its losses of a short training, {n_seqs} sequences of {n_steps} steps for {n_epochs} epochs with "
        "twice the lr, are not those of full-batch Adam, though the long one's are."
    )
    return Feedback("short-training-differs", text)


def _wrong_losses(text: str = "The losses are not those of full-batch Adam.") -> Feedback:
    return Feedback("wrong-losses", text)


def _first_difference(task: TrainingTask, losses: FloatArray) -> Feedback:
    n, wanted = len(losses), task.n_epochs
    if n not in (wanted, wanted + 1):
        text = f"It returns {n} losses for {wanted} epochs; one an epoch was asked for."
        return Feedback("number-of-losses", text)
    if not np.isfinite(losses).all():
        epoch = int(np.flatnonzero(~np.isfinite(losses))[0]) + 1
        return Feedback("not-finite", f"From epoch {epoch} on the loss is not a finite number.")
    right = task.losses
    agreed = max(_agreeing(losses, right[start : start + n]) for start in range(len(right) - n + 1))
    if agreed == 0:
        text = (
            "The first loss is not the cost of the given weights on the given data: does it start from "
            "params, and is the cost the mean over sequences and steps of the error summed over outputs?"
        )
        return Feedback("starts-elsewhere", text)
    epochs = "loss is" if agreed == 1 else f"{agreed} losses are"
    return _wrong_losses(f"The first {epochs} right, then they differ from full-batch Adam's.")


def _agreeing(losses: FloatArray, part: FloatArray) -> int:
    """How many losses from the first on are right."""
    wrong = np.flatnonzero(np.abs(losses / part - 1) > TOLERANCE)
    return int(wrong[0]) if len(wrong) else len(losses)
