"""How formulas and conditions are read at the edges of each rule, and which error says which is broken.

Limits stand here as numbers once more; values come from a plain calculation in fractions or mpmath.
"""

from __future__ import annotations

import itertools
from fractions import Fraction

import mpmath
import pytest

from grader.errors import Unreadable
from grader.exact.ball import Ball, Negative, Undefined, Unsure
from grader.formula.compare import Comparison, Sameness, distance, has_narrow_domain, has_value
from grader.formula.condition import Both, Either, Relation, negated, parse_condition, relations_in
from grader.formula.evaluate import as_ball, constants, evaluate
from grader.formula.marking.reading import formula_text
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.points import Domain, outer_points, points, values_beside
from grader.formula.tokens import tokens_of
from grader.formula.tree import Constant, Symbol
from grader.model.value import Text

NAMES = Names(("a", "b", "c", "x1", "x2", "weight"), (("W_r", "weight"),))
POINT = {"a": Fraction(2), "b": Fraction(3), "c": Fraction(5), "x1": Fraction(7), "x2": Fraction(11)}
POINT["weight"] = Fraction(13)
THIRD = Fraction(1, 3)


def refusal(read, *arguments):
    with pytest.raises(Unreadable) as error:
        read(*arguments)
    return error.value


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a", ["name"]),
        ("  a ", ["name"]),
        ("", []),
        ("2a", ["number", "name"]),
        ("a**b", ["name", "^", "name"]),
        ("a≤b", ["name", "<=", "name"]),
        ("a ≥ b", ["name", ">=", "name"]),
        ("a≠b", ["name", "!=", "name"]),
        ("a && b", ["name", "and", "name"]),
        ("a & b ∧ c", ["name", "and", "name", "and", "name"]),
        ("a ∨ b or c OR d", ["name", "or", "name", "or", "name", "or", "name"]),
        ("¬a", ["not", "name"]),
        ("not a NOT b", ["not", "name", "not", "name"]),
        ("a ∈ b in c", ["name", "in", "name", "in", "name"]),
        ("a == b != c = d", ["name", "==", "name", "!=", "name", "=", "name"]),
        ("a²", ["name", "^", "number"]),
        ("a⁻¹", ["name", "^", "-", "number"]),
        ("a⁺²", ["name", "^", "+", "number"]),
        ("½a", ["number", "name"]),
        ("a·b×c÷d", ["name", "*", "name", "*", "name", "/", "name"]),
        ("a'", ["name"]),
        ("w_{12}", ["name"]),
        ("[a;b]", ["[", "name", ";", "name", "]"]),
        ("|a|", ["|", "name", "|"]),
        ("AND a", ["and", "name"]),
    ],
)
def test_a_text_is_cut_into_its_tokens(text, kinds):
    tokens = tokens_of(text)
    assert [token.kind for token in tokens] == [*kinds, "end"]
    assert (tokens[-1].start, tokens[-1].end) == (len(text), len(text))
    assert all(not before or before.end <= after.start for before, after in itertools.pairwise(tokens))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", Fraction(1, 2)),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1e3", 1000),
        ("1.5E-2", Fraction(3, 200)),
        ("2½", Fraction(5, 2)),
        ("¾", Fraction(3, 4)),
        ("1e30", 10**30),
        ("1e-30", Fraction(1, 10**30)),
        ("1" * 12, 111111111111),
        ("0" * 9 + "1" * 12, 111111111111),
        ("0." + "12345678" * 3, Fraction(int("12345678" * 3), 10**24)),
        ("0" * 38 + ".5", Fraction(1, 2)),
        ("1e+007", 10**7),
        # A float of 14 digits or more is the simple fraction beside it, if it is as close as a float is.
        ("0.33333333333333", THIRD),
        ("0.3333333333333", Fraction(3333333333333, 10**13)),
        ("0.30000000000000004", Fraction(3, 10)),
        ("3.3333333333333335", Fraction(10, 3)),
        ("0.33333333333330", Fraction(33333333333330, 10**14)),
        ("0.12345678901234", Fraction(12345678901234, 10**14)),
        ("0.00100100100100100", Fraction(1, 999)),
        ("0.0009990009990009990", Fraction(9990009990009990, 10**19)),
        ("0.33333333333335", THIRD),
        ("0.33333333333336", Fraction(33333333333336, 10**14)),
        ("0.33333333333332", THIRD),
    ],
)
def test_a_number_is_the_fraction_that_it_says(text, value):
    token, _ = tokens_of(text)
    assert (token.kind, token.value, token.start, token.end) == ("number", value, 0, len(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1" * 13, "number-too-long"),
        ("0." + "1" * 25, "number-too-long"),
        ("1e31", "number-too-long"),
        ("1e-31", "number-too-long"),
        ("1e0031", "number-too-long"),
        ("0" * 40 + ".", "number-too-long"),
        ("a" * 1001, "too-long"),
        ("a¹²³⁴", "unexpected"),
        ("a⁻", "unexpected"),
        ("_a", "unexpected"),
        ("√2", "unexpected"),
        ("a ? b", "unexpected"),
        ("a#", "unexpected"),
        ("\\x00", "unexpected"),
    ],
)
def test_what_is_no_token_is_refused_for_its_reason(text, code):
    assert refusal(tokens_of, text).code == code


