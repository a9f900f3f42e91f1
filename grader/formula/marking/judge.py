"""Whether a formula is right, and what comes of a question whose fields are formulas.

A formula is right if it agrees with the author's wherever both have a value: proved by algebra where it is
polynomial or rational in the symbols and in tanh, exp and their kin, else tested at points with error bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from grader.errors import Unreadable
from grader.explaining import explained
from grader.formula.compare import AGREEMENT, Comparison, Sameness, compare
from grader.formula.compare_conditions import Difference
from grader.formula.excluded import excluded_point
from grader.formula.marking.question import Comparing
from grader.formula.points import point_text
from grader.formula.tree import Formula
from grader.model.evidence import COUNTEREXAMPLE, LOCATION, PROVED, Basis, Evidence, tried_on
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.text import could_not_decide

if TYPE_CHECKING:
    from grader.formula.marking.growth import WrongGrowth

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
        feedback: What is said of it without an explanation.
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


def outcome_of(fields: Sequence[JudgedField]) -> Outcome:
    """What comes of a question whose fields count the same."""
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
