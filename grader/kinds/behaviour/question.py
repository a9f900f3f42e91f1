"""What a question about a network function is given and asks for, and what the function is tried on."""

from __future__ import annotations

import functools
from fractions import Fraction

import msgspec
import numpy as np

from grader.answers.arrays import from_numpy
from grader.answers.instance_seed import instance_seed
from grader.kinds.behaviour.trial import TriedInstance
from grader.model.kind import Asks, Params
from grader.model.run import Call
from grader.networks.forward import Matrix, Network, Vector
from reference.instances import Instance, Sizes, make_instance, probing, random_instance, smallest, unroll

MAX_SIZE = 50


class NetworkParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A network and its inputs: x (T, n_in), U (n_in, n_h), W, V (n_h, n_out), b (n_h,), c (n_out,)."""

    x: Matrix
    U: Matrix
    W: Matrix
    V: Matrix
    b: Vector
    c: Vector


class SizeParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Steps, inputs, hidden neurons and outputs of a random instance."""

    T: int
    n_in: int
    n_h: int
    n_out: int


class BehaviourParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `behaviour`.

    Args:
        function: Name of the function; it is called with x, U, W, V, b, c and returns y (T, n_out).
        reference: The network that it must be.
        instance: The sheet's own; its result is never shown.
        sizes: Of the random instances.
        atol: Largest absolute error; NaN is wrong. Outputs lie between 0 and 1.
        seed: Of the random instances.
        slip_credit: Share for a function that one known mistake explains; its square for two mistakes.
    """

    function: str
    reference: Network
    instance: NetworkParams
    sizes: tuple[SizeParams, ...]
    atol: float = 1e-6
    seed: int = 0
    slip_credit: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if not (0 < self.atol < 1):
            raise ValueError(f"atol is {self.atol}; wanted a number between 0 and 1")
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; wanted 0 or more")
        all_sizes = [_sizes(size) for size in self.sizes]
        for i, sizes in enumerate(all_sizes):
            for axis, size in sizes._asdict().items():
                if not 1 <= size <= MAX_SIZE:
                    raise ValueError(f"sizes[{i}].{axis} is {size}; wanted 1 to {MAX_SIZE}")
        if not any(len(set(sizes)) == len(sizes) for sizes in all_sizes):
            # With equal sizes a transposed or broadcast matrix can go unseen.
            raise ValueError("sizes: at least one needs T, n_in, n_h and n_out all different")
        if not any(sizes.T == 1 for sizes in all_sizes):
            raise ValueError("sizes: at least one needs T = 1")
        if not np.isfinite(unroll(self.reference, _instance(self)).y).all():
            raise ValueError("instance: a number that is not finite")


def asks(params: BehaviourParams) -> Asks:
    """The function."""
    return Asks(function=params.function)


def probes(params: BehaviourParams) -> tuple[Call, ...]:
    """Two calls on each instance, smallest inputs first; the second shows kept state."""
    return tuple(
        Call(question="", function=(), args=tuple(map(from_numpy, trial.instance)), times=2)
        for trial in trials(params)
    )


def trials(params: BehaviourParams) -> tuple[TriedInstance, ...]:
    """What the function is tried on, the sheet's own instance last; computed once for an exercise."""
    return _trials(params, instances_seed(params))


def instances_seed(params: BehaviourParams) -> int:
    """The seed of the random instances."""
    return instance_seed(f"behaviour/{params.function}", params.seed)


@functools.lru_cache(maxsize=64)
def _trials(params: BehaviourParams, seed: int) -> tuple[TriedInstance, ...]:
    cell, own = params.reference, _instance(params)
    drawn = [
        random_instance(cell, sizes, np.random.default_rng((seed, i)))
        for i, sizes in enumerate(sorted(map(_sizes, params.sizes), key=sum))
    ]
    rng = np.random.default_rng((seed, len(drawn)))
    # The sheet's own comes last and keeps its result to itself: that is the answer to another question.
    return (
        *(TriedInstance(one, unroll(cell, one).y) for one in (*smallest(cell), *drawn, *probing(cell, rng))),
        TriedInstance(own, unroll(cell, own).y, is_secret=True),
    )


def _sizes(sizes: SizeParams) -> Sizes:
    return Sizes(sizes.T, sizes.n_in, sizes.n_h, sizes.n_out)


def _instance(params: BehaviourParams) -> Instance:
    given = params.instance
    return make_instance(params.reference, given.x, given.U, given.W, given.V, given.b, given.c)