@pytest.mark.parametrize(("letter", "advice"), [("√", "sqrt("), ("_", "letter"), ("☃", "snowman")])
def test_a_strange_character_is_met_with_what_to_write(letter, advice):
    assert advice in refusal(tokens_of, f"a + {letter}").message


def test_400_characters_are_read_unless_said_otherwise():
    assert len(tokens_of("a" * 400)) == 2
    assert len(tokens_of("a" * 10, 10)) == 2
    assert refusal(tokens_of, "a" * 11, 10).code == "too-long"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a^64 / a^62", 4),
        ("a^-64 * a^64 * a", 2),
        ("2^(a)", 4),
        ("2a", 4),
        ("(a)(b)", 6),
        ("2(a)", 4),
        ("a/(2b)", THIRD),
        ("a/b*c", Fraction(10, 3)),
        ("a*b/c", Fraction(6, 5)),
        ("- -a", 2),
        ("-a^2", -4),
        ("+a", 2),
        ("a - -b", 5),
        ("x[1] + x(2)", 18),
        ("x_1*x_2", 77),
        ("abs(-a)", 2),
        ("|a - b|*c", 5),
        ("sqrt(a^4)", 4),
        ("tanh^2(0)", 0),
        ("cosh^64(0)", 1),
        ("y = a + b", 5),
        ("z_1 = c", 5),
        ("Wr", 13),
        ("W_r", 13),
        ("e^0*a", 2),
        ("(c - 1)^(1/2)", 2),
        ("(4/9)^(-1/2)", Fraction(3, 2)),
        ("0^(1/2)", 0),
        ("a^0", 1),
        ("0^0", 1),
        ("log(1)", 0),
        ("3²a", 18),
        ("[a + (b)]*c", 25),
        ("3a²", 12),
    ],
)
def test_a_formula_is_read_as_mathematics_writes_it(text, value):
    assert evaluate(parse_formula(text, NAMES), POINT) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("a +", "unexpected-end"),
        ("a^65", "exponent-too-large"),
        ("a^-65", "exponent-too-large"),
        ("a^b^c", "power-tower"),
        ("2^(a^2)", "power-tower"),
        ("a/0", "division-by-zero"),
        ("a b", "missing-operator"),
        ("a(b)", "missing-operator"),
        ("(a)b", "missing-operator"),
        ("a 2", "missing-operator"),
        ("1/2a", "ambiguous"),
        ("a/2(b)", "ambiguous"),
        ("a/(b)(c)", "ambiguous"),
        ("a^2b", "ambiguous"),
        ("a^2(b)", "ambiguous"),
        ("tanh a", "no-argument"),
        ("tanh", "no-argument"),
        ("tanh^1(a)", "unexpected"),
        ("tanh^65(a)", "unexpected"),
        ("tanh^b(a)", "unexpected"),
        ("tanh'(a)", "derivative-sign"),
        ("q", "unknown-name"),
        ("(a", "unclosed"),
        ("(a]", "unclosed"),
        ("|a", "unclosed"),
        ("a)", "unexpected"),
        ("a|", "unexpected"),
        ("1,5", "comma-decimal"),
        ("a, b", "not-a-formula"),
        ("a, 5", "not-a-formula"),
        ("a < b", "not-a-formula"),
        ("a = b", "equation"),
        ("y = a = b", "equation"),
        ("a = y", "equation"),
        ("q(1", "unknown-name"),
    ],
)
def test_what_is_no_formula_is_refused_for_its_reason(text, code):
    assert refusal(parse_formula, text, NAMES).code == code


