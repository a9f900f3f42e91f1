"""Networks with inputs to try a function on: small ones that can be done by hand, and random ones."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from reference.elman import elman
from reference.jordan import jordan
from reference.network import Array, Trace, as_weights

Cell: TypeAlias = Literal["elman", "jordan"]
LARGEST_WEIGHT = 1.5


class Sizes(NamedTuple):
    """Steps, inputs, hidden neurons and outputs of an instance."""

    T: int
    n_in: int
    n_h: int
    n_out: int


class Instance(NamedTuple):
    """The arguments of a network function, in their order."""

    x: Array
    U: Array
    W: Array
    V: Array
    b: Array
    c: Array

    @property
    def sizes(self) -> Sizes:
        """Sizes along the named axes."""
        n_in, n_h = self.U.shape
        return Sizes(len(self.x), n_in, n_h, len(self.c))


# One output, one input, one hidden neuron while the other sizes are larger: see `probing`.
ONE_OF_A_KIND = (Sizes(4, 2, 3, 1), Sizes(3, 3, 4, 1), Sizes(4, 1, 3, 2), Sizes(4, 3, 1, 2))
SQUARE, LONG = Sizes(3, 3, 3, 3), Sizes(30, 2, 4, 3)
SCALE = 40.0  # of the inputs of an instance with large numbers


def make_instance(
    cell: Cell,
    x: npt.ArrayLike,
    U: npt.ArrayLike,
    W: npt.ArrayLike,
    V: npt.ArrayLike,
    b: npt.ArrayLike,
    c: npt.ArrayLike,
) -> Instance:
    """An instance from plain numbers.

    Raises:
        ValueError: If the sizes do not fit; names the axis and both sizes.
    """
    fed_back = "n_h" if cell == "elman" else "n_out"
    return Instance(*as_weights(x, U, W, V, b, c, fed_back))


def smallest(cell: Cell) -> tuple[Instance, ...]:
    """Instances in whole numbers, from the smallest on.

    One step with all sizes 1; a second step, where what is fed back first counts; two hidden neurons, where
    the direction of W does.
    """
    W = [[1, 2], [-1, 0]] if cell == "elman" else [[1, -2]]
    return (
        make_instance(cell, [[1]], [[2]], [[1]], [[1]], [-1], [1]),
        make_instance(cell, [[1], [1]], [[2]], [[1]], [[1]], [-1], [1]),
        make_instance(cell, [[1], [0]], [[1, -1]], W, [[1], [2]], [1, 0], [-1]),
    )


def random_instance(cell: Cell, sizes: Sizes, rng: np.random.Generator) -> Instance:
    """An instance of the given sizes; no number is zero, each has one decimal."""
    T, n_in, n_h, n_out = sizes
    fed_back = n_h if cell == "elman" else n_out

    def draw(*shape: int) -> Array:
        steps = round(10 * LARGEST_WEIGHT)
        tenths = rng.integers(1, steps + 1, shape) * rng.choice((-1, 1), shape)
        return np.asarray(tenths / 10, dtype=np.float64)

    return Instance(
        draw(T, n_in), draw(n_in, n_h), draw(fed_back, n_h), draw(n_h, n_out), draw(n_h), draw(n_out)
    )


def probing(cell: Cell, rng: np.random.Generator) -> tuple[Instance, ...]:
    """Instances that show what small networks of different sizes hide.

    First, one output, one input or one hidden neuron while the other sizes are larger. Then all sizes equal,
    where a transposed array has the right shape: with other weights, with other inputs, and the first once
    more, where what a function keeps from call to call shows. Last, many steps with large numbers.
    """
    square, other = (random_instance(cell, SQUARE, rng) for _ in range(2))
    return (
        *(random_instance(cell, sizes, rng) for sizes in ONE_OF_A_KIND),
        square,
        other._replace(x=square.x),
        square._replace(x=other.x),
        square,
        _large(random_instance(cell, LONG, rng)),
    )


def _large(instance: Instance) -> Instance:
    """Large inputs, outputs near 0 and 1, and little fed back: no rounding error grows with the steps."""
    x, U, W, V, b, c = instance
    return Instance(SCALE * x, U / SCALE, W / 5, 3 * V, b, 3 * c)


def unroll(cell: Cell, instance: Instance) -> Trace:
    """What the network does on the instance."""
    return elman(*instance) if cell == "elman" else jordan(*instance)
