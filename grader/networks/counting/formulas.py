"""Counts of weights as exact formulas in the sizes."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from grader.formula.tree import Constant, Formula, Product, Sum, Symbol
from grader.networks.counting.blocks import Block
from grader.networks.equations.sizes import Size


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
