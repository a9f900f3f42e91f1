"""A function that makes clean targets from inputs: called on three small inputs and on many steps."""

from __future__ import annotations

import functools

import numpy as np

from grader.answers.arrays import from_numpy
from grader.model.run import Call
from grader.training.calls import CalledFunction, call
from grader.training.task import FloatArray, TaskParams

SIZES = ((1, 4), (1, 6), (2, 5), (8, 100))
"""Sequences and steps: three small whole-number ones, and one to fit a formula on."""
# Whole numbers go to this: beyond 10, at which people clip.
LARGEST = 12
# Squares have one sign only.
MOST_DRAWS = 20


class TargetsParams(CalledFunction, TaskParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `targets`.

    Args:
        function: Its name; called as function(x) with x (n_seqs, T, inputs), returns y (n_seqs, T, outputs).
        atol: Largest absolute error; float32 makes 2e-6 of values to 25.
        seed: Of the inputs.
    """

    kind = "targets"
    arguments = "x"
    function: str = "make_targets"
    atol: float = 1e-4
    seed: int = 0

    def __post_init__(self) -> None:
        TaskParams.__post_init__(self)
        self.require_name()
        if not 0 < self.atol < 1:
            raise ValueError(f"atol is {self.atol}; wanted a number between 0 and 1")
        n_steps = SIZES[0][1]
        if max(self.starts) >= n_steps:
            raise ValueError(f"targets reach back further than the {n_steps} steps of the smallest inputs")


def inputs(params: TargetsParams) -> tuple[FloatArray, ...]:
    """What the function is called on, smallest first: whole numbers of either sign, then uniform ones."""
    return _inputs(params, params.instance_seed)


@functools.lru_cache(maxsize=16)
def _inputs(params: TargetsParams, seed: int) -> tuple[FloatArray, ...]:
    rng = np.random.default_rng(seed)
    first, *others = (_whole(rng, size, params.inputs) for size in SIZES[:-1])
    # What a network learns is between 0 and 1, but the formulas hold for all numbers.
    signed = [_signed(params, one, rng) for one in others]
    return (first, *signed, rng.random((*SIZES[-1], params.inputs)))


def _whole(rng: np.random.Generator, size: tuple[int, int], n_inputs: int) -> FloatArray:
    return np.asarray(rng.integers(1, LARGEST + 1, (*size, n_inputs)), dtype=np.float64)


def _signed(params: TargetsParams, x: FloatArray, rng: np.random.Generator) -> FloatArray:
    """The same with signs, such that each output has both: of products one draw in a hundred has not."""
    for _ in range(MOST_DRAWS):
        signed = np.asarray(x * rng.choice((-1.0, 1.0), x.shape), dtype=np.float64)
        y = params.clean(signed)
        judged = [y[:, start:, k] for k, start in enumerate(params.starts)]
        if all(one.min() < 0 < one.max() for one in judged):
            break
    return signed


def probes(params: TargetsParams) -> tuple[Call, ...]:
    """Two calls on each input; the second shows noise and kept state."""
    return tuple(call(from_numpy(x), times=2) for x in inputs(params))
