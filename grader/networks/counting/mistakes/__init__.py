"""What people count who count others than the weights of a network: derived from its equations."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from grader.networks.counting.blocks import blocks_of
from grader.networks.counting.mistakes.biases import biases
from grader.networks.counting.mistakes.gates import gates
from grader.networks.counting.mistakes.layers import layers
from grader.networks.counting.mistakes.mistake import Blocks, CountMistake
from grader.networks.counting.mistakes.weights import weights
from grader.networks.equations.network import Network

FAMILIES = (biases, weights, gates, layers)


class TwoMistakes(msgspec.Struct, frozen=True):
    """Two mistakes in one count.

    Args:
        mistakes: The first is made first.
    """

    mistakes: tuple[CountMistake, CountMistake]

    @property
    def id(self) -> str:
        """The ids, joined."""
        return "-and-".join(one.id for one in self.mistakes)

    @property
    def message(self) -> str:
        """What is wrong, to the student."""
        return "Two mistakes together. " + " ".join(one.message for one in self.mistakes)

    def counted(self, blocks: Blocks) -> Blocks:
        """What is counted where these blocks are there."""
        first, second = self.mistakes
        return second.counted(first.counted(blocks))


def count_mistakes(network: Network) -> tuple[CountMistake, ...]:
    """Every known mistake that the network's form lets people make."""
    blocks = blocks_of(network)
    found = (one for family in FAMILIES for one in family(network, blocks))
    return tuple(one for one in found if sizes_in(one.counted(blocks)) != sizes_in(blocks))


def two_together(mistakes: Sequence[CountMistake]) -> Iterator[TwoMistakes]:
    """Every two of them that are not one mistake in two forms."""
    for one, other in itertools.combinations(mistakes, 2):
        if one.id != other.id:
            yield TwoMistakes((one, other))


def sizes_in(blocks: Blocks) -> list[tuple[str, str, bool]]:
    """What is counted, whatever it is called."""
    return sorted((str(block.out), str(block.into), block.is_added) for block in blocks)
