"""Where a fitted formula begins to count: at 6 standard errors, and at a slope of 1 known to a twentieth.

What is left beside a formula is made orthogonal to all that is fitted, so that coefficients and their errors
are known exactly.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from grader.training.fitted_formula import fit_formula, other_formula

RNG = np.random.default_rng(11)
N, T = 30, 40
X = RNG.uniform(size=(N, T, 2))
# Of each step the inputs from five steps before to one step after.
JUDGED = slice(5, T - 1)


def lagged(i, lag):
    return np.roll(X[:, :, i], lag, axis=1)


def regressors():
    columns = [lagged(i, lag)[:, JUDGED].ravel() for i, lag in itertools.product((0, 1), range(-1, 6))]
    return np.column_stack([np.ones(len(columns[0])), *columns])


def orthogonal(noise, columns):
    """The noise without what a regression on the columns would explain."""
    return noise - columns @ np.linalg.lstsq(columns, noise, rcond=None)[0]


@pytest.mark.parametrize(("errors", "is_kept"), [(5.9, False), (6.1, True), (-5.9, False), (-6.1, True)])
def test_a_coefficient_counts_from_six_of_its_standard_errors_on(errors, is_kept):
    A = regressors()
    rest = orthogonal(RNG.normal(size=len(A)), A)
    # Var(k) = s^2 (A^T A)^-1; the column of x1(t-2) is the fifth.
    own = 1 + 3
    error = rest.std() * np.sqrt(np.linalg.inv(A.T @ A)[own, own])
    y = np.zeros((N, T))
    y[:, JUDGED] = rest.reshape(N, -1) + errors * error * lagged(0, 2)[:, JUDGED]
    assert abs(errors * error) > 0.02
    found = fit_formula(X, y)
    assert [(term.factors, round(term.coefficient / error, 6)) for term in found.terms] == (
        [(((0, 2),), errors)] if is_kept else []
    )


@pytest.mark.parametrize(("errors", "is_kept"), [(5.9, False), (6.1, True), (-5.9, False), (-6.1, True)])
def test_a_product_counts_from_six_of_its_standard_errors_on(errors, is_kept):
    """Of one variable and a constant the error is s / (sqrt(n) sd of the product)."""
    A = regressors()[:, 1:]
    pairs = itertools.combinations_with_replacement(range(A.shape[1]), 2)
    columns = np.column_stack([np.ones(len(A)), A, *(A[:, i] * A[:, j] for i, j in pairs)])
    rest = orthogonal(RNG.normal(size=len(A)), columns)
    product = (lagged(0, 2) * lagged(1, 3))[:, JUDGED]
    error = rest.std() / np.sqrt(len(rest)) / product.std()
    y = np.zeros((N, T))
    y[:, JUDGED] = rest.reshape(N, -1) + errors * error * product
    assert abs(errors * error) > 0.02
    found = fit_formula(X, y)
    assert [(term.factors, round(term.coefficient / error, 6)) for term in found.terms] == (
        [(((0, 2), (1, 3)), errors)] if is_kept else []
    )


@pytest.mark.parametrize("shift", [0.0, 2.0])
@pytest.mark.parametrize(
    ("slope", "error", "lies_behind"),
    [
        (1.0, 0.02, True),
        (1.09, 0.02, True),
        (0.91, 0.02, True),
        (1.11, 0.02, False),
        (0.89, 0.02, False),
        (1.0, 0.049, True),
        (1.0, 0.051, False),
    ],
)
def test_the_asked_formula_lies_behind_noise_where_the_slope_on_it_is_one(slope, error, lies_behind, shift):
    """The slope's error is that of a regression on one variable: s / sqrt(sum (c - mean)^2)."""
    start = 5
    clean = lagged(0, 1) * 3
    c = clean[:, start:].ravel()
    rest = orthogonal(RNG.normal(size=len(c)), np.column_stack([np.ones(len(c)), c]))
    size = error * np.sqrt(((c - c.mean()) ** 2).sum())
    y = np.zeros((N, T))
    y[:, start:] = slope * clean[:, start:] + (rest / rest.std() * size).reshape(N, -1) + shift
    assert (other_formula(X, y, clean, start) is None) is lies_behind
