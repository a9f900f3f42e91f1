"""How near gradients must be to be right, scaled, or clipped: edges by arithmetic on small arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.kinds.gradient.diagnose import clipping, explain, flat, known_gradients, scaled_gradients
from grader.kinds.gradient.judge import block_errors, is_right
from grader.kinds.gradient.question import LONG, ProbeSizes
from reference.bptt import Parameters

SIZES = (
    ProbeSizes(n_seqs=3, n_steps=7, n_in=4, n_h=6, n_out=5),
    ProbeSizes(n_seqs=5, n_steps=11, n_in=3, n_h=4, n_out=7),
)


def params(*entries):
    return Parameters(*(np.atleast_1d(np.array(one, dtype=float)) for one in entries))


BASE = params([3.0, -4.0], [12.0], [1.0], [0.5], [-2.0])
FLAT = [3.0, -4.0, 12.0, 1.0, 0.5, -2.0]


def test_an_error_is_a_share_of_the_largest_entry_of_its_gradient():
    got = params([3.0, -3.0], [12.0], [np.nan], [0.0], [-2.0])
    right = params([3.0, -4.0], [12.0], [1.0], [0.0], [0.0])
    errors = block_errors(got, right)
    assert errors[:2] == (0.25, 0.0)
    assert math.isnan(errors[2])
    assert errors[3:] == (0.0, math.inf)
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
    assert clipping([Parameters(*map(change, BASE))], [BASE]) == words


def test_a_whole_and_each_gradient_that_is_scaled_down_is_told_with_its_length():
    length = math.sqrt(sum(one * one for one in FLAT))
    whole = Parameters(*(array * 5 / length for array in BASE))
    assert clipping([whole, params(1, 1, 1, 1, 1)], [BASE, params(1, 1, 1, 1, 1)]) == (
        "all gradients together are scaled down to a length of 5"
    )
    each = params([2.4, -3.2], [4.0], [1.0], [0.5], [-2.0])
    assert clipping([each], [BASE]) == "each gradient is scaled down to a length of 4"
    other = params([2.4, -3.2], [4.0], [1.0], [0.25], [-2.0])
    assert clipping([other], [BASE]) is None


def made(index, factor_of):
    """The right gradients on each probe, the one at `index` times a factor of the probe's sizes."""
    right = known_gradients(SIZES, 0)[0][1]
    return [
        one._replace(**{Parameters._fields[i]: one[i] * factor_of(sizes) for i in index})
        for one, sizes in zip(right, (*SIZES, LONG), strict=True)
    ]


@pytest.mark.parametrize(
    ("index", "factor_of", "words"),
    [
        ((1,), lambda s: s.n_steps, "not divided by the number of steps"),
        ((0,), lambda s: 1 / s.n_seqs, "divided by the number of sequences once more"),
        ((4,), lambda s: -1, "of the wrong sign"),
        ((2, 3), lambda s: 2, "twice as large as asked"),
        ((2,), lambda s: s.n_out, "multiplied by the number of outputs"),
        ((2,), lambda s: 1.7, "1.7 times as large as asked"),
    ],
)
def test_a_gradient_with_a_factor_of_its_own_is_named_with_what_it_means(index, factor_of, words):
    found = scaled_gradients(made(index, factor_of), SIZES, 0)
    assert list(found) == [(Parameters._fields[i], words) for i in index]


def test_without_one_factor_for_all_probes_nothing_is_named():
    assert scaled_gradients(made((), lambda s: 1), SIZES, 0) == ()
    assert scaled_gradients(made((1,), lambda s: 1.0 + s.n_in), SIZES, 0) == ()
    assert scaled_gradients(made((1,), lambda s: 0.0), SIZES, 0) == ()
    noise = [one._replace(W=one.W + 1) for one in made((), lambda s: 1)]
    assert scaled_gradients(noise, SIZES, 0) == ()
    assert explain(noise, SIZES, 0) == ()


@pytest.mark.parametrize(
    ("factor_of", "words"),
    [
        (lambda s: 1, ""),
        (lambda s: 0.5, "the 2 of the squared error's derivative is missing"),
        (lambda s: s.n_seqs * s.n_steps, "summed over sequences and steps where the mean is meant"),
        (
            lambda s: -s.n_seqs / 2,
            "the 2 of the squared error's derivative is missing, and summed over "
            "sequences where the mean is meant, and the sign is turned round",
        ),
        (lambda s: 3.3, "they are 3.3 times as large as asked"),
        (lambda s: s.n_in, None),
        (lambda s: 0.0, None),
    ],
)
def test_one_factor_of_all_gradients_is_named_with_what_it_means(factor_of, words):
    found = explain(made(range(5), factor_of), SIZES, 0)
    assert [(one.mistake, one.meaning) for one in found] == ([] if words is None else [(None, words)])
