"""Numbers to try a function on: small ones that can be done by hand, and random ones that hide nothing."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import FloatArray
from grader.kinds.code.signature import Arrays, Runner
from grader.kinds.code.sizes import Sizes, all_different, in_order, long, one_of_a_kind, smallest, square
from grader.networks.equations.network import Network
from grader.networks.equations.tree import MatrixProduct, Parameter, Signal, Transpose, walk

LARGEST_WEIGHT = 1.5
WHOLE = np.array((-2.0, -1.0, 1.0, 2.0))
SIGNS = np.array((-1, 1))
# Of those with all sizes equal.
N_SQUARE = 4
# Of the inputs where numbers are large.
SCALE = 40.0
# Of start states there: to 20, beyond what people clip states at, and with more decimals than they round to.
START_SCALE = 40 / 3
# Redrawn so often, an instance may be one on which a rounding error grows; then its numbers are halved.
MOST_DRAWS, MOST_HALVINGS = 12, 6
# Larger results are no use to a reader.
LARGEST = 1e3
# A change as of rounding to 32 bits in what goes in may change this much of what comes out. It is tried with
# several signs: a tie falls the other way in some of them.
TINY, MOST_CHANGE, TRIES = 1e-7, 1e-4, 4
# Numbers to work out by hand are drawn so often; the draw is taken that shows every argument best.
HAND_DRAWS, SHOWS = 12, 1e-3


class Instance(NamedTuple):
    """One call's arguments.

    Args:
        sizes: Of all axes.
        arrays: By name, in the standard order.
    """

    sizes: Sizes
    arrays: Arrays


def instances(runner: Runner, given: tuple[Sizes, ...], seed: int) -> Iterator[Instance]:
    """What a function is tried on, smallest first.

    First whole numbers, the same for every seed; then the given sizes, or some that are all different. Then
    what small networks of different sizes hide: one size 1 while the others are larger; all sizes equal, with
    other weights, with other inputs, and the first once more, where what a function keeps from call to call
    shows; last, many steps with large numbers.

    Args:
        runner: The network and the function's signature.
        given: Sizes of random instances; none chooses.
        seed: Of the random numbers.
    """
    axes = runner.signature.axes
    for place, sizes in enumerate(smallest(runner.network, axes)):
        first = by_hand(runner, sizes, place)
        # A softmax of one entry is 1 whatever goes in.
        is_seen = _shown(runner, [first])[0][1] > 0
        yield first if is_seen else by_hand(runner, with_two_outputs(runner, sizes), place)
    drawn = sorted(
        (in_order(axes, one) for one in given or all_different(axes)), key=lambda one: sum(one.values())
    )
    for place, sizes in enumerate(drawn):
        yield random_instance(runner, sizes, np.random.default_rng((seed, place)))
    rng = np.random.default_rng((seed, len(drawn)))
    for sizes in one_of_a_kind(axes):
        yield random_instance(runner, sizes, rng)
    yield from _square(runner, rng)
    yield random_instance(runner, long(axes), rng, functools.partial(_large, runner.network))


def how_many(runner: Runner, given: tuple[Sizes, ...]) -> int:
    """How many `instances` gives, before any is drawn.

    Args:
        runner: The network and the function's signature.
        given: Sizes of random instances; none chooses.
    """
    axes = runner.signature.axes
    own = len(given or all_different(axes))
    return len(smallest(runner.network, axes)) + own + len(list(one_of_a_kind(axes))) + N_SQUARE + 1


def by_hand(runner: Runner, sizes: Sizes, place: int) -> Instance:
    """Small whole numbers, of several draws the one in which every argument shows best."""
    shapes = {name: runner.signature.shape_of(name, sizes) for name in runner.signature.arguments}
    # One draw for all, as in `_factors_of_rounding`.
    count = HAND_DRAWS * sum(map(math.prod, shapes.values()))
    numbers = WHOLE[np.random.default_rng(place).integers(0, len(WHOLE), count)].reshape(HAND_DRAWS, -1)
    drawn = [Instance(sizes, dict(zip(shapes, _cut(each, shapes.values()), strict=True))) for each in numbers]
    shown = _shown(runner, drawn)
    return drawn[max(range(HAND_DRAWS), key=shown.__getitem__)]


def with_two_outputs(runner: Runner, sizes: Sizes) -> Sizes:
    """The sizes with what is returned two entries wide."""
    returned = (runner.network.shapes[one.name] for one in runner.signature.returns)
    names = {name for shape in returned for size in shape for name in size.names}
    return {axis: 2 if axis in names else size for axis, size in sizes.items()}


def random_instance(
    runner: Runner,
    sizes: Sizes,
    rng: np.random.Generator,
    changed: Callable[[Arrays], Arrays] = lambda arrays: arrays,
) -> Instance:
    """No number is zero, each has one decimal; a rounding error stays one in all that is returned.

    Args:
        runner: The network and the function's signature.
        sizes: Of all axes.
        rng: Where the numbers come from.
        changed: What is done to them.
    """

    def tenths(shape: tuple[int, ...]) -> FloatArray:
        steps = round(10 * LARGEST_WEIGHT)
        return np.asarray(rng.integers(1, steps + 1, shape) * SIGNS[rng.integers(0, 2, shape)] / 10)

    for _ in range(MOST_DRAWS):
        arrays = changed(_drawn(runner, sizes, tenths))
        if _is_steady(runner, arrays):
            return Instance(sizes, arrays)
    for power in range(1, MOST_HALVINGS):
        for sign in (lambda array: array, np.abs):
            halved = {name: sign(array) / 2**power for name, array in arrays.items()}
            if _is_steady(runner, halved):
                return Instance(sizes, halved)
    return Instance(sizes, arrays)


def _square(runner: Runner, rng: np.random.Generator) -> Iterator[Instance]:
    sizes = square(runner.signature.axes)
    first, other = (random_instance(runner, sizes, rng).arrays for _ in range(2))
    inputs = runner.network.inputs
    for arrays in (
        first,
        {name: (first if name in inputs else other)[name] for name in first},
        {name: (other if name in inputs else first)[name] for name in first},
        first,
    ):
        yield Instance(sizes, arrays)


def _drawn(
    runner: Runner, sizes: Sizes, draw: Callable[[tuple[int, ...]], FloatArray]
) -> dict[str, FloatArray]:
    return {
        name: np.asarray(draw(runner.signature.shape_of(name, sizes)), dtype=np.float64)
        for name in runner.signature.arguments
    }


def _is_steady(runner: Runner, arrays: Arrays) -> bool:
    """Whether nothing is out of bounds, and a rounding error in an argument stays one: no ties, no chaos."""
    expected, *near = runner.returned_of_each([arrays, *_moved(arrays)])
    return _are_steady(expected, near)


def _moved(arrays: Arrays) -> list[Arrays]:
    """The same with errors as of rounding to 32 bits."""
    factors = _factors_of_rounding(tuple(array.shape for array in arrays.values()))
    return [
        {name: array * factor for (name, array), factor in zip(arrays.items(), each, strict=True)}
        for each in factors
    ]


@functools.lru_cache(maxsize=32)
def _factors_of_rounding(shapes: tuple[tuple[int, ...], ...]) -> list[list[FloatArray]]:
    # One draw for all: two of a power of two come to the same in turn, and each costs 10 us.
    signs = SIGNS[np.random.default_rng(0).integers(0, 2, TRIES * sum(map(math.prod, shapes)))]
    return [_cut(each, shapes) for each in (1 + TINY * signs).reshape(TRIES, -1)]


def _cut(numbers: FloatArray, shapes: Iterable[tuple[int, ...]]) -> list[FloatArray]:
    """Numbers as arrays of these shapes, one after the other."""
    found, start = [], 0
    for shape in shapes:
        end = start + math.prod(shape)
        found.append(numbers[start:end].reshape(shape))
        start = end
    return found


def _are_steady(expected: tuple[FloatArray, ...], moved: Sequence[tuple[FloatArray, ...]]) -> bool:
    return all((np.abs(right) < LARGEST).all() for right in expected) and all(
        (np.abs(right - near) <= MOST_CHANGE * np.maximum(1, np.abs(right))).all()
        for each in moved
        for right, near in zip(expected, each, strict=True)
    )


def _shown(runner: Runner, instances: Sequence[Instance]) -> list[tuple[bool, int, float]]:
    """Of each: whether it is steady, how many changes of arguments show, and the least by how much."""
    tried = [[one.arrays, *_moved(one.arrays), *_changes(one.arrays)] for one in instances]
    returned = iter(runner.returned_of_each([arrays for each in tried for arrays in each]))
    return [_effects([next(returned) for _ in each]) for each in tried]


def _effects(returned: Sequence[tuple[FloatArray, ...]]) -> tuple[bool, int, float]:
    right, moved, changed = returned[0], returned[1 : 1 + TRIES], returned[1 + TRIES :]
    effects = [
        max(float(np.abs(a - b).max()) for a, b in zip(right, other, strict=True)) for other in changed
    ]
    seen = [effect for effect in effects if effect > SHOWS]
    return _are_steady(right, moved), len(seen), min(seen, default=0.0)


def _changes(arrays: Arrays) -> Iterator[Arrays]:
    """Each argument with other numbers, and each square matrix transposed."""
    for name, array in arrays.items():
        yield {**arrays, name: array + 1}
        if array.ndim == 2 and len(array) == len(array.T) > 1:
            yield {**arrays, name: array.T}


def _large(network: Network, arrays: Arrays) -> Arrays:
    """Large inputs and starts, small weights behind them, little fed back, and large sums at the outputs.

    Outputs come near their bounds, and no rounding error grows with the steps.
    """
    starts = dict.fromkeys(network.start_arguments, START_SCALE)
    scale = dict.fromkeys(network.inputs, SCALE) | starts | dict(_factors(network))
    return {name: array * scale.get(name, 1.0) for name, array in arrays.items()}


def _factors(network: Network) -> Iterator[tuple[str, float]]:
    """The factor that each parameter is multiplied by."""
    looped = {
        name for group in network.groups if group.kind in ("forward", "backward") for name in group.names
    }
    for equation in network.equations:
        for _, node in walk(equation.right_side):
            if isinstance(node, Parameter) and equation.name not in looped:
                yield node.name, 3.0
    for equation in network.equations:
        for _, node in walk(equation.right_side):
            if not isinstance(node, MatrixProduct):
                continue
            matrix = node.left.arg if isinstance(node.left, Transpose) else node.left
            signals = [one for _, one in walk(node.right) if isinstance(one, Signal)]
            if isinstance(matrix, Parameter) and signals:
                if all(one.name in network.inputs for one in signals):
                    yield matrix.name, 1 / SCALE
                elif any(one.lag for one in signals):
                    yield matrix.name, 1 / 5
