"""What a training function earns, by losses and weights that are written down here."""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.trajectory.fitting import Fit, fit, is_like
from grader.kinds.trajectory.judge import TrajectoryFacts, judge
from grader.kinds.trajectory.question import TrainingTask, TrajectoryParams, tasks
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading, Fault
from grader.model.value import Fields, Items, Value
from grader.training.task import FloatArray
from reference.bptt import Parameters, bptt, forward

PARAMS = TrajectoryParams(
    inputs=3,
    targets=("5*x[1] - 0.2*delay(x[3], 1)", "x[2]"),
    hidden=3,
    n_seqs=3,
    n_steps=5,
    n_epochs=40,
    lr=0.1,
)
LONG, SHORT, TINY, LOUD = range(4)
QUARTER, HALF, MOST = Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)


class Gave(NamedTuple):
    """What one training gives: the losses, the weights or none, and whether x and y come back changed."""

    losses: FloatArray
    weights: Parameters | None
    changes_x: bool = False
    changes_y: bool = False


@functools.cache
def honest(which: int, lr: float | None = None) -> tuple[FloatArray, tuple[Parameters, ...]]:
    """Losses and weights before each step and after the last, by Adam as its paper writes it."""
    task = tasks(PARAMS)[which]
    rate, weights = task.lr if lr is None else lr, task.start.params
    m = v = Parameters(*(0 * array for array in weights))
    losses, passed = [cost(task, weights)], [weights]
    for t in range(1, task.n_epochs + 1):
        g = bptt(task.start.x, task.start.y, weights)
        m = Parameters(*(0.9 * a + 0.1 * b for a, b in zip(m, g, strict=True)))
        v = Parameters(*(0.999 * a + 0.001 * b**2 for a, b in zip(v, g, strict=True)))
        steps = [(a / (1 - 0.9**t)) / (np.sqrt(b / (1 - 0.999**t)) + 1e-8) for a, b in zip(m, v, strict=True)]
        weights = Parameters(*(a - rate * step for a, step in zip(weights, steps, strict=True)))
        losses.append(cost(task, weights))
        passed.append(weights)
    return np.array(losses), tuple(passed)


def cost(task: TrainingTask, weights: Parameters) -> float:
    squares = (forward(task.start.x, weights).y - task.start.y) ** 2
    return float(squares.sum() / (squares.shape[0] * squares.shape[1]))


def costing(wanted: float, which: int = LONG) -> Parameters:
    """Weights with a given cost, above the smallest: an output bias is moved until they have it."""
    task, (losses, passed) = tasks(PARAMS)[which], honest(which)
    best = passed[int(losses.argmin())]
    low, high = 0.0, 1e3
    for _ in range(200):
        shift = (low + high) / 2
        moved = best._replace(c=best.c + shift * np.eye(2)[0])
        low, high = (shift, high) if cost(task, moved) < wanted else (low, shift)
    assert abs(cost(task, moved) / wanted - 1) < 1e-9
    return moved


def right(which: int) -> Gave:
    losses, passed = honest(which)
    return Gave(losses[:-1], passed[-1])


Change = Callable[[Gave], Gave]


def judged(
    changes: dict[int, Change] | Change | None = None,
    again: Change | None = None,
    calls_that_fail: tuple[int, ...] = (),
) -> tuple[Outcome, TrajectoryFacts]:
    """The decision on right trainings after changes to some of them, `again` to the second short one."""
    by_task = changes if isinstance(changes, dict) else {LONG: changes} if changes else {}
    readings = []
    for which, task in enumerate(tasks(PARAMS)):
        first = by_task.get(which, lambda gave: gave)(right(which))
        results = [first] if which != SHORT else [first, again(first) if again else first]
        values = tuple(value_of(task, one) for one in results)
        fault = Fault(kind="exception", message="ValueError: no")
        is_broken = which in calls_that_fail
        readings.append(CallReading(results=() if is_broken else values, fault=fault if is_broken else None))
    judgement = judge(PARAMS, Answer(calls=tuple(readings)))
    return judgement.outcome, judgement.facts


