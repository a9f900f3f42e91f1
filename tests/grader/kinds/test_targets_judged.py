"""What a function for targets earns, with what it returns written down here rather than run."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import msgspec
import numpy as np
import pytest

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.kinds.targets.judge import TargetsFacts, judge
from grader.kinds.targets.question import TargetsParams, inputs, probes
from grader.model.evidence import tried_on
from grader.model.kind import Answer
from grader.model.outcome import Outcome
from grader.model.run import CallReading
from grader.training.task import FloatArray, clean_targets

TARGETS = ("5*x[1] - 0.2*delay(x[3], 1)", "25*delay(x[2], 1)*delay(x[3], 3)", "x[2]")
PARAMS = TargetsParams(inputs=3, targets=TARGETS)
STARTS = (1, 3, 0)

Change = Callable[[int, FloatArray], None]
"""What is done to right targets, by the number of the trial, from 0."""


def right(x: FloatArray) -> FloatArray:
    """The formulas in plain loops; what no input reaches is not a number, since it is not judged."""
    y = np.full((*x.shape[:2], 3), np.nan)
    for s in range(x.shape[0]):
        for t in range(x.shape[1]):
            if t >= 1:
                y[s, t, 0] = 5 * x[s, t, 0] - 0.2 * x[s, t - 1, 2]
            if t >= 3:
                y[s, t, 1] = 25 * x[s, t - 1, 1] * x[s, t - 3, 2]
            y[s, t, 2] = x[s, t, 1]
    return y


def judged(
    first: Change, again: Change | None = None, params: TargetsParams = PARAMS
) -> tuple[Outcome, TargetsFacts]:
    calls = []
    for trial, x in enumerate(inputs(params)):
        results = []
        for change in (first, again or first):
            y = right(x)
            change(trial, y)
            results.append(from_numpy(y))
        calls.append(CallReading(results=tuple(results)))
    judgement = judge(params, Answer(calls=tuple(calls)))
    return judgement.outcome, judgement.facts


def nothing(trial: int, y: FloatArray) -> None:
    """Leave them right."""


def test_four_inputs_are_tried_smallest_first_each_twice() -> None:
    shapes = [(1, 4, 3), (1, 6, 3), (2, 5, 3), (8, 100, 3)]
    assert [one.shape for one in inputs(PARAMS)] == shapes
    assert [one.times for one in probes(PARAMS)] == [2, 2, 2, 2]
    for x in inputs(PARAMS)[:3]:
        assert np.array_equal(x, x.round())
        assert np.abs(x).min() >= 1
        assert np.abs(x).max() <= 12
    # The smallest is for people to follow by hand.
    assert inputs(PARAMS)[0].min() > 0
    assert 0 <= inputs(PARAMS)[3].min() < 0.1
    assert 0.9 < inputs(PARAMS)[3].max() <= 1


def test_right_targets_earn_all() -> None:
    outcome, facts = judged(nothing)
    assert (outcome.fraction, outcome.feedback, outcome.basis) == (1, (), tried_on(4))
    assert outcome.evidence[0].outputs_right == 3
    assert (facts.wrong, facts.repeats, facts.wrong_outputs) == ((), True, ())
    assert all(
        np.array_equal(one.judged[:, start:, k], one.whole[:, start:, k])
        for one in facts.returned
        for k, start in enumerate(STARTS)
    )


@pytest.mark.parametrize("trial", range(4))
@pytest.mark.parametrize("k", range(3))
@pytest.mark.parametrize("place", ["first", "last"])
@pytest.mark.parametrize(("off", "is_wrong"), [(0.9e-4, False), (1.1e-4, True), (-1.1e-4, True)])
def test_one_number_that_is_off_costs_its_output(
    trial: int, k: int, place: str, off: float, is_wrong: bool
) -> None:
    sequence, step = (0, STARTS[k]) if place == "first" else (-1, -1)

    def change(at: int, y: FloatArray) -> None:
        if at == trial:
            y[sequence, step, k] += off

    outcome, facts = judged(change)
    assert outcome.fraction == (Fraction(2, 3) if is_wrong else 1)
    assert outcome.evidence[0].outputs_right == 3 - is_wrong
    shape = inputs(PARAMS)[trial].shape
    where = (trial, sequence % shape[0], step % shape[1], k)
    assert facts.wrong == ((where,) if is_wrong else ())
    assert facts.wrong_outputs == ((k,) if is_wrong else ())
    assert [one.message for one in outcome.feedback] == is_wrong * [f"y{k + 1} is not what was asked."]


def test_an_error_of_exactly_what_is_allowed_is_none() -> None:
    params = TargetsParams(inputs=1, targets=("x[1]",), atol=0.5)
    for off, is_wrong in ((0.5, False), (0.75, True)):
        # Whole numbers, so that the sums are exact.
        calls = [CallReading(results=(from_numpy(x + off),) * 2) for x in inputs(params)]
        wrong = judge(params, Answer(calls=tuple(calls))).facts.wrong
        assert any(place.trial < 3 for place in wrong) is is_wrong


def test_of_wrong_places_the_earliest_step_is_the_first() -> None:
    def change(trial: int, y: FloatArray) -> None:
        if trial == 2:
            y[0, 4, 2] += 1
            y[1, 2, 2] += 1
            y[1, 3, 0] += 1

    _, facts = judged(change)
    assert facts.wrong == ((2, 1, 3, 0), (2, 1, 2, 2))
    assert facts.wrong_outputs == (0, 2)


def test_a_step_before_the_first_judged_one_may_be_anything() -> None:
    def change(trial: int, y: FloatArray) -> None:
        y[:, :1, 0] = 1e300
        y[:, :3, 1] = np.inf

    assert judged(change, nothing)[0].fraction == 1


def noise(seed: int, also: Change = nothing) -> Change:
    rng = np.random.default_rng(seed)

    def change(trial: int, y: FloatArray) -> None:
        also(trial, y)
        y += 0.1 * rng.standard_normal(y.shape)

    return change


def test_noise_on_right_targets_earns_half() -> None:
    outcome, facts = judged(noise(0), noise(1))
    assert (outcome.fraction, facts.repeats, facts.wrong_outputs) == (Fraction(1, 2), False, ())
    assert [one.code for one in outcome.feedback] == ["adds-noise"]


@pytest.mark.parametrize(("wrong", "share"), [((0,), "1/2"), ((0, 2), "1/3"), ((0, 1, 2), "0")])
def test_noise_on_wrong_targets_earns_what_is_right_of_them_and_half_at_most(
    wrong: tuple[int, ...], share: str
) -> None:
    def other(trial: int, y: FloatArray) -> None:
        for k in wrong:
            y[..., k] *= -1

    outcome, facts = judged(noise(0, other), noise(1, other))
    assert (outcome.fraction, facts.wrong_outputs) == (Fraction(share), wrong)
    assert [one.code for one in outcome.feedback] == ["adds-noise", *("wrong-target" for _ in wrong)]


@pytest.mark.parametrize("trial", range(4))
def test_one_call_that_differs_the_second_time_is_seen(trial: int) -> None:
    def change(at: int, y: FloatArray) -> None:
        if at == trial:
            y[-1, -1, 0] += 1e-9

    assert not judged(nothing, change)[1].repeats


def test_a_second_call_of_another_shape_is_no_repetition() -> None:
    x = inputs(PARAMS)
    for other in (lambda y: y[:, :-1], lambda y: y[..., :1], lambda y: y[0]):
        calls = [CallReading(results=(from_numpy(right(one)), from_numpy(other(right(one))))) for one in x]
        assert not judge(PARAMS, Answer(calls=tuple(calls))).facts.repeats
    calls = [CallReading(results=(from_numpy(right(one)[:, :-1]),) * 2) for one in x]
    with pytest.raises(Unreadable, match="one step off"):
        judge(PARAMS, Answer(calls=tuple(calls)))


@pytest.mark.parametrize(
    ("changed", "is_sound"),
    [
        ({}, True),
        ({"atol": 0.0}, False),
        ({"atol": 1.0}, False),
        ({"atol": 0.99}, True),
        ({"function": "make targets"}, False),
        ({"targets": ("delay(x[1], 3)",)}, True),
        ({"targets": ("x[1]", "delay(x[1], 4)")}, False),
        ({"inputs": 0}, False),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, object], is_sound: bool) -> None:
    table = {"inputs": 3, "targets": TARGETS} | changed
    if is_sound:
        msgspec.convert(table, TargetsParams)
    else:
        with pytest.raises(ValueError, match=r"wanted|reach back|is no name"):
            msgspec.convert(table, TargetsParams)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("abs", np.abs),
        ("no negative", lambda x: np.maximum(x, 0)),
        ("clipped at 10", lambda x: np.clip(x, -10, 10)),
        ("three decimals", lambda x: np.round(x, 3)),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_inputs_that_are_changed_first_show(
    name: str, changed: Callable[[FloatArray], FloatArray], seed: int
) -> None:
    params = msgspec.structs.replace(PARAMS, seed=seed)
    answer = Answer(
        calls=tuple(
            CallReading(results=(from_numpy(clean_targets(TARGETS, changed(x))),) * 2) for x in inputs(params)
        )
    )
    earned = judge(params, answer).outcome.fraction
    assert earned < 1, name
