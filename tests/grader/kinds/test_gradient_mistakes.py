"""Gradients: honest functions pass however they are written, and every mistake is named as itself."""

from __future__ import annotations

import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.diagnose import clipping
from grader.kinds.gradient.judge import block_errors, is_right
from grader.kinds.gradient.known_gradients import KnownGradients
from grader.kinds.gradient.question import GradientParams, trials
from grader.kinds.gradient.trials import LARGE_TARGETS
from grader.kinds.trajectory.diagnose import gradient_mistakes
from reference.bptt import Parameters, bptt, cost, forward

PARAMS = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]

NAMES = Parameters._fields
SIZES = (
    {"N": 3, "T": 7, "n_in": 4, "n_h": 6, "n_out": 5},
    {"N": 5, "T": 11, "n_in": 3, "n_h": 4, "n_out": 7},
)


def question(seed=0, sizes=SIZES, **changes):
    return msgspec.convert({**PARAMS, "sizes": sizes, "seed": seed, **changes}, GradientParams)


KNOWN = KnownGradients(question())


def noisy(gradients, rng, factor=1.0):
    """As a function in float32 would give them."""
    return {
        name: factor * np.float32(a) * (1 + 1e-5 * rng.standard_normal(a.shape))
        for name, a in gradients.items()
    }


def made_by(id):
    """What a known mistake gives on each general instance."""
    (mutant,) = (one for one in KNOWN.mutants if one.id == id)
    return [KNOWN.gradients(mutant, index) for index in range(3)]


@pytest.mark.parametrize("id", [one.id for one in gradient_mistakes()])
def test_a_mistake_is_named_as_itself_whatever_factor_is_wrong_besides(id):
    rng = np.random.default_rng(1)
    for factor in (1.0, 0.5, -1.0):
        found = KNOWN.explain([noisy(one, rng, factor) for one in made_by(id)])
        assert [one.mistake.id for one in found] == [id]


@pytest.mark.parametrize("id", [one.id for one in gradient_mistakes()])
def test_every_mistake_is_far_from_right(id):
    worst = max(max(block_errors(one, KNOWN.right(i)).values()) for i, one in enumerate(made_by(id)))
    assert worst > 0.04


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "factor_of",
    [
        lambda s: 1 / 2,
        lambda s: s["N"],
        lambda s: s["T"] * s["N"],
        lambda s: 1 / s["n_out"],
        lambda s: -1,
        lambda s: -s["T"] / 2,
    ],
)
def test_a_wrong_factor_is_named_by_what_it_means(seed, factor_of):
    known = KnownGradients(question(seed))
    got = [
        {name: factor_of(trial.sizes) * array for name, array in trial.right.items()}
        for trial in known.trials
    ]
    (found,) = known.explain(got)
    assert found.mistake is None
    assert found.meaning
    assert "times as large" not in found.meaning


@pytest.mark.parametrize(
    "factor",
    [
        1.7,
        3,  # the sequences of the first and the longest instance
        5,  # the sequences of the second
        7,  # the steps of the first, the outputs of the second
        -1 / 5,
    ],
)
def test_one_number_is_one_factor_whatever_it_would_mean_at_some_sizes(factor):
    got = [{name: factor * array for name, array in trial.right.items()} for trial in KNOWN.trials]
    (found,) = KNOWN.explain(got)
    assert (found.mistake, found.meaning) == (None, f"they are {factor:.2g} times as large as asked")


def test_a_factor_of_its_own_on_each_instance_is_not_one_factor():
    got = [
        {name: factor * array for name, array in trial.right.items()}
        for factor, trial in zip((3, 4, 3), KNOWN.trials, strict=True)
    ]
    assert KNOWN.explain(got) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_gradient_of_zeros_is_said_to_be_zero_and_why_is_not_guessed(name):
    got = [{**trial.right, name: np.zeros_like(trial.right[name])} for trial in KNOWN.trials]
    assert [one.mistake.id for one in KNOWN.explain(got)] == [f"d{name}-zero"]


def test_sizes_with_factors_alike_are_refused():
    with pytest.raises(msgspec.ValidationError, match="same factor"):
        question(sizes=[{"N": 2, "T": 5, "n_in": 3, "n_h": 7, "n_out": 4}])


def plain(trial):
    """The arguments of a trial as the reference takes them."""
    x, y = (array.transpose(1, 0, 2) for array in (trial.instance.inputs["x"], trial.instance.targets["y"]))
    return x, y, Parameters(*(trial.instance.parameters[name] for name in NAMES))


def test_right_gradients_are_those_of_the_reference():
    for trial in trials(question(2)):
        assert max(block_errors(bptt(*plain(trial))._asdict(), trial.right).values()) < 1e-13


def differences(probe, step):
    x, wanted, params = probe
    made = []
    for k, array in enumerate(params):
        gradient = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            moved = array.copy()
            moved[index] += step
            back = array.copy()
            back[index] -= step
            above, below = (
                cost(forward(x, params._replace(**{Parameters._fields[k]: a})).y, wanted)
                for a in (moved, back)
            )
            gradient[index] = (above - below) / (2 * step)
        made.append(gradient)
    return dict(zip(NAMES, made, strict=True))


@pytest.mark.parametrize("step", [1e-3, 1e-5, 1e-7])
def test_central_differences_pass(step):
    for trial in trials(question(3)):
        errors = block_errors(differences(plain(trial), step), trial.right)
        assert is_right(errors.values(), trial.tolerance)


