"""Gradients: honest functions pass however they are written, and every mistake is named as itself."""

from __future__ import annotations

import numpy as np
import pytest

from grader.training.gradient_bank import BANK, RIGHT, gradients
from grader.training.gradient_match import (
    ProbeSizes,
    bank_gradients,
    block_errors,
    draw_probes,
    explain,
    is_right,
)
from reference.bptt import Parameters, bptt, cost, forward

SIZES = (
    ProbeSizes(n_seqs=3, n_steps=7, n_in=4, n_h=6, n_out=5),
    ProbeSizes(n_seqs=5, n_steps=11, n_in=3, n_h=4, n_out=7),
)


def noisy(params, rng, factor=1.0):
    """As a function in float32 would give them."""
    return Parameters(*(factor * np.float32(a) * (1 + 1e-5 * rng.standard_normal(a.shape)) for a in params))


@pytest.mark.parametrize("slip", BANK, ids=lambda slip: slip.id)
def test_a_mistake_is_named_as_itself_whatever_factor_is_wrong_besides(slip):
    made = {one.id: grads for one, grads in bank_gradients(SIZES, 0)}[slip.id]
    rng = np.random.default_rng(1)
    for factor in (1.0, 0.5, -1.0):
        found = explain([noisy(one, rng, factor) for one in made], SIZES, 0)
        assert [one.slip.id for one in found] == [slip.id]


def test_every_mistake_is_far_from_right():
    right = bank_gradients(SIZES, 0)[0][1]
    for slip, made in bank_gradients(SIZES, 0)[1:]:
        worst = max(max(block_errors(a, b)) for a, b in zip(made, right, strict=True))
        assert worst > 0.09, slip.id


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
    right = bank_gradients(SIZES, seed)[0][1]
    got = [
        Parameters(*(factor_of(sizes) * array for array in one))
        for sizes, one in zip(SIZES, right, strict=True)
    ]
    (found,) = explain(got, SIZES, seed)
    assert found.slip is RIGHT
    assert found.words
    assert "times as large" not in found.words


def test_sizes_with_factors_alike_are_refused():
    with pytest.raises(ValueError, match="same factor"):
        ProbeSizes(n_seqs=2, n_steps=5, n_in=3, n_h=7, n_out=4)


def test_the_bank_without_a_mistake_is_the_reference():
    for probe in draw_probes(SIZES, 2):
        assert max(block_errors(gradients(RIGHT, *probe), bptt(*probe))) < 1e-13


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
    probes = draw_probes(SIZES, 3)
    for probe, right in zip(probes, bank_gradients(SIZES, 3)[0][1], strict=True):
        assert is_right(block_errors(differences(probe, step), right))


def test_nan_is_wrong():
    right = bank_gradients(SIZES, 0)[0][1][0]
    errors = block_errors(right._replace(U=np.full_like(right.U, np.nan)), right)
    assert not is_right(errors)


def test_sizes_must_all_differ():
    with pytest.raises(ValueError, match="five different"):
        ProbeSizes(n_seqs=3, n_steps=3, n_in=4, n_h=6, n_out=5)
