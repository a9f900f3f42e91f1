"""A layer, a direction or the output layer left out; a layer that is thought to read something else."""

from __future__ import annotations

from collections.abc import Iterator

from grader.model.text import joined
from grader.networks.counting.mistakes.mistake import Blocks, CountMistake, left_out, mistake, resized
from grader.networks.equations.network import Network


def layers(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    """The mistakes about layers and directions.

    Args:
        network: Whose.
        blocks: All its blocks.
    """
    yield from _directions(network, blocks)
    yield from _one_layer(network, blocks)
    recurrent = {block.equation for block in blocks if block.role == "recurrent"}
    later = [b for b in blocks if b.role == "layer" and b.is_matrix and b.equation in recurrent]
    for shape in network.inputs.values():
        if shape:
            names = joined(sorted({block.equation for block in later}))
            message = f"{names}: what is read there is what the layer before gives, not the input."
            yield from mistake("layer-reads-input", message, later, resized(into=shape[0]))
    read_out = {b.equation for b in blocks if b.role == "layer" and b.is_matrix} - recurrent
    output = [block for block in blocks if block.equation in read_out]
    yield from mistake("output-layer-missing", "The output layer is missing.", output, left_out)


def _directions(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    kinds = {group.kind for group in network.groups}
    if not {"forward", "backward"} <= kinds:
        return
    names = {name for group in network.groups if group.kind == "backward" for name in group.names}
    own = [block for block in blocks if block.equation in names]
    reading = [block for block in blocks if block not in own and block.reads & names]
    message = "Each direction has weights of its own; those of one are counted."
    yield from mistake("direction-counted-once", message, own, left_out)
    if reading:
        message = "Each direction has weights of its own, and what follows reads both; one is counted."
        yield from mistake("direction-counted-once", message, [*own, *reading], left_out)
    message = "What follows the two directions reads both of them."
    yield from mistake("one-direction-read", message, reading, left_out)


def _one_layer(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    for kind in ("forward", "backward"):
        groups = [group.names for group in network.groups if group.kind == kind]
        made = [[block for block in blocks if block.equation in names] for names in groups]
        with_weights = [some for some in made if some]
        for some in with_weights if len(with_weights) > 1 else ():
            names = joined(sorted({block.equation for block in some}))
            yield from mistake("layer-missing", f"The weights in {names} are missing.", some, left_out)
