"""A gradient function, tried with each size at 1, with general sizes, long sequences and large errors.

Sizes are called general where all five differ: on these, mistakes are told apart. The other calls find
functions that are right on general sizes only: those that lose an axis of size 1, go back some steps and
stop, or clip large gradients.
"""

from __future__ import annotations

import functools
import itertools
from typing import NamedTuple

import msgspec
import numpy as np

from grader.answers.arrays import from_numpy
from grader.model.kind import Params
from grader.model.run import Call
from grader.training.backprop import FACTORS, scale_meanings
from grader.training.calls import CalledFunction, call
from grader.training.task import FloatArray, one_digit
from reference.bptt import Parameters, bptt

LARGEST_WEIGHT = 0.7
# Honest functions, float32 and finite differences among them, stay below 3e-4; mistakes are 0.1 off.
TOLERANCE = 1e-3
# For sixty steps: forward differences of 1e-4 are off by 2e-3, errors that go back fifty steps only by 0.08.
LONG_TOLERANCE = 1e-2


class ProbeSizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes of one probe, all different: a transposed matrix or a mean over the wrong axis must show."""

    n_seqs: int
    n_steps: int
    n_in: int
    n_h: int
    n_out: int

    def __post_init__(self) -> None:
        sizes = self.in_order()
        if len(set(sizes)) < len(sizes) or not all(2 <= size <= 64 for size in sizes):
            raise ValueError(f"sizes are {sizes}; wanted five different numbers from 2 to 64")
        factors = sorted({abs(value) for value, _ in scale_meanings(self.n_seqs, self.n_steps, self.n_out)})
        if len(factors) < FACTORS or any(b / a < 1.01 for a, b in itertools.pairwise(factors)):
            raise ValueError(
                f"sizes are {sizes}: two slips in the cost would give the same factor; with n_seqs = 3, "
                "n_steps = 7 and n_out = 5 all differ"
            )

    def in_order(self) -> tuple[int, ...]:
        """Sequences, steps, inputs, hidden neurons, outputs."""
        return msgspec.structs.astuple(self)


class GradientParams(CalledFunction, Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `gradient`.

    Args:
        function: Its name; called as function(x, y, U, W, V, b, c), returns the five gradients of the cost:
            the squared error summed over outputs, mean over sequences and steps, of an Elman network with
            tanh and a linear output.
        sizes: Of the probes.
        seed: Of the probes.
    """

    kind = "gradient"
    arguments = "x, y, U, W, V, b, c"
    function: str = "bptt"
    sizes: tuple[ProbeSizes, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        self.require_name()
        if not self.sizes:
            raise ValueError("sizes is empty; wanted at least one probe")


def probes(params: GradientParams) -> tuple[Call, ...]:
    """Two calls on each trial; the second shows kept state."""
    return tuple(
        call(*map(from_numpy, (trial.probe.x, trial.probe.wanted, *trial.probe.params)), times=2)
        for trial in trials(params.sizes, params.instance_seed)
    )


class Probe(NamedTuple):
    """What a gradient function is called with: inputs, targets and the network."""

    x: FloatArray
    wanted: FloatArray
    params: Parameters


def _draw_probe(sizes: ProbeSizes, rng: np.random.Generator) -> Probe:
    """Weights that are neither small nor saturating: every path must show in the gradients."""
    n_in, n_h, n_out = sizes.n_in, sizes.n_h, sizes.n_out
    shapes = ((n_in, n_h), (n_h, n_h), (n_h, n_out), (n_h,), (n_out,))
    params = Parameters(*(rng.uniform(-LARGEST_WEIGHT, LARGEST_WEIGHT, shape) for shape in shapes))
    x = rng.uniform(-1, 1, (sizes.n_seqs, sizes.n_steps, n_in))
    return Probe(x, rng.uniform(-1, 1, (*x.shape[:2], n_out)), params)


SMALL_SIZES = (
    (1, 1, 1, 1, 1),
    (1, 2, 1, 1, 1),
    (1, 3, 4, 2, 5),
    (3, 1, 4, 2, 5),
    (3, 4, 1, 2, 5),
    (3, 4, 2, 1, 5),
    (3, 4, 5, 2, 1),
)
"""Sequences, steps, inputs, hidden neurons, outputs."""
LONG = ProbeSizes(n_seqs=3, n_steps=60, n_in=2, n_h=4, n_out=7)
"""Longer than any number of steps after which people stop on the way back."""
# Hidden values stay so small that tanh hardly loses anything on the way back through all steps.
LONG_INPUTS, LONG_BIASES = 0.05, 0.01
LONG_ANGLES = (0.5, 2.6)
LARGE_SIZES = (2, 3, 4, 5, 6)
# They make gradients of 1e3: people clip at 1, 5, 10 or 100. Finite differences of larger ones lose digits.
LARGE_TARGETS = 3e3
# A gradient's largest entry is at least this share of the largest of all: finite differences lose too many
# digits in a smaller one.
LEAST = 0.1
DRAWS = 100


class GradientTrial(NamedTuple):
    """What the student's function is called with (twice), and what it should return.

    Args:
        probe: The arguments.
        right: The right gradients.
        is_general: Whether known mistakes are looked for here: all sizes differ.
        is_large: Whether gradients are of the size of 1e3.
        tolerance: Largest error of a gradient over its largest entry.
    """

    probe: Probe
    right: Parameters
    is_general: bool = False
    is_large: bool = False
    tolerance: float = TOLERANCE

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes by name."""
        (n_seqs, n_steps, n_in), (n_h, n_out) = self.probe.x.shape, self.probe.params.V.shape
        return {"n_seqs": n_seqs, "n_steps": n_steps, "n_in": n_in, "n_h": n_h, "n_out": n_out}

    @property
    def title(self) -> str:
        """The sizes, for people."""
        text = ", ".join(f"{name} = {size}" for name, size in self.sizes.items())
        return f"{text} and targets of about {LARGE_TARGETS:g}" if self.is_large else text


@functools.lru_cache(maxsize=16)
def trials(sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[GradientTrial, ...]:
    """All calls, the smallest first.

    Args:
        sizes: Of the exercise's own probes.
        seed: Of everything that is drawn.
    """
    rng = np.random.default_rng([seed, 1])
    small = [_drawn(one, rng) for one in SMALL_SIZES]
    large = _drawn(LARGE_SIZES, rng)
    general = general_probes(sizes, seed)
    large = large._replace(wanted=LARGE_TARGETS + np.abs(100 * large.wanted))
    return (
        *(GradientTrial(probe, bptt(*probe)) for probe in small),
        GradientTrial(large, bptt(*large), is_large=True),
        *(GradientTrial(probe, bptt(*probe), is_general=True) for probe in general[:-1]),
        GradientTrial(general[-1], bptt(*general[-1]), is_general=True, tolerance=LONG_TOLERANCE),
    )


@functools.lru_cache(maxsize=16)
def general_probes(sizes: tuple[ProbeSizes, ...], seed: int) -> tuple[Probe, ...]:
    """The exercise's own probes and the long one: those on which mistakes are told apart."""
    rng = np.random.default_rng(seed)
    return (*(_draw_probe(one, rng) for one in sizes), _long(np.random.default_rng([seed, 2])))


def _drawn(sizes: tuple[int, ...], rng: np.random.Generator) -> Probe:
    """A random probe on which each gradient is zero or not small beside the others."""
    for _ in range(DRAWS - 1):
        probe = _tenths(sizes, rng)
        largest = [float(np.abs(array).max()) for array in bptt(*probe)]
        if all(one == 0 or one >= LEAST * max(largest) for one in largest):
            return probe
    return _tenths(sizes, rng)


def _tenths(sizes: tuple[int, ...], rng: np.random.Generator) -> Probe:
    """Sizes and numbers of one digit, none of them zero."""
    n_seqs, n_steps, n_in, n_h, n_out = sizes

    draw = functools.partial(one_digit, rng)
    params = Parameters(draw(n_in, n_h), draw(n_h, n_h), draw(n_h, n_out), draw(n_h), draw(n_out))
    # Targets are far from the outputs: the cost is steep, which makes finite differences exact enough.
    return Probe(draw(n_seqs, n_steps, n_in), 10 * draw(n_seqs, n_steps, n_out), params)


def _long(rng: np.random.Generator) -> Probe:
    """A probe of many steps with an orthogonal W: gradients neither vanish, explode nor add up on the way."""
    n_seqs, n_steps, n_in, n_h, n_out = LONG.in_order()
    turn = np.zeros((n_h, n_h))
    for i in range(0, n_h, 2):
        angle = rng.uniform(*LONG_ANGLES)
        turn[i : i + 2, i : i + 2] = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    Q = np.linalg.qr(rng.standard_normal((n_h, n_h)))[0]
    W = Q @ turn @ Q.T
    U, V = rng.uniform(-1, 1, (n_in, n_h)), rng.uniform(-1, 1, (n_h, n_out))
    b, c = rng.uniform(-LONG_BIASES, LONG_BIASES, n_h), rng.uniform(-1, 1, n_out)
    x = rng.uniform(-LONG_INPUTS, LONG_INPUTS, (n_seqs, n_steps, n_in))
    return Probe(x, rng.uniform(-30, 30, (n_seqs, n_steps, n_out)), Parameters(U, W, V, b, c))
