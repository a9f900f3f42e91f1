"""Whether two formulas are the same: proved by exact algebra, or tested at points with error bounds."""

from __future__ import annotations

import itertools
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final

import msgspec
from msgspec.structs import replace

from grader.exact import ball, quotient
from grader.exact.ball import Ball, Unsure
from grader.exact.polynomial import TooLarge
from grader.formula import evaluate
from grader.formula.evaluate import Real
from grader.formula.field import FunctionField, Picture
from grader.formula.points import Domain, Point, outer_points, points
from grader.formula.tree import Constant, Formula, FunctionCall, Power, everything_in, symbols_in

MAX_POINTS = 64
# A wrong formula differs at the first points nearly always, and needs no algebra.
FIRST_POINTS = 3
FEWEST_POINTS = 16
# At which share of points an equal formula may lack a value: x/x has none at 1 of 25 points, the logarithm of
# x at every second one.
MOST_UNDEFINED = 0.2
FEWEST_UNDEFINED = 2
NUDGE = Fraction(1, 10_007)
# Two values agree when they cannot be told apart and are known this well, relative to both or 1.
AGREEMENT: Final = Decimal("1e-30")
# A counterexample is looked for in which the values differ by the first share of the larger one, else by the
# second.
VISIBLE, BARELY_VISIBLE = Fraction(1, 100), Fraction(1, 10**6)
MAX_LOOKED_AT = 2 * MAX_POINTS
PICTURES: tuple[Picture, ...] = ("tanh", "exp")


class Sameness(Enum):
    """What was found out about two formulas."""

    SAME = "same"
    DIFFERENT = "different"
    UNDEFINED = "undefined"  # the student's has no value where the right one has
    UNCOMPUTABLE = "uncomputable"  # the right one's values are known, the student's are not
    UNSURE = "unsure"


class Comparison(msgspec.Struct, frozen=True):
    """Two formulas compared.

    Args:
        sameness: What was found out.
        is_proved: Whether algebra or a counterexample shows it; False if only points that agree do.
        agreeing: Number of points at which they were seen to agree.
        point: Where they differ, or where the student's has no value.
        got: The student's value there.
        wanted: The right value there.
    """

    sameness: Sameness
    is_proved: bool
    agreeing: int = 0
    point: Point | None = None
    got: Real | None = None
    wanted: Real | None = None


def compare(given: Formula, right: Formula, domain: Domain, seed: int = 0) -> Comparison:
    """Decide whether a student's formula agrees with the right one wherever both have a value.

    Algebra decides where it can; else they are compared at points of the domain, drawn from the seed.
    """
    tally = _PointTally(given, right, domain, seed)
    if found := tally.look_at(FIRST_POINTS):
        return found
    exact = _exact(given, right, domain)
    if exact is True and (tally.agreeing or tally.look_for_one()):
        if has_narrow_domain(given) and (found := tally.look_at(MAX_POINTS) or tally.look_outside()):
            return found
        return tally.undefined_half_the_time() or Comparison(Sameness.SAME, True, tally.agreeing)
    if found := tally.look_at(MAX_POINTS):
        return found
    if found := tally.look_outside():
        return found
    if exact is False:
        return Comparison(Sameness.DIFFERENT, is_proved=True, agreeing=tally.agreeing)
    return tally.conclusion()


def clearest(given: Formula, right: Formula, domain: Domain, seed: int, found: Comparison) -> Comparison:
    """The same difference at the first point where a person sees it: by a hundredth of the larger value.

    Args:
        given: The student's.
        right: The author's.
        domain: Where points are taken.
        seed: For the points.
        found: What `compare` found; where no point shows more, the one that shows most is taken.
    """
    if found.sameness is not Sameness.DIFFERENT or found.point is None or distance(found) >= VISIBLE:
        return found
    tally, best = _PointTally(given, right, domain, seed), found
    for point in itertools.islice(itertools.chain(tally.points, tally.outer), MAX_LOOKED_AT):
        other = tally.look(point)
        if other is None or other.sameness is not Sameness.DIFFERENT:
            continue
        if distance(other) <= max(distance(best), BARELY_VISIBLE):
            continue
        best = other
        if distance(best) >= VISIBLE:
            break
    return replace(best, agreeing=found.agreeing)


def distance(found: Comparison) -> Fraction:
    """How far two different values are from each other, as a share of the larger; tiny ones are zero."""
    assert found.got is not None
    assert found.wanted is not None
    got, wanted = (
        value if isinstance(value, Fraction) else Fraction(evaluate.as_ball(value).value)
        for value in (found.got, found.wanted)
    )
    return abs(got - wanted) / max(abs(got), abs(wanted), BARELY_VISIBLE)


