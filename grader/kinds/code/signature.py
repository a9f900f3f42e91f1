"""What a function takes and returns, from its network and the course's layouts: names, order, axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
