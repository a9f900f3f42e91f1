"""Gradients: honest functions pass however they are written, and every mistake is named as itself."""

from __future__ import annotations

import numpy as np
import pytest

from grader.kinds.gradient.diagnose import clipping, explain, known_gradients, scaled_gradients
from grader.kinds.gradient.judge import block_errors, is_right
from grader.kinds.gradient.question import LARGE_TARGETS, LONG, ProbeSizes, general_probes, trials
from grader.training.backprop import RIGHT, Backprop
from grader.training.gradient_mistakes import GRADIENT_MISTAKES
from reference.bptt import Parameters, bptt, cost, forward

SIZES = (
    ProbeSizes(n_seqs=3, n_steps=7, n_in=4, n_h=6, n_out=5),
    ProbeSizes(n_seqs=5, n_steps=11, n_in=3, n_h=4, n_out=7),
)


def noisy(params, rng, factor=1.0):
    """As a function in float32 would give them."""
    return Parameters(*(factor * np.float32(a) * (1 + 1e-5 * rng.standard_normal(a.shape)) for a in params))


@pytest.mark.parametrize("mistake", GRADIENT_MISTAKES, ids=lambda mistake: mistake.id)
def test_a_mistake_is_named_as_itself_whatever_factor_is_wrong_besides(mistake):
    made = dict(known_gradients(SIZES, 0))[mistake]
    rng = np.random.default_rng(1)
    for factor in (1.0, 0.5, -1.0):
        found = explain([noisy(one, rng, factor) for one in made], SIZES, 0)
        assert [one.mistake for one in found] == [mistake]


def test_every_mistake_is_far_from_right():
    right = known_gradients(SIZES, 0)[0][1]
    for mistake, made in known_gradients(SIZES, 0)[1:]:
        worst = max(max(block_errors(a, b)) for a, b in zip(made, right, strict=True))
        assert worst > 0.04, mistake.id


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "factor_of",
    [
        lambda s: 1 / 2,
        lambda s: s.n_seqs,
        lambda s: s.n_steps * s.n_seqs,
        lambda s: 1 / s.n_out,
        lambda s: -1,
        lambda s: -s.n_steps / 2,
    ],
)
def test_a_wrong_factor_is_named_by_what_it_means(seed, factor_of):
    right = known_gradients(SIZES, seed)[0][1]
    got = [
        Parameters(*(factor_of(sizes) * array for array in one))
        for sizes, one in zip((*SIZES, LONG), right, strict=True)
    ]
    (found,) = explain(got, SIZES, seed)
    assert found.mistake is None
    assert found.meaning
    assert "times as large" not in found.meaning


def test_sizes_with_factors_alike_are_refused():
    with pytest.raises(ValueError, match="same factor"):
        ProbeSizes(n_seqs=2, n_steps=5, n_in=3, n_h=7, n_out=4)


def test_gradients_without_a_mistake_are_those_of_the_reference():
    for probe in general_probes(SIZES, 2):
        assert max(block_errors(RIGHT.gradients(*probe), bptt(*probe))) < 1e-13


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
    return Parameters(*made)


@pytest.mark.parametrize("step", [1e-3, 1e-5, 1e-7])
def test_central_differences_pass(step):
    for trial in trials(SIZES, 3):
        assert is_right(block_errors(differences(trial.probe, step), trial.right), trial.tolerance)


def test_nan_is_wrong():
    right = known_gradients(SIZES, 0)[0][1][0]
    errors = block_errors(right._replace(U=np.full_like(right.U, np.nan)), right)
    assert not is_right(errors)


def test_sizes_must_all_differ():
    with pytest.raises(ValueError, match="five different"):
        ProbeSizes(n_seqs=3, n_steps=3, n_in=4, n_h=6, n_out=5)


def test_every_size_is_one_once_by_itself_and_all_are_together():
    ones = {tuple(name for name, size in trial.sizes.items() if size == 1) for trial in trials(SIZES, 0)}
    assert {(name,) for name in ("n_seqs", "n_steps", "n_in", "n_h", "n_out")} < ones
    assert ("n_seqs", "n_steps", "n_in", "n_h", "n_out") in ones
    assert set(trials(SIZES, 0)[0].sizes.values()) == {1}


