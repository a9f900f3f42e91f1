"""Formulas and conditions in declared symbols, however they are written.

A formula is right if it agrees with the author's wherever both have a value: proved by algebra where it is
polynomial or rational in the symbols and in tanh, exp and their kin, else tested at points with error bounds.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec

from grader.errors import Unreadable
from grader.formula.compare import Sameness, compare
from grader.formula.condition import parse_condition
from grader.formula.evaluate import constants
from grader.formula.names import FUNCTION_NAMES, Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain
from grader.formula.tree import Formula, substituted, symbols_in
from grader.kinds.expression.marking import KnownMistake, Marked, mark_condition, mark_formula
from grader.kinds.expression.reading import formula_text
from grader.model.evidence import PROVED, Basis, Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample, Params
from grader.model.outcome import Diagnosis, Feedback, Outcome, Verdict, verdict_for

NO_CREDIT = Fraction(0)


class WrittenMistake(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A wrong formula that is recognised.

    Args:
        field: Where it may be given.
        formula: What is given then, up to how it is written.
        id: Stable kebab-case word.
        message: What to tell.
        credit: Share of the field's points.
    """

    field: str
    formula: str
    id: str
    message: str
    credit: str = "0"


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
            _own(f"abbreviations.{where}", functools.partial(formula_of, self, text))
        for where, text in self.expressions.items():
            right: Formula = _own(f"expressions.{where}", functools.partial(formula_of, self, text))
            if compare(right, right, self.where, self.seed).sameness is not Sameness.SAME:
                raise ValueError(f"expressions.{where} has a value at too few points of the domain")
        for where, text in self.conditions.items():
            _own(f"conditions.{where}", functools.partial(parse_condition, text, Names(self.symbols)))
        for mistake in self.mistakes:
            if mistake.field not in self.expressions:
                raise ValueError(f"mistakes: {mistake.field!r} is none of the expressions")
            _own(f"mistakes.{mistake.id}", functools.partial(_known, self, mistake))

    @property
    def names(self) -> Names:
        """The names that a formula may use."""
        return Names((*self.symbols, *self.abbreviations), tuple(self.aliases.items()))

    @property
    def where(self) -> Domain:
        """Where formulas are compared."""
        intervals = tuple((name, (_number(low), _number(high))) for name, (low, high) in self.domain.items())
        return Domain(intervals, frozenset(self.whole))


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


def _own(where: str, read: Callable[[], Any]) -> Any:
    """An author's text, read; what is wrong with it is the author's to hear."""
    try:
        return read()
    except Unreadable as error:
        raise ValueError(f"{where}: {error}") from None


def _known(params: ExpressionParams, mistake: WrittenMistake) -> KnownMistake:
    formula = own_formula(params, mistake.formula)
    return KnownMistake(mistake.id, formula, mistake.message, Fraction(mistake.credit))


def asks(params: ExpressionParams) -> Asks:
    """One field for each formula and each condition."""
    return Asks(fields=(*params.expressions, *params.conditions))


def judge(params: ExpressionParams, answer: Answer) -> Outcome:
    """Mark each field by itself; each counts the same."""
    marks: dict[str, Marked] = {}
    unreadable: list[Unreadable] = []
    for name in (*params.expressions, *params.conditions):
        if name not in answer.fields:
            marks[name] = Marked("missing", feedback=(Feedback("missing-field", f"{name} is not given."),))
            continue
        try:
            marks[name] = _mark(params, name, answer)
        except Unreadable as error:
            told = error if error.where else Unreadable(error.message, error.hint, name, error.code)
            unreadable.append(told)
            marks[name] = Marked("unreadable", feedback=(Feedback(told.code, str(told)),))
    if unreadable and len(unreadable) == len(answer.fields):
        raise unreadable[0]
    return _outcome(marks)


def _mark(params: ExpressionParams, name: str, answer: Answer) -> Marked:
    is_condition = name in params.conditions
    text = formula_text(answer.fields[name], name, "-2 < a" if is_condition else "w*x1 + x2")
    if is_condition:
        names = Names(params.symbols, tuple(params.aliases.items()))
        condition = parse_condition(text, names)
        wanted = parse_condition(params.conditions[name], names)
        return mark_condition(name, condition, wanted, params.where, params.seed)
    known = [_known(params, mistake) for mistake in params.mistakes if mistake.field == name]
    right = own_formula(params, params.expressions[name])
    asked = _asked(params) if symbols_in(right) else frozenset[Fraction]()
    return mark_formula(name, formula_of(params, text), right, params.where, params.seed, known, asked)


