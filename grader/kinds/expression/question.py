"""What a question for formulas and conditions is given, and what stands in an answer to one."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TypeVar

import msgspec

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.condition import Condition, parse_condition
from grader.formula.evaluate import constants
from grader.formula.marking.growth import right_growth
from grader.formula.marking.question import Comparing, KnownFormula, WrittenMistake
from grader.formula.names import FUNCTION_NAMES, Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula, substituted, symbols_in
from grader.kinds.expression.of_network import AskedOfNetwork, OfNetwork, mistakes_of, of_network
from grader.model.control import Control
from grader.model.control import FormulaControl as FormulaControl
from grader.model.kind import Asks, Params
from grader.model.mistake import Mistake
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable

T = TypeVar("T")


class ExpressionParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `expression`.

    Args:
        expressions: For each field the right formula, in the language of the answers.
        conditions: For each field the right condition, such as "|a| < 1".
        big_o: For each field an order of growth, such as "T*n_h^2", in symbols that all grow without bound;
            right is every formula that is Theta of it.
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
        network: A network of single numbers, of which `asked` asks; its weights, start values and inputs at
            each step, x1, x2, ..., are symbols too.
        asked: Values "h(2)" and derivatives "dh(2)/dw", "dL/dw" of it; the fields are h2, dh2_dw, dL_dw.
        loss: What L is, in values h(2) and symbols.
        named: Variables whose values h1, h2, ... may stand in answers.
        seed: For the points of comparison.
    """

    expressions: dict[str, str] = msgspec.field(default_factory=dict)
    conditions: dict[str, str] = msgspec.field(default_factory=dict)
    big_o: dict[str, str] = msgspec.field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    abbreviations: dict[str, str] = msgspec.field(default_factory=dict)
    aliases: dict[str, str] = msgspec.field(default_factory=dict)
    domain: dict[str, tuple[str | int | float, str | int | float]] = msgspec.field(default_factory=dict)
    whole: tuple[str, ...] = ()
    numeric: bool = False
    mistakes: tuple[WrittenMistake, ...] = ()
    network: NetworkTable | None = None
    asked: tuple[str, ...] = ()
    loss: str = ""
    named: tuple[str, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        _check_network(self)
        if not self.formula_fields and not self.conditions and not self.big_o:
            raise ValueError("expressions is empty: name at least one field")
        fields = (*self.formula_fields, *self.conditions, *self.big_o)
        if both := sorted(name for name in fields if fields.count(name) > 1):
            raise ValueError(
                f"{both[0]} is both an expression and a condition or order, or asked of the network too"
            )
        if self.numeric and self.symbols:
            raise ValueError("numeric questions have no symbols; leave one of the two out")
        _check_names(self)
        for where, text in self.abbreviations.items():
            _own(f"abbreviations.{where}", formula_of, self, text)
        for where in self.formula_fields:
            right = _own(f"expressions.{where}", self.right, where)
            if compare(right, right, self.where, self.seed).sameness is not Sameness.SAME:
                raise ValueError(f"expressions.{where} has a value at too few points of the domain")
        for where, text in self.conditions.items():
            _own(f"conditions.{where}", parse_condition, text, Names(self.all_symbols))
        for where, text in self.big_o.items():
            right_growth(f"big_o.{where}", text, self.names)
        for mistake in self.mistakes:
            if mistake.field in self.big_o and mistake.formula:
                right_growth(f"mistakes.{mistake.id}", mistake.formula, self.names)
                continue
            if mistake.field not in self.formula_fields:
                raise ValueError(f"mistakes: {mistake.field!r} is none of the expressions")
            _own(f"mistakes.{mistake.id}", _written_formula, self, mistake)

    @property
    def names(self) -> Names:
        """The names that a formula may use."""
        named = self.of_network.meanings if self.of_network else ()
        return Names((*self.all_symbols, *named, *self.abbreviations), tuple(self.aliases.items()))

    @property
    def all_symbols(self) -> tuple[str, ...]:
        """The symbols: those of the network, and those that are declared."""
        own = self.of_network.symbols if self.of_network else ()
        return (*own, *self.symbols)

    @property
    def formula_fields(self) -> tuple[str, ...]:
        """The fields that ask for a formula."""
        return (*self.expressions, *(self.of_network.right if self.of_network else ()))

    def right(self, field: str) -> Formula:
        """The right formula of a field."""
        if self.of_network and field in self.of_network.right:
            return self.of_network.right[field]
        return own_formula(self, self.expressions[field])

    @property
    def asked_of_network(self) -> AskedOfNetwork | None:
        """What is asked of a network; None where none is named."""
        if self.network is None:
            return None
        return AskedOfNetwork(self.network, self.asked, self.loss, self.named, self.symbols)

    @property
    def of_network(self) -> OfNetwork | None:
        """The formulas that a network gives; None where none is named."""
        question = self.asked_of_network
        return None if question is None else of_network(question)

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
        if one.field == field and field in params.big_o:
            formula = right_growth(f"mistakes.{one.id}", one.formula, params.names)
            yield KnownFormula(one.id, one.message, formula, credit=Fraction(one.credit))
        elif one.field == field:
            formula = _written_formula(params, one)
            yield KnownFormula(one.id, one.message, formula, credit=Fraction(one.credit))
    for other in _network_mistakes(params, field):
        yield KnownFormula(other.id, other.message, other.effect, rank=1)


def _network_mistakes(params: ExpressionParams, field: str) -> tuple[Mistake[Formula], ...]:
    """All known mistakes in what a field asks of a network; none where it asks nothing of one."""
    question = params.asked_of_network
    if question is None or field not in of_network(question).right:
        return ()
    return mistakes_of(question, field)


def _written_formula(params: ExpressionParams, mistake: WrittenMistake) -> Formula:
    """The wrong formula that an author means."""
    if bool(mistake.formula) is bool(mistake.mutant):
        raise ValueError(f"mistakes.{mistake.id}: give either formula or mutant")
    if mistake.formula:
        return own_formula(params, mistake.formula)
    known = {one.id: one.effect for one in _network_mistakes(params, mistake.field)}
    if not known:
        raise ValueError(f"mistakes.{mistake.id}: {mistake.field} is not asked of a network")
    if mistake.mutant not in known:
        near = difflib.get_close_matches(mistake.mutant, known, n=3, cutoff=0)
        raise ValueError(
            f"mistakes.{mistake.id}: no mistake is called {mistake.mutant!r}; near is {joined(near)}"
        )
    return known[mistake.mutant]


def _check_network(params: ExpressionParams) -> None:
    if params.network is None:
        for name, value in (("asked", params.asked), ("loss", params.loss), ("named", params.named)):
            if value:
                raise ValueError(f"{name} goes with a network")
    elif not params.asked:
        raise ValueError('asked is empty: name what of the network is asked, such as "h(2)"')
    elif params.numeric:
        raise ValueError("numeric questions have no symbols; a network has")


def _check_names(params: ExpressionParams) -> None:
    named = params.of_network.meanings if params.of_network else {}
    known = (*params.all_symbols, *named, *params.abbreviations)
    written_out = {*named, *params.abbreviations}
    for name in (*params.domain, *params.whole, *params.aliases.values()):
        if name not in known or (name in written_out and name not in params.aliases.values()):
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
    return substituted(parse_formula(text, params.names, side_by_side=True), _meanings(params))


def own_formula(params: ExpressionParams, text: str) -> Formula:
    """As `formula_of` for the author's texts, each of which is read once."""
    named = params.asked_of_network
    return _own_formula(text, params.names, tuple(params.abbreviations.items()), named)


@functools.lru_cache(maxsize=512)
def _own_formula(
    text: str, names: Names, abbreviations: tuple[tuple[str, str], ...], named: AskedOfNetwork | None
) -> Formula:
    return substituted(parse_formula(text, names), _all_meanings(abbreviations, names, named))


def _meanings(params: ExpressionParams) -> Mapping[str, Formula]:
    return _all_meanings(tuple(params.abbreviations.items()), params.names, params.asked_of_network)


@functools.lru_cache(maxsize=256)
def _all_meanings(
    abbreviations: tuple[tuple[str, str], ...], names: Names, named: AskedOfNetwork | None
) -> Mapping[str, Formula]:
    meanings = {} if named is None else dict(of_network(named).meanings)
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
    return parse_condition(text, condition_names(params), side_by_side=True)


def condition_names(params: ExpressionParams) -> Names:
    """The names that a condition may use."""
    return Names(params.all_symbols, tuple(params.aliases.items()))


def asked_numbers(params: ExpressionParams) -> frozenset[Fraction]:
    """The plain numbers that fields of the question ask for: no counterexample to another may tell one."""
    formulas = [params.right(field) for field in params.formula_fields]
    return frozenset().union(*(constants(one) for one in formulas if not symbols_in(one)))


def asks(params: ExpressionParams) -> Asks:
    """One field for each formula and each condition."""
    return Asks(fields=(*params.formula_fields, *params.conditions, *params.big_o))


def controls(params: ExpressionParams) -> dict[str, Control]:
    """A formula for each field, in the question's names."""
    names, of_conditions = params.names, condition_names(params)
    formula = FormulaControl(names.symbols, names.aliases)
    condition = FormulaControl(of_conditions.symbols, of_conditions.aliases, "condition")
    order = FormulaControl(names.symbols, names.aliases, "order")
    return {
        **dict.fromkeys(params.formula_fields, formula),
        **dict.fromkeys(params.conditions, condition),
        **dict.fromkeys(params.big_o, order),
    }
