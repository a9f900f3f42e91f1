"""Bounds that honest random data keep, for any number of values: no asymptotic test, no p-value.

Each bound fails for honest data with a chance of at most ALPHA; three inputs and two outputs have 22 of them,
so an honest data set fails somewhere with a chance below 3e-7.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from grader.training.task import FloatArray

ALPHA = 1e-8
# ln(2 / ALPHA): both sides of every bound.
L = math.log(2 / ALPHA)
# Correlation of one noise for both outputs, with room; a thousand independent values reach 0.2 at most.
SHARED = 0.5
# Rounded to float32, 19200 uniform numbers hold about 11 repeats.
FEWEST_DISTINCT = 0.98

_ERF = np.vectorize(math.erf, otypes=[np.float64])


class BoundTest(NamedTuple):
    """One bound.

    Args:
        name: What it looks at.
        about: Number of the element of x or of the output, from 1; 0 for all.
        excess: The statistic over its bound: above 1 cannot be chance.
    """

    name: str
    about: int
    excess: float


def input_tests(x: FloatArray) -> list[BoundTest]:
    """Whether x can be independent and uniform in [0, 1].

    Args:
        x: (n_seqs, T, n_in), finite.
    """
    n_seqs, T, n_in = x.shape
    if x.min() < 0 or x.max() > 1:
        return [BoundTest("range", 0, math.inf)]
    found = [BoundTest("repeats", 0, FEWEST_DISTINCT * x.size / len(np.unique(x)))]
    centred = x - 0.5
    for i in range(n_in):
        values = x[:, :, i].ravel()
        found.append(BoundTest("uniform", i + 1, _ks(np.sort(values)) / _dkw(values.size)))
        pairs = centred[:, : T - T % 2, i].reshape(n_seqs, -1, 2)
        found.append(BoundTest("lag", i + 1, _bernstein(pairs[..., 0] * pairs[..., 1])))
    for i, j in itertools.combinations(range(n_in), 2):
        found.append(BoundTest("elements", i + 1, _bernstein(centred[:, :, i] * centred[:, :, j])))
    even = n_seqs - n_seqs % 2
    if even:
        products = centred[0:even:2] * centred[1:even:2]
        found.append(BoundTest("sequences", 0, _bernstein(products)))
    return found


def noise_tests(r: FloatArray, output: int) -> list[BoundTest]:
    """Whether r can be independent standard normal numbers.

    Args:
        r: (n_seqs, T) residuals over the noise's standard deviation, finite.
        output: Its number, from 1.
    """
    n = r.size
    return [
        BoundTest("variance", output, variance_excess(r)),
        BoundTest("mean", output, mean_excess(r)),
        BoundTest("largest", output, float(np.abs(r).max()) / math.sqrt(2 * math.log(n / ALPHA))),
        BoundTest("normal", output, _ks(_normal_cdf(np.sort(r.ravel()))) / _dkw(n)),
        BoundTest("noise-lag", output, _products(_halves(r, axis=1))),
        BoundTest("noise-sequences", output, _products(_halves(r, axis=0))),
    ]


def shares_noise(first: FloatArray, second: FloatArray) -> bool:
    """Whether two outputs' residuals move together; whatever their mean and size, independent ones do not."""
    a, b = first - first.mean(), second - second.mean()
    return bool(np.sum(a * b) > SHARED * math.sqrt(float(np.sum(a**2) * np.sum(b**2))))


def mean_excess(r: FloatArray) -> float:
    """Excess of the mean, on either side, of what should be standard normal."""
    return abs(float(r.mean())) / math.sqrt(2 * L / r.size)


def variance_excess(r: FloatArray) -> float:
    """Excess of the sum of squares, on either side.

    Laurent and Massart: a chi-square of n degrees lies between n - 2 sqrt(n L) and n + 2 sqrt(n L) + 2 L.
    """
    n, total = r.size, float(np.sum(r**2))
    over = (total - n) / (2 * math.sqrt(n * L) + 2 * L)
    under = (n - total) / (2 * math.sqrt(n * L))
    return max(over, under)


def _dkw(n: int) -> float:
    """Dvoretzky, Kiefer, Wolfowitz with Massart's constant."""
    return math.sqrt(L / (2 * n))


def _bernstein(products: FloatArray) -> float:
    """Excess of the mean of independent products of two centred uniform numbers.

    Bernstein: variance 1/144 and at most 1/4 in size give sqrt(2 L / (144 n)) + L / (12 n).
    """
    n = products.size
    return abs(float(products.mean())) / (math.sqrt(2 * L / (144 * n)) + L / (12 * n))


def _products(pair: tuple[FloatArray, FloatArray]) -> float:
    """Excess of the sum of products of independent normals: sub-gamma, sqrt(2 n L) + L."""
    first, second = pair
    if not first.size:
        return 0.0
    return abs(float(np.sum(first * second))) / (math.sqrt(2 * first.size * L) + L)


def _halves(r: FloatArray, axis: int) -> tuple[FloatArray, FloatArray]:
    """Neighbours along an axis, in disjoint pairs: their products are independent."""
    even = r.shape[axis] - r.shape[axis] % 2
    return r.take(range(0, even, 2), axis), r.take(range(1, even, 2), axis)


def _ks(ordered: FloatArray) -> float:
    """Largest gap between the empirical distribution of sorted values in [0, 1] and the uniform one."""
    n = ordered.size
    steps = np.arange(n + 1) / n
    return float(max((steps[1:] - ordered).max(), (ordered - steps[:-1]).max()))


def _normal_cdf(values: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + _ERF(values / math.sqrt(2))), dtype=np.float64)


def failed(tests: Iterable[BoundTest]) -> Iterator[BoundTest]:
    """The bounds that chance does not explain; NaN fails."""
    return (test for test in tests if not test.excess <= 1)
