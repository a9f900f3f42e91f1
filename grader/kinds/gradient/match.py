"""Which known mistake, and which factor, explains given gradients."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.trials import LONG, LONG_TOLERANCE, TOLERANCE, ProbeSizes, general_probes
from grader.training.cost_scales import one_scale_words, scale_words
from grader.training.gradient_bank import BANK, RIGHT, Slip, gradients
from grader.training.task import FloatArray
from reference.bptt import Parameters


@functools.lru_cache(maxsize=16)
def bank_gradients(
    sizes: tuple[ProbeSizes, ...], seed: int
) -> tuple[tuple[Slip, tuple[Parameters, ...]], ...]:
    """What no mistake and every known mistake gives on each general probe, the long one last."""
    probes = general_probes(sizes, seed)
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
    with np.errstate(all="ignore"):
        error = float(np.abs(got - right).max())
    if largest == 0:
        return 0.0 if error == 0 else float("inf")
    return error / largest


def is_right(errors: Sequence[float], tolerance: float = TOLERANCE) -> bool:
    """Whether all blocks are within the tolerance; NaN is not."""
    return all(error <= tolerance for error in errors)


def explain(got: Sequence[Parameters], sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[Explanation, ...]:
    """Every known mistake that gives these gradients on all general probes, up to one factor.

    Args:
        got: One result for each general probe, the long one last.
        sizes: Of the exercise's probes.
        seed: Of the probes.
    """
    found = []
    for slip, made in bank_gradients(sizes, seed):
        fits = [_fit(*one) for one in zip(got, made, _with_long(sizes), strict=True)]
        words = {None if one is None else one[1] for one in fits}
        if len(words) == 1 and fits[0] is not None:
            found.append(Explanation(slip, *fits[0]))
    return tuple(found)


class ScaledBlock(NamedTuple):
    """A gradient that is right but for a factor: its parameter, and what the factor means."""

    name: str
    words: str


def scaled_blocks(
    got: Sequence[Parameters], sizes: tuple[ProbeSizes, ...], seed: int
) -> tuple[ScaledBlock, ...]:
    """The gradients that have a factor of their own, where all others are right; else none.

    Args:
        got: One result for each general probe, the long one last.
        sizes: Of the exercise's probes.
        seed: Of the probes.
    """
    found = []
    for name, *blocks in zip(Parameters._fields, *got, strict=True):
        right = (getattr(one, name) for one in bank_gradients(sizes, seed)[0][1])
        words = {
            _block_words(block, other, one)
            for block, other, one in zip(blocks, right, _with_long(sizes), strict=True)
        }
        if len(words) != 1 or None in words:
            return ()
        found.append(ScaledBlock(name, words.pop() or ""))
    return tuple(one for one in found if one.words)


def _with_long(sizes: tuple[ProbeSizes, ...]) -> tuple[tuple[ProbeSizes, float], ...]:
    return (*((one, TOLERANCE) for one in sizes), (LONG, LONG_TOLERANCE))


def _fit(got: Parameters, made: Parameters, tried: tuple[ProbeSizes, float]) -> tuple[float, str] | None:
    """The k with got = k made in every block, and what it means; None if there is none."""
    sizes, tolerance = tried
    factor = _factor(flat(got), flat(made))
    if factor is None:
        return None
    scaled = Parameters(*(factor * array for array in made))
    if not is_right(block_errors(got, scaled), tolerance):
        return None
    known = scale_words(sizes.n_seqs, sizes.n_steps, sizes.n_out)
    words = _words(factor, known, tolerance)
    return factor, f"they are {factor:.2g} times as large as asked" if words is None else words


def _block_words(got: FloatArray, right: FloatArray, tried: tuple[ProbeSizes, float]) -> str | None:
    """What the factor of one gradient means; empty for 1, None without a factor."""
    sizes, tolerance = tried
    factor = _factor(got.ravel(), right.ravel())
    if factor is None or not _error(got, factor * right) <= tolerance:
        return None
    words = _words(factor, one_scale_words(sizes.n_seqs, sizes.n_steps, sizes.n_out), tolerance)
    return f"{factor:.2g} times as large as asked" if words is None else words


def _factor(got: FloatArray, made: FloatArray) -> float | None:
    with np.errstate(all="ignore"):
        factor = float(got @ made / (made @ made))
    return factor if np.isfinite(factor) and abs(factor) >= 1e-6 else None


def _words(factor: float, known: tuple[tuple[float, str], ...], tolerance: float) -> str | None:
    """What a known factor means; empty for 1, None for a factor that is not known."""
    return next((words for value, words in known if abs(factor / value - 1) <= tolerance), None)


def clipping(got: Sequence[Parameters], right: Sequence[Parameters]) -> str | None:
    """How the gradients were clipped, "every entry is cut off at 10"; None if they were not.

    Args:
        got: What a function returned, on any inputs.
        right: The gradients.
    """
    pairs = [(flat(one), flat(other)) for one, other in zip(got, right, strict=True)]
    if not all(np.isfinite(one).all() for one, _ in pairs):
        return None
    most = max(float(np.abs(one).max()) for one, _ in pairs)
    if all(_alike(one, np.clip(other, -most, most)) for one, other in pairs):
        return f"every entry is cut off at {most:.3g}"
    longest = max(float(np.linalg.norm(one)) for one, _ in pairs)
    if all(_alike(one, _shortened(other, longest)) for one, other in pairs):
        return f"all gradients together are scaled down to a length of {longest:.3g}"
    blocks = [pair for one, other in zip(got, right, strict=True) for pair in zip(one, other, strict=True)]
    longest = max(float(np.linalg.norm(one)) for one, _ in blocks)
    if all(_alike(one, _shortened(other, longest)) for one, other in blocks):
        return f"each gradient is scaled down to a length of {longest:.3g}"
    return None


def flat(params: Parameters) -> FloatArray:
    """All entries in a row."""
    return np.concatenate([array.ravel() for array in params])


def _shortened(array: FloatArray, longest: float) -> FloatArray:
    length = float(np.linalg.norm(array))
    return array if length <= longest else array * (longest / length)


def _alike(got: FloatArray, made: FloatArray) -> bool:
    return bool(np.abs(got - made).max() <= LONG_TOLERANCE * np.abs(made).max())