@pytest.mark.parametrize(
    ("fits", "exceeds", "code"),
    [
        ("(" * 40 + "a" + ")" * 40, "(" * 41 + "a" + ")" * 41, "too-deep"),
        ("-" * 40 + "a", "-" * 41 + "a", "too-deep"),
        ("+".join("(a)" for _ in range(60)), "(" * 41 + "a" + ")" * 41, "too-deep"),
        ("+".join("a" for _ in range(499)), "+".join("a" for _ in range(500)), "too-many-parts"),
        ("a b c d e f g h i j k y = a", "a b c d e f g h i j k l y = a", "equation"),
        # What is in an exponent counts while it is read, and no longer.
        ("a^2*" * 30 + "(" * 40 + "a" + ")" * 40, "a^2*" * 30 + "(" * 41 + "a" + ")" * 41, "too-deep"),
        ("*".join("a^2" for _ in range(60)), "2^(" + "-" * 40 + "a)", "too-deep"),
    ],
)
def test_a_formula_is_as_deep_and_as_long_as_is_said(fits, exceeds, code):
    parse_formula(fits, NAMES)
    assert refusal(parse_formula, exceeds, NAMES).code == code


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("tanha", "did you mean tanh(a)?"),
        ("ab", "did you mean a*b?"),
        ("ax1", "did you mean a*x1?"),
        ("x9", "the symbols are a, b"),
        ("weigth", "did you mean weight?"),
        ("tahn", "did you mean tanh?"),
        ("zz", "the symbols are a, b"),
        ("n", "the symbols are a, b"),
        ("aaaaaa", "did you mean a*a*a*a*a*a?"),
        ("aaaaaaa", "the symbols are"),
    ],
)
def test_an_unknown_name_is_met_with_the_likeliest_known_one(written, advice):
    assert advice in NAMES.suggestion(written)


def test_without_symbols_a_number_is_wanted():
    assert Names(()).suggestion("zz") == "a number is wanted"


def test_a_spelling_in_other_letters_counts_where_it_can_be_one_symbol_only():
    names = Names(("a", "A", "Wss"))
    assert [names.symbol(one) for one in ("a", "A", "wss", "W_ss", "w_{ss}", "b")] == [
        "a",
        "A",
        "Wss",
        "Wss",
        "Wss",
        None,
    ]
    assert (names.indexed("a", "1"), Names(("x1",)).indexed("x", "1")) == (None, "x1")
    assert (Names(("tanh",)).function("tanh"), names.function("TANH"), names.function("ln")) == (
        None,
        "tanh",
        "log",
    )
    assert (names.is_euler("e"), Names(("e",)).is_euler("e"), names.is_euler("f")) == (True, False, False)


# Conditions.

