"""Sizes, roundings, credit and conditions at their edges, each from a definition or from sympy."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

from grader.answers.numbers import ExactNumber, read_number
from grader.errors import Unreadable
from grader.linear.decision import OutputDecision, Tier, decide
from grader.linear.marking import credit
from grader.linear.reading import LinearNetwork, LinearSizes, exact_network, nearby_fraction, read_weights
from grader.linear.rounding import radii, without_dust
from grader.linear.symbolic.special_values import special_values
from grader.model.value import Items, Number, Text
from reference.linear_system import LinearSystem, bits, from_rnn_b, zeros

F = Fraction


def table(rows):
    return Items(tuple(Items(tuple(Text(str(x)) for x in row)) for row in rows))


def row(values):
    return Items(tuple(Text(str(x)) for x in values))


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


# Weights and their sizes.


def rnn_a(n, m=1, p=1, **changed):
    made = {
        "s0": row(range(n)),
        "Wss": table([[10 * i + j for j in range(n)] for i in range(n)]),
        "Wsx": table([[i + 1] * m for i in range(n)]),
        "Wo": table([[j + 1 for j in range(n)] for _ in range(p)]),
    }
    return {name: value for name, value in (made | changed).items() if value is not None}


def rnn_b(n, m=1, p=1, **changed):
    made = {
        "s0": row(range(n)),
        "Wssx": table([[10 * i + j for j in range(n + m)] for i in range(n)]),
        "Wox": table([[j + 1 for j in range(n + m)] for _ in range(p)]),
    }
    return {name: value for name, value in (made | changed).items() if value is not None}


@pytest.mark.parametrize(("structure", "make"), [("rnn-a", rnn_a), ("rnn-b", rnn_b)])
@pytest.mark.parametrize(("n", "m", "p"), [(1, 1, 1), (2, 1, 3), (3, 2, 1), (2, 3, 2)])
@pytest.mark.parametrize("asked", [None, "the same", "one more"])
def test_a_network_has_the_size_that_its_weights_agree_on(structure, make, n, m, p, asked):
    states = {None: None, "the same": n, "one more": n + 1}[asked]
    s0, *matrices = read_weights(structure, LinearSizes(states, m, p), make(n, m, p))
    assert [x.value for x in s0[0]] == list(range(n))
    columns = n if structure == "rnn-a" else n + m
    assert [[x.value for x in one] for one in matrices[0]] == [
        [10 * i + j for j in range(columns)] for i in range(n)
    ]
    assert len(matrices[-1]) == p


@pytest.mark.parametrize(
    ("structure", "sizes", "fields", "code"),
    [
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, s0=None), "missing-field"),
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wo=None), "missing-field"),
        ("rnn-b", LinearSizes(2, 1, 1), rnn_b(2, Wox=None, s0=None), "missing-field"),
        ("rnn-a", LinearSizes(None, 1, 1), rnn_a(2, Wss=table([[1, 2]])), "shape"),
        ("rnn-a", LinearSizes(None, 1, 1), rnn_a(2, Wss=row([1, 2, 3])), "shape"),
        ("rnn-b", LinearSizes(None, 1, 1), rnn_b(2, Wssx=table([[1, 2], [3, 4]])), "shape"),
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wsx=table([[1]])), "shape"),
        ("rnn-a", LinearSizes(3, 1, 1), rnn_a(2, Wsx=table([[1]])), "shape"),
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wo=table([[1, 2, 3]])), "shape"),
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, s0=row([1])), "shape"),
        ("rnn-a", LinearSizes(2, 2, 1), rnn_a(2), "shape"),
        ("rnn-b", LinearSizes(2, 1, 2), rnn_b(2), "shape"),
        ("rnn-a", LinearSizes(None, 1, 1), rnn_a(2, Wss=Text("word")), "shape"),
        ("rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wo=table([["a", 1]])), "not-a-number"),
        ("rnn-a", LinearSizes(3, 1, 1), rnn_a(2, Wo=table([["a", 1]])), "not-a-number"),
    ],
)
def test_weights_that_make_no_network_are_refused(structure, sizes, fields, code):
    assert refusal(read_weights, structure, sizes, fields).code == code


def test_where_sizes_do_not_fit_the_asked_size_is_told():
    error = refusal(read_weights, "rnn-a", LinearSizes(3, 1, 1), rnn_a(2, Wsx=table([[1]])))
    assert "3 numbers" in error.message
    assert "Wo is missing" in refusal(read_weights, "rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wo=None)).message
    both = refusal(read_weights, "rnn-a", LinearSizes(2, 1, 1), rnn_a(2, Wo=None, s0=None))
    assert "s0 and Wo are missing" in both.message


@pytest.mark.parametrize(("structure", "make"), [("rnn-a", rnn_a), ("rnn-b", rnn_b)])
def test_a_start_that_the_question_fixes_is_not_read(structure, make):
    for fields in (make(2), make(2, s0=None), make(2, s0=Text("junk"))):
        s0, *_ = read_weights(structure, LinearSizes(2, 1, 1), fields, True)
        assert [x.value for x in s0[0]] == [0, 0]
    given = read_weights(structure, LinearSizes(2, 1, 1), make(2))
    assert [x.value for x in given[0][0]] == [0, 1]


def test_a_network_of_one_flat_row_is_one_state():
    fields = {"s0": Text("0"), "Wssx": row([1, 2, 3]), "Wox": row([4, 5, 6])}
    network = exact_network("rnn-b", read_weights("rnn-b", LinearSizes(None, 2, 1), fields))
    assert network.system == LinearSystem(((1,),), ((2, 3),), ((4,),), ((5, 6),), (0,))


@pytest.mark.parametrize(("digits", "fits"), [(100, True), (1200, True)])
def test_long_numbers_are_read_as_they_are(digits, fits):
    long = "1" * digits
    fields = {"s0": Text("0"), "Wss": Text(long), "Wsx": Text("1"), "Wo": Text("1")}
    network = exact_network("rnn-a", read_weights("rnn-a", LinearSizes(1, 1, 1), fields))
    assert (network.system.A[0][0] == int(long)) is fits


# Systems.


def test_a_system_without_states_has_no_inputs_of_its_own():
    assert from_rnn_b(((F(1), F(2)),), ((F(3), F(4)),), (F(5),)) == (((1,),), ((2,),), ((3,),), ((4,),), (5,))
    assert zeros(2, 1) == ((0,), (0,))


@pytest.mark.parametrize(
    ("value", "limit", "length"),
    [
        (F(1), 100, 2),
        (F(4), 100, 4),
        (F(-4), 100, 4),
        (F(1, 4), 100, 4),
        (F(3, 8), 100, 6),
        (F(2**60), 10, 62),
        (F(0), 100, 1),
    ],
)
def test_bits_count_numerator_and_common_denominator(value, limit, length):
    one = ((value,),)
    nothing = ((F(0),),)
    assert bits(LinearSystem(one, nothing, nothing, nothing, (F(0),)), limit) == length
    assert bits(LinearSystem(nothing, nothing, nothing, nothing, (value,)), limit) == length


def test_denominators_of_one_matrix_are_brought_to_a_common_one():
    two = ((F(1, 2), F(1, 3)),)
    nothing = ((F(0),),)
    assert bits(LinearSystem(two, nothing, nothing, nothing, (F(0),)), 100) == 1 + 3  # over 6
    apart = LinearSystem(((F(1, 2),),), ((F(1, 3),),), nothing, nothing, (F(0),))
    assert bits(apart, 100) == 1 + 2


# What a number may stand for.


@pytest.mark.parametrize(
    ("number", "is_rounded", "meant"),
    [
        (F("3.3333333333333335"), True, F(10, 3)),
        (F("3.3333333333333335"), False, None),
        (F("0.333"), True, F("0.333")),
        (F(1, 3) + F(1, 3) / 2**51, True, F(1, 3)),
        (F(1, 3) + F(1, 3) / 2**50, True, None),
        (F(1, 999) + F(1, 10**25), True, F(1, 999)),
        (F(1, 1000) + F(1, 10**25), True, F(1, 1000)),
        (F(1, 1001) + F(1, 10**25), True, None),
        (F(-10, 3) - F(1, 2**52), True, F(-10, 3)),
    ],
)
def test_a_float_stands_for_the_fraction_within_its_last_bits(number, is_rounded, meant):
    assert nearby_fraction(number, is_rounded) == (number if meant is None else meant)


def exact(text, kind="text"):
    return read_number(Text(text) if kind == "text" else Number(text, kind), "W")


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        # Short decimals are meant; longer ones may be off by half a unit, those of a float by 16.
        (["0.25", "3"], [0, 0]),
        (["0.33333", "3"], [F("0.000005"), 0]),
        (["-0.33333"], [F("0.000005")]),
        (["0.33333333333333"], [F(1, 2 * 10**14)]),
        (["0.333333333333333"], [F(16, 10**15)]),
        (["-0.333333333333333", "-0.3"], [F(16, 10**15), 0]),
        (["0.333333333333333", "8"], [F(16, 10**15), F(8, 2**44)]),
        (["0.333333333333333", "64"], [F(64, 2**44)] * 2),
        # Tiny beside the largest: it may be zero.
        (["1.23456789012345e-7", "0.333333333333333"], [F("1.23456789012345e-7"), F(16, 10**15)]),
        (["3.33333333333333e-7", "0.333333333333333"], [F("3.33333333333333e-7"), F(16, 10**15)]),
        (["-3.33333333333333e-7", "0.333333333333333"], [F("3.33333333333333e-7"), F(16, 10**15)]),
        (["3.33333333333334e-7", "0.333333333333333"], [F("0.333333333333333") / 2**44, F(16, 10**15)]),
    ],
)
def test_a_number_may_be_off_by_what_its_digits_leave_open(numbers, wanted):
    largest = max(abs(exact(one).value) for one in numbers)
    floor = (
        largest / 2**44
        if any(len(exact(one).text.strip("-0.").split("e")[0].replace(".", "")) >= 15 for one in numbers)
        else F(0)
    )
    (found,) = radii((tuple(map(exact, numbers)),))
    assert list(found) == [max(one, floor) for one in wanted]


def test_single_floats_are_off_by_16_of_their_units_and_2_to_the_minus_21_of_the_largest():
    (found,) = radii(((exact("0.33333334", "single"), exact("2", "int")),))
    assert list(found) == [F(2, 2**21)] * 2
    (found,) = radii(((exact("1.0001", "single"),),))
    assert list(found) == [F("1.0001") * 16 / 2**23]


def test_zeros_of_computed_matrices_are_told_by_their_size():
    dust, edge = ExactNumber(F(1, 2**44), "d"), ExactNumber(F(1, 2**44) + F(1, 2**90), "e")
    one = ExactNumber(F(1), "1")
    assert [x.value for x in without_dust(((dust, edge, one),))[0]] == [0, edge.value, 1]
    negative = ExactNumber(-F(1, 2**44), "d")
    assert [x.value for x in without_dust(((negative, ExactNumber(F(-1), "-1")),))[0]] == [0, -1]
    assert without_dust(((dust,),)) == ((dust,),)
    assert without_dust(((dust,),), ((one,),))[0][0].value == 0
    assert without_dust(()) == ()
    # 2^30 and 2^-30 are of like length, one above and one below: 60 bits lie between them.
    spread = tuple(ExactNumber(value, "x") for value in (F(2**30), F(1, 2**13), F(1, 2**30)))
    assert [x.value for x in without_dust((spread,))[0]] == [2**30, F(1, 2**13), 0]


# Tiers: one state, g_t = c s_t, s_t = a s_(t-1) + b x_t.


def system(a="1/2", b=1, c=1, d=0, s0=0):
    return LinearSystem(*(((F(x),),) for x in (a, b, c, d)), (F(s0),))


def network(written, nearby=None, widest=None, is_rounded=True, is_single=False, dusted=None):
    return LinearNetwork(written, nearby or written, widest or written, is_rounded, is_single, dusted)


def dusty(d, clean=None):
    """A network with a tiny entry in the direct path, and the same without."""
    without = network(clean or system(), is_rounded=False)
    return network(system(d=d), dusted=without, is_rounded=False)


def wide(off):
    return system(F(1, 2) + F(off), 1 + F(off), 1 + F(off))


@pytest.mark.parametrize(
    ("made", "tier"),
    [
        (network(system()), Tier.EXACT),
        (network(system(), is_rounded=False), Tier.EXACT),
        (network(system("0.50000000001"), nearby=system()), Tier.RATIONALISED),
        (network(system("0.50000000001"), nearby=system(), is_rounded=False), Tier.WRONG),
        (network(system("0.5000000000001"), widest=wide("1e-9")), Tier.ROUNDED),
        (network(system("0.500000001"), widest=wide("1e-6")), Tier.BORDERLINE),
        (network(system("0.4999999999999"), widest=wide("1e-9")), Tier.ROUNDED),
        (network(system("0.499999999"), widest=wide("1e-6")), Tier.BORDERLINE),
        # An error that the rounding of the numbers cannot cause is none of rounding.
        (network(system("0.500000001")), Tier.WRONG),
        (network(system("0.50001"), widest=wide("1e-9")), Tier.WRONG),
        (network(system("0.5001"), widest=wide("1e-2")), Tier.WRONG),
        (network(system("0.4999"), widest=wide("1e-2")), Tier.WRONG),
        (network(system("0.5001"), widest=wide("1e-2"), is_single=True), Tier.BORDERLINE),
        (network(system("0.502"), widest=wide("1e-2"), is_single=True), Tier.WRONG),
        (network(system("0.502"), is_rounded=False), Tier.WRONG),
        # 6e-17 in the direct path is dust where the network without it is right.
        (dusty("6e-17"), Tier.ROUNDED),
        (network(system(d="6e-17"), is_rounded=False), Tier.WRONG),
        # A billionth is no visible effect. 2^-398 has 400 bits, one above and 399 below: not too long yet.
        (dusty("1e-9"), Tier.ROUNDED),
        (dusty("-1e-9"), Tier.ROUNDED),
        (dusty("1.1e-9"), Tier.WRONG),
        (dusty("-1.1e-9"), Tier.WRONG),
        (dusty(F(1, 2**398)), Tier.ROUNDED),
        (dusty(F(1, 2**399)), Tier.WRONG),
        (dusty("6e-17", system("0.3")), Tier.WRONG),
    ],
)
def test_an_output_is_right_in_the_first_tier_that_takes_it(made, tier):
    assert decide(made, system()).tier is tier


@pytest.mark.parametrize(
    ("off", "tier"), [("0.005", Tier.BORDERLINE), ("-0.005", Tier.BORDERLINE), ("0.02", Tier.WRONG)]
)
@pytest.mark.parametrize("size", [1000, -1000])
def test_an_error_is_small_beside_what_is_wanted_whatever_its_sign(size, off, tier):
    """Of 1000, 0.005 is 5e-6 and 0.02 is 2e-5; 1e-5 is let through."""
    widest = system(F("0.501"), F("1.001"), F("1001"))
    assert decide(network(system(c=size + F(off)), widest=widest), system(c=size)).tier is tier


@pytest.mark.parametrize(
    ("off", "tier"), [("0.000009", Tier.ROUNDED), ("0.000011", Tier.WRONG), ("1", Tier.WRONG)]
)
@pytest.mark.parametrize("sign", [1, -1])
def test_numbers_that_cancel_leave_no_more_room_than_what_is_left_of_them(off, tier, sign):
    """(10^9 + 1) x - 10^9 x is x, and may be off by 1e-5; 1e-12 of 2 * 10^9 would be two thousandths."""
    big, meant = 10**9, system(0, 1, 10**9 + 1, -(10**9))
    written = system(0, 1, big + 1 + sign * F(off), -big)
    assert decide(network(written, widest=system(0, 1, big + 3, big)), meant).tier is tier


@pytest.mark.parametrize("sign", [1, -1])
def test_an_output_beside_one_with_dust_stays_exact(sign):
    def two(d):
        return LinearSystem(((F("1/2"),),), ((F(1),),), ((F(1),), (F(1),)), ((F(0),), (F(d),)), (F(0),))

    made = network(two(sign * F("6e-17")), dusted=network(two(0), is_rounded=False), is_rounded=False)
    assert [one.tier for one in decide(made, two(0)).outputs] == [Tier.EXACT, Tier.ROUNDED]


def test_an_error_that_grows_shows_in_the_long_run():
    written, meant = system("1.000001"), system("1")
    widest = system("1.00001", F("1.00001"), F("1.00001"))
    assert decide(network(written, widest=widest), meant).tier is Tier.BORDERLINE
    faster = system("1.00002", 1, F("0.99999"))
    drifting = decide(network(faster, widest=system("1.01", F("1.01"), F("1.01"))), meant)
    # What it does at once, and without any input, is exactly right all the same.
    assert drifting.outputs == (found(first=True, start=True),)


@pytest.mark.parametrize(("rate", "tier"), [("0.9", Tier.BORDERLINE), ("1.1", Tier.WRONG)])
def test_an_error_of_a_thousandth_in_the_long_run_is_too_much(rate, tier):
    """What is to stay at 1 is off by rate * k / 100,000 after k steps: by 1/1000 at the 100th."""
    written, widest = system(1 + F(rate) / 10**5), system("1.001", F("1.001"), F("1.001"))
    assert decide(network(written, widest=widest, is_single=True), system("1")).tier is tier


def found(tier=Tier.WRONG, first=False, later=False, start=False, silent=False, zero=False):
    return OutputDecision(tier, first, later, start, silent, zero, False)


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ([found(Tier.EXACT)], 1),
        ([found(Tier.BORDERLINE)], 1),
        ([found()], 0),
        ([found(first=True)], F(1, 5)),
        ([found(later=True)], F(1, 5)),
        ([found(start=True)], F(1, 10)),
        ([found(first=True, later=True)], F(2, 5)),
        ([found(first=True, later=True, start=True)], F(1, 2)),
        ([found(first=True, later=True, start=True, silent=True)], 0),
        ([found(Tier.EXACT, silent=True)], 1),
        ([found(Tier.EXACT), found()], F(1, 2)),
        ([found(Tier.EXACT, zero=True), found()], F(1, 5)),
        ([found(zero=True), found(Tier.EXACT)], F(4, 5)),
        ([found(start=True), found(Tier.EXACT)], F(11, 20)),
    ],
)
def test_a_wrong_output_earns_for_what_is_right_in_it(rows, share):
    assert credit(rows) == share


# Conditions, against sympy.

a, b = sympy.symbols("a b", real=True)


def poly_of(expression):
    return {m[0] + (m[1] << 24): int(c) for m, c in sympy.Poly(sympy.expand(expression), a, b).terms()}


ROOTS = [sympy.Rational(n, d) for n, d in ((0, 1), (1, 1), (-1, 1), (2, 1), (1, 2), (-3, 2), (5, 3))]
WITHOUT = [sympy.Integer(1), a**2 + 1, a**2 - 2, a**3 - 2, a**4 + a + 1, a**2 + a + 1]


@pytest.mark.parametrize("seed", range(40))
def test_special_values_of_one_symbol_are_the_common_real_roots(seed):
    rng = random.Random(seed)
    roots, rest = rng.sample(ROOTS, rng.randrange(3)), rng.choice(WITHOUT)
    common = sympy.Mul(*((a - root) ** rng.choice((1, 1, 2)) for root in roots)) * rest
    denominator = sympy.ilcm(1, 1, *(root.q for root in roots)) ** 4
    differences = [poly_of(common * denominator * rng.choice((1, -3, a - 7)))]
    if rng.random() < 0.5:
        differences.append(poly_of(common * denominator * (a + 11)))
    excluded_roots = [root for root in roots if rng.random() < 0.3]
    excluded = [poly_of(root.q * a - root.p) for root in excluded_roots]
    # By sympy: real roots of the common part of all differences, without those excluded.
    shared = sympy.gcd_list(
        [sympy.Poly({m & (2**24 - 1): c for m, c in p.items()}, a).as_expr() for p in differences]
    )
    wanted = set(sympy.real_roots(sympy.Poly(shared, a))) - set(excluded_roots) if shared.has(a) else set()
    values = special_values(differences, excluded, ("a", "b"))
    if not wanted:
        assert (values.text, values.is_never) == ("", True)
        return
    cases = values.text.split(" or ")
    equations = [case for case in cases if not case.startswith("a = ")]
    rational = sorted(root for root in wanted if root.is_rational)
    assert [case for case in cases if case.startswith("a = ")] == [f"a = {root}" for root in rational]
    irrational = [root for root in wanted if not root.is_rational]
    assert bool(equations) is bool(irrational)
    for case in equations:
        left = sympy.sympify(case.removesuffix(" = 0").replace("^", "**"), locals={"a": a})
        assert all(sympy.simplify(left.subs(a, root)) == 0 for root in irrational)
        assert len(sympy.real_roots(sympy.Poly(left, a))) == len(irrational)


@pytest.mark.parametrize(
    ("differences", "excluded", "equations", "word"),
    [
        ([a * b - 1], [], [a * b - 1], "where"),
        ([a * b], [a], [b], "for"),
        ([a * b], [], [a * b], "for"),
        ([a * b, a * b * (a + b)], [], [a * b], "for"),
        ([a + b, a - b], [], [a + b, b - a], "where"),
        ([(a + b) * (a - b), a + b], [], [a + b], "where"),
        ([6 * (a + 2 * b) * (3 * a - b), 2 * a + 4 * b], [], [a + 2 * b], "where"),
        ([a**3 * b**2], [], [a * b], "for"),
        ([6 * a + 9 * b], [], [2 * a + 3 * b], "where"),
        ([-a - b], [], [a + b], "where"),
        ([a * b + 1, a + b, a - b, a + 2 * b, a + 5 * b], [], [], "for"),
        ([(a + b + 1) ** 3], [], [], "for"),
    ],
)
def test_special_values_of_two_symbols_are_the_fewest_equations(differences, excluded, equations, word):
    values = special_values(
        [poly_of(one) for one in differences], [poly_of(one) for one in excluded], ("a", "b")
    )
    assert not values.is_never
    parts = [part.removesuffix(" = 0").replace("^", "**") for part in values.text.split(" and ") if part]
    found = [sympy.sympify(part, locals={"a": a, "b": b}) for part in parts]
    assert {sympy.expand(one) for one in found} == {sympy.expand(one) for one in equations}
    assert values.word == word or not equations


def test_a_number_that_is_not_zero_is_never_zero():
    assert special_values([poly_of(sympy.Integer(5) + 0 * a)], [], ("a", "b")).is_never
    assert special_values([poly_of(a**2 * 3)], [poly_of(a)], ("a", "b")).is_never
    assert special_values([poly_of(a)], [], ("a", "b")).text == "a = 0"


def test_a_network_is_rounded_where_a_number_of_it_is_and_single_where_all_those_are():
    sizes = LinearSizes(1, 1, 1)
    for entry, is_rounded, is_single in (
        (Number("1", "int"), False, False),
        (Number("0.3333333333333333", "float"), True, False),
        (Number("0.33333334", "single"), True, True),
    ):
        fields = rnn_a(1, Wss=Items((Items((entry,)),)))
        made = exact_network("rnn-a", read_weights("rnn-a", sizes, fields))
        assert (made.is_rounded, made.is_single) == (is_rounded, is_single)
