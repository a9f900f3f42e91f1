"""Steps of Adam that are right by chance only, and what is shown of those that are wrong."""

from __future__ import annotations

import functools
import math
import runpy
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from grader.grading import mark
from grader.kinds import find_kind, kind_names
from grader.kinds.optimizer.question import OptimizerParams, asked_steps
from grader.model.submission import AnswerFile, Submission
from grader.specs import Kinds, find_exercise, load_exercise

ADAM = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "optimizer.py"))["ADAM"]

OWN_COUNTER = (
    ("def adam_step", "step = 0\ndef adam_step"),
    ("    for k, g", "    global step\n    step += 1\n    t = step\n    for k, g"),
)
MISTAKES = {
    "counts-calls": OWN_COUNTER,
    "t-one-behind": (("    for k, g", "    t = max(t - 1, 1)\n    for k, g"),),
    "moments-before": (
        ("        m[k] =", "        old_m, old_v = m[k], v[k]\n        m[k] ="),
        ("m[k] / (1", "old_m / (1"),
        ("v[k] / (1", "old_v / (1"),
    ),
    "biases-not-updated": (("        params[k] =", "        if k not in 'bc': params[k] ="),),
    "biases-left-out": (("in grads.items():", "in grads.items():\n        if k in 'bc': continue"),),
}


@functools.cache
def exercise():
    return load_exercise(find_exercise("ntu-cz4042-tutorial-8").path, Kinds(kind_names(), find_kind))


def outcome_of(*changes, source=ADAM):
    for before, after in changes:
        assert before in source
        source = source.replace(before, after)
    submission = Submission(student="s", files=(AnswerFile("answer.py", source.encode()),), digest="")
    return mark(exercise(), submission, question_id="q2_adam").questions[0].outcome


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_frequent_mistake_has_its_name_and_no_other(mistake):
    outcome = outcome_of(*MISTAKES[mistake])
    assert [one.id for one in outcome.diagnoses] == [mistake]
    assert 0 < outcome.fraction <= Fraction(1, 2) or mistake == "biases-left-out"


def test_a_right_step_is_told_nothing():
    outcome = outcome_of()
    assert (outcome.verdict, outcome.feedback, outcome.diagnoses) == ("correct", (), ())
    assert "counterexample" not in outcome.facts


def test_what_is_kept_between_calls_is_told():
    assert [one.code for one in outcome_of(*OWN_COUNTER).feedback] == ["wrong-step", "keeps-state"]


def test_it_is_said_which_arrays_are_wrong():
    outcome = outcome_of(*MISTAKES["biases-not-updated"])
    assert (
        outcome.feedback[0].message
        == "After a step the parameters (b, c) differ from Adam's; m and v are right."
    )


def entry(array):
    """The only one."""
    while isinstance(array, list):
        (array,) = array
    return array


@pytest.mark.parametrize("mistake", ["counts-calls", "moments-before", "biases-not-updated"])
def test_the_counterexample_holds_when_it_is_worked_out_by_hand(mistake):
    shown = outcome_of(*MISTAKES[mistake]).facts["counterexample"]
    given = shown["inputs"]
    assert set(map(tuple, shown["sizes"].values())) == {(1, 1), (1,)}
    for key in "UWVbc":
        theta, g, m, v = (entry(given[name][key]) for name in ("params", "grads", "m", "v"))
        m, v, t = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2, given["t"]
        theta -= 0.01 * m / (1 - 0.9**t) / (math.sqrt(v / (1 - 0.999**t)) + 1e-8)
        for name, wanted in (("params", theta), ("m", m), ("v", v)):
            place = f"{name}[{key!r}]"
            assert entry(shown["expected"][place]) == pytest.approx(wanted, rel=1e-12)
            is_right = entry(shown["got"][place]) == pytest.approx(wanted, rel=1e-6)
            assert shown["keys_right"][place] == is_right


def test_a_setting_that_is_ignored_is_shown_with_other_settings():
    shown = outcome_of(("- lr *", "- 0.01 *")).facts["counterexample"]
    assert shown["inputs"]["lr"] != 0.01
    assert not shown["keys_right"]["params['U']"]
    assert shown["keys_right"]["m['U']"]


ANEW = "    if t == 1:\n        m, v = ({k: 0 * a for k, a in one.items()} for one in (m, v))\n    for k, g"


@pytest.mark.parametrize(
    "change",
    [
        ("    for k, g", ANEW),
        ("return params, m, v", "return {'params': params, 'm': m, 'v': v}"),
        ("params[k] = params[k] -", "params[k] = params[k].copy() -"),
    ],
)
def test_other_ways_to_write_it_are_right(change):
    assert outcome_of(change).verdict == "correct"


@pytest.mark.parametrize(("last", "is_in_place"), [("return params, m, v", False), ("pass", True)])
def test_it_is_noted_whether_arrays_are_changed_in_place(last, is_in_place):
    in_place = ("params[k] = params[k] - lr", "params[k] -= lr")
    moments = ("m[k] = beta1 * m[k] + (1", "m[k][...] = beta1 * m[k] + (1")
    squares = ("v[k] = beta2 * v[k] + (1", "v[k][...] = beta2 * v[k] + (1")
    outcome = outcome_of(in_place, moments, squares, ("return params, m, v", last))
    assert (outcome.verdict, outcome.facts["in_place"]) == ("correct", is_in_place)