A, B, C = Symbol("a"), Symbol("b"), Symbol("c")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a < b", Relation(A, "<", B)),
        ("a ≠ b", Relation(A, "!=", B)),
        ("a < b < c", Both((Relation(A, "<", B), Relation(B, "<", C)))),
        ("a < b and b >= c", Both((Relation(A, "<", B), Relation(B, ">=", C)))),
        ("a < b, b > c; a <= c", Both((Relation(A, "<", B), Relation(B, ">", C), Relation(A, "<=", C)))),
        ("a < b or b > c", Either((Relation(A, "<", B), Relation(B, ">", C)))),
        (
            "a < b or b > c and a > c",
            Either((Relation(A, "<", B), Both((Relation(B, ">", C), Relation(A, ">", C))))),
        ),
        (
            "(a < b or b > c) and a > c",
            Both((Either((Relation(A, "<", B), Relation(B, ">", C))), Relation(A, ">", C))),
        ),
        ("not a < b", Relation(A, ">=", B)),
        ("not (a < b and b > c)", Either((Relation(A, ">=", B), Relation(B, "<=", C)))),
        ("not (a <= b or b >= c)", Both((Relation(A, ">", B), Relation(B, "<", C)))),
        ("a in (b, c)", Both((Relation(B, "<", A), Relation(A, "<", C)))),
        ("a in [b, c]", Both((Relation(B, "<=", A), Relation(A, "<=", C)))),
        ("a in (b; c]", Both((Relation(B, "<", A), Relation(A, "<=", C)))),
        ("a in [b, c)", Both((Relation(B, "<=", A), Relation(A, "<", C)))),
        ("(a) < b", Relation(A, "<", B)),
        ("[a < b]", Relation(A, "<", B)),
    ],
)
def test_a_condition_is_read_as_mathematics_writes_it(text, wanted):
    assert parse_condition(text, NAMES) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a", "not-a-condition"),
        ("a + b", "not-a-condition"),
        ("a = b", "equation"),
        ("a == b", "equation"),
        ("not a != b", "not-a-condition"),
        ("not (a != b and a < c)", "not-a-condition"),
        ("a in (b, c", "unclosed"),
        ("a in (b, c|", "unclosed"),
        ("a < b in (b, c)", "unexpected"),
        ("a in b", "unexpected"),
        ("a in (b c)", "missing-operator"),
        ("a in (b)", "unexpected"),
        ("a <", "unexpected-end"),
        ("(a < b", "unclosed"),
        ("a < b)", "unexpected"),
    ],
)
def test_what_is_no_condition_is_refused_for_its_reason(text, code):
    assert refusal(parse_condition, text, NAMES).code == code


def test_conditions_side_by_side_are_not_nested():
    text = " and ".join("not (a < b)" for _ in range(30)) + " and " + "not " * 20 + "a < b"
    assert len(relations_in(parse_condition(text, NAMES, 1000))) == 31
    assert len(relations_in(parse_condition(" or ".join("(a < b)" for _ in range(45)), NAMES, 1000))) == 45
    assert refusal(parse_condition, "not " * 41 + "a < b", NAMES).code == "too-deep"


def test_what_is_not_an_equation_has_no_opposite():
    assert negated(Relation(A, "!=", B)) is None
    assert negated(Both((Relation(A, "!=", B), Relation(A, "<", B)))) is None
    assert negated(Either((Relation(A, "<", B), Relation(A, ">=", C)))) == Both(
        (Relation(A, ">=", B), Relation(A, "<", C))
    )


# Values.


@pytest.mark.parametrize(
    ("text", "raises"),
    [
        ("1/(a - 2)", Undefined),
        ("(a - 2)^-1", Undefined),
        ("(a - 2)^(-1/2)", Undefined),
        ("(a - 3)^(1/2)", Negative),
        ("sqrt(a - 3)", Negative),
        ("log(a - 3)", Negative),
        ("log(a - 2)", Undefined),
        ("(a - 3)^(b/2)", Negative),
        ("exp(exp(c*5))", Unsure),
        ("log(tanh(a) - tanh(a))", Unsure),
    ],
)
def test_a_formula_without_a_value_says_why(text, raises):
    with pytest.raises(raises) as caught:
        evaluate(parse_formula(text, NAMES), POINT)
    assert caught.type is raises
    assert has_value(parse_formula(text, NAMES), POINT) is (raises is Unsure)


