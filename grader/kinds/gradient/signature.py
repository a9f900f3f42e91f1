"""How a gradient function is called: inputs, targets, start values, parameters, in a course's layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from grader.networks.backward.loss import Loss
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Size
from grader.networks.layout import ONE, SEQUENCES, STEPS, ArrayLayout, Axes, axes_of, read_axes


class GradientSignature(NamedTuple):
    """What a gradient function takes.

    Args:
        arguments: The layout of each, in the order of the call.
        axes: The names of all sizes: N where there are sequences, T, then the network's.
    """

    arguments: Mapping[str, ArrayLayout]
    axes: Axes


def signature(network: Network, loss: Loss, arguments: Mapping[str, str]) -> GradientSignature:
    """The signature: the arguments listed, then the others as declared.

    Args:
        network: The network.
        loss: Its loss, for the targets.
        arguments: Layouts by name, such as "N x T x n_in".

    Raises:
        ValueError: If a name or an axis is unknown, or the layouts do not go together.
    """
    names = _names(network, loss)
    for name in arguments:
        if name not in names:
            raise ValueError(f"arguments: {name} is none; they are {', '.join(names)}")
    layouts = {name: _layout(network, loss, name, arguments.get(name)) for name in (*arguments, *names)}
    signals = [name for name in names if STEPS in layouts[name].standard]
    used = {axis for layout in layouts.values() for axis in layout.own}
    for axis, wanted in ((STEPS, signals), (SEQUENCES, (*network.inputs, *loss.targets))):
        lacking = [name for name in wanted if axis not in layouts[name].own]
        if lacking and (axis == STEPS or axis in used):
            raise ValueError(f"arguments.{lacking[0]}: {axis} is left out")
    axes = (
        *(axis for axis in (SEQUENCES, STEPS) if axis in used),
        *dict.fromkeys(name for size in _sizes(network) for name in sorted(size.names)),
    )
    return GradientSignature(layouts, axes)


def _names(network: Network, loss: Loss) -> tuple[str, ...]:
    starts = network.start_arguments
    weights = (name for name in network.parameters if name not in starts)
    return (*network.inputs, *loss.targets, *starts, *weights)


def _layout(network: Network, loss: Loss, name: str, text: str | None) -> ArrayLayout:
    where = f"arguments.{name}"
    if name in network.inputs or name in loss.targets:
        each_step = name in network.inputs or loss.targets[name].each_step
        shape = network.inputs[name] if name in network.inputs else loss.targets[name].shape
        declared = axes_of(shape)
        steps: Axes = (STEPS,) if each_step else ()
        standard = (*steps, SEQUENCES, *(declared or (ONE,)))
        return ArrayLayout(
            standard, (*steps, *declared) if text is None else read_axes(text, standard, where)
        )
    declared = axes_of(network.parameters[name])
    if text is None:
        return ArrayLayout(declared, declared)
    if name not in network.start_arguments:
        return ArrayLayout(declared, read_axes(text, declared, where))
    own = read_axes(text, (SEQUENCES, *declared), where)
    return ArrayLayout((SEQUENCES, *declared) if SEQUENCES in own else declared, own)


def _sizes(network: Network) -> Iterator[Size]:
    for shape in (*network.inputs.values(), *network.parameters.values(), *network.shapes.values()):
        yield from shape
