"""Whether a network with free symbols does what is asked, for all their values."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from grader.answers.numbers import ExactNumber
from grader.errors import Unreadable
from grader.exact import quotient as quo
from grader.exact.polynomial import Budget, Polynomial, TooLarge, is_constant, text, value_at
from grader.exact.quotient import Quotient
from grader.explaining import explained
from grader.linear.arrangement import Structure, arrangement, plan, sizes_of
from grader.linear.decision import Decision, Tier, decide, decision_by_places
from grader.linear.reading import (
    SHORT_DENOMINATOR,
    LinearNetwork,
    Weights,
    exact_network,
)
from grader.linear.symbolic.by_values import decide_at_values
from grader.linear.symbolic.entries import WrittenFormulas
from grader.linear.symbolic.field import WORK, QuotientRows, RootField, Undecidable, with_constants
from grader.linear.symbolic.markov import SymbolicSystem, differences
from grader.linear.symbolic.special_values import SpecialValues, special_values
from grader.networks.running.linear import values_of
from grader.networks.running.linear_forms import ParameterEntry
from reference.linear_system import LinearSystem

MAX_STATES = 8
# Values for symbols: small, and no two alike, so that nothing cancels by accident.
SAMPLES = (*map(Fraction, (2, 3, 5, -1, 1, -2, 7, 0)), Fraction(1, 2), Fraction(4))
MAX_POINTS = 60
# Terms whose value is taken in the search for a sample.
MAX_VALUES = 20_000
# Values of this size and below are zero: roots are taken to 50 digits.
NOISE = Fraction(1, 10**30)


class SymbolicDecision(NamedTuple):
    """What was decided about a network with formulas.

    Args:
        network: The network at the sample.
        decision: For all values of the symbols; the counterexample is for the sample.
        sample: One value for each symbol.
        excluded: Denominators, as text in the symbols: they must not be zero.
        condition: For which values it is right, where it is not for all; None where that is not known.
        symbols: Names of the free symbols.
    """

    network: LinearNetwork
    decision: Decision
    sample: Mapping[str, Fraction]
    excluded: tuple[str, ...]
    condition: SpecialValues | None
    symbols: tuple[str, ...]

    @property
    def is_never_right(self) -> bool:
        """Whether it is known that no values of its symbols make it right."""
        return self.condition is not None and self.condition.is_never

    @property
    def right_only(self) -> str:
        """For which values of its symbols it is right, in words; empty where that is not known."""
        return self.condition.phrase if self.condition is not None and self.condition.text else ""


def decide_symbolic(
    structure: Structure, written: WrittenFormulas, weights: Weights, target: LinearSystem
) -> SymbolicDecision:
    """Decide weights with formulas in them: by algebra, or where that cannot tell, at values of the symbols.

    Args:
        structure: Which network's they are.
        written: The formulas.
        weights: The matrices, with placeholders for the formulas.
        target: What is asked.

    Raises:
        Unreadable: If a formula is too long to compute, or has no real value.
    """
    found = None
    if len(weights[0][0]) <= MAX_STATES:
        try:
            found = _by_algebra(structure, written, weights, target)
        except (TooLarge, Undecidable):
            pass
        except quo.DivisionByZero:
            raise Unreadable("a formula divides by zero", "check its divisors", code="not-finite") from None
    if found is None:
        at = decide_at_values(structure, written, weights, target)
        found = SymbolicDecision(at.network, at.decision, at.point, (), None, ())
    shown = found.decision.counterexample
    if shown is not None:
        got = tuple(tuple(map(_without_noise, outputs)) for outputs in shown.got)
        found = found._replace(decision=found.decision._replace(counterexample=shown._replace(got=got)))
    names = written.names
    return found._replace(
        sample={names[name]: value for name, value in found.sample.items()},
        symbols=tuple(names[name] for name in written.symbols),
    )


def _by_algebra(
    structure: Structure, written: WrittenFormulas, weights: Weights, target: LinearSystem
) -> SymbolicDecision | None:
    """The decision for all values of the symbols; None where algebra does not tell."""
    field = RootField(written, Budget(WORK))
    weights = with_constants(weights, written)
    entries = field.quotients(weights)
    excluded = _excluded(entries)
    is_rounded = any(x.is_rounded for rows in weights for row in rows for x in row)
    places = differences(_system(structure, entries, field), target, field)
    wrong = {place: p for place, p in places.items() if p}
    sample, values = _sample(field, excluded, list(wrong.values()))
    network = _network_at(structure, weights, entries, field, values)
    only = None
    if wrong and (is_rounded or not field.is_sure):
        decision = decide(network, target)
        if field.symbols and decision.tier is not Tier.WRONG:
            return None
    else:
        at_sample = {place for place, p in wrong.items() if abs(value_at(p, values)) > NOISE}
        right = Tier.RATIONALISED if is_rounded else Tier.EXACT
        decision = decision_by_places(network, target, set(wrong), at_sample, right, NOISE)
        if wrong and field.indices == len(field.symbols) and field.symbols:
            only = explained(lambda: special_values(wrong.values(), excluded, field.names))
    nonzero = explained(lambda: tuple(text(p, field.names) for p in excluded)) or ()
    return SymbolicDecision(network, decision, sample, nonzero, only, ())


def _without_noise(value: Fraction) -> Fraction:
    short = value.limit_denominator(SHORT_DENOMINATOR)
    return short if abs(value - short) <= NOISE else value


def _system(structure: Structure, entries: list[QuotientRows], field: RootField) -> SymbolicSystem:
    rows = dict(zip(arrangement(structure).weights, entries, strict=True))

    def entry(place: ParameterEntry) -> Quotient:
        name, row, column = place
        return rows[name][row][column]

    def add(p: Quotient, q: Quotient) -> Quotient:
        return quo.add(p, q, field.budget)

    def multiply(p: Quotient, q: Quotient) -> Quotient:
        return quo.multiply(p, q, field.budget)

    found = plan(structure, *sizes_of(structure, rows))
    parts = [values_of(part, entry, quo.of_number, add, multiply) for part in found]
    return SymbolicSystem(parts[0], parts[1], parts[2], parts[3], parts[4][0])


def _excluded(entries: list[QuotientRows]) -> tuple[Polynomial, ...]:
    """The denominators with a symbol in them, each once."""
    found: list[Polynomial] = []
    for value in (value for rows in entries for row in rows for value in row):
        if not is_constant(value.denominator) and value.denominator not in found:
            found.append(value.denominator)
    return tuple(found)


def _sample(
    field: RootField, excluded: tuple[Polynomial, ...], wrong: list[Polynomial]
) -> tuple[dict[str, Fraction], list[Fraction]]:
    """Values of the symbols at which no denominator is zero and as many differences as possible show."""
    best: tuple[int, dict[str, Fraction], list[Fraction]] | None = None
    terms = sum(map(len, (*excluded, *wrong)))
    for point in itertools.islice(
        _points(tuple(field.symbols)), max(2, min(MAX_POINTS, MAX_VALUES // (terms + 1)))
    ):
        try:
            values = field.generators_at(point)
        except Undecidable:
            continue
        if any(abs(value_at(p, values)) <= NOISE for p in excluded):
            continue
        shown = sum(abs(value_at(p, values)) > NOISE for p in wrong)
        if best is None or shown > best[0]:
            best = (shown, point, values)
        if shown == len(wrong):
            break
    if best is None:
        raise Undecidable
    return best[1], best[2]


def _points(symbols: tuple[str, ...]) -> Iterator[dict[str, Fraction]]:
    for turn in range(MAX_POINTS):
        step = 1 + turn // len(SAMPLES)
        yield {name: SAMPLES[(turn + i * step) % len(SAMPLES)] for i, name in enumerate(symbols)}


def _network_at(
    structure: Structure,
    weights: Weights,
    entries: list[QuotientRows],
    field: RootField,
    values: list[Fraction],
) -> LinearNetwork:
    """The network at the sample; entries that are known to 50 digits only count as rounded."""

    def at_sample(number: ExactNumber, entry: Quotient) -> ExactNumber:
        value = value_at(entry.numerator, values) / value_at(entry.denominator, values)
        is_exact = field.is_rational or entry.is_number
        return ExactNumber(value, number.text, number.is_rounded or not is_exact)

    matrices = zip(weights, entries, strict=True)
    return exact_network(
        structure,
        tuple(
            tuple(tuple(map(at_sample, row, line)) for row, line in zip(rows, lines, strict=True))
            for rows, lines in matrices
        ),
    )
