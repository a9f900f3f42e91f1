"""A formula as a quotient of polynomials, with one generator for each independent function value.

There are two ways to write the functions, called pictures. In "tanh" each tanh(u) is a generator, sech(u) is
another with sech^2 = 1 - tanh^2, and exp and sigmoid are written in tanh(u/2): nested networks stay small. In
"exp" all are written in exponentials and exp(u + v) is split, so that sums and multiples of arguments cancel.
A difference of formulas that is zero in either picture is zero. One that is not may be zero all the same, so
this alone never says that a formula with functions is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from grader.exact import polynomial as poly
from grader.exact import quotient as quo
from grader.exact.field import SCALE, Field
from grader.exact.polynomial import Budget, Polynomial, TooLarge
from grader.exact.quotient import Quotient
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol

Picture: TypeAlias = Literal["tanh", "exp"]
MAX_POWER = 4096
HALF = quo.of_number(Fraction(1, 2))
ONE = quo.of_number(1)


class Value(NamedTuple):
    """The value of a function, which a generator stands for.

    Args:
        function: "tanh", "exp", "log" or "abs"; for "exp" the generator stands for exp(argument / SCALE).
        argument: Of the function.
        generator: The generator's number; for tanh, the next number stands for sech.
    """

    function: str
    argument: Quotient
    generator: int


class FormulaField(Field):
    """Formulas as quotients; a subclass says what is a generator, and what powers and functions become."""

    def __init__(self, budget: Budget) -> None:
        super().__init__(budget)
        # By identity: an abbreviation stands in a formula many times, as the same object.
        self.calls: dict[int, tuple[Formula, Quotient]] = {}

    def quotient(self, formula: Formula) -> Quotient:
        """The formula as a quotient.

        Raises:
            TooLarge: If it takes more than the budget.
            DivisionByZero: If it divides by zero whatever the values of its symbols.
        """
        match formula:
            case Constant(value=value):
                return quo.of_number(value)
            case Symbol(name=name):
                return quo.of_generator(self.symbol_index(name))
            case Sum(terms=parts) | Product(factors=parts):
                join = quo.add if isinstance(formula, Sum) else quo.multiply
                result = self.quotient(parts[0])
                for part in parts[1:]:
                    result = self.simplified(join(result, self.quotient(part), self.budget))
                return result
            case Power(base=base, exponent=exponent):
                return self.raised(base, exponent)
            case FunctionCall(function=function, argument=argument):
                if id(formula) not in self.calls:
                    self.calls[id(formula)] = formula, self.called(function, argument)
                return self.calls[id(formula)][1]
        raise TypeError(formula)

    def symbol_index(self, name: str) -> int:
        """The generator of a symbol."""
        raise NotImplementedError

    def raised(self, base: Formula, exponent: Formula) -> Quotient:
        """What base ^ exponent becomes."""
        raise NotImplementedError

    def called(self, function: str, argument: Formula) -> Quotient:
        """What a function of its argument becomes."""
        raise NotImplementedError

    def simplified(self, value: Quotient) -> Quotient:
        """A sum or product, simplified; a subclass replaces what it knows, here nothing is known."""
        return value


class FunctionField(FormulaField):
    """All formulas of one comparison, in one picture.

    Args:
        picture: Which functions are generators.
        whole: Symbols that stand for whole numbers.
    """

    def __init__(self, picture: Picture, whole: Iterable[str] = ()) -> None:
        super().__init__(Budget())
        self.picture = picture
        self.whole_symbols = frozenset(whole)
        self.symbols: dict[str, int] = {}
        self.values: list[Value] = []

    def symbol_index(self, name: str) -> int:
        """The generator of a symbol."""
        if name not in self.symbols:
            self.symbols[name] = self.new_index()
            if name in self.whole_symbols:
                self.whole.add(self.symbols[name])
        return self.symbols[name]

    def raised(self, base: Formula, exponent: Formula) -> Quotient:
        """A power: by multiplication where the exponent is a whole number."""
        return self.raised_to(base, self.quotient(exponent))

    def raised_to(self, base: Formula, exponent: Quotient) -> Quotient:
        """A formula to the power of a quotient."""
        if exponent.is_number and exponent.number.denominator == 1:
            if abs(exponent.number) > MAX_POWER:
                raise TooLarge
            return quo.power(self.quotient(base), int(exponent.number), self.budget)
        if isinstance(base, FunctionCall) and base.function == "exp":
            return self.exponential(quo.multiply(self.quotient(base.argument), exponent, self.budget))
        return self.power(self.quotient(base), exponent)

    def called(self, function: str, argument: Formula) -> Quotient:
        """A function of its argument."""
        if isinstance(argument, FunctionCall) and {function, argument.function} == {"exp", "log"}:
            return self.quotient(argument.argument)
        inner = self.quotient(argument)
        if function == "sqrt":
            return self.power(inner, HALF)
        if function in ("log", "abs"):
            return self.opaque(function, inner)
        if self.picture == "tanh":
            return self.in_tanh(function, inner)
        return self.in_exp(function, inner)

    def opaque(self, function: str, argument: Quotient) -> Quotient:
        """A function of which only this is known: equal arguments give equal values (and |-u| = |u|)."""
        for value in self.values:
            if value.function == function and self.sign_between(argument, value.argument) in (
                (1,) if function == "log" else (1, -1)
            ):
                return quo.of_generator(value.generator)
        self.values.append(Value(function, argument, self.new_index()))
        return quo.of_generator(self.values[-1].generator)

    def in_tanh(self, function: str, argument: Quotient) -> Quotient:
        """A hyperbolic function by the values of tanh and sech."""
        if function in ("exp", "sigmoid"):
            half = quo.multiply(argument, HALF, self.budget)
            numerator, denominator = self.tanh_and_sech(half)[0]
            plus, minus = poly.add(denominator, numerator), poly.add(denominator, numerator, -1)
            if function == "exp":
                return quo.lowered(Quotient(plus, minus))
            return quo.lowered(Quotient(plus, poly.add(denominator, denominator)))
        tanh, sech = self.tanh_and_sech(argument)
        match function:
            case "tanh":
                return tanh
            case "sech":
                return sech
            case "cosh":
                return quo.inverse(sech)
        return quo.multiply(tanh, quo.inverse(sech), self.budget)

    def tanh_and_sech(self, argument: Quotient) -> tuple[Quotient, Quotient]:
        """Tanh and sech of an argument; that of -u is found again, as tanh is odd and sech even."""
        if not argument.numerator:
            return quo.of_number(0), ONE
        for value in self.values:
            if value.function == "tanh" and (sign := self.sign_between(argument, value.argument)):
                tanh = quo.of_generator(value.generator)
                return Quotient(poly.add({}, tanh.numerator, sign), tanh.denominator), quo.of_generator(
                    value.generator + 1
                )
        index = self.new_index(2)
        self.squares[index + 1] = poly.add(poly.constant(1), poly.generator(index, 2), -1)
        self.values.append(Value("tanh", argument, index))
        return quo.of_generator(index), quo.of_generator(index + 1)

    def in_exp(self, function: str, argument: Quotient) -> Quotient:
        """A hyperbolic function in exponentials of its argument."""
        numerator, denominator = self.exponential(argument)
        if function == "exp":
            return Quotient(numerator, denominator)
        if function == "sigmoid":
            return quo.lowered(Quotient(numerator, poly.add(numerator, denominator)))
        # E = numerator / denominator: cosh = (E + 1/E) / 2, sinh = (E - 1/E) / 2.
        up, down = (poly.multiply(side, side, self.budget) for side in (numerator, denominator))
        plus, minus = poly.add(up, down), poly.add(up, down, -1)
        both = poly.multiply(numerator, denominator, self.budget)
        both = poly.add(both, both)
        sides = {"tanh": (minus, plus), "cosh": (plus, both), "sinh": (minus, both), "sech": (both, plus)}
        return quo.lowered(Quotient(*sides[function]))

    def exponential(self, argument: Quotient) -> Quotient:
        """Exp of an argument; of a polynomial it is the product over its terms."""
        if self.picture == "tanh":
            return self.in_tanh("exp", argument)
        if not poly.is_constant(argument.denominator):
            return self.exponential_of(argument)
        denominator, result = argument.denominator[0], ONE
        for monomial, coefficient in argument.numerator.items():
            term = Quotient({monomial: coefficient}, {0: denominator})
            result = quo.multiply(result, self.exponential_of(term), self.budget)
        return result

    def exponential_of(self, argument: Quotient) -> Quotient:
        """Exp of an argument as a power of one generator.

        If the argument is a rational multiple of a known one, the power is of the known one's generator.
        """
        for value in self.values:
            if value.function != "exp":
                continue
            ratio = self.ratio(argument, value.argument)
            if ratio is not None and (ratio * SCALE).denominator == 1:
                return self.generator_power(value.generator, int(ratio * SCALE))
        self.values.append(Value("exp", argument, self.new_index()))
        return self.generator_power(self.values[-1].generator, SCALE)

    def is_zero(self, p: Polynomial) -> bool:
        """Whether a polynomial is zero by what is known of its generators."""
        return not self.reduced(p)
