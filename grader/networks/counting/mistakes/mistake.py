"""A way to count other weights than there are: its effect is what is counted of some blocks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from grader.model.mistake import Mistake
from grader.networks.counting.blocks import Block
from grader.networks.equations.sizes import Size

Blocks: TypeAlias = tuple[Block, ...]
Change: TypeAlias = Callable[[Block], Blocks]


CountMistake: TypeAlias = Mistake[Callable[[Blocks], Blocks]]


def left_out(block: Block) -> Blocks:
    """Nothing in its place."""
    return ()


def twice(block: Block) -> Blocks:
    """The block two times."""
    return block, block


def resized(out: Size | None = None, into: Size | None = None) -> Change:
    """The block with another size.

    Args:
        out: How many numbers it gives then; left out, as many as it does.
        into: How many it reads.
    """
    return lambda block: (replace(block, out=out or block.out, into=into or block.into),)


def mistake(id: str, message: str, of: Collection[Block], change: Change) -> Iterator[CountMistake]:
    """The mistake of these blocks, where there are some.

    Args:
        id: Its id.
        message: What is wrong, to the student; it gives no number away.
        of: The blocks that are counted otherwise.
        change: What is counted in their place.
    """
    keys = frozenset(block.key for block in of)

    def effect(blocks: Blocks) -> Blocks:
        return tuple(one for block in blocks for one in (change(block) if block.key in keys else (block,)))

    if of:
        yield Mistake(id, message, effect)


def added(id: str, message: str, further: Blocks) -> CountMistake:
    """The mistake of counting what is not there.

    Args:
        id: Its id.
        message: What is wrong.
        further: Blocks that are counted besides.
    """
    return Mistake(id, message, lambda blocks: (*blocks, *further))