def value_of(task: TrainingTask, gave: Gave) -> Value:
    def fields(weights: Parameters) -> Value:
        return Fields({name: from_numpy(array) for name, array in weights._asdict().items()})

    losses = from_numpy(gave.losses)
    returned = losses if gave.weights is None else Items((fields(gave.weights), losses))
    after = (task.start.x + gave.changes_x, task.start.y + gave.changes_y)
    return Items((returned, *map(from_numpy, after), fields(task.start.params)))


def earned(*args: object, **kwargs: object) -> tuple[Fraction, list[str]]:
    outcome, _ = judged(*args, **kwargs)  # type: ignore[arg-type]
    return outcome.fraction, [one.code for one in outcome.feedback]


@pytest.mark.parametrize("kept", [slice(None, -1), slice(1, None), slice(None)])
def test_losses_before_or_after_each_step_or_both_earn_all(kept: slice) -> None:
    every = {which: lambda gave, w=which: gave._replace(losses=honest(w)[0][kept]) for which in range(4)}
    assert earned(every) == (1, [])


def test_what_is_shown_of_a_right_training() -> None:
    outcome, facts = judged()
    (evidence,) = outcome.evidence
    assert evidence.epochs == 40
    assert evidence.losses == [float(f"{loss:.6g}") for loss in honest(LONG)[0][:-1]]
    assert outcome.basis == tried_on(4)
    assert (facts.found, facts.loud) == (Fit(1.0), None)


@pytest.mark.parametrize(
    ("at", "off", "share"),
    [
        # Nothing along the bias is better than the end.
        (-1, 0.9e-4, 1),
        (-1, 1.1e-4, MOST),
        (-2, 0.9e-4, 1),
        (-2, 1.1e-4, MOST),
        (-2, -0.9e-4, 1),
        (-2, -1.1e-4, MOST),
    ],
)
def test_weights_have_the_cost_after_the_last_step_or_before_it(at: int, off: float, share: Fraction) -> None:
    losses, _ = honest(LONG)
    assert losses[-1] == losses.min() < losses[-2] == losses[:-1].min()
    wanted = float(losses[at]) * (1 + off)
    fraction, codes = earned(lambda gave: gave._replace(weights=costing(wanted)))
    assert (fraction, codes) == (share, [] if share == 1 else ["other-weights"])


def test_weights_of_the_start_are_said_to_be_that() -> None:
    _, passed = honest(LONG)
    for weights, words in ((passed[0], "the starting weights"), (passed[9], "not those after the last")):
        outcome, _ = judged(lambda gave, w=weights: gave._replace(weights=w))
        assert outcome.fraction == MOST
        assert words in outcome.feedback[0].message
    assert earned(lambda gave: gave._replace(weights=None)) == (MOST, ["no-weights"])


N_SEQS, N_STEPS, N_OUT = 3, 5, 2
SCALES = [
    (1 / 2, "half the cost is logged"),
    (N_SEQS, "summed over sequences"),
    (N_STEPS, "summed over time steps"),
    (N_SEQS * N_STEPS, "summed over sequences and steps"),
    (N_SEQS / 2, "half the cost is logged, and summed over sequences"),
    (0.3, "each is 0.3 times the cost"),
    (1 / 2 * (1 + 0.9e-4), "half the cost is logged"),
    (1 / 2 * (1 - 0.9e-4), "half the cost is logged"),
    (1 / 2 * (1 + 1.1e-4), "times the cost"),
    (1 / 2 * (1 - 1.1e-4), "times the cost"),
    (1 + 1.1e-5, "times the cost"),
]


@pytest.mark.parametrize(("factor", "words"), SCALES)
def test_another_scale_of_the_losses_is_told(factor: float, words: str) -> None:
    every: dict[int, Change] = {
        which: lambda gave: gave._replace(losses=factor * gave.losses) for which in range(4)
    }
    outcome, _ = judged(every)
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (MOST, ["other-scale"])
    assert words in outcome.feedback[0].message


