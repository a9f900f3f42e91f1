"""Polynomials, quotients and balls against arithmetic that is done another way: sympy, mpmath, fractions."""

from __future__ import annotations

import decimal
import random
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
import sympy

from grader.exact import ball
from grader.exact import polynomial as poly
from grader.exact import quotient as quot
from grader.exact.polynomial import Budget, TooLarge
from grader.exact.quotient import Quotient

SYMBOLS = sympy.symbols("a b c")


def made(rng, terms, largest=9):
    """A polynomial in up to three generators with some negative coefficients."""
    p = {}
    for _ in range(terms):
        monomial = sum(rng.randrange(4) << (24 * index) for index in range(3))
        p[monomial] = rng.choice((-1, 1)) * rng.randint(1, largest)
    return p


def in_sympy(p):
    total = sympy.Integer(0)
    for monomial, coefficient in p.items():
        assert coefficient
        powers = [(monomial >> (24 * index)) & (2**24 - 1) for index in range(3)]
        total += coefficient * sympy.Mul(*(s**n for s, n in zip(SYMBOLS, powers, strict=True)))
    return total


def same(p, expression):
    return sympy.expand(in_sympy(p) - expression) == 0


def quotient_in_sympy(q):
    return in_sympy(q.numerator) / in_sympy(q.denominator)


def same_quotient(q, expression):
    return sympy.cancel(sympy.together(quotient_in_sympy(q) - expression)) == 0


@pytest.fixture(params=range(12))
def rng(request):
    return random.Random(request.param)


def test_sums_products_and_powers_are_those_of_sympy(rng):
    p, q = made(rng, rng.randrange(4)), made(rng, rng.randrange(1, 4))
    budget = Budget()
    assert same(poly.add(p, q), in_sympy(p) + in_sympy(q))
    assert same(poly.add(p, q, -3), in_sympy(p) - 3 * in_sympy(q))
    assert same(poly.multiply(p, q, budget), in_sympy(p) * in_sympy(q))
    for exponent in range(4):
        assert same(poly.power(q, exponent, budget), in_sympy(q) ** exponent)
    assert poly.add(p, p, -1) == {}


def test_degree_size_and_content_are_those_of_sympy(rng):
    p, q = made(rng, rng.randrange(1, 4), 60), made(rng, rng.randrange(1, 4), 60)
    one, other = (sympy.Poly(in_sympy(r), *SYMBOLS) for r in (p, q))
    assert poly.degree(p) == max(one.degree(s) for s in SYMBOLS)
    assert poly.size(p) == max(int(abs(c)).bit_length() for c in one.coeffs())
    number, monomial = poly.content(p, q)
    exponents = [min(m[i] for m in (*one.monoms(), *other.monoms())) for i in range(3)]
    assert number == sympy.gcd_list([*one.coeffs(), *other.coeffs()])
    assert dict(poly.exponents(monomial)) == {i: n for i, n in enumerate(exponents) if n}
    taken_out = number * sympy.Mul(*(s**n for s, n in zip(SYMBOLS, exponents, strict=True)))
    assert same(poly.divided(p, number, monomial), sympy.expand(in_sympy(p) / taken_out))


def test_quotients_are_those_of_sympy(rng):
    a, b, c, d = (made(rng, rng.randrange(1, 3)) for _ in range(4))
    budget = Budget()
    for p, q in (
        (Quotient(a, b), Quotient(c, d)),
        (Quotient(a, b), Quotient(c, b)),
        (Quotient(a, b), Quotient(b, c)),
    ):
        left, right = quotient_in_sympy(p), quotient_in_sympy(q)
        assert same_quotient(quot.add(p, q, budget), left + right)
        assert same_quotient(quot.multiply(p, q, budget), left * right)
        assert same_quotient(quot.inverse(p), 1 / left)
        assert same_quotient(quot.power(p, 2, budget), left**2)
        assert same_quotient(quot.power(p, -2, budget), left**-2)
        assert same_quotient(quot.lowered(p), left)
        crossed = quot.crossed(p, q, budget)
        denominator = in_sympy(p.denominator) * (
            1 if p.denominator == q.denominator else in_sympy(q.denominator)
        )
        assert sympy.cancel(sympy.together(in_sympy(crossed) / denominator - (left - right))) == 0
        assert quot.crossed(p, p, budget) == {}


