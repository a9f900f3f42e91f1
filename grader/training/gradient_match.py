"""Which known mistake, and which factor, explains given gradients."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from grader.training.gradient_bank import BANK, RIGHT, Slip, gradients
from grader.training.task import FloatArray
from reference.bptt import Parameters

# Honest functions, float32 and finite differences among them, stay below 3e-4; mistakes are 0.2 off.
TOLERANCE = 1e-3


LARGEST_WEIGHT = 0.7
FACTORS = 16
"""Ways to get the cost's factor wrong, signs apart."""


class ProbeSizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes of one probe, all different: a transposed matrix or a mean over the wrong axis must show."""

    n_seqs: int
    n_steps: int
    n_in: int
    n_h: int
    n_out: int

    def __post_init__(self) -> None:
        sizes = msgspec.structs.astuple(self)
        if len(set(sizes)) < len(sizes) or not all(2 <= size <= 64 for size in sizes):
            raise ValueError(f"sizes are {sizes}; wanted five different numbers from 2 to 64")
        factors = sorted({abs(value) for value, _ in scale_words(self.n_seqs, self.n_steps, self.n_out)})
        if len(factors) < FACTORS or any(b / a < 1.01 for a, b in itertools.pairwise(factors)):
            raise ValueError(
                f"sizes are {sizes}: two slips in the cost would give the same factor; with n_seqs = 3, "
                "n_steps = 7 and n_out = 5 all differ"
            )


class Probe(NamedTuple):
    """What a gradient function is called with: inputs, targets and the network."""

    x: FloatArray
    wanted: FloatArray
    params: Parameters


@functools.lru_cache(maxsize=16)
def draw_probes(sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[Probe, ...]:
    """Probes with weights that are neither small nor saturating: every path must show in the gradients."""
    rng = np.random.default_rng(seed)
    return tuple(_draw_probe(one, rng) for one in sizes)


def _draw_probe(sizes: ProbeSizes, rng: np.random.Generator) -> Probe:
    n_in, n_h, n_out = sizes.n_in, sizes.n_h, sizes.n_out
    shapes = ((n_in, n_h), (n_h, n_h), (n_h, n_out), (n_h,), (n_out,))
    params = Parameters(*(rng.uniform(-LARGEST_WEIGHT, LARGEST_WEIGHT, shape) for shape in shapes))
    x = rng.uniform(-1, 1, (sizes.n_seqs, sizes.n_steps, n_in))
    return Probe(x, rng.uniform(-1, 1, (*x.shape[:2], n_out)), params)


@functools.lru_cache(maxsize=16)
def bank_gradients(
    sizes: tuple[ProbeSizes, ...], seed: int
) -> tuple[tuple[Slip, tuple[Parameters, ...]], ...]:
    """What no mistake and every known mistake gives on each probe."""
    probes = draw_probes(sizes, seed)
    return tuple((slip, tuple(gradients(slip, *probe) for probe in probes)) for slip in (RIGHT, *BANK))


class Explanation(NamedTuple):
    """A mistake, and the factor that is wrong besides.

    Args:
        slip: The mistake; `RIGHT` if the factor is all.
        factor: What the gradients are multiplied by.
        words: What the factor means; empty for 1.
    """

    slip: Slip
    factor: float
    words: str


def block_errors(got: Parameters, right: Parameters) -> tuple[float, ...]:
    """Largest error of each gradient over its own largest entry; NaN where something is not a number."""
    return tuple(_error(a, b) for a, b in zip(got, right, strict=True))


def _error(got: FloatArray, right: FloatArray) -> float:
    largest = float(np.abs(right).max())
    error = float(np.abs(got - right).max())
    if largest == 0:
        return 0.0 if error == 0 else float("inf")
    return error / largest


def is_right(errors: Sequence[float]) -> bool:
    """Whether all blocks are within the tolerance; NaN is not."""
    return all(error <= TOLERANCE for error in errors)


def explain(got: Sequence[Parameters], sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[Explanation, ...]:
    """Every known mistake that gives these gradients on all probes, up to one factor.

    Args:
        got: One result for each probe.
        sizes: Of the probes.
        seed: Of the probes.
    """
    found = []
    for slip, made in bank_gradients(sizes, seed):
        factors = [_factor(one, other) for one, other in zip(got, made, strict=True)]
        words = {_words(factor, one) for factor, one in zip(factors, sizes, strict=True)}
        if len(words) == 1 and None not in words:
            found.append(Explanation(slip, factors[0] or 0.0, words.pop() or ""))
    return tuple(found)


def _factor(got: Parameters, made: Parameters) -> float | None:
    """The k with got = k made in every block; None if there is none."""
    flat_got = np.concatenate([array.ravel() for array in got])
    flat_made = np.concatenate([array.ravel() for array in made])
    factor = float(flat_got @ flat_made / (flat_made @ flat_made))
    if not np.isfinite(factor) or abs(factor) < 1e-6:
        return None
    scaled = Parameters(*(factor * array for array in made))
    return factor if is_right(block_errors(got, scaled)) else None


def _words(factor: float | None, sizes: ProbeSizes) -> str | None:
    """What a factor means, in words; empty for 1, None without a factor."""
    if factor is None:
        return None
    for value, words in scale_words(sizes.n_seqs, sizes.n_steps, sizes.n_out):
        if abs(factor / value - 1) <= TOLERANCE:
            return words
    return f"they are {factor:.3g} times as large as they should be"


@functools.lru_cache(maxsize=16)
def scale_words(n_seqs: int, n_steps: int, n_out: int) -> tuple[tuple[float, str], ...]:
    """Factors that mistakes in the cost lead to, with words; the fewest mistakes first."""
    halves = ((1.0, ""), (0.5, "the 2 of the squared error's derivative is missing"))
    sums = (
        (1.0, ""),
        (float(n_seqs), "summed over sequences where the mean is meant"),
        (float(n_steps), "summed over time steps where the mean is meant"),
        (float(n_seqs * n_steps), "summed over sequences and steps where the mean is meant"),
    )
    outputs = ((1.0, ""), (1 / n_out, "averaged over outputs where the sum is meant"))
    signs = ((1.0, ""), (-1.0, "the sign is turned round"))
    found = []
    for parts in itertools.product(halves, sums, outputs, signs):
        words = [text for _, text in parts if text]
        found.append((float(np.prod([value for value, _ in parts])), ", and ".join(words)))
    return tuple(sorted(found, key=lambda pair: pair[1].count(", and ") + bool(pair[1])))