class _PointTally:
    """Two formulas at the points looked at so far: how often they agree, where the student's has no value.

    The methods that look take more points, and return a comparison only if it settles the matter.
    """

    def __init__(self, given: Formula, right: Formula, domain: Domain, seed: int) -> None:
        self.given, self.right, self.domain = given, right, domain
        names = symbols_in(given) | symbols_in(right)
        numbers = evaluate.constants(given)
        self.outer = outer_points(names, domain, seed, numbers)
        self.points = itertools.islice(points(names, domain, seed), MAX_POINTS)
        self.seen = 0
        self.agreeing = 0
        # Where the right formula's value is known well enough to agree with.
        self.known = 0
        self.undefined: list[tuple[Point, Real]] = []

    def look_at(self, count: int) -> Comparison | None:
        """Look until `count` points were seen in all, or at one the formulas differ for certain."""
        for point in itertools.islice(self.points, max(0, count - self.seen)):
            if found := self.look(point):
                return found
        return None

    def look_outside(self) -> Comparison | None:
        """The first point beyond the usual ones where the formulas differ; none of them is counted."""
        counted = self.seen, self.agreeing, self.known, len(self.undefined)
        found = next(filter(None, map(self.look, self.outer)), None)
        self.seen, self.agreeing, self.known = counted[:3]
        del self.undefined[counted[3] :]
        return found

    def look_for_one(self) -> bool:
        """Look until the formulas agree somewhere: a formula without any value is equal to nothing."""
        return any(self.look(point) is None and self.agreeing for point in self.points)

    def look(self, point: Point) -> Comparison | None:
        """Evaluate both formulas at a point and count what is seen; a comparison if they differ there."""
        self.seen += 1
        try:
            wanted = evaluate.evaluate(self.right, point)
        except (ball.Undefined, Unsure):
            return None
        self.known += agree(wanted, wanted) is True
        try:
            got = evaluate.evaluate(self.given, point)
        except ball.Undefined as error:
            self.undefined.append((point, wanted))
            is_widely = isinstance(error, ball.Negative) or self.is_undefined_around(point)
            return (
                Comparison(Sameness.UNDEFINED, True, self.agreeing, point, None, wanted)
                if is_widely
                else None
            )
        except Unsure:
            return None
        match agree(got, wanted):
            case True:
                self.agreeing += 1
            case False:
                return Comparison(Sameness.DIFFERENT, True, self.agreeing, point, got, wanted)
        return None

    def is_undefined_around(self, point: Point) -> bool:
        """Whether the student's formula has no value close to the point either, where the right one has.

        A factor that was cancelled is zero on a line at most; |w| - w is zero on half of the numbers.
        """
        if not self.domain.whole.isdisjoint(point):
            return False
        for side in (1, -1):
            close = {name: value + side * (i + 1) * NUDGE for i, (name, value) in enumerate(point.items())}
            if close not in self.domain or not has_value(self.right, close):
                continue
            if not has_value(self.given, close):
                return True
        return False

    def conclusion(self) -> Comparison:
        """What to say when no point shows a difference and algebra does not show that they are equal."""
        needed = min(FEWEST_POINTS, self.seen)
        if found := self.undefined_half_the_time():
            return found
        if self.agreeing >= needed:
            sameness = Sameness.SAME
        else:
            sameness = Sameness.UNCOMPUTABLE if self.known >= needed else Sameness.UNSURE
        return Comparison(sameness, is_proved=False, agreeing=self.agreeing)

    def undefined_half_the_time(self) -> Comparison | None:
        """UNDEFINED if the student's formula lacks a value at too many points to be a cancelled factor."""
        is_often = len(self.undefined) > max(FEWEST_UNDEFINED, MOST_UNDEFINED * self.seen)
        if not is_often and len(self.undefined) < self.seen:
            return None
        point, wanted = self.undefined[0]
        return Comparison(Sameness.UNDEFINED, True, self.agreeing, point, None, wanted)


def has_value(formula: Formula, point: Point) -> bool:
    """Whether a formula has a value at a point; True where the precision does not tell."""
    try:
        evaluate.evaluate(formula, point)
    except ball.Undefined:
        return False
    except Unsure:
        return True
    return True


def has_narrow_domain(formula: Formula) -> bool:
    """Whether a logarithm, a root, an absolute value or an exponent that is no whole number stands in it.

    Such a formula may have no value, or another one, on half of the numbers.
    """
    for part in everything_in(formula):
        if isinstance(part, FunctionCall) and part.function in ("log", "sqrt", "abs"):
            return True
        if isinstance(part, Power):
            exponent = part.exponent
            if not isinstance(exponent, Constant) or exponent.value.denominator != 1:
                return True
    return False


def agree(a: Real, b: Real) -> bool | None:
    """Whether two values are equal; None where their error bounds do not tell."""
    if not isinstance(a, Ball) and not isinstance(b, Ball):
        return a == b
    left, right = evaluate.as_ball(a), evaluate.as_ball(b)
    error = ball.UP.add(left.error, right.error)
    difference = ball.CONTEXT.subtract(left.value, right.value).copy_abs()
    if difference > ball.UP.multiply(error, Decimal(2)):
        return False
    size = max(Decimal(1), left.value.copy_abs(), right.value.copy_abs())
    return True if error <= ball.CONTEXT.multiply(AGREEMENT, size) else None


def _exact(given: Formula, right: Formula, domain: Domain) -> bool | None:
    """True if algebra shows them equal, False if it shows them different, None if it does not tell."""
    for picture in PICTURES:
        field = FunctionField(picture, domain.whole)
        try:
            wanted, got = field.quotient(right), field.quotient(given)
            if field.is_zero(got.denominator):
                return None
            if field.is_zero(quotient.crossed(got, wanted, field.budget)):
                return True
        except (TooLarge, quotient.DivisionByZero):
            continue
        if not field.values and not field.roots:
            return False
    return None