def test_nan_is_wrong():
    right = KNOWN.right(0)
    errors = block_errors({**right, "U": np.full_like(right["U"], np.nan)}, right)
    assert not is_right(errors.values())


def test_every_size_is_one_once_by_itself_and_all_are_together():
    ones = {tuple(name for name, size in trial.sizes.items() if size == 1) for trial in trials(question())}
    assert {(name,) for name in ("N", "T", "n_in", "n_h", "n_out")} < ones
    assert ("N", "T", "n_in", "n_h", "n_out") in ones
    assert set(trials(question())[0].sizes.values()) == {1}


@pytest.mark.parametrize("seed", range(5))
def test_large_gradients_are_beyond_what_people_clip_at(seed):
    (large,) = (trial for trial in trials(question(seed)) if trial.is_large)
    assert large.instance.targets["y"].min() >= LARGE_TARGETS
    assert min(np.abs(gradient).max() for gradient in large.right.values()) > 200


@pytest.mark.parametrize("limit", [1, 5, 10, 100])
@pytest.mark.parametrize("how", ["entries", "together", "each"])
def test_clipping_at_any_customary_limit_is_seen_and_named(limit, how):
    def shortened(arrays):
        length = np.sqrt(sum(np.sum(array**2) for array in arrays))
        return [array * min(1, limit / max(length, 1e-9)) for array in arrays]

    def clip(grads):
        arrays = list(grads.values())
        if how == "entries":
            cut = [np.clip(array, -limit, limit) for array in arrays]
        else:
            cut = shortened(arrays) if how == "together" else [shortened([array])[0] for array in arrays]
        return dict(zip(grads, cut, strict=True))

    right = [trial.right for trial in trials(question())]
    got = [clip(one) for one in right]
    assert not all(is_right(block_errors(a, b).values()) for a, b in zip(got, right, strict=True))
    assert f" {limit}" in clipping(got, right)


def test_zeros_are_not_clipped_gradients():
    right = [trial.right for trial in KNOWN.trials]
    zeros = [{name: np.zeros_like(array) for name, array in one.items()} for one in right]
    assert clipping(zeros, right) is None


def test_right_gradients_and_rounded_ones_are_not_clipped_ones():
    right = [trial.right for trial in trials(question())]
    assert clipping([{name: array + 0.3 for name, array in one.items()} for one in right], right) is None


@pytest.mark.parametrize(
    ("name", "factor_of", "words"),
    [
        ("W", lambda s: 1 / s["N"], "divided by the number of sequences once more"),
        ("V", lambda s: 1 / s["T"], "divided by the number of steps once more"),
        ("b", lambda s: s["N"] * s["T"], "not divided by the numbers of sequences and steps"),
        ("c", lambda s: 0.5, "half as large as asked"),
        ("U", lambda s: -1, "of the wrong sign"),
    ],
)
def test_one_gradient_off_by_a_factor_is_named_with_it(name, factor_of, words):
    got = [{**trial.right, name: factor_of(trial.sizes) * trial.right[name]} for trial in KNOWN.trials]
    (found,) = KNOWN.one_by_one(got)
    assert found.id == "one-gradient-scaled"
    assert found.message == f"The gradients are right but for a factor: that of {name} is {words}."
    other = "c" if name != "c" else "b"
    assert KNOWN.one_by_one([{**one, other: one[other] + 1} for one in got]) == ()


@pytest.mark.parametrize("reach", range(1, 56))
def test_errors_that_stop_anywhere_on_the_way_back_are_wrong(reach):
    errors = []
    for index, evaluation in enumerate(KNOWN.evaluations):
        made = evaluation.cut_off(reach)
        errors.append(block_errors(made, KNOWN.right(index)))
    assert not all(is_right(one.values(), 2e-2) for one in errors)


@pytest.mark.parametrize(
    ("sizes", "is_taken"),
    [
        ((3, 7, 4, 6, 5), True),
        ((3, 7, 2, 64, 5), True),
        ((3, 7, 1, 6, 5), False),
        ((3, 7, 4, 65, 5), False),
        ((3, 7, 4, 4, 5), False),
        ((3, 7, 3, 6, 5), False),
    ],
)
def test_sizes_of_an_instance_differ_and_lie_between_two_and_64(sizes, is_taken):
    given = [dict(zip(("N", "T", "n_in", "n_h", "n_out"), sizes, strict=True))]
    if is_taken:
        assert question(sizes=given).sizes == tuple(given)
        return
    with pytest.raises(msgspec.ValidationError, match="different numbers from 2 to 64"):
        question(sizes=given)


@pytest.mark.parametrize("name", ["starts-at-second-step", "starts-at-second-step-hidden"])
def test_a_network_that_starts_late_is_one_that_never_saw_the_first_input(name):
    way = next(one.effect for one in gradient_mistakes() if one.id == name)
    for trial in KNOWN.trials:
        x, _, params = plain(trial)
        y = way.outputs(x, params)
        np.testing.assert_allclose(y[:, 0], np.tile(params.c, (len(x), 1)), rtol=0, atol=1e-12)
        np.testing.assert_allclose(y[:, 1:], forward(x[:, 1:], params).y, rtol=1e-12, atol=1e-12)