def _asked(params: ExpressionParams) -> frozenset[Fraction]:
    """The plain numbers that fields of the question ask for."""
    formulas = [own_formula(params, text) for text in params.expressions.values()]
    return frozenset().union(*(constants(one) for one in formulas if not symbols_in(one)))


def _outcome(marks: dict[str, Marked]) -> Outcome:
    is_undecided = any(mark.what == "undecided" for mark in marks.values())
    fraction = sum((mark.credit for mark in marks.values()), NO_CREDIT) / len(marks)
    evidence: dict[str, Any] = {
        "fields": {name: {"what": mark.what, **mark.evidence} for name, mark in marks.items()},
        "fields_right": sum(mark.credit == 1 for mark in marks.values()),
    }
    found = {name: mark.counterexample for name, mark in marks.items() if mark.counterexample}
    if found:
        evidence["counterexamples"] = found
    return Outcome(
        verdict=Verdict.UNDECIDED if is_undecided else verdict_for(fraction),
        fraction=NO_CREDIT if is_undecided else fraction,
        basis=None if is_undecided else _basis(marks),
        feedback=tuple(told for mark in marks.values() for told in mark.feedback),
        evidence=(Untyped(table=evidence),),
        diagnoses=tuple(Diagnosis(*mark.diagnosis) for mark in marks.values() if mark.diagnosis),
    )


def _basis(marks: dict[str, Marked]) -> Basis:
    """Tested, on the fewest points, if any field was; else proved."""
    tested = [mark.tested_on for mark in marks.values() if mark.tested_on]
    return tried_on(min(tested)) if tested else PROVED


UNROLLED = {"expressions": {"g2": "w*x1 + x2"}, "symbols": ["w", "x1", "x2"]}
SLOPE = {
    "expressions": {"dg": "x1*(1 - tanh(w*x1)^2)"},
    "symbols": ["w", "x1"],
    "mistakes": [
        {"field": "dg", "formula": "w*(1 - tanh(w*x1)^2)", "id": "wrong-variable", "message": "d/dx1."}
    ],
}
STABLE = {"conditions": {"stable": "|a| < 1"}, "symbols": ["a"]}
COUNT = {"numeric": True, "expressions": {"n": "12"}}

CHECK = Kind(
    params=ExpressionParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample("As it stands", UNROLLED, "q = dict(g2='w*x1 + x2')", "correct"),
        KindExample("In another spelling", UNROLLED, "q = dict(g2='g2 = x₂ + x[1]·W')", "correct"),
        KindExample(
            "By an identity", SLOPE, "q = dict(dg='x1 / cosh(w x1)^2')", "invalid", "missing-operator"
        ),
        KindExample("The same with its signs", SLOPE, "q = dict(dg='x1 / cosh(w*x1)^2')", "correct"),
        KindExample("A condition", STABLE, "q = dict(stable='-1 < a < 1')", "correct"),
        KindExample("A number worked out", COUNT, "q = dict(n='3*(2 + 2)')", "correct"),
        KindExample("A sign", UNROLLED, "q = dict(g2='-w*x1 - x2')", "incorrect", "sign"),
        KindExample("A missing term", UNROLLED, "q = dict(g2='x2')", "incorrect", "terms-missing"),
        KindExample(
            "A recognised mistake",
            SLOPE,
            "q = dict(dg='w*(1 - tanh(w*x1)^2)')",
            "incorrect",
            "counterexample",
        ),
        KindExample("The end included", STABLE, "q = dict(stable='|a| <= 1')", "incorrect", "boundary"),
        KindExample("Another number", COUNT, "q = dict(n=11)", "incorrect", "wrong"),
        KindExample("An unknown name", UNROLLED, "q = dict(g2='w*x3')", "invalid", "unknown-name"),
        KindExample("No formula", UNROLLED, "q = dict(g2=max)", "invalid", "not-a-formula"),
    ),
)