def test_what_stands_whole_above_and_below_costs_no_products():
    a, b, c = ({0: 1, 1 << (24 * i): 1} for i in range(3))
    nothing = Budget(0)
    assert quot.multiply(Quotient(a, b), Quotient(b, c), nothing) == Quotient(a, c)
    assert quot.multiply(Quotient(b, c), Quotient(a, b), nothing) == Quotient(a, c)
    assert quot.add(Quotient(a, c), Quotient(b, c), nothing).denominator == c
    assert quot.crossed(Quotient(a, c), Quotient(b, c), nothing) == poly.add(a, b, -1)
    for spends in (quot.multiply, quot.add, quot.crossed):
        with pytest.raises(TooLarge):
            spends(Quotient(a, b), Quotient(a, c), nothing)


@pytest.mark.parametrize(
    ("numerator", "denominator", "wanted"),
    [
        ({0: 6}, {0: 4}, ({0: 3}, {0: 2})),
        ({0: 6}, {0: -4}, ({0: -3}, {0: 2})),
        ({0: 1}, {0: -1}, ({0: -1}, {0: 1})),
        ({}, {1: 7}, ({}, {0: 1})),
        ({2: 3}, {1: 5}, ({1: 3}, {0: 5})),
        ({2: 2, 1: 4}, {3: 6}, ({1: 1, 0: 2}, {2: 3})),
        ({0: 1, 1: 1}, {0: 1}, ({0: 1, 1: 1}, {0: 1})),
    ],
)
def test_numbers_and_monomials_of_both_sides_are_taken_out(numerator, denominator, wanted):
    assert quot.lowered(Quotient(numerator, denominator)) == wanted


def test_numbers_and_generators_are_quotients():
    assert quot.of_number(Fraction(-3, 4)) == ({0: -3}, {0: 4})
    assert quot.of_number(0) == ({}, {0: 1})
    assert quot.of_generator(1) == ({1 << 24: 1}, {0: 1})
    assert quot.of_generator(0, -2) == ({0: 1}, {2: 1})
    assert quot.of_generator(0, 0) == ({0: 1}, {0: 1})
    assert quot.of_number(Fraction(-3, 4)).number == Fraction(-3, 4)
    assert Quotient({}, {0: 5}).number == 0
    assert [
        Quotient(*sides).is_number for sides in (({0: 1}, {0: 2}), ({1: 1}, {0: 2}), ({0: 1}, {1: 2}))
    ] == [True, False, False]
    assert [poly.is_constant(p) for p in ({}, {0: 3}, {1: 3}, {0: 1, 1: 1})] == [True, True, False, False]
    assert (poly.constant(0), poly.constant(2), poly.generator(2, 3)) == ({}, {0: 2}, {3 << 48: 1})
    assert (poly.degree({}), poly.size({}), poly.size({0: -4})) == (0, 0, 3)
    with pytest.raises(quot.DivisionByZero):
        quot.inverse(Quotient({}, {0: 1}))


