"""Which entries of a state an output can ever depend on, by the zeros among the weights.

The network runs once on sets in place of numbers: a value is the set of state entries that it may depend
on. A product with zero depends on nothing. Entries that no output can depend on need not be searched.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import ClassVar

import msgspec
import numpy as np

from grader.networks.automaton.entries import Array, Indices, NoArithmetic, Rows
from grader.networks.automaton.machine import Machine
from grader.networks.automaton.whole_numbers import aligned, spread
from grader.networks.equations.network import Network


class Seen(msgspec.Struct, frozen=True):
    """Sets of state entries, as bits of a whole number, entry by entry.

    Args:
        sets: (1, ...) Python's whole numbers.
        is_zero: Whether the entry is known to be zero whatever the state.
    """

    cost: ClassVar[int] = 1

    sets: Array
    is_zero: Array

    @classmethod
    def of(cls, rows: Rows) -> Seen:
        """What depends on nothing."""
        array = np.array(rows, dtype=object)[None]
        return cls(np.zeros(array.shape, dtype=object), (array == 0).astype(bool))

    @property
    def rank(self) -> int:
        """0 for a number, 1 for a vector, 2 for a matrix."""
        return self.sets.ndim - 1

    @property
    def runs(self) -> int:
        """Number of runs: always one."""
        return len(self.sets)

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.sets.size

    @property
    def bits(self) -> int:
        """0: no entry holds a number that could grow."""
        return 0

    def plus(self, other: Seen) -> Seen:
        """What either of both depends on."""
        return Seen(_either(self.sets, other.sets), np.logical_and(*aligned(self.is_zero, other.is_zero)))

    def negated(self) -> Seen:
        """Depends on the same."""
        return self

    def times(self, other: Seen) -> Seen:
        """What either factor depends on; nothing where one is known to be zero."""
        is_zero = np.logical_or(*aligned(self.is_zero, other.is_zero))
        return Seen(np.where(is_zero, 0, _either(self.sets, other.sets)), is_zero)

    def inverted(self) -> Seen:
        """Depends on the same, and is never zero."""
        return Seen(self.sets, np.zeros_like(self.is_zero))

    def product(self, other: Seen) -> Seen:
        """Matrix times vector, vector times matrix, or dot product."""
        if self.rank == 2:
            left, right = self, Seen(other.sets[:, None, :], other.is_zero[:, None, :])
        elif other.rank == 2:
            left, right = other.transposed(), Seen(self.sets[:, None, :], self.is_zero[:, None, :])
        else:
            left, right = self, other
        each = left.times(right)
        return Seen(np.bitwise_or.reduce(each.sets, axis=-1), np.asarray(each.is_zero.all(axis=-1)))

    def transposed(self) -> Seen:
        """The transpose of a matrix."""
        return Seen(np.swapaxes(self.sets, 1, 2), np.swapaxes(self.is_zero, 1, 2))

    # The larger of two, or the smaller, depends on what either does.
    larger = smaller = plus

    def modulo(self, other: Seen) -> Seen:
        """What either of both depends on; it may be anything but zero for sure."""
        return Seen(_either(self.sets, other.sets), np.zeros_like(self.is_zero))

    def applied(self, function: str) -> Seen:
        """The same set; what is 0 at 0 stays zero."""
        stays = function in ("sign", "relu", "abs", "tanh", "positive")
        return Seen(self.sets, self.is_zero if stays else np.zeros_like(self.is_zero))

    def column(self, start: int, stop: int) -> Seen:
        """Some entries of a vector."""
        return Seen(self.sets[:, start:stop], self.is_zero[:, start:stop])

    def entry(self, place: int) -> Seen:
        """One entry of a vector."""
        return Seen(self.sets[:, place], self.is_zero[:, place])

    @classmethod
    def stacked(cls, parts: Sequence[Seen]) -> Seen:
        """Numbers and vectors one below the other."""
        return cls(
            np.concatenate(spread([part.sets for part in parts]), axis=1),
            np.concatenate(spread([part.is_zero for part in parts]), axis=1),
        )

    @classmethod
    def joined(cls, parts: Sequence[Seen]) -> Seen:
        """The runs of all parts."""
        sides = ([part.sets for part in parts], [part.is_zero for part in parts])
        return cls(*(np.concatenate(side) for side in sides))

    def selected(self, runs: Indices) -> Seen:
        """Some runs, in this order."""
        return Seen(self.sets[runs], self.is_zero[runs])

    def masked(self, places: Array) -> Seen:
        """The sets of some entries, empty ones in place of the others."""
        return Seen(np.where(places, self.sets, 0), self.is_zero | ~places)

    def keys(self) -> list[Hashable]:
        """None: sets are not compared."""
        raise NoArithmetic("keys")

    def compared(self, other: Seen) -> tuple[Array, Array]:
        """None: sets are not compared."""
        raise NoArithmetic("compared")

    def same(self, other: Seen) -> tuple[Array, Array]:
        """None: sets are not compared."""
        raise NoArithmetic("same")


def seen_entries(
    network: Network,
    parameters: Mapping[str, Rows],
    sizes: Mapping[str, int],
    letter: Mapping[str, Rows],
    outputs: Sequence[str],
) -> tuple[int, ...]:
    """The entries of a state that the outputs may depend on, now or later.

    Args:
        network: The network.
        parameters: Its numbers.
        sizes: The value of each size name.
        letter: The inputs, for their shapes: they are taken for any numbers.
        outputs: The variables that are read.
    """
    machine: Machine[Seen] = Machine(
        network, {name: Seen.of(value) for name, value in parameters.items()}, sizes, Seen
    )
    count = len(machine.entries)
    bits = np.array([[1 << place for place in range(count)]], dtype=object)
    inputs = {name: Seen.of(value) for name, value in letter.items()}
    following, values = machine.step(
        Seen(bits, np.zeros(bits.shape, dtype=bool)),
        {name: Seen(one.sets, np.zeros_like(one.is_zero)) for name, one in inputs.items()},
    )
    wanted, new = 0, 0
    for name in outputs:
        for one in np.atleast_1d(values[name].sets[0]).tolist():
            new |= one
    while new & ~wanted:
        wanted |= new
        for place in range(count):
            if wanted >> place & 1:
                new |= following.sets[0][place]
    return tuple(place for place in range(count) if wanted >> place & 1)


def _either(one: Array, two: Array) -> Array:
    return np.bitwise_or(*aligned(one, two))
