"""The function that is asked: what it takes and returns in a course's layouts, and what a right one gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grader.answers.arrays import FloatArray
from grader.networks.equations.network import Network
from grader.networks.layout import (
    ONE,
    SEQUENCES,
    STEPS,
    ArrayLayout,
    Axes,
    Returned,
    When,
    axes_of,
    read_axes,
    size_of,
    split_return,
)


class Signature(NamedTuple):
    """What a function takes and returns.

    Args:
        arguments: The layout of each, in the order of the call.
        returns: What comes back, in order.
        axes: The names of all sizes: N and T where the function has sequences and steps, then the network's.
    """

    arguments: Mapping[str, ArrayLayout]
    returns: tuple[Returned, ...]
    axes: Axes

    @property
    def is_one_step(self) -> bool:
        """Whether a call is a single step."""
        return STEPS not in self.axes

    def shape_of(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape of an argument in the standard order."""
        layout = self.arguments[name]
        used = {STEPS, SEQUENCES} & set(layout.own)
        return tuple(
            1 if axis in (STEPS, SEQUENCES) and axis not in used else size_of(axis, sizes)
            for axis in layout.standard
        )


def signature(network: Network, arguments: Mapping[str, str], returns: Sequence[str]) -> Signature:
    """The signature of a function that computes the network.

    Args:
        network: The network.
        arguments: Layouts by name, in the order of the call; those not listed follow as they are declared.
        returns: Texts such as "h: N x T x n_h" and "c: N x n_h last"; none asks for the network's outputs.

    Raises:
        ValueError: If a name or an axis is unknown, or the layouts do not go together.
    """
    declared = {name: _standard(network, name) for name in _argument_names(network)}
    for name in arguments:
        if name not in declared:
            raise ValueError(f"arguments: {name} is none; the network's are {', '.join(declared)}")
    own = {name: read_axes(text, declared[name], f"arguments.{name}") for name, text in arguments.items()}
    layouts = {
        name: ArrayLayout(declared[name], own.get(name, _as_declared(network, name)))
        for name in (*arguments, *declared)
    }
    used = {axis for layout in layouts.values() for axis in layout.own}
    steps = {name for name in network.inputs if STEPS in layouts[name].own}
    if steps and steps != set(network.inputs):
        missing = next(name for name in network.inputs if name not in steps)
        raise ValueError(
            f"arguments.{missing}: {STEPS} is left out, which makes it one step; other inputs have {STEPS}"
        )
    axes = (
        *(axis for axis in (SEQUENCES, STEPS) if axis in used),
        *network.size_names,
    )
    read = tuple(_returned(network, text, axes) for text in returns or network.output)
    return Signature(layouts, read, axes)


def _argument_names(network: Network) -> tuple[str, ...]:
    """Inputs, start arguments, parameters."""
    starts = tuple(network.start_arguments)
    return (*network.inputs, *starts, *(name for name in network.parameters if name not in starts))


def _standard(network: Network, name: str) -> Axes:
    if name in network.inputs:
        return (STEPS, SEQUENCES, *(axes_of(network.inputs[name]) or (ONE,)))
    if name in network.start_arguments:
        return (SEQUENCES, *(axes_of(network.parameters[name]) or (ONE,)))
    return axes_of(network.parameters[name])


def _as_declared(network: Network, name: str) -> Axes:
    if name in network.inputs:
        return (STEPS, *axes_of(network.inputs[name]))
    return axes_of(network.parameters[name])


def _returned(network: Network, text: str, axes: Axes) -> Returned:
    name, layout, when = split_return(text)
    if name not in network.by_name:
        raise ValueError(f"returns: {name} has no equation; the network's are {', '.join(network.by_name)}")
    own_axes = axes_of(network.shapes[name])
    ends = (SEQUENCES, *(own_axes or (ONE,)))
    is_once = network.by_name[name].is_static
    if is_once or STEPS not in axes:
        if when:
            raise ValueError(f"returns: {text!r} says {when}, but there is one {name} only")
        read_when: When = "once" if is_once else "every step"
    else:
        read_when = when or "every step"  # type: ignore[assignment]
    standard = (STEPS, *ends) if read_when == "every step" else ends
    default = (*(axis for axis in (STEPS,) if axis in standard and axis in axes), *own_axes)
    own = default if layout is None else read_axes(layout, standard, f"returns: {text!r}")
    for axis in (SEQUENCES, STEPS):
        if axis in axes and axis in standard and axis not in own:
            hint = "; write last for the last step alone" if axis == STEPS else ""
            raise ValueError(f"returns: {text!r} leaves out {axis}{hint}")
        if axis in own and axis not in axes:
            raise ValueError(f"returns: {text!r} has {axis}, which no argument has")
    return Returned(name, read_when, ArrayLayout(standard, own))


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