@pytest.mark.parametrize(
    ("fits", "too_large"),
    [
        (
            lambda: poly.multiply({4000: 1}, {4000: 1}, Budget()),
            lambda: poly.multiply({4000: 1}, {4001: 1}, Budget()),
        ),
        (lambda: poly.power({4000: 1}, 2, Budget()), lambda: poly.power({4001: 1}, 2, Budget())),
        (lambda: poly.power({0: 2}, 2048, Budget()), lambda: poly.power({0: 2}, 2049, Budget())),
        (
            lambda: poly.multiply({0: 2**2047}, {0: 2**2047}, Budget()),
            lambda: poly.multiply({0: 2**2047}, {0: 2**2048}, Budget()),
        ),
        (lambda: quot.of_number(2**4094), lambda: quot.of_number(2**4095)),
        (
            lambda: poly.multiply(dict.fromkeys(range(4000), 1), {0: 1}, Budget()),
            lambda: poly.multiply(dict.fromkeys(range(4001), 1), {0: 1}, Budget()),
        ),
        (lambda: Budget(6).spend(6), lambda: Budget(6).spend(7)),
        (
            lambda: poly.multiply({0: 1, 1: 1}, {0: 1, 1: 1, 2: 1}, Budget(6)),
            lambda: poly.multiply({0: 1, 1: 1}, {0: 1, 1: 1, 2: 1}, Budget(5)),
        ),
    ],
)
def test_what_is_as_large_as_the_limit_is_worked_out_and_no_more(fits, too_large):
    fits()
    with pytest.raises(TooLarge):
        too_large()


def test_a_budget_is_used_up():
    budget = Budget(10)
    budget.spend(6)
    with pytest.raises(TooLarge):
        budget.spend(5)


# Balls: the value may be off by the error of the operands and by the rounding to 60 digits, and the bound
# must hold for the worst of them without being many times larger.
OPERANDS = [
    ("3", "0"),
    ("-0.25", "1e-20"),
    ("1234.5", "1e-3"),
    ("7e-9", "1e-12"),
    ("-2", "0.125"),
    ("0.5", "1e-50"),
]


def ball_of(value, error):
    return ball.Ball(Decimal(value), Decimal(error))


def edges(one):
    value, error = Fraction(one.value), Fraction(one.error)
    return value - error, value + error


def check(found, exact, worst):
    """The bound covers the worst error and is at most four times as large, roundings aside."""
    assert abs(Fraction(found.value) - exact) <= Fraction(found.error)
    size = abs(Fraction(found.value))
    slack = 5 * size / 10**59
    assert worst <= Fraction(found.error)
    assert Fraction(found.error) <= 4 * worst + slack


@pytest.mark.parametrize("first", OPERANDS)
@pytest.mark.parametrize("second", OPERANDS)
def test_the_bound_of_a_sum_and_a_product_holds_and_is_near(first, second):
    a, b = ball_of(*first), ball_of(*second)
    for found, operate in ((ball.add(a, b), lambda x, y: x + y), (ball.multiply(a, b), lambda x, y: x * y)):
        exact = operate(Fraction(a.value), Fraction(b.value))
        check(found, exact, max(abs(operate(x, y) - exact) for x in edges(a) for y in edges(b)))


@pytest.mark.parametrize("operand", OPERANDS)
def test_the_bound_of_an_inverse_holds_and_is_near(operand):
    a = ball_of(*operand)
    exact = 1 / Fraction(a.value)
    check(ball.inverse(a), exact, max(abs(1 / x - exact) for x in edges(a)))


@pytest.mark.parametrize("name", ["exp", "log", "sqrt"])
@pytest.mark.parametrize("operand", [one for one in OPERANDS if not one[0].startswith("-")])
def test_the_bound_of_a_function_holds_and_is_near(name, operand):
    a = ball_of(*operand)
    with mpmath.workdps(120):
        function = getattr(mpmath, name)

        def exact_of(x):
            return Fraction(Decimal(mpmath.nstr(function(mpmath.mpf(x.numerator) / x.denominator), 100)))

        exact = exact_of(Fraction(a.value))
        worst = max(abs(exact_of(x) - exact) for x in edges(a)) * (1 - Fraction(1, 10**9))
    check(getattr(ball, name)(a), exact, worst)


