"""Whether a formula is right, and the outcome of a question whose fields are formulas.

A formula is right if it agrees with the author's wherever both have a value: proved by algebra where it is
polynomial or rational in the symbols and in tanh, exp and their kin, else tested at points with error bounds.
Feedback on a right one names a point of the domain at which it has no value, if there is one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.exact import ball
from grader.exact.polynomial import TooLarge, exponents
from grader.exact.quotient import DivisionByZero
from grader.explaining import explained
from grader.formula import evaluate
from grader.formula.compare import AGREEMENT, Comparison, Sameness, compare, has_value
from grader.formula.compare_conditions import Difference
from grader.formula.field import FunctionField
from grader.formula.marking.question import Comparing
from grader.formula.points import Domain, Point, point_text, points
from grader.formula.tree import Constant, Formula, Power, everything_in, inverted, symbols_in
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, PROVED, Basis, Evidence, tried_on
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.text import could_not_decide
from grader.model.value import Value

if TYPE_CHECKING:
    from grader.formula.marking.growth import WrongGrowth

TRIED_POINTS = 4
What: TypeAlias = Literal["right", "wrong", "undecided", "missing", "unreadable"]


class WrongFormula(NamedTuple):
    """A formula that was found wrong, the right one, and what showed it."""

    given: Formula
    right: Formula
    comparison: Comparison


class JudgedField(NamedTuple):
    """What was read and decided about one field.

    Args:
        name: Of the field.
        what: How it came out.
        feedback: On the field, before anything is explained.
        tested_on: At how many points, where that is what being right rests on; 0 where it is proved.
        is_formula: Whether a formula was asked for, and not a condition.
        wrong: What was found where it is wrong.
    """

    name: str
    what: What
    feedback: tuple[Feedback, ...] = ()
    tested_on: int = 0
    is_formula: bool = True
    wrong: WrongFormula | Difference | WrongGrowth | None = None


class FieldEvidence(msgspec.Struct, frozen=True):
    """One field in the report: at how many points it agreed, and how closely, where it is not proved."""

    what: What
    points: int | UnsetType = UNSET
    agree_to: str | UnsetType = UNSET


class Counterexample(msgspec.Struct, frozen=True):
    """Values of the symbols where a field is wrong, with the right value and the student's."""

    inputs: dict[str, int | str]
    expected: Any
    got: Any


class ExpressionEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows of formulas and conditions, by field."""

    fields: Annotated[dict[str, FieldEvidence] | UnsetType, LOCATION] = UNSET
    fields_right: Annotated[int | UnsetType, LOCATION] = UNSET
    counterexamples: Annotated[dict[str, Counterexample] | UnsetType, COUNTEREXAMPLE] = UNSET


def judged_each(
    names: Iterable[str], given: Mapping[str, Value], judged: Callable[[str, Value], JudgedField]
) -> list[JudgedField]:
    """Each field by itself: not given, not to be read, or as it was judged.

    Args:
        names: Of the fields that are asked.
        given: What was handed in, by field.
        judged: Judges one field; raises `Unreadable` where it cannot be read.

    Raises:
        Unreadable: If no field that was given can be read.
    """
    fields: list[JudgedField] = []
    unreadable: list[Unreadable] = []
    for name in names:
        if name not in given:
            fields.append(JudgedField(name, "missing", (Feedback("missing-field", f"{name} is not given."),)))
            continue
        try:
            fields.append(judged(name, given[name]))
        except Unreadable as error:
            reason = Unreadable(error.message, error.hint, name, error.code)
            unreadable.append(reason)
            fields.append(JudgedField(name, "unreadable", (Feedback(reason.code, str(reason)),)))
    if unreadable and len(unreadable) == len(given):
        raise unreadable[0]
    return fields


def outcome_of(fields: Sequence[JudgedField]) -> Outcome:
    """The outcome of a question whose fields count the same."""
    is_undecided = any(field.what == "undecided" for field in fields)
    right = [field for field in fields if field.what == "right"]
    fraction = Fraction(0 if is_undecided else len(right), len(fields))
    tested = [field.tested_on for field in right if field.tested_on]
    basis: Basis = tried_on(min(tested)) if tested else PROVED
    return Outcome(
        verdict=Verdict.UNDECIDED if is_undecided else verdict_for(fraction),
        fraction=fraction,
        basis=None if is_undecided else basis,
        feedback=tuple(one for field in fields for one in field.feedback),
        evidence=(
            ExpressionEvidence(
                fields={field.name: _evidence(field) for field in fields}, fields_right=len(right)
            ),
        ),
    )


def _evidence(field: JudgedField) -> FieldEvidence:
    if not field.tested_on:
        return FieldEvidence(field.what)
    return FieldEvidence(field.what, field.tested_on, str(AGREEMENT) if field.is_formula else UNSET)


def judge_formula(comparing: Comparing, name: str, given: Formula, right: Formula, text: str) -> JudgedField:
    """Mark one formula.

    Args:
        comparing: Where and with which seed formulas are compared.
        name: The field.
        given: The student's.
        right: The author's.
        text: What the student wrote.

    Raises:
        Unreadable: If the student's values cannot be computed where the author's can.
    """
    domain, seed = comparing.domain, comparing.seed
    found = compare(given, right, domain, seed)
    if found.sameness is Sameness.UNCOMPUTABLE:
        raise cannot_be_computed(name)
    if found.sameness is Sameness.UNSURE:
        if compare(right, right, domain, seed).sameness is Sameness.SAME:
            raise cannot_be_computed(name)  # the right one is sure of itself
        return undecided(name, f"neither algebra nor {found.agreeing} agreeing points decide {text}")
    if found.sameness is not Sameness.SAME:
        return JudgedField(name, "wrong", (not_right(name),), wrong=WrongFormula(given, right, found))
    remarks = explained(lambda: _remarks(name, excluded_point(given, right, domain))) or ()
    return JudgedField(name, "right", remarks, 0 if found.is_proved else found.agreeing)


def _remarks(name: str, point: dict[str, Fraction] | None) -> tuple[Feedback, ...]:
    if not point:
        return ()
    at = point_text(point)
    text = f"{name} is right, but as it is written it has no value at {at}; that could be cancelled."
    return (Feedback("excluded-value", text),)


def cannot_be_computed(name: str) -> Unreadable:
    """A message that the student's values cannot be computed where the right ones can."""
    return Unreadable("its value cannot be computed", "simplify it", name, "cannot-be-computed")


