"""Bounds of honest random data, each computed once more in plain loops from the theorem that it names."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from grader.kinds.generator import bounds
from grader.kinds.generator.bounds import (
    failed,
    input_tests,
    mean_excess,
    noise_tests,
    shares_noise,
    variance_excess,
)

L = math.log(2 / 1e-8)


def mean(values):
    return sum(values) / len(values)


def bernstein(products):
    n = len(products)
    return abs(mean(products)) / (math.sqrt(2 * L / 144 / n) + L / 12 / n)


def sub_gamma(products):
    n = len(products)
    return abs(sum(products)) / (math.sqrt(2 * n * L) + L) if n else 0.0


def kolmogorov(values, cdf):
    ordered, n = sorted(values), len(values)
    gaps = [max((k + 1) / n - cdf(v), cdf(v) - k / n) for k, v in enumerate(ordered)]
    return max(gaps) / math.sqrt(L / 2 / n)


def pairs_of(values):
    return [(values[k], values[k + 1]) for k in range(0, len(values) - 1, 2)]


@pytest.mark.parametrize("shape", [(5, 4, 2), (4, 5, 3), (2, 3, 1), (1, 4, 2)])
@pytest.mark.parametrize("low", [0.0, 0.4])
def test_bounds_of_inputs_are_those_of_the_theorems(shape, low):
    x = np.random.default_rng(3).uniform(low, 1, shape)
    n_seqs, _, n_in = shape
    wanted = {("repeats", 0): 0.98 * x.size / len({float(v) for v in x.ravel()})}
    for i in range(n_in):
        wanted["uniform", i + 1] = kolmogorov([float(v) for v in x[:, :, i].ravel()], lambda v: v)
        neighbours = [pair for row in x[:, :, i] for pair in pairs_of(list(row))]
        wanted["lag", i + 1] = bernstein([(a - 0.5) * (b - 0.5) for a, b in neighbours])
    if n_seqs > 1:
        both = [
            (a - 0.5) * (b - 0.5)
            for p, q in pairs_of(list(x))
            for a, b in zip(p.ravel(), q.ravel(), strict=True)
        ]
        wanted["sequences", 0] = bernstein(both)
    found = input_tests(x)
    elements = [test for test in found if test.name == "elements"]
    assert {(one.name, one.about): one.excess for one in found if one.name != "elements"} == pytest.approx(
        wanted
    )
    products = [
        [(a - 0.5) * (b - 0.5) for a, b in zip(x[:, :, i].ravel(), x[:, :, j].ravel(), strict=True)]
        for i, j in itertools.combinations(range(n_in), 2)
    ]
    assert [one.excess for one in elements] == pytest.approx([bernstein(one) for one in products])


@pytest.mark.parametrize(
    ("low", "high", "is_out"), [(0.0, 1.0, False), (-1e-9, 1.0, True), (0.0, 1 + 1e-9, True)]
)
def test_inputs_outside_of_0_to_1_are_no_chance(low, high, is_out):
    x = np.random.default_rng(3).uniform(0, 1, (4, 4, 1))
    x[0, 0, 0], x[1, 1, 0] = low, high
    tests = input_tests(x)
    assert (tests == [bounds.BoundTest("range", 0, math.inf)]) is is_out
    assert bool(list(failed(tests))) is is_out


@pytest.mark.parametrize("shape", [(5, 4), (4, 5), (1, 4), (4, 1)])
@pytest.mark.parametrize(("shift", "scale"), [(0.0, 1.0), (2.0, 1.0), (-2.0, 0.1), (0.0, 4.0)])
def test_bounds_of_noise_are_those_of_the_theorems(shape, shift, scale):
    r = np.random.default_rng(4).normal(shift, scale, shape)
    values = [float(v) for v in r.ravel()]
    n, squares = len(values), sum(v * v for v in values)
    too_large = (squares - n) / (2 * math.sqrt(n * L) + 2 * L)
    too_small = (n - squares) / (2 * math.sqrt(n * L))
    rows = [a * b for row in r for a, b in pairs_of(list(row))]
    columns = [a * b for p, q in pairs_of(list(r)) for a, b in zip(p, q, strict=True)]
    wanted = {
        "variance": max(too_large, too_small),
        "mean": abs(mean(values)) / math.sqrt(2 * L / n),
        "largest": max(map(abs, values)) / math.sqrt(2 * math.log(n / 1e-8)),
        "normal": kolmogorov(values, lambda v: (1 + math.erf(v / math.sqrt(2))) / 2),
        "noise-lag": sub_gamma(rows),
        "noise-sequences": sub_gamma(columns),
    }
    assert {one.name: one.excess for one in noise_tests(r, 2)} == pytest.approx(wanted)
    assert {one.about for one in noise_tests(r, 2)} == {2}
    assert (variance_excess(r), mean_excess(r)) == pytest.approx((wanted["variance"], wanted["mean"]))


@pytest.mark.parametrize(
    ("share", "is_shared"), [(0.49, False), (0.51, True), (-0.9, False), (1.0, True), (0.0, False)]
)
def test_noise_is_shared_from_a_correlation_of_one_half_on(share, is_shared):
    base = np.array([1.0, 1.0, -1.0, -1.0])
    other = np.array([1.0, -1.0, 1.0, -1.0])
    mixed = share * base + math.sqrt(1 - share**2) * other
    assert shares_noise(3 * base + 7, 0.1 * mixed - 2) is is_shared


def test_what_is_exactly_at_its_bound_can_be_chance_and_what_is_no_number_not():
    tests = [
        bounds.BoundTest("a", 0, 1.0),
        bounds.BoundTest("b", 0, 1.0000001),
        bounds.BoundTest("c", 0, math.nan),
        bounds.BoundTest("d", 0, 0.0),
    ]
    assert [one.name for one in failed(tests)] == ["b", "c"]