@pytest.mark.parametrize(
    ("function", "value", "error", "raises"),
    [
        (ball.inverse, "1", "1", ball.Unsure),
        (ball.inverse, "-1", "2", ball.Unsure),
        (ball.inverse, "0", "0", ball.Unsure),
        (ball.inverse, "-1", "0.5", None),
        (ball.log, "1", "1", ball.Unsure),
        (ball.log, "-1", "0.5", ball.Negative),
        (ball.log, "-1", "2", ball.Unsure),
        (ball.log, "0", "0", ball.Unsure),
        (ball.log, "0.5", "0.25", None),
        (ball.sqrt, "1", "1", ball.Unsure),
        (ball.sqrt, "-1", "0.5", ball.Negative),
        (ball.sqrt, "0", "0", ball.Unsure),
        (ball.sqrt, "0.5", "0.25", None),
        (ball.exp, "1", "0.5", None),
        (ball.exp, "1", "0.50001", ball.Unsure),
        (ball.exp, "2000000", "0", None),
        (ball.exp, "-2000000", "0", None),
        (ball.exp, "2000001", "0", ball.Unsure),
    ],
)  # fmt: skip
def test_what_may_have_no_value_is_not_decided(function, value, error, raises):
    if raises is None:
        function(ball_of(value, error))
    else:
        with pytest.raises(raises) as caught:
            function(ball_of(value, error))
        assert caught.type is raises


@pytest.mark.parametrize(
    ("value", "error", "least", "most"),
    [("3", "1", 2, 4), ("-3", "1", 2, 4), ("1", "2", -1, 3), ("0", "0", 0, 0)],
)
def test_the_distance_from_zero_lies_between_least_and_most(value, error, least, most):
    one = ball_of(value, error)
    assert (one.least, one.most) == (least, most)


def test_a_third_is_held_to_60_digits():
    third = ball.of_fraction(Fraction(1, 3))
    assert third.value == Decimal("0." + "3" * 60)
    assert abs(Fraction(third.value) - Fraction(1, 3)) <= Fraction(third.error) <= Fraction(2, 10**59)


def test_terms_that_cancel_are_gone():
    assert poly.multiply({0: 1, 1: 1}, {0: 1, 1: -1}, Budget()) == {0: 1, 2: -1}


def test_a_budget_is_50000_products_where_nobody_says_otherwise():
    Budget().spend(50_000)
    with pytest.raises(TooLarge):
        Budget().spend(50_001)


def test_each_operation_costs_two_units_of_the_last_of_60_digits():
    assert ball.of_fraction(Fraction(1)).error == Decimal("2e-59")
    assert ball.of_fraction(Fraction(-3)).error == Decimal("6e-59")


@pytest.mark.parametrize("exponent", ["2000000", "-2000000"])
def test_bounds_of_the_largest_and_smallest_numbers_are_near_too(exponent):
    found = ball.exp(ball_of(exponent, "0"))
    assert 0 < found.error < found.value.scaleb(-58)


def test_numbers_have_at_most_900000_digits_before_and_behind_the_point():
    three = "3." + "3" * 59  # times itself it is 11.1, with more digits than are kept

    def times(first, second):
        return ball.multiply(
            *(ball.Ball(Decimal(f"{three}e{power}"), Decimal(0)) for power in (first, second))
        )

    times(449_999, 450_000)
    times(-450_000, -450_001)
    with pytest.raises(decimal.Overflow):
        times(450_000, 450_000)
    with pytest.raises(decimal.Underflow):
        times(-450_001, -450_001)


@pytest.mark.parametrize(
    ("number", "root"),
    [
        (Fraction(0), 0),
        (Fraction(1), 1),
        (Fraction(4, 9), Fraction(2, 3)),
        (Fraction(2), None),
        (Fraction(4, 3), None),
        (Fraction(3, 4), None),
        (Fraction(8, 18), Fraction(2, 3)),
        (Fraction(10**60, 49), Fraction(10**30, 7)),
        (Fraction(10**60 + 1, 49), None),
        (Fraction(49, 10**60 - 1), None),
    ],
)
def test_a_root_is_exact_where_above_and_below_are_squares(number, root):
    assert ball.exact_root(number) == root
