"""What a question for formulas and conditions is given, and what stands in an answer to one."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import TypeVar

import msgspec

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.condition import Condition, parse_condition
from grader.formula.evaluate import constants
from grader.formula.marking.question import Comparing, KnownFormula, WrittenMistake
from grader.formula.names import FUNCTION_NAMES, Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula, substituted, symbols_in
from grader.model.kind import Asks, Params

T = TypeVar("T")


class ExpressionParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `expression`.

    Args:
        expressions: For each field the right formula, in the language of the answers.
        conditions: For each field the right condition, such as "|a| < 1".
        symbols: What formulas may be written in.
        abbreviations: Names that stand for a formula, in the symbols and the abbreviations before it:
            {h1 = "tanh(u*x1)"}; answers may use them.
        aliases: Other names of symbols: {W = "w"}. Spellings such as x_1, x[1] and x(1) for x1 need none.
        domain: Interval of a symbol, ends included, where formulas are compared; left out, -3 to 3
            and some points up to 100.
        whole: Symbols that stand for whole numbers; compared from 1 to 9 and at some up to 40 unless
            `domain` says otherwise.
        numeric: Plain numbers are wanted: no symbols, and values are never shown.
        mistakes: Wrong formulas that are recognised.
        seed: For the points of comparison.
    """

    expressions: dict[str, str] = msgspec.field(default_factory=dict)
    conditions: dict[str, str] = msgspec.field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    abbreviations: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    domain: dict[str, tuple[str | int | float, str | int | float]] = msgspec.field(default_factory=dict)
    whole: tuple[str, ...] = ()
    numeric: bool = False
    mistakes: tuple[WrittenMistake, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.expressions and not self.conditions:
            raise ValueError("expressions is empty: name at least one field")
        if both := self.expressions.keys() & self.conditions.keys():
            raise ValueError(f"{min(both)} is both an expression and a condition")
        if self.numeric and self.symbols:
            raise ValueError("numeric questions have no symbols; leave one of the two out")
        _check_names(self)
        for where, text in self.abbreviations.items():
            _own(f"abbreviations.{where}", formula_of, self, text)
        for where, text in self.expressions.items():
            right = _own(f"expressions.{where}", formula_of, self, text)
            if compare(right, right, self.where, self.seed).sameness is not Sameness.SAME:
                raise ValueError(f"expressions.{where} has a value at too few points of the domain")
        for where, text in self.conditions.items():
            _own(f"conditions.{where}", parse_condition, text, Names(self.symbols))
        for mistake in self.mistakes:
            if mistake.field not in self.expressions:
                raise ValueError(f"mistakes: {mistake.field!r} is none of the expressions")
            _own(f"mistakes.{mistake.id}", own_formula, self, mistake.formula)

    @property
    def names(self) -> Names:
        """The names that a formula may use."""
        return Names((*self.symbols, *self.abbreviations), tuple(self.aliases.items()))

    @property
    def where(self) -> Domain:
        """Where formulas are compared."""
        intervals = tuple((name, (_number(low), _number(high))) for name, (low, high) in self.domain.items())
        return Domain(intervals, frozenset(self.whole))

    @property
    def comparing(self) -> Comparing:
        """How its formulas are compared, and which wrong ones are recognised."""
        return Comparing(self.where, self.seed, lambda field: _known(self, field), asked_numbers(self))


def _known(params: ExpressionParams, field: str) -> Iterator[KnownFormula]:
    for one in params.mistakes:
        if one.field == field:
            yield KnownFormula(own_formula(params, one.formula), one.id, one.message, Fraction(one.credit))


def _check_names(params: ExpressionParams) -> None:
    known = (*params.symbols, *params.abbreviations)
    for name in (*params.domain, *params.whole, *params.aliases.values()):
        if name not in known or (name in params.abbreviations and name not in params.aliases.values()):
            raise ValueError(f"{name!r} is none of the symbols")
    for name in known:
        if not name.isidentifier() or name in FUNCTION_NAMES:
            raise ValueError(f"symbols: {name!r} cannot be a symbol: it must be a name, and no function's")
        if params.names.symbol(name) != name:
            raise ValueError(f"symbols: {name!r} is spelled like another symbol or alias")
    for name, (low, high) in params.domain.items():
        if not _number(low) < _number(high):
            raise ValueError(f"domain.{name} is empty: the first number must be the smaller one")


def formula_of(params: ExpressionParams, text: str) -> Formula:
    """The formula that a text says, abbreviations written out.

    Raises:
        Unreadable: If it is no formula.
    """
    formula = parse_formula(text, params.names)
    return substituted(formula, _meanings(tuple(params.abbreviations.items()), params.names))


def own_formula(params: ExpressionParams, text: str) -> Formula:
    """As `formula_of` for the author's texts, each of which is read once."""
    return _own_formula(text, params.names, tuple(params.abbreviations.items()))


@functools.lru_cache(maxsize=512)
def _own_formula(text: str, names: Names, abbreviations: tuple[tuple[str, str], ...]) -> Formula:
    return substituted(parse_formula(text, names), _meanings(abbreviations, names))


@functools.lru_cache(maxsize=256)
def _meanings(abbreviations: tuple[tuple[str, str], ...], names: Names) -> dict[str, Formula]:
    meanings: dict[str, Formula] = {}
    for name, text in abbreviations:
        meanings[name] = substituted(parse_formula(text, names), meanings)
    return meanings


def _number(written: str | float) -> Fraction:
    return Fraction(str(written))


def _own(where: str, read: Callable[..., T], *arguments: object) -> T:
    """An author's text, read; what is wrong with it is the author's to hear."""
    try:
        return read(*arguments)
    except Unreadable as error:
        raise ValueError(f"{where}: {error}") from None


def condition_of(params: ExpressionParams, text: str) -> Condition:
    """The condition that a text says; abbreviations have no place in it.

    Raises:
        Unreadable: If it is no condition.
    """
    return parse_condition(text, Names(params.symbols, tuple(params.aliases.items())))


def asked_numbers(params: ExpressionParams) -> frozenset[Fraction]:
    """The plain numbers that fields of the question ask for: no counterexample to another may tell one."""
    formulas = [own_formula(params, text) for text in params.expressions.values()]
    return frozenset().union(*(constants(one) for one in formulas if not symbols_in(one)))


def asks(params: ExpressionParams) -> Asks:
    """One field for each formula and each condition."""
    return Asks(fields=(*params.expressions, *params.conditions))
