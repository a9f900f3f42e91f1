"""Why a formula or condition is wrong: where it differs, how it relates to the right one, known mistakes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from msgspec import UNSET

from grader.answers.describe import fraction_text
from grader.exact.ball import CONTEXT, Ball, of_fraction
from grader.explaining import explained
from grader.formula.compare import Comparison, Sameness, clearest, compare
from grader.formula.compare_conditions import Difference
from grader.formula.evaluate import Real, as_ball
from grader.formula.marking.clues import clues, other_symbols
from grader.formula.marking.growth import WrongGrowth, about_growth, recognised_growth
from grader.formula.marking.judge import (
    Counterexample,
    ExpressionEvidence,
    JudgedField,
    WrongFormula,
    not_right,
)
from grader.formula.marking.question import Comparing, KnownFormula
from grader.formula.marking.reading import READ_AS
from grader.formula.points import Point, point_text
from grader.formula.tree import Formula, symbols_in
from grader.model.outcome import Diagnosis, Feedback, Finding

SHOWN_DIGITS = 6
FLOAT_DIGITS = 15
# Mistakes that give one formula: more is no help to a person.
MOST_NAMED = 4


class FieldExplanation(NamedTuple):
    """What explains one wrong field; mistakes that give the same formula are all named."""

    feedback: tuple[Feedback, ...]
    counterexample: Counterexample | None = None
    mistakes: tuple[KnownFormula, ...] = ()


def explain(comparing: Comparing, fields: Sequence[JudgedField]) -> Finding:
    """A counterexample for each wrong field, a simple relation to the right one, and recognised mistakes.

    Args:
        comparing: How formulas are compared, and which wrong ones have a name.
        fields: What the judge read and decided, in the order of the question.
    """
    found = {field.name: _with_reading(field, _explained(comparing, field)) for field in fields}
    differ = {name: one.counterexample for name, one in found.items() if one.counterexample is not None}
    credits = [_credit(field, found[field.name]) for field in fields]
    diagnoses = tuple(_diagnoses(found))
    return Finding(
        diagnoses=diagnoses,
        fraction=sum(credits, Fraction(0)) / len(fields) if diagnoses else None,
        feedback=tuple(message for one in found.values() for message in one.feedback),
        # The judge's feedback is put in again, so that each explanation stands beside its field's.
        replaces=frozenset(message.code for field in fields for message in field.feedback),
        evidence=(
            ExpressionEvidence(fields_right=credits.count(Fraction(1)), counterexamples=differ or UNSET),
        ),
    )


def _credit(field: JudgedField, found: FieldExplanation) -> Fraction:
    if found.mistakes:
        return min(one.credit for one in found.mistakes)
    return Fraction(field.what == "right")


def _diagnoses(found: Mapping[str, FieldExplanation]) -> Iterator[Diagnosis]:
    for name, one in found.items():
        for number, mistake in enumerate(one.mistakes):
            start = "or, which gives the same: " if number else ""
            yield Diagnosis(mistake.id, f"{name}: {start}{mistake.message}")


def _explained(comparing: Comparing, field: JudgedField) -> FieldExplanation:
    match field.wrong:
        case WrongGrowth():
            return _wrong_growth(comparing, field.name, field.wrong)
        case WrongFormula():
            return _wrong_formula(comparing, field.name, field.wrong)
        case Difference(point=point) if point is not None:
            return _wrong_condition(field.name, field.wrong, point)
    return FieldExplanation(field.feedback)


def _with_reading(field: JudgedField, found: FieldExplanation) -> FieldExplanation:
    """The explanation with the feedback on how the formula was read, if there is any, in front."""
    reading = tuple(one for one in field.feedback if one.code == READ_AS and one not in found.feedback)
    return found._replace(feedback=(*reading, *found.feedback))


def _wrong_growth(comparing: Comparing, name: str, wrong: WrongGrowth) -> FieldExplanation:
    known = explained(lambda: tuple(recognised_growth(comparing.known(name), wrong.given))) or ()
    feedback, seen = about_growth(name, wrong)
    return FieldExplanation(feedback, seen, known[:MOST_NAMED])


def _wrong_condition(name: str, found: Difference, point: Point) -> FieldExplanation:
    holds, fails = ("holds", "does not") if found.holds else ("does not hold", "does")
    text = f"{name}: at {point_text(point)} your condition {holds}, the right one {fails}."
    first = not_right(name)
    if found.only_at_ends:
        first = Feedback("boundary", f"{name}: it is right but for the boundary: look again at < and <=.")
    return FieldExplanation(
        (first, Feedback("counterexample", text, level="counterexample")),
        Counterexample(_inputs(point), expected=not found.holds, got=found.holds),
    )


def _wrong_formula(comparing: Comparing, name: str, wrong: WrongFormula) -> FieldExplanation:
    given, right, found = wrong
    found = explained(lambda: clearest(given, right, comparing.domain, comparing.seed, found)) or found
    mistakes = explained(lambda: _recognised(comparing, name, given)) or ()
    is_undefined = found.sameness is Sameness.UNDEFINED
    if not found.point:
        # Without symbols the value there is the answer itself.
        what = Feedback("undefined", f"{name} has no value.") if is_undefined else not_right(name)
        clues = _clues(comparing, name, wrong) if found.point is None else ()
        return FieldExplanation((what, *clues), None, mistakes)
    if not symbols_in(right):
        # A counterexample to an answer such as k/k would give away the number that is asked.
        extra = explained(lambda: other_symbols(given, right)) or ()
        return FieldExplanation((not_right(name), *(_of_field(name, one) for one in extra)), None, mistakes)
    is_hidden = isinstance(found.wanted, Fraction) and found.wanted in comparing.asked_numbers
    got, wanted = _apart(found.got, found.wanted)
    values = f"{'has no value' if is_undefined else f'gives {got}'}; it should be {wanted}"
    text = f"{name}: at {point_text(found.point)} your formula {_alone(found) if is_hidden else values}."
    if is_undefined:
        return FieldExplanation(
            (not_right(name), Feedback("undefined", text, level="counterexample")), None, mistakes
        )
    differs = Feedback("counterexample", text, level="counterexample")
    counterexample = Counterexample(
        _inputs(found.point), expected=_plain(found.wanted, wanted), got=_plain(found.got, got)
    )
    return FieldExplanation(
        (not_right(name), differs, *_clues(comparing, name, wrong)),
        None if is_hidden else counterexample,
        mistakes,
    )


def _alone(found: Comparison) -> str:
    """What the student's formula gives, without the value that should be: another field asks for it."""
    if found.got is None:
        return "has no value"
    # As many digits as it takes: those that agree with the right ones are not what is wrong.
    pairs = [(_digits(found.got, n), _digits(found.wanted, n)) for n in (SHOWN_DIGITS, 2 * SHOWN_DIGITS)]
    value = next((got for got, wanted in pairs if got != wanted), "nearly what it should")
    return f"gives {value}, which is not right"