@pytest.mark.parametrize("seed", range(5))
def test_large_gradients_are_beyond_what_people_clip_at(seed):
    (large,) = (trial for trial in trials(SIZES, seed) if trial.is_large)
    assert large.probe.wanted.min() >= LARGE_TARGETS
    assert min(np.abs(gradient).max() for gradient in large.right) > 200


@pytest.mark.parametrize("limit", [1, 5, 10, 100])
@pytest.mark.parametrize("how", ["entries", "together", "each"])
def test_clipping_at_any_customary_limit_is_seen_and_named(limit, how):
    def shortened(arrays):
        length = np.sqrt(sum(np.sum(array**2) for array in arrays))
        return [array * min(1, limit / max(length, 1e-9)) for array in arrays]

    clip = {
        "entries": lambda grads: Parameters(*(np.clip(array, -limit, limit) for array in grads)),
        "together": lambda grads: Parameters(*shortened(grads)),
        "each": lambda grads: Parameters(*(shortened([array])[0] for array in grads)),
    }[how]
    right = [trial.right for trial in trials(SIZES, 0)]
    got = [clip(one) for one in right]
    assert not all(is_right(block_errors(a, b)) for a, b in zip(got, right, strict=True))
    assert f" {limit}" in clipping(got, right)


def test_right_gradients_and_rounded_ones_are_not_clipped_ones():
    right = [trial.right for trial in trials(SIZES, 0)]
    assert clipping([Parameters(*(array + 0.3 for array in one)) for one in right], right) is None


@pytest.mark.parametrize(
    ("name", "factor_of", "words"),
    [
        ("W", lambda s: 1 / s.n_seqs, "divided by the number of sequences once more"),
        ("V", lambda s: 1 / s.n_steps, "divided by the number of steps once more"),
        ("b", lambda s: s.n_seqs * s.n_steps, "not divided by the numbers of sequences and steps"),
        ("c", lambda s: 0.5, "half as large as asked"),
        ("U", lambda s: -1, "of the wrong sign"),
    ],
)
def test_one_gradient_off_by_a_factor_is_named_with_it(name, factor_of, words):
    right = known_gradients(SIZES, 0)[0][1]
    got = [
        one._replace(**{name: factor_of(sizes) * getattr(one, name)})
        for sizes, one in zip((*SIZES, LONG), right, strict=True)
    ]
    assert scaled_gradients(got, SIZES, 0) == ((name, words),)
    spoilt = [one._replace(c=one.c + 1) if name != "c" else one._replace(b=one.b + 1) for one in got]
    assert scaled_gradients(spoilt, SIZES, 0) == ()


@pytest.mark.parametrize("reach", range(1, 56))
def test_errors_that_stop_anywhere_on_the_way_back_are_wrong(reach):
    made = [Backprop(reach=reach).gradients(*probe) for probe in general_probes(SIZES, 0)]
    errors = [block_errors(a, b) for a, b in zip(made, known_gradients(SIZES, 0)[0][1], strict=True)]
    assert not all(is_right(one, 2e-2) for one in errors)


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
def test_sizes_of_a_probe_differ_and_lie_between_two_and_64(sizes, is_taken):
    if is_taken:
        assert ProbeSizes(**dict(zip(ProbeSizes.__struct_fields__, sizes, strict=True))).in_order() == sizes
        return
    with pytest.raises(ValueError, match="five different numbers from 2 to 64"):
        ProbeSizes(**dict(zip(ProbeSizes.__struct_fields__, sizes, strict=True)))


@pytest.mark.parametrize("name", ["starts-at-second-step", "starts-at-second-step-hidden"])
def test_a_network_that_starts_late_is_one_that_never_saw_the_first_input(name):
    way = next(one.effect for one in GRADIENT_MISTAKES if one.id == name)
    for x, _, params in general_probes(SIZES, 0):
        y = way.outputs(x, params)
        np.testing.assert_allclose(y[:, 0], np.tile(params.c, (len(x), 1)), rtol=0, atol=1e-12)
        np.testing.assert_allclose(y[:, 1:], forward(x[:, 1:], params).y, rtol=1e-12, atol=1e-12)