@pytest.mark.parametrize("function", ["tanh", "sech", "sinh", "cosh", "sigmoid", "exp"])
@pytest.mark.parametrize("argument", ["a/7", "-a/7", "a*40", "-a*40", "a - 2", "tanh(a) - 1", "-tanh(b)"])
def test_functions_have_the_values_of_mpmath(function, argument):
    own = {"sigmoid": lambda u: 1 / (1 + mpmath.exp(-u))}
    with mpmath.workdps(90):
        values = {name: mpmath.mpf(int(value)) for name, value in POINT.items()}
        true = (own.get(function) or getattr(mpmath, function))(eval(argument, {"tanh": mpmath.tanh}, values))
        found = as_ball(evaluate(parse_formula(f"{function}({argument})", NAMES), POINT))
        assert abs(mpmath.mpf(str(found.value)) - true) <= mpmath.mpf(str(found.error))
        assert mpmath.mpf(str(found.error)) <= abs(true) * mpmath.mpf(10) ** -52


@pytest.mark.parametrize("exponent", [1, 2, 3, 7, 12, 64, -1, -2, -5])
def test_whole_powers_of_what_is_not_exact_are_those_of_mpmath(exponent):
    with mpmath.workdps(90):
        true = mpmath.tanh(2) ** exponent
        found = evaluate(parse_formula(f"tanh(a)^{exponent}", NAMES), POINT)
        assert isinstance(found, Ball)
        assert abs(mpmath.mpf(str(found.value)) - true) <= mpmath.mpf(str(found.error))
        assert mpmath.mpf(str(found.error)) <= abs(true) * mpmath.mpf(10) ** -54


def test_numbers_are_exact_up_to_8192_bits():
    long = {"a": Fraction(2**4095), "b": Fraction(2), "c": Fraction(2**128)}
    assert evaluate(parse_formula("a*a*b", NAMES), long) == 2**8191
    assert isinstance(evaluate(parse_formula("a*a*b*b", NAMES), long), Ball)
    assert isinstance(evaluate(parse_formula("a*a*b + a*a*b", NAMES), long), Ball)
    assert evaluate(parse_formula("c^63", NAMES), long) == 2**8064
    assert isinstance(evaluate(parse_formula("c^64", NAMES), long), Ball)
    assert isinstance(evaluate(parse_formula("1/(a*a*b)/b", NAMES), long), Ball)


def test_constants_are_the_values_of_all_parts_without_symbols():
    assert constants(parse_formula("a + 3/2", NAMES)) >= {Fraction(3, 2), Fraction(3), Fraction(2)}
    assert constants(parse_formula("a*b", NAMES)) == frozenset()
    assert constants(parse_formula("a + tanh(1) + 1/(1 - 1)", NAMES)) == {1, 0, -1}


@pytest.mark.parametrize(
    ("text", "is_narrow"),
    [
        ("a + b^2", False),
        ("tanh(a)", False),
        ("a^-3", False),
        ("log(a)", True),
        ("sqrt(a)", True),
        ("|a|", True),
        ("a^(1/2)", True),
        ("a^b", True),
        ("exp(a)", False),
        ("1 + log(2)*a", True),
        ("(a*b)^(3/2)", True),
    ],
)
def test_a_root_a_logarithm_and_a_bar_may_have_no_value(text, is_narrow):
    assert has_narrow_domain(parse_formula(text, NAMES)) is is_narrow


