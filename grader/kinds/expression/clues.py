"""In what simple way a wrong formula is related to the right one, where that is certain."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from grader.exact import quotient
from grader.exact.polynomial import Polynomial, TooLarge
from grader.formula.field import FunctionField
from grader.formula.tree import Formula, symbols_in
from grader.model.outcome import Feedback

MOST_SHOWN = 1000


def clue(given: Formula, right: Formula, whole: Iterable[str] = ()) -> Feedback | None:
    """What to tell about a wrong formula without telling the right one; None where nothing simple holds.

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
        difference = quotient.add(
            got, quotient.Quotient(_negative(wanted.numerator), wanted.denominator), field.budget
        )
        if difference.is_number:
            text = "It is right but for a number that is added to it: a constant term is wrong or missing."
            return Feedback("constant-term", text)
        return _terms(got, wanted) or _symbols(given, right)
    except (TooLarge, quotient.DivisionByZero):
        return _symbols(given, right)


def _negative(p: Polynomial) -> Polynomial:
    return {monomial: -coefficient for monomial, coefficient in p.items()}


def _off_by(ratio: Fraction) -> Feedback:
    if ratio == -1:
        return Feedback("sign", "The sign is flipped: yours is exactly the negative of the right formula.")
    if max(abs(ratio.numerator), ratio.denominator) > MOST_SHOWN:
        return Feedback("constant-factor", "It is right but for a constant factor.")
    text = f"It is off by a constant factor: yours is {ratio} times the right formula."
    return Feedback("constant-factor", text)


def _terms(got: quotient.Quotient, wanted: quotient.Quotient) -> Feedback | None:
    """Missing, extra and changed terms of two polynomials, multiplied out."""
    if got.denominator != wanted.denominator or not got.numerator:
        return None
    mine, right = got.numerator, wanted.numerator
    missing = sum(monomial not in mine for monomial in right)
    extra = sum(monomial not in right for monomial in mine)
    changed = [m for m in mine if m in right and mine[m] != right[m]]
    if len(right) == 1 or missing + extra + len(changed) > max(1, len(right) // 2):
        return None
    if missing and not extra and not changed:
        return Feedback("terms-missing", f"All its terms are right, but {_count(missing)} missing.")
    if extra and not missing and not changed:
        return Feedback("terms-extra", f"All the right terms are there, but {_count(extra)} too many.")
    if changed and not missing and not extra:
        if all(mine[m] == -right[m] for m in changed):
            return Feedback(
                "sign-of-term", f"Multiplied out, the sign of {_terms_of(len(changed))} is flipped."
            )
        text = f"Multiplied out, the number in front of {_terms_of(len(changed))} is wrong."
        return Feedback("coefficient", text)
    return None


def _symbols(given: Formula, right: Formula) -> Feedback | None:
    extra = symbols_in(given) - symbols_in(right)
    missing = symbols_in(right) - symbols_in(given)
    if extra and not missing:
        names = ", ".join(sorted(extra))
        return Feedback("extra-symbol", f"The right formula does not depend on {names}.")
    if missing and not extra:
        kind = "a symbol" if len(missing) == 1 else f"{len(missing)} symbols"
        return Feedback("missing-symbol", f"The right formula also depends on {kind} that yours leaves out.")
    return None


def _count(number: int) -> str:
    return "1 term is" if number == 1 else f"{number} terms are"


def _terms_of(number: int) -> str:
    return "one term" if number == 1 else f"{number} terms"
