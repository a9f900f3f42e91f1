"""In which simple way a wrong formula differs from the right one: a sign, a factor, terms, symbols."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from grader.exact import polynomial as poly
from grader.exact import quotient
from grader.exact.polynomial import TooLarge
from grader.formula.field import FunctionField
from grader.formula.tree import Formula, symbols_in
from grader.model.outcome import Feedback
from grader.model.text import counted

MOST_SHOWN = 1000


def clues(given: Formula, right: Formula, whole: Iterable[str] = ()) -> tuple[Feedback, ...]:
    """What to tell about a wrong formula without telling the right one; nothing where nothing simple holds.

    Args:
        given: The student's, known to be wrong.
        right: The author's.
        whole: Symbols that stand for whole numbers.
    """
    field = FunctionField("tanh", whole)
    try:
        got, wanted = field.quotient(given), field.quotient(right)
        ratio = field.ratio(got, wanted)
        if ratio is not None:
            return _off_by(ratio)
        negative = quotient.Quotient(poly.add({}, wanted.numerator, -1), wanted.denominator)
        difference = quotient.add(got, negative, field.budget)
        if difference.is_number:
            text = "It is right but for a number that is added to it: a constant term is wrong or missing."
            return (Feedback("constant-term", text),)
        return _terms(got, wanted) or other_symbols(given, right)
    except (TooLarge, quotient.DivisionByZero):
        return other_symbols(given, right)


def _off_by(ratio: Fraction) -> tuple[Feedback, ...]:
    if ratio == -1:
        text = "The sign is flipped: yours is exactly the negative of the right formula."
        return (Feedback("sign", text),)
    first = Feedback("constant-factor", "It is right but for a constant factor.")
    if max(abs(ratio.numerator), ratio.denominator) > MOST_SHOWN:
        return (first,)
    # With the factor the right formula is known.
    text = f"Yours is {ratio} times the right formula."
    return (first, Feedback("constant-factor", text, level="counterexample"))


def _terms(got: quotient.Quotient, wanted: quotient.Quotient) -> tuple[Feedback, ...]:
    """Missing, extra and changed terms of two polynomials, multiplied out."""
    if got.denominator != wanted.denominator or not got.numerator:
        return ()
    mine, right = got.numerator, wanted.numerator
    missing = sum(monomial not in mine for monomial in right)
    extra = sum(monomial not in right for monomial in mine)
    changed = [m for m in mine if m in right and mine[m] != right[m]]
    if len(right) == 1 or missing + extra + len(changed) > max(1, len(right) // 2):
        return ()
    if missing and not extra and not changed:
        text = f"All its terms are right, but {counted(missing, 'term is', 'terms are')} missing."
        return (Feedback("terms-missing", text),)
    if extra and not missing and not changed:
        text = f"All the right terms are there, but {counted(extra, 'term is', 'terms are')} too many."
        return (Feedback("terms-extra", text),)
    if changed and not missing and not extra:
        if all(mine[m] == -right[m] for m in changed):
            text = f"Multiplied out, the sign of {_terms_of(len(changed))} is flipped."
            return (Feedback("sign-of-term", text),)
        text = f"Multiplied out, the number in front of {_terms_of(len(changed))} is wrong."
        return (Feedback("coefficient", text),)
    return ()


def other_symbols(given: Formula, right: Formula) -> tuple[Feedback, ...]:
    """Which symbols a formula has too many, or that it has too few; nothing where it is both, or neither."""
    extra = symbols_in(given) - symbols_in(right)
    missing = symbols_in(right) - symbols_in(given)
    if extra and not missing:
        names = ", ".join(sorted(extra))
        return (Feedback("extra-symbol", f"The right formula does not depend on {names}."),)
    if missing and not extra:
        kind = "a symbol" if len(missing) == 1 else f"{len(missing)} symbols"
        text = f"The right formula also depends on {kind} that yours leaves out."
        return (Feedback("missing-symbol", text),)
    return ()


def _terms_of(number: int) -> str:
    return "one term" if number == 1 else f"{number} terms"
