"""What to tell about one field: right, wrong and where, or undecided."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from grader.answers.describe import shown_fraction
from grader.errors import Unreadable
from grader.exact.ball import CONTEXT, Ball, of_fraction
from grader.explaining import explained
from grader.formula.compare import AGREEMENT, Comparison, Sameness, clearest, compare
from grader.formula.compare_conditions import compare_conditions
from grader.formula.condition import Condition
from grader.formula.evaluate import Real, as_ball
from grader.formula.excluded import excluded_point
from grader.formula.points import Domain
from grader.formula.tree import Formula
from grader.kinds.expression.clues import clue
from grader.model.outcome import Feedback

NONE, FULL = Fraction(0), Fraction(1)
SHOWN_DIGITS = 6
FLOAT_DIGITS = 15
STUDENT_UNDECIDED = (
    "the grader could not decide this formula; your instructor is told. It does not count as wrong."
)


@dataclass(frozen=True)
class KnownMistake:
    """A wrong formula that is recognised: its id, what to tell, and its share of the points."""

    id: str
    formula: Formula
    message: str
    credit: Fraction = NONE


@dataclass(frozen=True)
class Marked:
    """What was found out about one field.

    Args:
        what: "right", "wrong", "undecided", "missing" or "unreadable".
        credit: Share of the field's points.
        tested_on: At how many points, where that is what the mark rests on; 0 where it is proved.
        feedback: In the order to be read.
        counterexample: Inputs, the student's value and the right one, JSON-ready.
        evidence: More facts, JSON-ready.
        diagnosis: Id and message of a known mistake.
    """

    what: str
    credit: Fraction = NONE
    tested_on: int = 0
    feedback: tuple[Feedback, ...] = ()
    counterexample: dict[str, Any] | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    diagnosis: tuple[str, str] | None = None


def mark_formula(
    name: str,
    given: Formula,
    right: Formula,
    domain: Domain,
    seed: int,
    known: Sequence[KnownMistake] = (),
    asked: frozenset[Fraction] = frozenset(),
) -> Marked:
    """Mark one formula.

    Args:
        name: The field.
        given: The student's.
        right: The author's.
        domain: Where they are compared.
        seed: For the points.
        known: Wrong formulas that are recognised.
        asked: Numbers that other fields ask for: no counterexample tells one.

    Raises:
        Unreadable: If the student's values cannot be computed where the author's can.
    """
    found = compare(given, right, domain, seed)
    if found.sameness is Sameness.UNSURE and compare(right, right, domain, seed).sameness is Sameness.SAME:
        raise _cannot_be_computed(name)  # the right one is sure of itself
    if found.sameness is Sameness.UNCOMPUTABLE:
        raise _cannot_be_computed(name)
    if found.sameness is Sameness.UNSURE:
        staff = f"{name}: neither algebra nor {found.agreeing} agreeing points decide {given!r}"
        return Marked(
            "undecided",
            feedback=(
                Feedback("undecided", f"{name}: {STUDENT_UNDECIDED}"),
                Feedback("undecided", staff, "staff"),
            ),
        )
    if found.sameness is Sameness.SAME:
        return _right(explained(lambda: _remarks(name, given, right, domain)) or (), found)
    found = explained(lambda: clearest(given, right, domain, seed, found)) or found
    mistake = explained(lambda: _recognised(given, known, domain, seed))
    credit = NONE if mistake is None else mistake.credit
    bare = Marked("wrong", credit, feedback=(_not_right(name),))
    marked = explained(lambda: _wrong(name, given, right, domain, found, mistake)) or bare
    if found.point and isinstance(found.wanted, Fraction) and found.wanted in asked:
        return explained(lambda: _without_value(name, marked, found)) or bare
    return marked


def _cannot_be_computed(name: str) -> Unreadable:
    return Unreadable("its value cannot be computed", "simplify it", name, "cannot-be-computed")


def _remarks(name: str, given: Formula, right: Formula, domain: Domain) -> tuple[Feedback, ...]:
    point = excluded_point(given, right, domain)
    if not point:
        return ()
    text = f"{name} is right, but as it is written it has no value at {_at(point)}; that could be cancelled."
    return (Feedback("excluded-value", text),)


def _right(remarks: tuple[Feedback, ...], found: Comparison) -> Marked:
    evidence = {} if found.is_proved else {"points": found.agreeing, "agree_to": str(AGREEMENT)}
    tested_on = 0 if found.is_proved else found.agreeing
    return Marked("right", FULL, tested_on, remarks, evidence=evidence)


def _wrong(
    name: str,
    given: Formula,
    right: Formula,
    domain: Domain,
    found: Comparison,
    mistake: KnownMistake | None,
) -> Marked:
    diagnosis = None if mistake is None else (mistake.id, f"{name}: {mistake.message}")
    credit = NONE if mistake is None else mistake.credit
    if not found.point:
        # Without symbols the value there is the answer itself.
        what = "has no value" if found.sameness is Sameness.UNDEFINED else "is not right"
        code = "undefined" if found.sameness is Sameness.UNDEFINED else "wrong"
        clues = _clues(name, given, right, domain) if found.point is None else ()
        return Marked("wrong", credit, 0, (Feedback(code, f"{name} {what}."), *clues), diagnosis=diagnosis)
    wanted = "" if found.wanted is None else f"; it should be {_digits(found.wanted)}"
    if found.sameness is Sameness.UNDEFINED:
        text = f"{name}: at {_at(found.point)} your formula has no value{wanted}."
        return Marked(
            "wrong",
            credit,
            0,
            (_not_right(name), Feedback("undefined", text, level="counterexample")),
            diagnosis=diagnosis,
        )
    got, wanted = _apart(found.got, found.wanted)
    text = f"{name}: at {_at(found.point)} your formula gives {got}; it should be {wanted}."
    return Marked(
        "wrong",
        credit,
        0,
        (
            _not_right(name),
            Feedback("counterexample", text, level="counterexample"),
            *_clues(name, given, right, domain),
        ),
        counterexample={
            "inputs": {symbol: _plain(value) for symbol, value in found.point.items()},
            "expected": _plain(found.wanted, wanted),
            "got": _plain(found.got, got),
        },
        diagnosis=diagnosis,
    )


def _without_value(name: str, marked: Marked, found: Comparison) -> Marked:
    """The same, but for the value that should be: another field asks for it."""
    shown = (_digits(found.got, digits) for digits in (SHOWN_DIGITS, 2 * SHOWN_DIGITS))
    others = (_digits(found.wanted, digits) for digits in (SHOWN_DIGITS, 2 * SHOWN_DIGITS))
    # As many digits as it takes: those that agree with the right ones are not what is wrong.
    value = next((a for a, b in zip(shown, others, strict=True) if a != b), "nearly what it should")
    got = "has no value" if found.got is None else f"gives {value}, which is not right"
    text = f"{name}: at {_at(found.point or {})} your formula {got}."
    told = (
        Feedback(one.code, text, one.audience, one.level) if one.level == "counterexample" else one
        for one in marked.feedback
    )
    return replace(marked, feedback=tuple(told), counterexample=None)


def _not_right(name: str) -> Feedback:
    # Where counterexamples are held back, this still says which field it is.
    return Feedback("wrong", f"{name} is not right.")


def _clues(name: str, given: Formula, right: Formula, domain: Domain) -> tuple[Feedback, ...]:
    told = explained(lambda: clue(given, right, domain.whole))
    return () if told is None else (Feedback(told.code, f"{name}: {told.message}"),)


def _recognised(
    given: Formula, known: Sequence[KnownMistake], domain: Domain, seed: int
) -> KnownMistake | None:
    for mistake in known:
        if compare(given, mistake.formula, domain, seed).sameness is Sameness.SAME:
            return mistake
    return None


def mark_condition(name: str, given: Condition, right: Condition, domain: Domain, seed: int) -> Marked:
    """Mark one condition.

    Args:
        name: The field.
        given: The student's.
        right: The author's.
        domain: Where they are compared.
        seed: For what is held fixed.

    Raises:
        Unreadable: If the student's cannot be computed where the author's can.
    """
    found = compare_conditions(given, right, domain, seed)
    if found.is_uncomputable or (
        found.is_unsure and not compare_conditions(right, right, domain, seed).is_unsure
    ):
        raise _cannot_be_computed(name)
    if found.is_unsure:
        staff = f"{name}: only {found.tested} points could be decided of {given!r}"
        return Marked(
            "undecided",
            feedback=(
                Feedback("undecided", f"{name}: {STUDENT_UNDECIDED}"),
                Feedback("undecided", staff, "staff"),
            ),
        )
    if found.point is None:
        return Marked("right", FULL, found.tested, evidence={"points": found.tested})
    holds, fails = ("holds", "does not") if found.holds else ("does not hold", "does")
    text = f"{name}: at {_at(found.point)} your condition {holds}, the right one {fails}."
    feedback = [_not_right(name), Feedback("counterexample", text, level="counterexample")]
    if found.only_at_ends:
        text = f"{name}: it is right but for the boundary: look again at < and <=."
        feedback[0] = Feedback("boundary", text)
    return Marked(
        "wrong",
        feedback=tuple(feedback),
        counterexample={
            "inputs": {symbol: _plain(value) for symbol, value in found.point.items()},
            "expected": not found.holds,
            "got": found.holds,
        },
    )


def _at(point: Mapping[str, Fraction]) -> str:
    return ", ".join(f"{name} = {shown_fraction(value)}" for name, value in point.items())


@functools.singledispatch
def _plain(value: Any, text: str = "") -> Any:
    return text


@_plain.register
def _(value: Fraction, text: str = "") -> int | str:
    return int(value) if value.denominator == 1 and abs(value) < 2**53 else text or shown_fraction(value)


def _apart(a: Real | None, b: Real | None) -> tuple[str, str]:
    """Two values, told apart by enough digits, or by their distance."""
    for digits in (SHOWN_DIGITS, 2 * SHOWN_DIGITS):
        texts = _digits(a, digits), _digits(b, digits)
        if texts[0] != texts[1]:
            return texts
    if a is None or b is None:
        return texts
    left, right = as_ball(a).value, as_ball(b).value
    far = CONTEXT.subtract(left, right)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        far = of_fraction(a - b).value
    sign = "-" if far < 0 else "+"
    return f"{texts[1]} {sign} {far.copy_abs():.1g}", texts[1]


def _digits(value: Real | None, digits: int = SHOWN_DIGITS) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Ball):
        # Zeros at the end would look like digits that matter.
        number = value.value if digits > FLOAT_DIGITS else float(value.value)
        return f"{number:.{digits}g}"
    exact = shown_fraction(value)
    if len(exact) <= 2 * SHOWN_DIGITS:
        return exact
    return _digits(of_fraction(value), digits)
