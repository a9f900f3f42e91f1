"""The wrong counts that are recognised, by what was counted instead."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from fractions import Fraction

from grader.formula.marking.growth import right_growth
from grader.formula.marking.question import Comparing, KnownFormula
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula
from grader.kinds.count.question import (
    TOTAL,
    CountParams,
    at_sizes,
    counted_in,
    names_of,
    network_in,
    table_in,
)
from grader.networks.counting.blocks import count_formula
from grader.networks.counting.mistakes import count_mistakes, sizes_in, two_together
from grader.networks.counting.mistakes.mistake import CountMistake
from grader.networks.equations.declaration import NetworkTable, network_of


def comparing(params: CountParams) -> Comparing:
    """How counts are compared, and which wrong ones are recognised."""
    domain = Domain(whole=params.size_names)
    return Comparing(domain, params.seed, lambda asked: known_formulas(params, asked))


def known_formulas(params: CountParams, asked: str) -> Iterator[KnownFormula]:
    """The wrong counts of a field that are recognised; two mistakes together only where no number is asked.

    Args:
        params: The question.
        asked: The field.
    """
    names = names_of(params)
    for one in params.mistakes:
        if one.field == asked and asked in params.orders:
            formula = right_growth(f"mistakes.{one.id}", one.formula, names)
            yield KnownFormula(one.id, one.message, formula, credit=Fraction(one.credit))
        elif one.field == asked:
            formula = at_sizes(params, parse_formula(one.formula, names))
            yield KnownFormula(one.id, one.message, formula, credit=Fraction(one.credit))
    if asked in params.orders:
        return
    for other in params.others:
        if blocks := counted_in(network_of(other.network), asked):
            yield KnownFormula(other.id, other.message, at_sizes(params, count_formula(blocks)))
    single, double = known_mistakes(table_in(params))
    # Numbers are too few for pairs: half of all wrong ones would be some pair's.
    for rank, mistakes in ((1, single), (2, () if params.lengths else double)):
        for mistake in mistakes:
            if (changed := _changed(params, mistake, asked)) is not None:
                credit = params.slip_credit**rank
                yield KnownFormula(mistake.id, mistake.message, changed, credit=credit, rank=rank)


@functools.lru_cache(maxsize=32)
def known_mistakes(table: NetworkTable) -> tuple[tuple[CountMistake, ...], tuple[CountMistake, ...]]:
    """The mistakes in counting a network, one by one and two together."""
    single = count_mistakes(network_of(table))
    return single, tuple(two_together(single))


def _changed(params: CountParams, mistake: CountMistake, asked: str) -> Formula | None:
    """What a mistake counts for a field; None where it counts what is right, or nothing."""
    right = counted_in(network_in(params), asked)
    changed = mistake.effect(right)
    # What is no weight is counted in with all weights only.
    is_elsewhere = asked != TOTAL and any(not block.parameter for block in changed)
    if not changed or is_elsewhere or sizes_in(changed) == sizes_in(right):
        return None
    return at_sizes(params, count_formula(changed))
