"""What is told of wrong targets, by what is wrong with them; what comes back is written down here."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from msgspec import UNSET

from grader.answers.arrays import from_numpy
from grader.kinds.targets.diagnose import diagnose
from grader.kinds.targets.judge import judge
from grader.kinds.targets.question import TargetsParams, inputs
from grader.model.kind import Answer
from grader.model.outcome import Finding
from grader.model.run import CallReading
from grader.training.task import FloatArray, OtherTargets

TARGETS = ("5*x[1] - 0.2*delay(x[3], 1)", "x[2]")
LATE = OtherTargets(id="late", targets=("5*x[1] - 0.2*delay(x[3], 2)", "x[2]"), message="Late.", share="1/4")
TWICE = OtherTargets(id="twice", targets=(TARGETS[0], "2*x[2]"), message="Twice.")
PARAMS = TargetsParams(inputs=3, targets=TARGETS, mistakes=(LATE, TWICE))
Change = Callable[[int, FloatArray, FloatArray], None]
"""What is done to right targets: the number of the input, x and y."""


def right(x: FloatArray, lag: int = 1, factor: float = 1) -> FloatArray:
    y = np.zeros((*x.shape[:2], 2))
    for s in range(x.shape[0]):
        for t in range(x.shape[1]):
            y[s, t, 0] = 5 * x[s, t, 0] - 0.2 * (x[s, t - lag, 2] if t >= lag else 0)
            y[s, t, 1] = factor * x[s, t, 1]
    return y


def found(change: Change, again: Change | None = None, params: TargetsParams = PARAMS) -> Finding:
    calls = []
    for trial, x in enumerate(inputs(params)):
        results = []
        for one in (change, again or change):
            y = right(x)
            one(trial, x, y)
            results.append(from_numpy(y))
        calls.append(CallReading(results=tuple(results)))
    return diagnose(params, judge(params, Answer(calls=tuple(calls))).facts)


def told(change: Change) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in found(change).feedback]


def at_steps(k: int, *steps: int) -> Change:
    """Output k, from 0, is wrong at these steps, from 1, of the long input."""

    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        if trial == 3:
            for step in steps:
                y[2, step - 1, k] += 1

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (at_steps(0, 2), "y1 follows its formula except at step 2."),
        (at_steps(0, 2, 100), "y1 follows its formula except at steps 2 and 100."),
        (at_steps(1, 1, 7), "y2 follows its formula except at steps 1 and 7."),
        (at_steps(1, 1, 3, 7, 9), "y2 follows its formula except at steps 1, 3, 7 and 9."),
        (at_steps(1, *range(40, 45)), "y2 follows its formula except at 5 steps, the first of them step 40."),
        # Of the 99 steps of y1 that are judged fewer than half, and of the 100 of y2.
        (at_steps(0, *range(2, 51)), "y1 follows its formula except at 49 steps, the first of them step 2."),
        (at_steps(0, *range(2, 52)), "y1 does not follow its formula."),
        (at_steps(1, *range(1, 50)), "y2 follows its formula except at 49 steps, the first of them step 1."),
        (at_steps(1, *range(1, 51)), "y2 does not follow its formula."),
    ],
)
def test_an_output_that_is_wrong_at_fewer_than_half_of_its_steps_is_told_where(
    change: Change, words: str
) -> None:
    assert told(change) == [("wrong-target", words)]


def in_small_numbers(trial: int, x: FloatArray, y: FloatArray) -> None:
    if trial == 2:
        y[1, 4, 1] += 1


def test_an_output_that_is_wrong_for_whole_numbers_alone_is_told_so() -> None:
    text = (
        "y2 is right for 8 sequences of 100 steps with inputs between 0 and 1, "
        "but not for 2 of 5 steps with whole numbers, some of them negative."
    )
    assert told(in_small_numbers) == [("wrong-target", text)]


def checkered(size: float) -> Change:
    """Up and down by so much, which no formula follows."""

    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        s, t = np.indices(y.shape[:2])
        y[..., 1] += size * np.where((s // 2 + t // 2) % 2, 1, -1)

    return change


@pytest.mark.parametrize(
    ("size", "code"),
    [(0.005, "not-exact"), (0.0599, "not-exact"), (0.0601, "wrong-target"), (0.5, "wrong-target")],
)
def test_an_output_that_is_a_little_off_everywhere_is_told_by_how_much(size: float, code: str) -> None:
    ((found_code, message),) = told(checkered(size))
    assert found_code == code
    assert (f"off by up to {size:.2g}." in message) is (code == "not-exact")


def delayed(noise: float) -> Change:
    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        y[:, 1:, 1] = 3 * x[:, :-1, 1]
        y[:, ::2, 1] += noise

    return change


def test_another_formula_is_told_where_it_is_followed_exactly() -> None:
    text = "What comes out follows y2 = 3 x2(t-1); that is not the formula."
    assert told(delayed(0)) == [("other-formula", text)]
    assert told(delayed(0.01)) == [("wrong-target", "y2 does not follow its formula.")]


def test_a_constant_is_another_formula_however_small() -> None:
    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        y[..., 1] += 0.05

    ((code, message),) = told(change)
    assert code == "other-formula"
    assert "y2 = x2(t) + 0.05" in message or "y2 = 1 x2(t) + 0.05" in message


@pytest.mark.parametrize(
    ("lag", "factor", "id", "share"),
    [(2, 1, "late", Fraction(1, 4)), (1, 2, "twice", Fraction(0)), (3, 1, None, None), (2, 2, None, None)],
)
def test_a_known_mistake_has_its_name_and_its_share(
    lag: int, factor: float, id: str | None, share: Fraction | None
) -> None:
    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        y[...] = right(x, lag, factor)

    finding = found(change)
    assert [one.id for one in finding.diagnoses] == ([] if id is None else [id])
    assert finding.fraction == share
    assert finding.replaces == {"wrong-target"}


def noisy(seed: int) -> Change:
    rng = np.random.default_rng(seed)

    def change(trial: int, x: FloatArray, y: FloatArray) -> None:
        y[...] = right(x, 1, 2) + 0.01 * rng.standard_normal(y.shape)

    return change


def test_with_noise_no_single_value_is_shown_and_no_mistake_is_named() -> None:
    finding = found(noisy(0), noisy(1))
    assert (finding.diagnoses, finding.fraction) == ((), None)
    assert finding.evidence[0].counterexample is UNSET
    assert len(finding.feedback) == 1


@pytest.mark.parametrize(("trial", "sequence", "step", "k"), [(0, 0, 3, 0), (2, 1, 5, 1), (3, 7, 100, 0)])
def test_the_first_wrong_place_is_shown_with_its_sequence(
    trial: int, sequence: int, step: int, k: int
) -> None:
    def change(at: int, x: FloatArray, y: FloatArray) -> None:
        if at >= trial:
            y[sequence if at == trial else 0, step - 1 if at == trial else 1, k] += 1

    (shown,) = (one.counterexample for one in found(change).evidence)
    x = inputs(PARAMS)[trial]
    assert shown.inputs == x[sequence].tolist()
    np.testing.assert_allclose(np.array(shown.expected)[1:], right(x)[sequence, 1:])
    gap = np.array(shown.got) - right(x)[sequence]
    assert np.argwhere(np.abs(gap) > 0.5).tolist() == [[step - 1, k]]
    assert (shown.first_wrong_step, shown.output) == (step, k + 1)