def _recognised(comparing: Comparing, name: str, given: Formula) -> tuple[KnownFormula, ...]:
    known = sorted(comparing.known(name), key=lambda one: one.rank)
    for _, of_one_rank in itertools.groupby(known, key=lambda one: one.rank):
        found: dict[str, KnownFormula] = {}
        for one in of_one_rank:
            same = compare(given, one.effect, comparing.domain, comparing.seed).sameness is Sameness.SAME
            if same and one.id not in found:
                found[one.id] = one
        if found:
            return tuple(found.values())[:MOST_NAMED]
    return ()


def _clues(comparing: Comparing, name: str, wrong: WrongFormula) -> tuple[Feedback, ...]:
    found = explained(lambda: clues(wrong.given, wrong.right, comparing.domain.whole)) or ()
    return tuple(_of_field(name, one) for one in found)


def _of_field(name: str, clue: Feedback) -> Feedback:
    return Feedback(clue.code, f"{name}: {clue.message}", level=clue.level)


def _inputs(point: Point) -> dict[str, int | str]:
    return {symbol: _plain(value) for symbol, value in point.items()}


def _plain(value: Real | None, text: str = "") -> int | str:
    if not isinstance(value, Fraction):
        return text
    return int(value) if value.denominator == 1 and abs(value) < 2**53 else text or fraction_text(value)


def _apart(a: Real | None, b: Real | None) -> tuple[str, str]:
    """Two values, distinguished by enough digits, or by their distance."""
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
    exact = fraction_text(value)
    if len(exact) <= 2 * SHOWN_DIGITS:
        return exact
    return _digits(of_fraction(value), digits)
