"""How near gradients must be to be right, scaled, or clipped: edges by arithmetic on small arrays."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import msgspec
import numpy as np
import pytest

from grader.kinds.gradient.diagnose import clipping
from grader.kinds.gradient.gradient_table import flat
from grader.kinds.gradient.judge import block_errors, is_right
from grader.kinds.gradient.known_gradients import KnownGradients
from grader.kinds.gradient.meanings import Counts, of_all, of_one
from grader.kinds.gradient.probing import signature
from grader.kinds.gradient.question import GradientParams, trials
from grader.kinds.trajectory.fitting import scale_meanings
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import network_of
from grader.networks.library import library_network

PARAMS = runpy.run_path(str(Path(__file__).with_name("answers_to_kinds") / "gradient.py"))["PARAMS"]

NAMES = ("U", "W", "V", "b", "c")
KNOWN = KnownGradients(msgspec.convert(PARAMS, GradientParams))


def params(*entries):
    return {name: np.atleast_1d(np.array(one, dtype=float)) for name, one in zip(NAMES, entries, strict=True)}


BASE = params([3.0, -4.0], [12.0], [1.0], [0.5], [-2.0])
FLAT = [3.0, -4.0, 12.0, 1.0, 0.5, -2.0]


def test_an_error_is_a_share_of_the_largest_entry_of_its_gradient():
    # A gradient that is zero is held to a ten thousandth of the largest of all, 12.
    got = params([3.0, -3.0], [12.0], [np.nan], [0.0], [-0.006])
    right = params([3.0, -4.0], [12.0], [1.0], [0.0], [0.0])
    errors = block_errors(got, right)
    assert (errors["U"], errors["W"]) == (0.25, 0.0)
    assert math.isnan(errors["V"])
    assert (errors["b"], errors["c"]) == (0.0, 5.0)
    assert flat(BASE).tolist() == FLAT


@pytest.mark.parametrize(
    ("errors", "right"),
    [((0.1, 0.0), True), ((0.1, 0.11), False), ((math.nan, 0.0), False), ((), True), ((math.inf,), False)],
)
def test_all_gradients_must_be_near(errors, right):
    assert is_right(errors, 0.1) is right


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: np.clip(a, -3, 3), "every entry is cut off at 3"),
        (lambda a: np.clip(a, -11, 11), "every entry is cut off at 11"),
        (lambda a: np.clip(a, -3, None), None),
        (lambda a: np.where(np.abs(a) > 3, 0, a), None),
        (lambda a: a * np.nan, None),
    ],
)
def test_entries_that_are_cut_off_are_told_with_the_limit(change, words):
    assert clipping([{name: change(array) for name, array in BASE.items()}], [BASE]) == words


def test_a_whole_and_each_gradient_that_is_scaled_down_is_told_with_its_length():
    length = math.sqrt(sum(one * one for one in FLAT))
    whole = {name: array * 5 / length for name, array in BASE.items()}
    assert clipping([whole, params(1, 1, 1, 1, 1)], [BASE, params(1, 1, 1, 1, 1)]) == (
        "all gradients together are scaled down to a length of 5"
    )
    each = params([2.4, -3.2], [4.0], [1.0], [0.5], [-2.0])
    assert clipping([each], [BASE]) == "each gradient is scaled down to a length of 4"
    other = params([2.4, -3.2], [4.0], [1.0], [0.25], [-2.0])
    assert clipping([other], [BASE]) is None


def made(index, factor_of):
    """The right gradients on each instance, the one at `index` times a factor of its sizes."""
    return [
        {
            name: array * (factor_of(trial.sizes) if NAMES.index(name) in index else 1)
            for name, array in trial.right.items()
        }
        for trial in KNOWN.trials
    ]


def test_factors_of_one_gradient_are_those_that_their_words_say():
    n, t, k = 7, 11, 3
    counts = Counts(n, t, k, is_mean=True, is_mean_of_outputs=False, square=2)
    found = {words: factor for factor, words in of_one(counts)}
    assert found == pytest.approx(
        {
            "": 1,
            "of the wrong sign": -1,
            "half as large as asked": 0.5,
            "twice as large as asked": 2,
            "divided by the number of sequences once more": 1 / n,
            "divided by the number of steps once more": 1 / t,
            "divided by the numbers of sequences and steps once more": 1 / (n * t),
            "divided by the number of outputs": 1 / k,
            "not divided by the number of sequences": n,
            "not divided by the number of steps": t,
            "not divided by the numbers of sequences and steps": n * t,
            "multiplied by the number of outputs": k,
        }
    )


def test_factors_of_all_gradients_are_those_of_a_training_where_the_loss_is_the_same():
    n, t, k = 7, 11, 3
    counts = Counts(n, t, k, is_mean=True, is_mean_of_outputs=False, square=2)
    assert sorted(of_all(counts)) == sorted(scale_meanings(n, t, k))


@pytest.mark.parametrize(
    ("loss", "right", "wrong", "words"),
    [
        # By arithmetic: each pair is the value of the loss, and of the one that is written in its place.
        ("sum((y_hat - y)**2)", 1.0, 1 / (3 * 7), "averaged over sequences and steps where the sum is meant"),
        ("sum((y_hat - y)**2) / 2", 0.5, 1.0, "the 1/2 of the loss is left out"),
        ("mean((y_hat - y)**2)", 1 / 5, 1.0, "summed over outputs where the mean is meant"),
    ],
)
def test_a_factor_means_what_the_loss_makes_of_it(loss, right, wrong, words):
    known = KnownGradients(msgspec.convert({**PARAMS, "loss": loss}, GradientParams))
    meanings = dict(of_all(known.counts(0)))
    assert meanings[wrong / right] == words


@pytest.mark.parametrize(
    ("index", "factor_of", "words"),
    [
        ((1,), lambda s: s["T"], "not divided by the number of steps"),
        ((0,), lambda s: 1 / s["N"], "divided by the number of sequences once more"),
        ((4,), lambda s: -1, "of the wrong sign"),
        ((2, 3), lambda s: 2, "twice as large as asked"),
        ((2,), lambda s: s["n_out"], "multiplied by the number of outputs"),
        ((2,), lambda s: 1.7, "1.7 times as large as asked"),
    ],
)
def test_a_gradient_with_a_factor_of_its_own_is_named_with_what_it_means(index, factor_of, words):
    (found,) = KNOWN.one_by_one(made(index, factor_of))
    told = "; ".join(f"that of {NAMES[i]} is {words}" for i in index)
    assert found.message == f"The gradients are right but for a factor: {told}."


def test_without_one_factor_for_all_probes_nothing_is_named():
    assert KNOWN.one_by_one(made((), lambda s: 1)) == ()
    assert KNOWN.one_by_one(made((1,), lambda s: 1.0 + s["n_in"])) == ()
    noise = [{**one, "W": one["W"] + 1} for one in made((), lambda s: 1)]
    assert KNOWN.one_by_one(noise) == ()
    assert KNOWN.explain(noise) == ()


@pytest.mark.parametrize(
    ("factor_of", "words"),
    [
        (lambda s: 1, ""),
        (lambda s: 0.5, "the 2 of the squared error's derivative is missing"),
        (lambda s: s["N"] * s["T"], "summed over sequences and steps where the mean is meant"),
        (
            lambda s: -s["N"] / 2,
            "the 2 of the squared error's derivative is missing, and summed over "
            "sequences where the mean is meant, and the sign is turned round",
        ),
        (lambda s: 3.3, "they are 3.3 times as large as asked"),
        (lambda s: s["n_in"], None),
        (lambda s: 0.0, None),
    ],
)
def test_one_factor_of_all_gradients_is_named_with_what_it_means(factor_of, words):
    found = KNOWN.explain(made(range(5), factor_of))
    assert [(one.mistake, one.meaning) for one in found] == ([] if words is None else [(None, words)])


@pytest.mark.parametrize(
    ("loss", "axes"),
    [("mean((y - d)**2)", ("T", "n_out")), ("mean((y(T) - d)**2)", ("n_out",))],
)
def test_a_target_of_the_last_step_alone_has_no_axis_of_steps(loss, axes):
    network = network_of(library_network("library/elman-linear").network)
    layouts = signature(network, read_loss(network, loss), {}).arguments
    assert layouts["d"].own == axes
    assert layouts["x"].own == ("T", "n_in")


def trials_of_one_layer(function, loss):
    network = {
        "inputs": {"x": "n_in"},
        "parameters": {"V": "n_in x n_out", "c": "n_out"},
        "equations": [f"p(t) = {function}(V.T @ x(t) + c)"],
    }
    question = {"network": network, "loss": f"sum({loss})", "function": "f"}
    for one in trials(msgspec.convert(question, GradientParams)):
        ((x, d),) = zip(one.instance.inputs.values(), one.instance.targets.values(), strict=True)
        assert not one.is_large
        yield x @ one.instance.parameters["V"] + one.instance.parameters["c"], d, one.right["c"]


def test_targets_beside_a_logarithm_are_such_that_p_minus_d_is_right():
    for u, d, right in trials_of_one_layer("softmax", "cross_entropy(d, p)"):
        p = np.exp(u) / np.exp(u).sum(-1, keepdims=True)
        np.testing.assert_allclose(right, (p - d).reshape(-1, d.shape[-1]).sum(0), atol=1e-9)
    for u, d, right in trials_of_one_layer("sigmoid", "binary_cross_entropy(d, p)"):
        assert 0 < d.min() <= d.max() < 1
        p = 1 / (1 + np.exp(-u))
        np.testing.assert_allclose(right, (p - d).reshape(-1, d.shape[-1]).sum(0), atol=1e-9)
    assert any(one.is_large for one in trials(msgspec.convert(PARAMS, GradientParams)))