def test_the_root_of_the_cost_is_told_and_has_to_be_logged_everywhere() -> None:
    roots: dict[int, Change] = {
        which: lambda gave: gave._replace(losses=gave.losses**0.5) for which in range(4)
    }
    outcome, facts = judged(roots)
    assert (outcome.fraction, facts.found) == (MOST, Fit(1.0, is_root=True))
    assert "the root of the cost is logged" in outcome.feedback[0].message
    # A root of 0.3 is not about the cost of the weights, 0.1: it cannot be told whether they are trained.
    assert earned(roots[LONG]) == (0, ["short-training-differs"])


def shifted(by: float) -> Change:
    return lambda gave: gave._replace(losses=gave.losses * np.array([1, 1, 1 + by]))


@pytest.mark.parametrize("by", [2e-4, -2e-4])
def test_a_second_call_that_differs_keeps_state(by: float) -> None:
    assert earned(again=shifted(by)) == (HALF, ["keeps-state"])
    assert earned(again=shifted(by / 4)) == (1, [])


def test_a_second_call_with_another_number_of_losses_keeps_state() -> None:
    assert earned(again=lambda gave: gave._replace(losses=gave.losses[:2])) == (HALF, ["keeps-state"])


def test_a_second_call_that_overflows_as_the_first_did_keeps_no_state() -> None:
    def overflows(gave: Gave) -> Gave:
        return gave._replace(losses=np.array([1.0, np.nan, np.nan]))

    assert earned({SHORT: overflows}) == (0, ["short-training-differs"])


def test_where_state_is_kept_other_trainings_cannot_be_right_and_are_not_told() -> None:
    assert earned({TINY: shifted_tiny}, again=shifted(0.1)) == (HALF, ["keeps-state"])
    assert earned({SHORT: shifted(0.5)}) == (QUARTER, ["short-training-differs"])
    assert earned({SHORT: shifted(0.5)}, again=shifted(0.1)) == (HALF, ["keeps-state"])


def test_the_worst_of_several_faults_is_what_counts() -> None:
    fraction, codes = earned(lambda gave: gave._replace(changes_x=True, weights=None), again=shifted(0.1))
    assert (fraction, codes) == (HALF, ["no-weights", "changes-inputs", "keeps-state"])


@pytest.mark.parametrize("changed", ["changes_x", "changes_y"])
def test_changed_data_leave_three_quarters(changed: str) -> None:
    assert earned(lambda gave: gave._replace(**{changed: True})) == (MOST, ["changes-inputs"])


def at_long_lr(gave: Gave) -> Gave:
    return gave._replace(losses=honest(SHORT, PARAMS.lr)[0][:-1])


def test_the_learning_rate_of_the_long_training_in_the_short_one_is_an_ignored_one() -> None:
    assert earned({SHORT: at_long_lr}) == (MOST, ["ignores-lr"])
    assert earned({SHORT: at_long_lr}, again=shifted(0.1)) == (HALF, ["keeps-state", "ignores-lr"])
    # Where the learning rate is ignored the others cannot be right, and are not told.
    assert earned({SHORT: at_long_lr, TINY: shifted_tiny}) == (MOST, ["ignores-lr"])


def shifted_tiny(gave: Gave) -> Gave:
    return gave._replace(losses=1.1 * gave.losses)


@pytest.mark.parametrize(("which", "code"), [(TINY, "wrong-at-size-one"), (LOUD, "wrong-where-large")])
def test_a_training_that_is_wrong_elsewhere_keeps_three_quarters(which: int, code: str) -> None:
    outcome, facts = judged({which: shifted_tiny})
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (MOST, [code])
    assert facts.loud is not None
    assert np.array_equal(facts.loud.losses, honest(LOUD)[0][:-1] * (1.1 if which == LOUD else 1))
    outcome, facts = judged(calls_that_fail=(which,))
    assert (outcome.fraction, [one.code for one in outcome.feedback]) == (MOST, [code])
    assert "ValueError: no" in outcome.feedback[0].message
    assert (facts.loud is None) is (which == LOUD)


@pytest.mark.parametrize("which", [LONG, SHORT])
def test_a_training_that_does_not_run_is_unreadable(which: int) -> None:
    with pytest.raises(Unreadable):
        judged(calls_that_fail=(which,))


