"""A way to count other weights than there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

import msgspec
from msgspec.structs import replace

from grader.networks.counting.blocks import Block
from grader.networks.equations.sizes import Size

Blocks: TypeAlias = tuple[Block, ...]
Change: TypeAlias = Callable[[Block], Blocks]


class CountMistake(msgspec.Struct, frozen=True):
    """A way to count wrongly.

    Args:
        id: Stable kebab-case word.
        message: What is wrong, to the student; it gives no number away.
        of: Keys of the blocks that are counted otherwise.
        change: What is counted in the place of such a block.
        added: Blocks that are not there and are counted.
    """

    id: str
    message: str
    of: frozenset[tuple[str, int]]
    change: Change
    added: Blocks = ()

    def counted(self, blocks: Iterable[Block]) -> Blocks:
        """What is counted where these blocks are there."""
        found = (self.change(block) if block.key in self.of else (block,) for block in blocks)
        return (*(block for some in found for block in some), *self.added)


def left_out(block: Block) -> Blocks:
    """Nothing in its place."""
    return ()


def twice(block: Block) -> Blocks:
    """The block two times."""
    return block, block


def kept(block: Block) -> Blocks:
    """The block itself."""
    return (block,)


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
        message: What is wrong.
        of: The blocks that are counted otherwise.
        change: What is counted in their place.
    """
    if of:
        yield CountMistake(id, message, frozenset(block.key for block in of), change)