def test_before_the_first_step_nothing_is_remembered():
    """Adam starts with m = v = 0 [Kingma and Ba, algorithm 1]; a function may rely on it at t = 1."""
    first = [step for step in asked_steps(3) if step.t == 1]
    assert len(first) > 2
    assert all(not step.state.m.any() and not step.state.v.any() for step in first)
    assert all(step.state.m.any() and step.state.v.any() for step in asked_steps(3) if step.t > 1)


def test_gradients_have_all_sizes_that_tell_forms_of_adam_apart():
    """From 1e-9, beside which eps is large, to 1e4, beyond what is clipped; one is zero.

    One has shrunk to a 10,000th of what it was, where the largest v so far and the last one differ.
    """
    usual = [step for step in asked_steps(3) if step.g.size > 5]
    assert len(usual) > 5
    for step in usual:
        sizes = np.sort(np.abs(step.g))
        assert sizes[0] == 0
        assert np.all(sizes[1:] > 0)
        assert sizes[1] < 2e-9
        assert 5e3 < sizes[-1] < 2e4
        if step.t > 1:
            mean_square = step.state.v / (1 - step.rates.beta2 ** (step.t - 1))
            shrunk = (step.g != 0) & (step.g**2 < 1e-6 * mean_square)
            assert shrunk.sum() == 1
            assert not step.state.v[step.g == 0].any()


FROM_ZERO = ("    for k, g", "    t = t - 1\n    1 / (1 - beta1**t)\n    for k, g")


@pytest.mark.parametrize("wrong_at", [None, 2, 3, 100])
def test_a_count_from_zero_that_fails_at_once_is_told_only_if_every_later_step_is_right(wrong_at):
    """In plain numbers 1 / (1 - 0.9^0) divides by zero; then the step t is Adam's with t - 1."""
    change = () if wrong_at is None else (("lr *", f"(2 * lr if t + 1 == {wrong_at} else lr) *"),)
    found = outcome_of(FROM_ZERO, *change)
    codes = {one.code for one in found.feedback}
    assert ("division-by-zero" in codes) == (wrong_at is None)


def lies_on(numbers, scales, low, high):
    """Whether sizes, from the smallest, are each so many times the scale in its place, up to both ends."""
    sizes = np.sort(np.abs(numbers), axis=-1)
    assert not sizes[..., scales == 0].any()
    shares = sizes[..., scales > 0] / scales[scales > 0]
    width = high - low
    assert low - 1e-9 <= shares.min() < low + 0.1 * width
    assert high - 0.1 * width < shares.max() <= high + 1e-9


def test_moments_are_those_that_gradients_of_their_size_would_leave():
    """Of t - 1 gradients of one size g, m is (1 - beta1^(t-1)) g and v (1 - beta2^(t-1)) g^2."""
    scales = np.sort([0.0, 1.0, 1.0, *(10.0 ** (-9 + 13 * k / 11) for k in range(12))])
    now = np.sort([0.0, 1.0, 1e-4, *(10.0 ** (-9 + 13 * k / 11) for k in range(12))])
    steps = [step for seed in range(4) for step in asked_steps(seed) if step.g.size == 15]
    later = [step for step in steps if step.t > 1]
    lies_on([step.state.theta for step in steps], np.ones(15), 0.3, 0.9)
    lies_on([step.g for step in later], now, 0.5, 1.5)
    lies_on([step.g for step in steps if step.t == 1], scales, 0.5, 1.5)
    lies_on([step.state.m / (1 - step.rates.beta1 ** (step.t - 1)) for step in later], scales, 0.2, 1.2)
    lies_on([step.state.v / (1 - step.rates.beta2 ** (step.t - 1)) for step in later], scales**2, 0.5, 1.5)
    for part in ([step.g for step in steps], *zip(*(step.state[:2] for step in later), strict=True)):
        assert 0.4 < float(np.mean(np.sign(part) > 0)) < 0.6
    assert all(step.state.v.min() >= 0 for step in steps)


def test_the_first_steps_are_made_of_numbers_of_one_digit():
    for seed in range(4):
        small = [step for step in asked_steps(seed) if step.g.size == 5]
        assert [step.t for step in small] == [1, 3, 2]
        for step in small:
            tenths = [step.state.theta * 10, step.g * 10]
            if step.t > 1:
                tenths += [step.state.m * 100, step.state.v * 1000]
                assert step.state.v.min() > 0
            for numbers in tenths:
                np.testing.assert_allclose(numbers, numbers.round(), atol=1e-9)
                assert np.abs(numbers).min() > 1.5
                assert np.abs(numbers).max() < 9.5


def test_a_function_has_a_name():
    assert OptimizerParams(function="step").function == "step"
    with pytest.raises(ValueError, match="'adam step', which is no name"):
        OptimizerParams(function="adam step")