def test_another_short_training_leaves_a_quarter_where_both_train() -> None:
    def other(gave: Gave) -> Gave:
        return gave._replace(losses=gave.losses * np.array([1, 0.9, 0.8]))

    assert earned({SHORT: other}) == (QUARTER, ["short-training-differs"])
    untrained = {SHORT: lambda gave: other(gave)._replace(weights=None)}
    assert earned(untrained) == (0, ["short-training-differs"])
    assert earned({SHORT: other, LONG: lambda gave: gave._replace(weights=None)}) == (
        0,
        ["short-training-differs"],
    )


FIRST = float(tasks(PARAMS).long.losses[0])


def ends(*losses: float, weights: float | None) -> Change:
    """Losses, as shares of the first right one, with wrong ones between, and the cost of the weights."""
    between = np.linspace(losses[0], losses[-1], 40)
    between[-len(losses) + 1 :] = losses[1:]
    return lambda gave: Gave(FIRST * between, None if weights is None else costing(FIRST * weights))


@pytest.mark.parametrize(
    ("change", "share"),
    [
        (ends(1, 0.5, weights=0.5), QUARTER),
        # It starts where it should, to a ten thousandth.
        (ends(1 + 0.9e-4, 0.5, weights=0.5), QUARTER),
        (ends(1 - 0.9e-4, 0.5, weights=0.5), QUARTER),
        (ends(1 + 1.1e-4, 0.5, weights=0.5), 0),
        (ends(1 - 1.1e-4, 0.5, weights=0.5), 0),
        # The losses end below nine tenths of their start, and so does the cost of the weights.
        (ends(1, 0.89, weights=0.89), QUARTER),
        (ends(1, 0.9, weights=0.89), 0),
        (ends(1, 0.91, weights=0.89), 0),
        (ends(1, 0.89, weights=0.91), 0),
        # That cost is that of the last or the lowest loss, to a factor of two.
        (ends(1, 0.4, weights=0.79), QUARTER),
        (ends(1, 0.4, weights=0.81), 0),
        (ends(1, 0.8, weights=0.41), QUARTER),
        (ends(1, 0.8, weights=0.39), 0),
        (ends(1, 0.2, 0.8, weights=0.39), QUARTER),
        (ends(1, 0.2, 0.8, weights=0.11), QUARTER),
        (ends(1, 0.5, weights=None), 0),
        # What counts is the first loss, not the second, and two are enough.
        (lambda gave: Gave(FIRST * np.array([1] + 39 * [0.5]), costing(FIRST / 2)), QUARTER),
        (lambda gave: Gave(FIRST * np.array([1, 0.5]), costing(FIRST / 2)), QUARTER),
    ],
)
def test_wrong_losses_earn_a_quarter_where_it_trains(change: Change, share: Fraction) -> None:
    fraction, codes = earned(change)
    assert fraction == share
    assert len(codes) == 1


@pytest.mark.parametrize("length", [0, 1])
def test_a_single_loss_or_none_shows_no_training(length: int) -> None:
    outcome, _ = judged(lambda gave: gave._replace(losses=gave.losses[:length]))
    assert (outcome.fraction, outcome.feedback[0].code) == (0, "number-of-losses")


def test_no_more_losses_are_shown_than_a_question_can_ask_for() -> None:
    outcome, _ = judged(lambda gave: gave._replace(losses=np.full(300, 7.0)))
    assert len(outcome.evidence[0].losses) == 201


def test_wrong_losses_with_other_faults_are_told_all() -> None:
    def change(gave: Gave) -> Gave:
        return gave._replace(losses=gave.losses[::-1], changes_y=True)

    assert earned(change, again=shifted(0.1)) == (0, ["starts-elsewhere", "changes-inputs", "keeps-state"])


def wrong_from(count: int, skipped: int = 0, off: float = 1.1e-5) -> Change:
    """Losses that are right `count` times; `skipped` = 1 has those after each step."""

    def change(gave: Gave) -> Gave:
        losses = honest(LONG)[0][skipped : skipped + 40].copy()
        losses[count::3] *= 1 + off
        return gave._replace(losses=losses)

    return change


