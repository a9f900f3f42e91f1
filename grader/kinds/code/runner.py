"""The right function of a question: its network, with the signature of a function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import FloatArray
from grader.kinds.code.signature import Signature
from grader.networks.equations.network import Network

Arrays = Mapping[str, FloatArray]


class Runner(NamedTuple):
    """A network with the signature of a function that computes it.

    Args:
        network: The network.
        signature: The signature.
        run: The network as a numpy function.
    """

    network: Network
    signature: Signature
    run: Callable[[Arrays, Arrays], Arrays]

    def values(self, arrays: Arrays) -> Arrays:
        """All variables: (T, N, n), and (N, n) of what there is once."""
        inputs = {name: arrays[name] for name in self.network.inputs}
        with np.errstate(all="ignore"):
            return self.run(inputs, self.lead(arrays))

    def returned(self, arrays: Arrays) -> tuple[FloatArray, ...]:
        """What a right function returns, in the standard order."""
        values = self.values(arrays)
        return tuple(at(one.when, values[one.name]) for one in self.signature.returns)

    def returned_of_each(self, many: Sequence[Arrays]) -> list[tuple[FloatArray, ...]]:
        """What a right function returns for each of many arguments of the same shapes, in one run.

        What cannot be run together is run one by one.
        """
        first = self.returned(many[0])
        together = self._returned_together(many) if self.network.inputs else None
        if together is None or not all(map(_is_alike, first, together[0])):
            return [first, *map(self.returned, many[1:])]
        return together

    def _returned_together(self, many: Sequence[Arrays]) -> list[tuple[FloatArray, ...]] | None:
        """The same with an axis for them before that of the sequences; None where they do not fit."""
        inputs, starts = self.network.inputs, self.network.start_arguments
        stacked = {
            name: np.stack([arrays[name] for arrays in many], axis=1 if name in inputs else 0)
            for name in many[0]
        }
        for name, shape in self.network.parameters.items():
            if name not in starts and len(shape) < 2:
                stacked[name] = stacked[name].reshape(len(many), 1, -1)
        try:
            with np.errstate(all="ignore"):
                values = self.run({name: stacked[name] for name in inputs}, stacked)
            every = [
                values[one.name] if one.when == "once" else at(one.when, values[one.name].swapaxes(0, 1), 1)
                for one in self.signature.returns
            ]
            return [tuple(one[k] for one in every) for k in range(len(many))]
        except (ValueError, IndexError):
            return None

    def lead(self, arrays: Arrays) -> Arrays:
        """The same; a start that all sequences share has no axis for them."""
        starts = self.network.start_arguments
        return {
            name: array[0] if name in starts and len(array) == 1 else array for name, array in arrays.items()
        }


def _is_alike(one: FloatArray, other: FloatArray) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, 1e-9, 1e-12, equal_nan=True))


def at(when: str, values: FloatArray, axis: int = 0) -> FloatArray:
    """What a return holds of a variable's values, (T, N, n) or (N, n).

    Args:
        when: "first" or "last" step; anything else is all of it.
        values: Of the variable.
        axis: That of the steps.
    """
    if when not in ("first", "last"):
        return values
    return np.asarray(values.take(0 if when == "first" else -1, axis))
