"""What is asked: a function that turns any RNN-B into an RNN-A, and the networks that it is called on."""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import msgspec

from grader.answers.drawing import SeededDraws, instance_seed
from grader.kinds.realisation.constructions import CONSTRUCTIONS
from grader.model.kind import Asks, Params
from grader.model.run import Call, DrawnArguments
from grader.model.value import Array
from reference.equivalence import is_same
from reference.linear_system import LinearSystem, from_rnn_b

Row: TypeAlias = tuple[float, ...]
Rows: TypeAlias = tuple[Row, ...]

# No zero entry: a construction that drops a part must show.
WHOLE = (-2.0, -1.0, 1.0, 2.0, 3.0)
# Large, or small, and all with nine decimals: what is clipped or rounded shows wherever it stands. Exact
# as floats with all sums and products of two that a construction needs.
FRACTIONS = (-1000.501953125, -640.248046875, -24.751953125, 12.501953125, 87.998046875, 0.001953125)
MOST_DRAWS = 50

ARGUMENTS = ("s0", "Wssx", "Wox")
MORE = 5
"""Networks after those of the sizes that are asked for."""


class NetworkSizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sizes of one RNN-B that the function is called on."""

    states: int
    inputs: int
    outputs: int


class RealisationParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `realisation`.

    Args:
        function: Its name; called as function(s0, Wssx, Wox), returns (s0, Wss, Wsx, Wo).
        sizes: Sizes of the networks that it is called on, smallest first.
        seed: For the networks' whole-number entries.
    """

    function: str = "to_rnn_a"
    sizes: tuple[NetworkSizes, ...]
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}; it must be a Python name")
        if not self.sizes:
            raise ValueError("sizes is empty; give at least one network to call the function on")
        if any(not 1 <= n <= 8 for size in self.sizes for n in msgspec.structs.astuple(size)):
            raise ValueError("sizes must be from 1 to 8")


class RealisedNetwork(NamedTuple):
    """One RNN-B: s0 (n,), Wssx (n, n + m), Wox (p, n + m), and the same as an exact system."""

    s0: Row
    Wssx: Rows
    Wox: Rows
    system: LinearSystem


def asks(params: RealisationParams) -> Asks:
    """What a question wants handed in: the function, by its name."""
    return Asks(function=params.function)


def probes(params: RealisationParams) -> tuple[Call, ...]:
    """One call for each network, made twice to catch state that is kept between calls."""
    # Of the seed as it is now, whenever they are drawn.
    seed = _seed(params)
    return tuple(
        Call(
            question="",
            function=(),
            args=DrawnArguments(len(ARGUMENTS), functools.partial(_arguments, params.sizes, seed, place)),
            times=2,
            is_independent=True,
        )
        for place in range(len(params.sizes) + MORE)
    )


def _arguments(sizes: tuple[NetworkSizes, ...], seed: int, place: int) -> tuple[Array, ...]:
    s0, *matrices = _instances(sizes, seed)[place][:3]
    return (
        _array((len(s0),), s0),
        *(_array((len(rows), len(rows[0])), [entry for row in rows for entry in row]) for rows in matrices),
    )


def _array(shape: tuple[int, ...], entries: Sequence[float]) -> Array:
    return Array("<f8", shape, struct.pack(f"<{len(entries)}d", *entries))


def instances(params: RealisationParams) -> tuple[RealisedNetwork, ...]:
    """The networks that the function is called on; their entries are exact as floats.

    After the sizes that were asked for come a network in fractions, two whose state weights have no inverse,
    one of the first size in other numbers, and the first again.
    """
    return _instances(params.sizes, _seed(params))


def _seed(params: RealisationParams) -> int:
    return instance_seed(f"realisation/{params.function}", params.seed)


@functools.lru_cache(maxsize=64)
def _instances(sizes: tuple[NetworkSizes, ...], seed: int) -> tuple[RealisedNetwork, ...]:
    rng = SeededDraws(seed)
    asked = [_telling(size, WHOLE, rng) for size in sizes]
    fractions = _telling(sizes[-1], FRACTIONS, rng)
    deficient = [_deficient(_telling(size, WHOLE, rng)) for size in (sizes[0], sizes[-1])]
    # Sizes that were there before, with other numbers and then again: results kept by size, or from the last
    # call, show.
    return (*asked, fractions, *deficient, _telling(sizes[0], WHOLE, rng), asked[0])


def _telling(size: NetworkSizes, entries: tuple[float, ...], rng: SeededDraws) -> RealisedNetwork:
    """A network on which all known mistakes show that can: in [[1]] it does no harm to square.

    Args:
        size: Of the network.
        entries: What it is drawn from.
        rng: Draws it.
    """
    drawn = (_drawn(size, entries, rng) for _ in range(MOST_DRAWS))
    return next((one for one in drawn if not _unseen(one)), _drawn(size, entries, rng))


def _unseen(instance: RealisedNetwork) -> bool:
    """Whether a known mistake does no harm that would do some in another network of this size."""
    system = instance.system
    mistaken = (
        mistake.effect.behaves(system)
        for mistake in CONSTRUCTIONS
        if system.n_states > 1 or not mistake.effect.needs_two_states
    )
    return any(is_same(one, system) for one in mistaken)


def _drawn(size: NetworkSizes, entries: tuple[float, ...], rng: SeededDraws) -> RealisedNetwork:
    n, m, p = size.states, size.inputs, size.outputs
    (s0,) = rng.table(entries, 1, n)
    return _instance(s0, rng.table(entries, n, n + m), rng.table(entries, p, n + m))


def _deficient(instance: RealisedNetwork) -> RealisedNetwork:
    """A network with state weights of so small a rank that no earlier state leads to the start state."""
    s0, Wssx, Wox, _ = instance
    if len(s0) == 1:
        return _instance(s0, ((0.0,) * len(Wssx[0]),), Wox)
    return _instance((*s0[:-1], s0[0] + 1.0), (*Wssx[:-1], Wssx[0]), Wox)


def _instance(s0: Row, Wssx: Rows, Wox: Rows) -> RealisedNetwork:
    (start,) = _exact((s0,))
    return RealisedNetwork(s0, Wssx, Wox, from_rnn_b(_exact(Wssx), _exact(Wox), start))


def _exact(rows: Rows) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(map(Fraction, row)) for row in rows)