@pytest.mark.parametrize("skipped", [0, 1])
@pytest.mark.parametrize(
    ("count", "words"), [(1, "The first loss is right"), (7, "The first 7 losses are right")]
)
def test_it_is_told_how_many_losses_are_right(skipped: int, count: int, words: str) -> None:
    outcome, _ = judged(wrong_from(count, skipped))
    assert outcome.feedback[0].code == "wrong-losses"
    assert words in outcome.feedback[0].message
    assert judged(wrong_from(count, skipped, 0.9e-5))[0].fraction == 1


@pytest.mark.parametrize(
    ("length", "code"),
    [(39, "number-of-losses"), (40, "starts-elsewhere"), (41, "starts-elsewhere"), (42, "number-of-losses")],
)
def test_another_number_of_losses_is_told(length: int, code: str) -> None:
    outcome, _ = judged(lambda gave: gave._replace(losses=np.full(length, 7.0)))
    assert outcome.feedback[0].code == code


def test_the_first_loss_that_is_not_finite_is_told() -> None:
    def change(gave: Gave) -> Gave:
        return gave._replace(losses=np.where(np.arange(40) >= 30, np.nan, gave.losses))

    outcome, _ = judged(change)
    assert outcome.feedback[0].message == "From epoch 31 on the loss is not a finite number."
    assert outcome.evidence[0].losses[29:31] == [float(f"{honest(LONG)[0][29]:.6g}"), None]


RUN = np.array([8.0, 4.0, 2.0, 1.0])


@pytest.mark.parametrize(
    ("logged", "found"),
    [
        ([8, 4, 2], Fit(1.0)),
        ([4, 2, 1], Fit(0.5)),
        ([8, 4, 2, 1], Fit(1.0)),
        ([8, 4], None),
        ([8, 4, 2, 1, 0.5], None),
        ([8, 4, 2.00003], None),
        ([8, 4, 2.000018], Fit(1.0)),
        ([8, 4, 1.999982], Fit(1.0)),
        ([8, 4, 1.99997], None),
        ([-8, -4, -2], None),
        ([0, 0, 0], None),
        ([np.nan, 4, 2], None),
        ([np.nan] * 3, None),
        ([8**0.5, 2, 2**0.5], Fit(1.0, True)),
        ([3 * 8**0.5, 6, 3 * 2**0.5], Fit(3.0, True)),
    ],
)
def test_losses_lie_on_a_run_up_to_a_factor(logged: list[float], found: Fit | None) -> None:
    got = fit(np.array(logged, dtype=float), RUN)
    assert (got is None) is (found is None)
    if got is not None and found is not None:
        assert got.factor == pytest.approx(found.factor, rel=1e-5)
        assert got.is_root is found.is_root


def test_losses_lie_on_a_run_that_overflows_only_where_they_do_too() -> None:
    run = np.array([8.0, 4.0, np.inf, 1.0])
    assert fit(np.array([8.0, 4.0, np.inf, 1.0]), run) == Fit(1.0)
    assert fit(np.array([8.0, 4.0, np.nan, 1.0]), run) == Fit(1.0)
    assert fit(np.array([8.0, 4.0, 2.0, 1.0]), run) is None
    assert fit(np.array([8.0, np.inf, np.inf, 1.0]), run) is None
    assert fit(np.full(4, np.inf), np.full(4, np.inf)) is None


@pytest.mark.parametrize(
    ("found", "other", "alike"),
    [
        (Fit(1.0), Fit(1.0), True),
        (Fit(1.0), Fit(0.5), False),
        (Fit(0.5), Fit(0.5), True),
        # A sum has another factor for each size.
        (Fit(15.0), Fit(16.0), True),
        (Fit(0.5), Fit(1.0), True),
        (Fit(1.0), Fit(1.0, True), False),
        (Fit(2.0, True), Fit(2.0), False),
        (Fit(1.0, True), Fit(1.0, True), True),
        (Fit(1.0), None, False),
    ],
)
def test_another_training_is_logged_as_the_long_one_is(found: Fit, other: Fit | None, alike: bool) -> None:
    assert is_like(found, other) is alike
