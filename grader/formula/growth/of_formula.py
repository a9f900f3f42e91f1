"""A formula as sums on the scale of growth: exact where it can be, else up to a bounded factor."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from grader.formula.growth import logarithms as logs
from grader.formula.growth import scale
from grader.formula.growth.bounds import sizes_in, vanishes
from grader.formula.growth.logarithms import LogNumber, NotFactored
from grader.formula.growth.paths import leading, paths
from grader.formula.growth.scale import Monomial, Product, Terms, Undecided
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Sum, Symbol, inverted
from grader.formula.tree import Product as Factors

MOST_MULTIPLIED_OUT = 24
ONE: Monomial = ()


class NotPositive(Exception):
    """A formula that is zero or negative for some large sizes: it has no order of growth."""


class Growth(NamedTuple):
    """A quotient of two sums; neither is zero."""

    numerator: Terms
    denominator: Terms

    @property
    def is_whole(self) -> bool:
        """Whether the denominator is one."""
        return self.denominator == {ONE: Fraction(1)}


def growth(formula: Formula) -> Growth:
    """A formula on the scale of growth.

    Raises:
        Undecided: If what it does is not known here.
        NotPositive: If it, or something in it of which only the size counts, is zero or negative.
    """
    match formula:
        case Constant(value=value):
            return _whole({ONE: value} if value else {})
        case Symbol(name=name):
            return _whole({scale.of_size(name): Fraction(1)})
        case Sum(terms=parts):
            return _sum([growth(part) for part in parts])
        case Factors(factors=parts):
            result = growth(parts[0])
            for part in parts[1:]:
                result = _times(result, growth(part))
            return result
        case Power(base=base, exponent=exponent):
            return _raised(base, growth(exponent))
        case FunctionCall(function="max", argument=Sum(terms=parts)):
            return _largest(parts)
        case FunctionCall(function="min", argument=Sum(terms=parts)):
            largest = _largest([inverted(part) for part in parts])
            return _lowered(Growth(largest.denominator, largest.numerator))
        case FunctionCall(function=function, argument=argument):
            return _called(function, growth(argument))
    raise TypeError(formula)


def _largest(parts: Sequence[Formula]) -> Growth:
    """The largest of some: up to a factor as large as their sum, if all are positive."""
    found = []
    for part in parts:
        try:
            numerator, denominator = (what_counts(terms) for terms in growth(part))
        except NotPositive:
            raise Undecided("the larger or smaller of something that may be negative") from None
        found.append(Growth(dict.fromkeys(numerator), denominator))
    return _sum(found)


def _whole(terms: Terms) -> Growth:
    return Growth(terms, {ONE: Fraction(1)})


def _sum(parts: Sequence[Growth]) -> Growth:
    total = parts[0]
    for part in parts[1:]:
        if part.denominator == total.denominator:
            total = _lowered(Growth(scale.summed((total.numerator, part.numerator)), total.denominator))
            continue
        numerator = scale.summed(
            (_product(total.numerator, part.denominator), _product(part.numerator, total.denominator))
        )
        total = _lowered(Growth(numerator, _product(total.denominator, part.denominator)))
    return total


def _times(a: Growth, b: Growth) -> Growth:
    if a.numerator == b.denominator and not scale.is_rough(a.numerator):
        return Growth(b.numerator, a.denominator)
    if b.numerator == a.denominator and not scale.is_rough(b.numerator):
        return Growth(a.numerator, b.denominator)
    return _lowered(Growth(_product(a.numerator, b.numerator), _product(a.denominator, b.denominator)))


def _product(a: Terms, b: Terms) -> Terms:
    if scale.is_rough(a) != scale.is_rough(b):
        # What multiplies a rough factor counts only as far as it grows.
        a, b = (one if scale.is_rough(one) else _without_sign(one) for one in (a, b))
    return scale.product(a, b)


def _without_sign(terms: Terms) -> Terms:
    """What counts of a sum; of a negative one with its sign."""
    try:
        return what_counts(terms)
    except NotPositive:
        negative = {one: None if c is None else -c for one, c in terms.items()}
        return {one: None if c is None else -c for one, c in what_counts(negative).items()}


def _lowered(value: Growth) -> Growth:
    """A denominator of one monomial taken into the numerator."""
    if len(value.denominator) == 1:
        ((monomial, coefficient),) = value.denominator.items()
        if coefficient is not None:
            inverse = scale.raised(monomial, Fraction(-1))
            numerator = {
                scale.multiplied(one, inverse): None if c is None else c / coefficient
                for one, c in value.numerator.items()
            }
            return _whole(numerator)
    return value


def what_counts(terms: Terms) -> Terms:
    """The positive terms of a sum, where the negative ones are small beside them.

    Raises:
        NotPositive: If it is zero or negative along some path.
        Undecided: If that is not seen.
    """
    positive = {one: c for one, c in terms.items() if c is None or c > 0}
    negative = [one for one in terms if one not in positive]
    if positive and all(any(vanishes(scale.over(one, other)) for other in positive) for one in negative):
        return positive
    if not terms or not positive or is_negative_somewhere(terms):
        raise NotPositive
    raise Undecided("terms are subtracted that grow as fast as others")


def is_negative_somewhere(terms: Terms) -> bool:
    """Whether a sum is seen to be negative, or zero, along some path."""
    found = (leading(terms, path) for path in paths(sizes_in(terms)))
    return any(one is not None and one.sign <= 0 for one in found)


def _raised(base: Formula, exponent: Growth) -> Growth:
    if not exponent.is_whole or scale.is_rough(exponent.numerator):
        raise Undecided("an exponent of which only the growth is known")
    number = exponent.numerator.get(ONE, Fraction(0))
    is_number = exponent.numerator.keys() <= {ONE}
    if is_number and isinstance(number, Fraction):
        return _to_number(growth(base), number)
    return _whole(_exponential(_logarithm_of(base), exponent.numerator))


def _to_number(base: Growth, power: Fraction) -> Growth:
    if power < 0:
        if not base.numerator:
            raise NotPositive
        base, power = Growth(base.denominator, base.numerator), -power
    if power.denominator == 1 and power <= MOST_MULTIPLIED_OUT and not any(map(scale.is_rough, base)):
        with contextlib.suppress(Undecided):
            return _multiplied_out(base, int(power))
    numerator, denominator = (_rough_power(what_counts(terms), power) for terms in base)
    return _lowered(Growth(numerator, denominator))


def _multiplied_out(base: Growth, power: int) -> Growth:
    result = _whole({ONE: Fraction(1)})
    for _ in range(power):
        result = Growth(
            _product(result.numerator, base.numerator), _product(result.denominator, base.denominator)
        )
    return _lowered(result)


def _rough_power(terms: Terms, power: Fraction) -> Terms:
    """A power of a positive sum: as large as the sum of the powers, up to a factor."""
    if len(terms) == 1:
        ((monomial, coefficient),) = terms.items()
        return {scale.raised(monomial, power): Fraction(1) if coefficient == 1 else None}
    return {scale.raised(monomial, power): None for monomial in terms}


def _logarithm_of(base: Formula) -> dict[Product, LogNumber]:
    """The logarithm of what is raised to a power that grows: it has to be one term, known exactly."""
    if isinstance(base, FunctionCall) and base.function == "exp":
        inner = growth(base.argument)
        if not inner.is_whole:
            raise Undecided("an exponent of which only the growth is known")
        return _exponent(inner.numerator)
    found = growth(base)
    if not found.is_whole or len(found.numerator) != 1:
        raise Undecided("a sum is raised to a power that grows")
    ((monomial, coefficient),) = found.numerator.items()
    if coefficient is None or coefficient <= 0:
        raise Undecided("a number that is not known exactly is raised to a power that grows")
    try:
        constant = logs.logarithm(coefficient)
    except NotFactored:
        raise Undecided("a long number is raised to a power that grows") from None
    return {**dict(monomial), **({(): constant} if constant else {})}


def _exponent(terms: Terms) -> dict[Product, LogNumber]:
    """A sum as what stands in an exponent."""
    found: dict[Product, LogNumber] = {}
    for monomial, coefficient in terms.items():
        product = scale.as_product(monomial)
        if product is None or coefficient is None:
            raise Undecided("an exponential in an exponent")
        found[product] = logs.of_fraction(coefficient)
    return found


def _exponential(logarithm: dict[Product, LogNumber], exponent: Terms) -> Terms:
    """exp(logarithm * exponent), a single term: products are multiplied by adding their exponents."""
    found: dict[Product, LogNumber] = {}
    for product, share in _exponent(exponent).items():
        factor = logs.rational(share)
        assert factor is not None
        for other, part in logarithm.items():
            joint = logs.added(product, other)
            found[joint] = logs.added(found.get(joint, ()), logs.times(part, factor))
    constant = found.pop((), ())
    # e^1 = e, 2^(1/2): positive numbers; 2^(T + 1) is exactly twice 2^T.
    coefficient = _exact_exponential(constant)
    return {logs.without_zeros(found): coefficient}


def _exact_exponential(constant: LogNumber) -> Fraction | None:
    result = Fraction(1)
    for prime, power in constant:
        if prime == 1 or power.denominator != 1 or abs(power) > 64:
            return None
        result *= Fraction(prime) ** power.numerator
    return result


def _called(function: str, argument: Growth) -> Growth:
    match function:
        case "exp":
            if not argument.is_whole:
                raise Undecided("an exponent of which only the growth is known")
            return _whole(_exponential({(): logs.of_fraction(Fraction(1))}, argument.numerator))
        case "sqrt":
            return _to_number(argument, Fraction(1, 2))
        case "abs":
            numerator, denominator = (_without_sign(terms) for terms in argument)
            return Growth(
                *(
                    {one: None if c is None else abs(c) for one, c in t.items()}
                    for t in (numerator, denominator)
                )
            )
        case "log":
            return _whole(_logarithm(argument))
    raise Undecided(f"{function} in an order of growth")


def _logarithm(argument: Growth) -> Terms:
    """A logarithm: of one term it is a sum, of a sum as large as that of the logarithms together."""
    numerator, denominator = (what_counts(terms) for terms in argument)
    if denominator != {ONE: Fraction(1)}:
        raise Undecided("the logarithm of a quotient")
    if numerator.keys() <= {ONE}:
        return _logarithm_of_number(numerator[ONE])
    if len(numerator) == 1:
        ((monomial, coefficient),) = numerator.items()
        terms = _logarithm_of_monomial(monomial)
        return terms if coefficient == 1 else dict.fromkeys(what_counts(terms))
    return dict.fromkeys(
        one
        for monomial in numerator
        if monomial != ONE
        for one in what_counts(_logarithm_of_monomial(monomial))
    )


def _logarithm_of_number(value: Fraction | None) -> Terms:
    if value is None:
        raise Undecided("the logarithm of a number that is not known exactly")
    if value == 1:
        return {}
    if value < 1:
        raise NotPositive
    return {ONE: None}


def _logarithm_of_monomial(monomial: Monomial) -> Terms:
    terms: Terms = {}
    for product, share in monomial:
        factor = logs.rational(share)
        if factor is None and logs.sign(share) < 0:
            raise Undecided("the logarithm of something that may be small")
        scale.add_term(terms, scale.from_product(product), factor)
    return terms
