"""What is said of the noise of generated data: from where on each fault is one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from grader.kinds.generator.bounds import BoundTest
from grader.kinds.generator.examination import (
    _broken_at,
    by_output,
    fitted_noise_faults,
    noise_faults,
)
from grader.training.fitted_formula import FittedFormula, FittedTerm

FORMULA = FittedFormula((FittedTerm(2.0, ((0, 0),)),), np.zeros((2, 2)), 0.9)
BEHIND = FORMULA._replace(explained=0.5)
SIGNS = np.where(np.add.outer(np.arange(4), np.arange(25)) % 2 == 0, 1.0, -1.0)
"""As many of either sign in each row and column as there can be, and no two neighbours alike."""
N, L = SIGNS.size, math.log(2e8)


def noise(r, *names):
    """What is said of noise of which these tests fail."""
    return noise_faults(r, [BoundTest(name, 1, 2.0 if name in names else 0.5) for name in ("other", *names)])


@pytest.mark.parametrize(
    ("size", "mean", "told"),
    [
        (0.0009, 0.0, "there is no noise"),
        (0.0009, 0.0009, "there is no noise"),
        (0.0009, -0.0011, "all steps and sequences have the same noise"),
        (0.0011, 0.0, "its standard deviation is 0.0011 times what is asked"),
    ],
)
def test_noise_of_less_than_a_thousandth_is_none(size, mean, told):
    assert noise(size * SIGNS + mean, "variance") == [told]


@pytest.mark.parametrize(("left", "is_steady"), [(0.0499, True), (0.0502, False)])
def test_noise_is_steady_where_a_twentieth_of_its_spread_is_left(left, is_steady):
    rows = np.array([1.0, -1, 1, -1])[:, None] + left * SIGNS[:, :24]
    columns = np.where(np.arange(24) % 2 == 0, 1.0, -1.0) + left * SIGNS[:, :24]
    by_row, by_column = "all steps of a sequence have the same noise", "all sequences have the same noise"
    assert (noise(rows, "other") == [by_row]) is is_steady
    assert (noise(columns, "noise-sequences") == [by_column]) is is_steady
    assert noise(columns, "other") == ["its values depend on one another"]


UNIFORM = np.random.default_rng(2).permutation(np.linspace(0, 1, 100)).reshape(4, 25)
"""Its range is 1, and its spread times the root of 12 is 1.0099."""


@pytest.mark.parametrize(
    ("low", "high", "words"), [(0, 1, "uniform between 0 and 1"), (-1, 1, "uniform between -1 and 1")]
)
@pytest.mark.parametrize(
    ("scale", "shift", "is_told"),
    [
        (1.0, 0.0, True),
        (1.019, 0.0, True),
        (1.021, 0.0, False),
        (0.971, 0.0, True),
        (0.969, 0.0, False),
        (1.0, 0.029, True),
        (1.0, -0.029, True),
        (1.0, 0.031, False),
        (1.0, -0.031, False),
    ],
)
def test_uniform_noise_is_told_up_to_three_in_a_hundred(low, high, words, scale, shift, is_told):
    width = high - low
    r = low + width * ((UNIFORM - 0.5) * scale + 0.5 + shift)
    assert any(words in one for one in noise(r, "normal")) is is_told
    assert not any("uniform" in one for one in noise(r, "normal") if words not in one)
    residual = FORMULA._replace(residual=0.1 * (r - r.mean()))
    # The mean of what a regression leaves over is nought whatever it was.
    assert any(words in one for one in fitted_noise_faults(residual, 0.1)) is (is_told or shift != 0)


MEAN = math.sqrt(2 * L / N)
OVER, UNDER = 1 + (2 * math.sqrt(N * L) + 2 * L) / N, 1 - 2 * math.sqrt(N * L) / N


@pytest.mark.parametrize("size", [1.0, 1.4])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_mean_is_told_from_its_bound_on_in_spreads(size, sign):
    for factor, is_told in ((0.99, False), (1.01, True)):
        found = noise(size * (SIGNS + sign * factor * MEAN), "mean")
        wanted = f"its mean is {sign * size * factor * MEAN:.2g} standard deviations from zero"
        assert found == ([wanted] if is_told else ["its values depend on one another"])


@pytest.mark.parametrize("mean", [0.0, 0.5])
@pytest.mark.parametrize(
    ("square", "is_told"),
    [(OVER * 1.01, True), (OVER * 0.99, False), (UNDER * 0.99, True), (UNDER * 1.01, False)],
)
def test_a_size_is_told_from_its_bound_on_whatever_the_mean(square, is_told, mean):
    size = math.sqrt(square)
    found = noise(size * (SIGNS + mean), "variance", "normal")
    other = "its values are not normally distributed"
    assert found == [f"its standard deviation is {size:.2g} times what is asked" if is_told else other]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (math.sqrt(10), "its variance is what its standard deviation should be"),
        (10.0, "its factor is missing"),
        (0.1, "its factor is applied twice"),
    ],
)
def test_known_sizes_are_named_up_to_three_in_a_hundred(size, words):
    for factor, is_told in ((1.0, True), (1.029, True), (1.031, False), (0.971, True), (0.969, False)):
        r = factor * size * SIGNS
        assert (noise(r, "variance") == [words]) is is_told
        assert fitted_noise_faults(FORMULA._replace(residual=0.2 * r), 0.2) == [words] * is_told


def test_of_an_output_behind_its_noise_only_that_there_is_none_is_told():
    for size, told in ((0.0009, ["there is no noise"]), (10.0, [])):
        assert fitted_noise_faults(BEHIND._replace(residual=0.1 * size * SIGNS), 0.1) == told
    assert fitted_noise_faults(FORMULA._replace(residual=0.1 * SIGNS), 0.1) == []


def test_what_is_left_over_is_called_by_its_shape_or_by_what_it_depends_on():
    assert noise(SIGNS) == []
    for name in ("normal", "largest"):
        assert noise(SIGNS, name) == ["its values are not normally distributed"]
    for name in ("noise-lag", "noise-sequences", "mean", "variance"):
        assert noise(SIGNS, name) == ["its values depend on one another"]
    shifted = noise(SIGNS + 2 * MEAN, "mean", "normal")
    assert len(shifted) == 1
    assert shifted[0].startswith("its mean")


@pytest.mark.parametrize(
    ("loud", "size", "others", "is_told"),
    [
        ([3], 5.01, 1.0, True),
        ([3], 5.0, 1.0, False),
        ([0, 9], 5.01, 1.0, True),
        ([1, 2, 3, 4], 5.01, 1.0, True),
        ([1, 2, 3, 4, 5], 5.01, 1.0, False),
        ([], 1.0, 1.0, False),
        ([3], 5.01, 2.5, False),
    ],
)
def test_steps_break_a_formula_where_they_are_loud_few_and_alone(loud, size, others, is_told):
    r = others * SIGNS[:, :10]
    r[:, loud] *= size / others
    assert _broken_at(r) == (loud if is_told else [])


def test_noise_that_all_outputs_have_names_none_of_them():
    assert by_output([["a", "b"], ["b", "c"]]) == ("the noise of y1: a", "the noise: b", "the noise of y2: c")
    assert by_output([["a"], []]) == ("the noise of y1: a",)
    assert by_output([["a"]]) == ("the noise: a",)
