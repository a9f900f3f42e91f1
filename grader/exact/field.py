"""Fields of quotients of polynomials in generators, where squares of generators may be known.

A generator stands for something that is no quotient of polynomials in the others: a symbol, a root, the value
of a function. Powers with symbols in the exponent become generators, too. What a formula becomes is for the
subclasses to say.
"""

from __future__ import annotations

from fractions import Fraction

from grader.exact import polynomial as poly
from grader.exact import quotient as quo
from grader.exact.polynomial import BITS, MASK, Budget, Polynomial, TooLarge
from grader.exact.quotient import Quotient

# A generator stands for the SCALE-th root of a power, so that halves, thirds and fifths in exponents meet.
SCALE = 60
MAX_PRIME = 1000


class Field:
    """Generators by number, the known squares of some, and the powers that have a generator of their own.

    `squares` has the polynomial that a generator's square equals, and `roots` triples of a base, an exponent
    and the generator that stands for base ^ (exponent / SCALE) (without SCALE where it cannot be split).
    `whole` has the generators that take whole numbers only.

    Args:
        budget: Shared by everything that is computed.
    """

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.indices = 0
        self.whole: set[int] = set()
        self.squares: dict[int, Polynomial] = {}
        self.roots: list[tuple[Quotient, Quotient, int]] = []

    def new_index(self, count: int = 1) -> int:
        """The number of a fresh generator; of several, that of the first."""
        self.indices += count
        return self.indices - count

    def generator_power(self, index: int, exponent: int) -> Quotient:
        """A generator to a power, which may be negative; raises TooLarge beyond `MAX_DEGREE`."""
        if abs(exponent) > poly.MAX_DEGREE:
            raise TooLarge
        return quo.of_generator(index, exponent)

    def power(self, base: Quotient, exponent: Quotient) -> Quotient:
        """Base ^ exponent, split along the terms of the exponent: a^(k + 1) is a^k a."""
        if not base.numerator:
            # 0^x is 0 or 1 or nothing, by the value of x.
            raise TooLarge
        if not poly.is_constant(exponent.denominator):
            return self.root(base, exponent, 1)
        denominator, result = exponent.denominator[0], quo.of_number(1)
        for monomial, coefficient in exponent.numerator.items():
            times = Fraction(coefficient, denominator)
            if monomial == 0:
                whole = times.numerator // times.denominator
                if abs(whole) > SCALE:
                    raise TooLarge
                result = quo.multiply(result, quo.power(base, whole, self.budget), self.budget)
                times -= whole
            if times:
                part = self.power_of_term(base, monomial, times)
                result = quo.multiply(result, part, self.budget)
        return result

    def power_of_term(self, base: Quotient, monomial: int, times: Fraction) -> Quotient:
        """Base ^ (times * monomial), split along the factors of the base where it has one term."""
        term = Quotient({monomial: 1}, poly.constant(1))
        is_single = len(base.numerator) == len(base.denominator) == 1
        is_positive = base.is_number and base.number > 0
        if (not is_single or times.denominator != 1) and not is_positive:
            # (x^2)^(1/2) is not x: no splitting of roots.
            exponent = Quotient({monomial: times.numerator}, poly.constant(times.denominator))
            return self.root(base, exponent, 1)
        result = quo.of_number(1)
        for factor, count in self.factors(base):
            exponent_count = count * times * SCALE
            if exponent_count.denominator != 1:
                exponent = Quotient({monomial: times.numerator}, poly.constant(times.denominator))
                return self.root(base, exponent, 1)
            is_sign = factor.is_number and factor.number == -1
            if is_sign and all(index in self.whole for index, _ in poly.exponents(monomial)):
                exponent_count %= 2 * SCALE
            root = self.root(factor, term, int(exponent_count))
            result = quo.multiply(result, root, self.budget)
        return result

    def factors(self, base: Quotient) -> list[tuple[Quotient, int]]:
        """Primes, the sign and generators of a base with one term, each with its exponent."""
        found: list[tuple[Quotient, int]] = []
        for side, sign in ((base.numerator, 1), (base.denominator, -1)):
            ((monomial, number),) = side.items()
            if number < 0:
                found.append((quo.of_number(-1), 1))
            found += [(quo.of_number(prime), sign * n) for prime, n in prime_factors(abs(number))]
            found += [(quo.of_generator(index), sign * n) for index, n in poly.exponents(monomial)]
        return found

    def root(self, base: Quotient, exponent: Quotient, count: int) -> Quotient:
        """The generator that stands for base ^ exponent, or for its SCALE-th root, to the power `count`."""
        for known_base, known_exponent, index in self.roots:
            if self.ratio(base, known_base) == 1 and self.ratio(exponent, known_exponent) == 1:
                return self.generator_power(index, count)
        self.roots.append((base, exponent, self.new_index()))
        return self.generator_power(self.roots[-1][2], count)

    def ratio(self, p: Quotient, q: Quotient) -> Fraction | None:
        """The quotient p / q where it is a number and neither is zero, else None."""
        if p.denominator == q.denominator:
            left, right = self.reduced(p.numerator), self.reduced(q.numerator)
        else:
            left = self.reduced(poly.multiply(p.numerator, q.denominator, self.budget))
            right = self.reduced(poly.multiply(q.numerator, p.denominator, self.budget))
        if not left or left.keys() != right.keys():
            return None
        first = next(iter(left))
        a, b = left[first], right[first]
        if all(left[monomial] * b == right[monomial] * a for monomial in left):
            return Fraction(a, b)
        return None

    def sign_between(self, p: Quotient, q: Quotient) -> int:
        """1 if p = q, -1 if p = -q, else 0."""
        if p == q:
            return 1
        ratio = self.ratio(p, q)
        return int(ratio) if ratio in (1, -1) else 0

    def reduced(self, p: Polynomial) -> Polynomial:
        """The polynomial with every known square replaced by what it equals."""
        # Newest first: a square is a polynomial in generators that are older than its own.
        for index in sorted(self.squares, reverse=True):
            shift = BITS * index
            if any((monomial >> shift) & MASK > 1 for monomial in p):
                p = self.without_squares(p, shift, self.squares[index])
        return p

    def without_squares(self, p: Polynomial, shift: int, square: Polynomial) -> Polynomial:
        """The polynomial with one generator's square replaced.

        Terms with the same power of it are multiplied together, since there may be many.

        Args:
            p: The polynomial.
            shift: Bit in a monomial at which the generator's exponent starts.
            square: What the square equals.
        """
        by_power: dict[int, Polynomial] = {}
        self.budget.spend(len(p))
        for monomial, coefficient in p.items():
            half = ((monomial >> shift) & MASK) // 2
            by_power.setdefault(half, {})[monomial - (2 * half << shift)] = coefficient
        result = by_power.pop(0, {})
        for half, part in by_power.items():
            put_in = poly.power(square, half, self.budget)
            result = poly.add(result, poly.multiply(part, put_in, self.budget))
        return result

    def reduced_quotient(self, value: Quotient) -> Quotient:
        """The quotient with every known square replaced by what it equals.

        Raises:
            DivisionByZero: If its denominator is zero.
        """
        denominator = self.reduced(value.denominator)
        if not denominator:
            raise quo.DivisionByZero
        return quo.lowered(Quotient(self.reduced(value.numerator), denominator))


def prime_factors(number: int) -> list[tuple[int, int]]:
    """Prime factors with their exponents.

    Primes are tried up to `MAX_PRIME`; what is left then is given as one factor, though it may be composite.
    """
    found, prime = [], 2
    while number > 1 and prime <= MAX_PRIME:
        count = 0
        while number % prime == 0:
            number, count = number // prime, count + 1
        if count:
            found.append((prime, count))
        prime += 1
    return [*found, (number, 1)] if number > 1 else found
