"""How many weights there are, as a formula and for given sizes, and which sizes tell mistakes apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction

from grader.formula.tree import Constant, Formula, Product, Sum, Symbol
from grader.networks.counting.blocks import Block, blocks_of
from grader.networks.counting.mistakes import count_mistakes
from grader.networks.equations.network import Network
from grader.networks.equations.sizes import Size

# Small enough to multiply by hand.
CANDIDATES = (3, 4, 5, 6, 7, 8, 10, 12)
MOST_TRIED = 400


def size_formula(size: Size) -> Formula:
    """A size as a formula: 4*n_h, n_in + n_h."""
    return _sum(
        Product((Constant(Fraction(times)), Symbol(name))) if name else Constant(Fraction(times))
        for name, times in size.form
    )


def count_formula(blocks: Iterable[Block]) -> Formula:
    """How many weights there are in all."""
    return _sum(_one(block) for block in blocks)


def _one(block: Block) -> Formula:
    sizes = size_formula(block.out), size_formula(block.into)
    return Sum(sizes) if block.is_added else Product(sizes)


def _sum(terms: Iterable[Formula]) -> Formula:
    found = tuple(terms)
    if len(found) == 1:
        return found[0]
    return Sum(found) if found else Constant(Fraction(0))


def size_names(network: Network) -> tuple[str, ...]:
    """Names of all sizes of the network, sorted."""
    shapes = (*network.inputs.values(), *network.parameters.values(), *network.shapes.values())
    return tuple(sorted({name for shape in shapes for size in shape for name in size.names}))


def count_at(blocks: Iterable[Block], sizes: Mapping[str, int]) -> int:
    """How many weights there are for these sizes.

    Args:
        blocks: The weights that are counted.
        sizes: How long each named size is.
    """
    pairs = ((block.out.at(sizes), block.into.at(sizes), block.is_added) for block in blocks)
    return sum(out + into if is_added else out * into for out, into, is_added in pairs)


def telling_sizes(network: Network) -> dict[str, int]:
    """Sizes for which as many mistakes as can be count different numbers, and none the right one."""
    names, blocks = size_names(network), blocks_of(network)
    wrong = [mistake.effect(blocks) for mistake in count_mistakes(network)]
    best: dict[str, int] = {}
    most = -1
    for lengths in itertools.islice(itertools.permutations(CANDIDATES, len(names)), MOST_TRIED):
        sizes = dict(zip(names, lengths, strict=True))
        different = len({count_at(one, sizes) for one in wrong} - {count_at(blocks, sizes)})
        if different > most:
            best, most = sizes, different
    return best
