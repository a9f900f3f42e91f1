"""The formula that a student's outputs follow, found by regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.training.task import FloatArray

LAGS = range(-1, 6)
# Coefficients of smaller size are left out.
SMALLEST = 0.02
# Share of the variance that a formula explains which is worth telling.
SEEN = 0.5
# In standard errors; the lags that students confuse lie more than 15 apart.
CLEAR = 6.0
# Rounding to one place moves a coefficient by less.
SAME = 0.01
# Of y on the asked formula; the best linear outputs in place of a product have 0.86, other lags less.
SLOPE = 0.1
MOST_STEPS = 4
"""Steps that are listed; of more, only the first."""


class FittedTerm(NamedTuple):
    """A coefficient times inputs x_i(t - lag), each given as (i from 0, lag); no inputs for the constant."""

    coefficient: float
    factors: tuple[tuple[int, int], ...]


class FittedFormula(NamedTuple):
    """A fitted formula.

    Args:
        terms: The largest first.
        residual: (n_seqs, steps) output less formula, for the steps at which all lags lie in the sequence.
        explained: Share of the output's variance that the formula explains.
    """

    terms: tuple[FittedTerm, ...]
    residual: FloatArray
    explained: float

    @property
    def is_seen(self) -> bool:
        """Whether it explains so much that the output follows it, and not only noise."""
        return self.explained > SEEN

    def text(self, output: int) -> str:
        """The formula as people write it: "y2 = 25 x2(t-1) x3(t-3)"."""
        return f"y{output} = {' '.join(_signed(term, i == 0) for i, term in enumerate(self.terms)) or '0'}"


def same_formula(a: FittedFormula, b: FittedFormula) -> bool:
    """Whether both have the same terms, with coefficients that differ by no more than rounding."""
    terms, others = ({term.factors: term.coefficient for term in one.terms} for one in (a, b))
    return terms.keys() == others.keys() and all(abs(terms[key] - others[key]) < SAME for key in terms)


def except_text(output: int, steps: Sequence[int]) -> str:
    """A sentence for an output that is wrong at some steps only.

    Args:
        output: Its number, from 1.
        steps: Which, from 1; at least one.
    """
    first, *more = map(str, steps)
    if len(steps) > MOST_STEPS:
        return f"y{output} follows its formula except at {len(steps)} steps, the first of them step {first}."
    listed = f"steps {', '.join([first, *more[:-1]])} and {more[-1]}" if more else f"step {first}"
    return f"y{output} follows its formula except at {listed}."


def other_formula(x: FloatArray, y: FloatArray, clean: FloatArray, start: int) -> FittedFormula | None:
    """The formula that an output follows instead of the asked one; None where it follows that, with noise.

    Args:
        x: (n_seqs, T, n_in).
        y: (n_seqs, T) one output.
        clean: (n_seqs, T) what the asked formula gives.
        start: The first step that is judged, from 0.
    """
    found = fit_formula(x, y)
    # Regression removes a little of any noise; a wrong formula leaves much more. A constant shift is a fault
    # of the noise. Written as "not >=": what overflows follows no formula.
    fits_better = not float(found.residual.var()) >= 0.9 * float((y - clean)[:, start:].var())
    return found if fits_better or not _lies_behind(clean[:, start:], y[:, start:]) else None


def _lies_behind(clean: FloatArray, y: FloatArray) -> bool:
    """Whether y is the asked formula plus noise: its slope on the formula is 1, and known well enough.

    The second condition is needed: if y is noise alone, any slope, 1 too, is within the error.
    """
    c, rest = clean - clean.mean(), y - y.mean()
    slope = float((c * rest).sum() / (c**2).sum())
    error = float(np.sqrt(((rest - slope * c) ** 2).mean() / (c**2).sum()))
    return abs(slope - 1) <= SLOPE and error <= SLOPE / 2


def fit_formula(x: FloatArray, y: FloatArray) -> FittedFormula:
    """The better fit of two: a linear formula, or one product of two inputs.

    Args:
        x: (n_seqs, T, n_in).
        y: (n_seqs, T) one output.
    """
    lagged, wanted = _lagged(x), y[:, max(LAGS) : y.shape[1] + min(LAGS)]
    linear, product = _linear(lagged, wanted), _product(lagged, wanted)
    return linear if linear.residual.var() <= product.residual.var() else product


def _lagged(x: FloatArray) -> dict[tuple[int, int], FloatArray]:
    T = x.shape[1]
    first, last = max(LAGS), T + min(LAGS)
    return {(i, lag): x[:, first - lag : last - lag, i] for i in range(x.shape[2]) for lag in LAGS}


def _linear(lagged: dict[tuple[int, int], FloatArray], y: FloatArray) -> FittedFormula:
    """The least-squares fit of all inputs at all lags and a constant; only clear coefficients are kept."""
    keys = list(lagged)
    A = np.column_stack([np.ones(y.size), *(lagged[key].ravel() for key in keys)])
    names: list[tuple[tuple[int, int], ...]] = [(), *((key,) for key in keys)]
    inverse = np.linalg.pinv(A.T @ A)
    coefficients = inverse @ (A.T @ y.ravel())
    residual = y.ravel() - A @ coefficients
    errors = np.sqrt(residual.var() * np.diag(inverse))
    terms = [
        FittedTerm(float(k), name)
        for k, name, error in zip(coefficients, names, errors, strict=True)
        if abs(k) > max(SMALLEST, CLEAR * error)
    ]
    return _formula(terms, residual.reshape(y.shape), y)


def _product(lagged: dict[tuple[int, int], FloatArray], y: FloatArray) -> FittedFormula:
    """The least-squares fit of one product of two inputs and a constant: the pair that y varies with most."""
    keys = list(lagged)
    centred = np.array([lagged[key].ravel() - lagged[key].mean() for key in keys])
    rest = y.ravel() - y.mean()
    # Of centred inputs, the product in y shows in one entry of this matrix.
    strength = np.abs(np.triu(centred * rest @ centred.T))
    first, second = np.unravel_index(int(strength.argmax()), strength.shape)
    pair = (keys[first], keys[second])
    A = np.column_stack([np.ones(y.size), (lagged[pair[0]] * lagged[pair[1]]).ravel()])
    constant, factor = np.linalg.lstsq(A, y.ravel(), rcond=None)[0]
    residual = y.ravel() - A @ np.array([constant, factor])
    spread = float(A[:, 1].std())
    # Inputs that never change leave nothing to fit a factor to.
    error = CLEAR * float(residual.std()) / np.sqrt(y.size) / spread if spread else np.inf
    terms = [
        FittedTerm(float(k), name)
        for k, name in ((factor, pair), (constant, ()))
        if abs(k) > max(SMALLEST, error)
    ]
    return _formula(terms, residual.reshape(y.shape), y)


def _formula(terms: list[FittedTerm], residual: FloatArray, y: FloatArray) -> FittedFormula:
    ordered = sorted(terms, key=lambda term: -abs(term.coefficient))
    spread = float(y.var())
    explained = 1 - float(residual.var()) / spread if spread > 0 else 1.0
    return FittedFormula(tuple(ordered), residual, explained)


def _signed(term: FittedTerm, is_first: bool) -> str:
    size = f"{abs(term.coefficient):.3g}"
    sign = "-" if term.coefficient < 0 else "" if is_first else "+"
    factors = " ".join(f"x{i + 1}({_time(lag)})" for i, lag in sorted(term.factors))
    body = " ".join(part for part in ("" if size == "1" and factors else size, factors) if part)
    return f"{sign}{body}" if is_first else f"{sign} {body}"


def _time(lag: int) -> str:
    return "t" if lag == 0 else f"t{-lag:+d}"
