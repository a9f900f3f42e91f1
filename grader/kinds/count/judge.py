"""Each count by itself: exact for all sizes, or for the sizes given, and which wrong ones are recognised."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from grader.formula.compare import Sameness, compare
from grader.formula.marking.growth import judge_growth, right_growth
from grader.formula.marking.judge import JudgedField, judge_formula, judged_each, outcome_of
from grader.formula.marking.question import Comparing, KnownFormula
from grader.formula.marking.reading import read_back
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula, Sum
from grader.kinds.count.question import (
    TOTAL,
    CountParams,
    asks,
    at_sizes,
    counted_in,
    given_formula,
    names_of,
    network_in,
    right_formula,
    table_in,
)
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback
from grader.model.value import Value
from grader.networks.counting.blocks import count_formula
from grader.networks.counting.mistakes import count_mistakes, sizes_in, two_together
from grader.networks.counting.mistakes.mistake import CountMistake
from grader.networks.equations.declaration import NetworkTable, network_of


def judge(params: CountParams, answer: Answer) -> Judgement[tuple[JudgedField, ...]]:
    """Mark each field by itself; each counts the same.

    Raises:
        Unreadable: If no field that was given can be read.
    """
    given: dict[str, Formula] = {}

    def judged(name: str, value: Value) -> JudgedField:
        if name in params.orders:
            right = right_growth(f"big_o.{name}", params.orders[name], names_of(params))
            return judge_growth(name, value, right, names_of(params))
        given[name], text = given_formula(params, value, name)
        field = judge_formula(comparing(params), name, given[name], right_formula(params, name), text)
        said = read_back(name, text, names_of(params))
        return field._replace(feedback=(*said, *field.feedback))

    fields = judged_each(asks(params).fields, answer.fields, judged)
    followed = tuple(_followed(params, field, fields, given) for field in fields)
    return Judgement(outcome_of(followed), followed)


def _followed(
    params: CountParams, field: JudgedField, fields: Sequence[JudgedField], given: Mapping[str, Formula]
) -> JudgedField:
    """The total, right where it is the sum of what the student counts for every parameter.

    At least half of those have to be right: all zeros add up, too.
    """
    if field.name != TOTAL or field.what != "wrong":
        return field
    parts = network_in(params).parameters
    n_right = sum(one.what == "right" for one in fields if one.name in parts)
    if 2 * n_right < len(parts) or parts.keys() - given:
        return field
    total, how = Sum(tuple(given[name] for name in parts)), comparing(params)
    if compare(given[TOTAL], total, how.domain, how.seed).sameness is not Sameness.SAME:
        return field
    text = f"{TOTAL} is not right, but it is the sum of your own counts: it counts as right."
    return JudgedField(field.name, "right", (Feedback("follows-from-own", text),))


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