def undecided(name: str, why: str) -> JudgedField:
    """A field that could not be decided.

    Args:
        name: Of the field.
        why: For staff.
    """
    student = Feedback("undecided", f"{name}: t{could_not_decide('this formula')[1:]}")
    return JudgedField(name, "undecided", (student, Feedback("undecided", f"{name}: {why}", "staff")))


def not_right(name: str) -> Feedback:
    """A message that a field is wrong, for when counterexamples are held back."""
    return Feedback("wrong", f"{name} is not right.")


def excluded_point(given: Formula, right: Formula, domain: Domain) -> Point | None:
    """A point of the domain where the given formula has no value though the right one has: w = 0 of w^2/w.

    Symbols on whose values that does not depend are left out; None if no such point is found.

    Args:
        given: The student's, equal to the right one wherever it has a value.
        right: The author's.
        domain: Points outside it do not count.
    """
    for divisor in _divisors(given):
        for point in _zeros(divisor, domain):
            others = points(symbols_in(given) | symbols_in(right), domain, 0)
            for rest in itertools.islice(others, TRIED_POINTS):
                if has_value(given, {**rest, **point}) or not has_value(right, {**rest, **point}):
                    break
            else:
                return point
    return None


def _divisors(formula: Formula) -> Iterator[Formula]:
    for part in everything_in(formula):
        if isinstance(part, Power) and isinstance(part.exponent, Constant) and part.exponent.value < 0:
            yield part.base


def _zeros(divisor: Formula, domain: Domain) -> Iterator[Point]:
    """Points where a divisor is zero, solved for a symbol in which it is linear (or a multiple of it)."""
    names = sorted(symbols_in(divisor))
    field = FunctionField("tanh")
    try:
        numerator = field.quotient(divisor).numerator
    except (TooLarge, DivisionByZero):
        return
    if field.values or field.roots:
        return
    for name in names:
        index = field.symbols[name]
        degrees = {dict(exponents(monomial)).get(index, 0) for monomial in numerator}
        others = [other for other in names if other != name]
        for fixed in itertools.islice(points(others, domain, 0), 2):
            if len(degrees) == 1 and degrees != {0}:
                candidates = {Fraction(0)}
            elif degrees == {0, 1}:
                candidates = _root(divisor, name, fixed)
            else:
                candidates = {Fraction(n) for n in (-1, 0, 1)}
            for value in sorted(candidates):
                point = {**fixed, name: value}
                if point in domain and not has_value(inverted(divisor), point):
                    yield {name: value} if value == 0 and len(degrees) == 1 else point


def _root(divisor: Formula, name: str, fixed: Point) -> set[Fraction]:
    """Where a formula that is linear in one symbol is zero, by the secant through two points."""
    values = []
    for at in (Fraction(11), Fraction(13)):
        try:
            value = evaluate.evaluate(divisor, {**fixed, name: at})
        except (ball.Undefined, ball.Unsure):
            return set()
        if not isinstance(value, Fraction):
            return set()
        values.append(value)
    slope = (values[1] - values[0]) / 2
    return {11 - values[0] / slope} if slope else set()
