"""Gates, layers and directions that are counted once, left out or taken for others, or one too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.model.text import joined
from grader.networks.counting.blocks import WEIGHTS, Block, packed_parts
from grader.networks.counting.mistakes.mistake import (
    Blocks,
    Change,
    CountMistake,
    left_out,
    mistake,
    resized,
    twice,
)
from grader.networks.equations.network import Network


def gates(network: Network, blocks: Blocks) -> Iterator[CountMistake]:
    """The mistakes about gates.

    Args:
        network: Whose.
        blocks: All its blocks.
    """
    for names in _families(network, blocks):
        for name in _different(blocks, names):
            yield from _of_gates(blocks, names, name)
    for variable, number in packed_parts(network).items():
        yield from _of_parts(blocks, variable, number)


def _of_gates(blocks: Blocks, names: Sequence[str], name: str) -> Iterator[CountMistake]:
    own = [block for block in blocks if block.equation == name]
    others = [block for block in blocks if block.equation in names and block not in own]
    together = joined(tuple(names))
    message = f"{together} have weights of their own each; those of one alone are counted."
    yield from mistake("one-gate-only", message, others, left_out)
    yield from mistake("gate-missing", f"The weights of one of {together} are missing.", own, left_out)
    message = f"More weights are counted than there are: as if {together} had one more beside them."
    yield from mistake("gate-too-many", message, own, twice)


def _of_parts(blocks: Blocks, variable: str, number: int) -> Iterator[CountMistake]:
    packed = [b for b in blocks if b.equation == variable and b.out.parts(number) is not None]
    for id, parts, what in (
        ("one-gate-only", 1, "one of them alone is counted"),
        ("gate-missing", number - 1, "one of them is missing"),
        ("gate-too-many", number + 1, "one more than there are is counted"),
    ):
        message = f"{variable} is taken apart into equal parts, one for each gate: {what}."
        yield from mistake(id, message, packed, _with_parts(number, parts))


def _with_parts(number: int, parts: int) -> Change:
    def change(block: Block) -> Blocks:
        one = block.out.parts(number)
        return (block,) if one is None else resized(out=one.times(parts))(block)

    return change


def _families(network: Network, blocks: Blocks) -> Iterator[list[str]]:
    """Equations with matrices of the same sizes that are computed together."""
    for group in network.groups:
        made: dict[tuple[str, ...], list[str]] = {}
        for name in group.names:
            own = [b for b in blocks if b.equation == name and b.is_matrix and b.role in WEIGHTS]
            if any(block.role == "recurrent" for block in own):
                make = tuple(sorted(f"{block.role} {block.out} {block.into}" for block in own))
                made.setdefault(make, []).append(name)
        yield from (names for names in made.values() if len(names) > 1)


def _different(blocks: Blocks, names: Sequence[str]) -> list[str]:
    """One equation for each number of weights that there is: some gates have more than others."""
    made: dict[tuple[str, ...], str] = {}
    for name in names:
        sizes = tuple(sorted(f"{block.out} {block.into}" for block in blocks if block.equation == name))
        made.setdefault(sizes, name)
    return list(made.values())


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