@pytest.mark.parametrize(
    ("got", "wanted", "share"),
    [
        (3, 4, Fraction(1, 4)),
        (4, 3, Fraction(1, 4)),
        (-3, 3, 2),
        (-4, -1, Fraction(3, 4)),
        (0, -5, 1),
        (2, 2, 0),
        (-1, -4, Fraction(3, 4)),
    ],
)
def test_the_distance_is_a_share_of_the_larger(got, wanted, share):
    found = Comparison(Sameness.DIFFERENT, True, 0, {}, Fraction(got), Fraction(wanted))
    assert distance(found) == share


# Points.


@pytest.mark.parametrize("marks", [[], [0], [2], [-2], [2, -2, 5], [Fraction(1, 3), -7, 3]])
def test_beside_each_mark_lie_points_on_both_sides_and_between_neighbours(marks):
    marks = list(map(Fraction, marks))
    both = sorted({*marks, *(-mark for mark in marks)})
    wanted = {mark + step for mark in both for step in (Fraction(-1, 8), 0, Fraction(1, 8))}
    wanted |= {low + (high - low) / 2 for low, high in itertools.pairwise(both)}
    found = values_beside(marks)
    assert set(found) == wanted
    assert found == sorted(found)


def test_of_many_marks_the_24_nearest_to_zero_count():
    assert max(values_beside(map(Fraction, range(1, 40)))) == 24 + Fraction(1, 8)


@pytest.mark.parametrize(("high", "count"), [(9, 9), (64, 64), (65, 65), (66, 0), (Fraction(13, 2), 6)])
def test_whole_numbers_of_an_interval_of_at_most_64_are_all_tried(high, count):
    domain = Domain((("a", (Fraction(1), Fraction(high))),), frozenset({"a"}))
    found = [point["a"] for point in outer_points(("a",), domain, 1, ())]
    assert found == [Fraction(n) for n in range(1, count + 1)]


def test_an_open_symbol_is_tried_far_out_and_one_with_an_interval_only_inside():
    far = {point["a"] for point in outer_points(("a",), Domain(), 1, [Fraction(3)])}
    assert far == {sign * n for n in (4, 6, 10, 100) for sign in (1, -1)} | set(values_beside([Fraction(3)]))
    near = Domain((("a", (Fraction(-3), Fraction(3))),))
    inside = {point["a"] for point in outer_points(("a",), near, 1, [Fraction(3)])}
    assert inside == {value for value in values_beside([Fraction(3)]) if abs(value) <= 3}


def test_the_first_points_are_simple_and_without_symbols_there_is_one():
    first = list(itertools.islice(points(("b", "a"), Domain(), 5), 4))
    assert [(point["a"], point["b"]) for point in first] == [(2, 3), (3, -2), (-2, -3), (-3, 1)]
    assert list(points((), Domain(), 5)) == [{}]
    narrow = Domain((("a", (Fraction(0), Fraction(1, 100))),))
    assert [point["a"] * 800 for point in itertools.islice(points(("a",), narrow, 5), 4)] == [1, 2, 3, 4]


def test_a_number_is_a_formula():
    assert parse_formula("7", NAMES) == Constant(Fraction(7))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("= 0.5", "0.5"),
        ("0,5;", "0.5"),
        ("(3)", "3"),
        ("2*10^-1", "2e-1"),
        ("x1 = 3", "x1 = 3"),
        ("(w)", "(w)"),
    ],
)
def test_a_lone_number_in_the_place_of_a_formula_may_have_around_it_what_a_number_may(
    written: str, read: str
) -> None:
    assert formula_text(Text(written), "M0") == read


def test_capitals_tell_symbols_apart_that_are_alike_without_them():
    names = Names(("w_H", "w_h", "b"))
    assert [names.symbol(one) for one in ("wH", "wh", "B")] == ["w_H", "w_h", "b"]
    # Which of the two is meant is not guessed.
    assert names.symbol("Wh") is names.symbol("WH") is None
