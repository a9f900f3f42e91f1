from __future__ import annotations

from fractions import Fraction

import pytest

from grader.errors import Unreadable
from grader.formula.evaluate import evaluate
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("w", "x1", "x2", "n_in", "lambda", "t"), (("W_r", "w"),))
POINT = {
    name: Fraction(n) for name, n in {"w": 3, "x1": 5, "x2": 7, "n_in": 11, "lambda": 13, "t": 2}.items()
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2x1 + 3", 13),
        ("2(w + 1)(w - 1)", 16),
        ("-w^2", -9),
        ("w**-2", Fraction(1, 9)),
        ("pow(w, 2)", 9),
        ("2*pow(w + 1, -1)*x1", Fraction(5, 2)),
        ("np.power(w, 2) + math.pow(2, t)", 13),
        ("2^-1 * w", Fraction(3, 2)),
        ("w - x1 - x2", -9),
        ("x1 / w / 2", Fraction(5, 6)),
        ("w·x₁ − x₂", 8),
        ("w × x_1 ÷ 2", Fraction(15, 2)),
        ("w²·x1", 45),
        ("3w²x1", 135),
        ("w⁻¹", Fraction(1, 3)),
        ("wᵗ·2⁻ᵗ", Fraction(9, 4)),
        ("2²ᵗ(w + 1)", 64),
        ("2nᵢₙ", 22),
        ("x[1] + x(2) + x_{1} + X1", 22),
        ("nin + n_{in} + N_in", 33),
        ("λ + lambda", 26),
        ("W + Wr", 6),
        ("g3 = w*x1", 15),
        # How somebody got there: every side says the same, or has a name that is none of the question's.
        ("64 * 26 = 1664", 1664),
        ("g3 = v*s3 = w*x1", 15),
        ("g3 = w*(x1 + x2) = w*x1 + x2*w", 36),
        ("(w + 1)^2 = w^2 + 2w + 1", 16),
        (r"$2 \cdot (w + 1) = 2w + 2$", 8),
        ("∂L/∂w = w", 3),
        ("0.1 + .5 + 2.", Fraction(13, 5)),
        ("1.5e1", 15),
        ("0.3333333333333333*w", 1),
        ("0.333*w", Fraction(999, 1000)),
        ("|w - x1|", 2),
        ("||w - x1| - 3|", 1),
        ("[w + (x1)]*2", 16),
        ("sqrt(w + 1)", 2),
        ("sqrt(4/9)^3", Fraction(8, 27)),
        ("ln(1) + e^0 + exp(0)", 2),
        ("tanh(0) + sigmoid(0) + σ(w - 3)", 1),
        ("cosh^2(0)", 1),
        ("4^(1/2)", 2),
        ("  w\n+\tw ", 6),
    ],
)
def test_formula_means_what_a_person_means(text: str, value: Fraction | int) -> None:
    assert evaluate(parse_formula(text, NAMES), POINT) == value


@pytest.mark.parametrize(
    ("text", "code", "told", "column"),
    [
        ("", "empty", "empty", 0),
        ("w +", "unexpected-end", "too early", 3),
        ("w * * x1", "unexpected", "missing before this *", 4),
        ("(w + x1", "unclosed", "never closed", 0),
        ("w + x1)", "unexpected", "closes nothing", 6),
        ("(w]", "unclosed", ") was wanted", 2),
        ("w x1", "missing-operator", "did you mean w*x1?", 2),
        ("w(x1 + 1)", "missing-operator", "did you mean w*(...)?", 1),
        ("wx1", "unknown-name", "did you mean w*x1?", 0),
        ("tahn(w)", "unknown-name", "did you mean tanh?", 0),
        ("tanhw", "unknown-name", "did you mean tanh(w)?", 0),
        ("small", "unknown-name", "the symbols are", 0),
        ("1 + x3", "unknown-name", "the symbols are w, x1", 4),
        ("1/2w", "ambiguous", "what is divided by", 3),
        ("w^2x1", "ambiguous", "exponent", 3),
        ("w^x1^2", "power-tower", "power", 2),
        ("2^(3^w)", "power-tower", "power", 2),
        ("w^65", "exponent-too-large", "64", 2),
        ("1234567890123", "number-too-long", "12 digits", 0),
        ("1/0", "division-by-zero", "zero", 2),
        ("tanh w", "no-argument", "tanh(...)", 5),
        ("w*tanh", "no-argument", "tanh(...)", 2),
        ("tanh'(w)", "derivative-sign", "1 - tanh(u)^2", 0),
        ("0,5*w", "comma-decimal", "0.5", 1),
        ("w, x1", "not-a-formula", "list", 1),
        ("w < 1", "not-a-formula", "condition", 2),
        ("w = 3", "equation", "right", 2),
        ("64*26 = 1665", "equation", "right", 6),
        ("g3 = w*x1 = w*x2", "equation", "right", 3),
        ("w*x1 = g3", "equation", "right", 5),
        ("1 = 1 = 1 = 1 = 1", "equation", "right", 2),
        ("w = w + = w", "equation", "right", 2),
        ("w = (w = w)", "equation", "right", 2),
        ("=", "equation", "right", 0),
        ("w; import os", "unexpected", "", 1),
        ("__import__('os')", "unexpected", "letter", 0),
        ("w.real", "unexpected", "character .", 1),
        ("(" * 60, "too-deep", "40", 40),
        ("-" * 60 + "w", "too-deep", "40", 40),
        ("+".join("w" * 500), "too-many-parts", "500", None),
        ("w" * 1001, "too-long", "1000", 0),
    ],
)
def test_unreadable_formula_is_told_with_a_caret(text: str, code: str, told: str, column: int | None) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_formula(text, NAMES)
    assert caught.value.code == code
    message, shown, caret = caught.value.message.split("\n")
    assert told in message
    assert caret.strip() == "^"
    if column is not None:
        # The window may start later than the text: the letter above the caret is what counts.
        assert shown[len(caret) - 1 : len(caret)] == text[column : column + 1]


def test_long_sums_are_not_deep() -> None:
    assert evaluate(parse_formula("+".join(["w"] * 90), NAMES), POINT) == 270


def test_a_symbol_wins_over_a_function_or_number_of_its_name() -> None:
    names = Names(("sigma", "e"))
    assert evaluate(parse_formula("sigma*e", names), {"sigma": Fraction(2), "e": Fraction(3)}) == 6


def test_case_counts_only_where_it_tells_symbols_apart() -> None:
    names = Names(("w", "W"))
    assert evaluate(parse_formula("w - W", names), {"w": Fraction(2), "W": Fraction(3)}) == -1


def test_one_letter_is_no_misspelt_function() -> None:
    told = Names(("k",)).suggestion("n")
    assert told == "the symbols are k"


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("w x1", "w*x1"),
        ("w(x1 + 1)", "w*(x1 + 1)"),
        ("(x1 + 1)w", "(x1 + 1)*w"),
        ("(x1 + 1) w x2", "(x1 + 1)*w*x2"),
        ("w tanh(x1) x2", "w*tanh(x1)*x2"),
        ("tanh(w x1)x2", "tanh(w*x1)*x2"),
        ("-w x1 + x2 w", "-w*x1 + x2*w"),
        ("2w x1^2", "2*w*x1^2"),
        ("w^(2) x1", "w^2*x1"),
        ("w^2 x1", "w^2*x1"),
        ("w^2 (x1 + 1)", "w^2*(x1 + 1)"),
        ("w x1^2 x2", "w*x1^2*x2"),
        ("x1/2*w x2", "x1/2*w*x2"),
        ("|w| x1", "|w|*x1"),
        ("w|x1|", "w*|x1|"),
        ("tanh(w |x1| - |w|x1)", "tanh(w*|x1| - |w|*x1)"),
        ("g = w x1", "w*x1"),
    ],
)
def test_names_side_by_side_are_a_product_where_one_formula_is_asked(text: str, signs: str) -> None:
    assert parse_formula(text, NAMES, side_by_side=True) == parse_formula(signs, NAMES)
    with pytest.raises(Unreadable, match=r"did you mean|is 2 the whole exponent"):
        parse_formula(text, NAMES)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("2|w|", "2*|w|"),
        ("|w||x1|", "|w|*|x1|"),
        ("-2|w| |x1| + |x1|", "-2*|w|*|x1| + |x1|"),
        ("|w|(x1 + 1)|x1|", "|w|*(x1 + 1)*|x1|"),
        ("||w| - |x1||", "abs(abs(w) - abs(x1))"),
        ("|(|w||x1|) - 1|", "abs(abs(w)*abs(x1) - 1)"),
        ("|2(|w|x1)|", "abs(2*(abs(w)*x1))"),
    ],
)
def test_a_bar_opens_where_none_can_close(text: str, signs: str) -> None:
    assert parse_formula(text, NAMES, side_by_side=True) == parse_formula(signs, NAMES)


@pytest.mark.parametrize("text", ["x[1)", "x(1]", "x[1", "x(1", "x[1, 2]", "x[w]"])
def test_an_index_is_one_number_in_a_pair_of_brackets(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_formula(text, NAMES, side_by_side=True)


@pytest.mark.parametrize("text", ["w|", "|w||", "|w|x1||", "|w|x1|", "|w", "||w|", "2||", "|w||x1", "(|w)|"])
def test_bars_that_do_not_pair_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_formula(text, NAMES, side_by_side=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1/w x1", "ambiguous"),
        ("x1/(w + 1) x2", "ambiguous"),
        ("w^2x1", "ambiguous"),
        ("w^-2 x1", "ambiguous"),
        ("e^2 x1", "ambiguous"),
        ("2^w x1", "ambiguous"),
        ("e^-w x1", "ambiguous"),
        ("e^-2w", "ambiguous"),
        ("e^tanh(w) x1", "ambiguous"),
        ("e(w + 1)", "missing-operator"),
        ("e w", "missing-operator"),
        ("2e w", "missing-operator"),
        ("w\nx1", "missing-operator"),
        ("w(2)", "missing-operator"),
        ("w[x1 + 1]", "missing-operator"),
        ("w 2", "missing-operator"),
        ("tanh w x1", "no-argument"),
        ("wx1", "unknown-name"),
    ],
)
def test_what_can_be_read_in_two_ways_side_by_side_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_formula(text, NAMES, side_by_side=True)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["sigma", "Sigma", "σ"])
def test_a_symbol_that_is_called_like_a_function_is_no_factor_before_a_bracket(name: str) -> None:
    names = Names(("sigma", "x1"))
    assert parse_formula(f"{name} x1", names, side_by_side=True) == parse_formula("sigma*x1", names)
    with pytest.raises(Unreadable) as caught:
        parse_formula(f"{name}(x1)", names, side_by_side=True)
    assert caught.value.code == "missing-operator"


@pytest.mark.parametrize("text", ["w\nu", "w\ru", "2\nu", "(w)\n(u)"])
def test_a_line_break_is_no_product(text: str) -> None:
    # Python makes a line break and a u of what LaTeX calls nu.
    with pytest.raises(Unreadable) as caught:
        parse_formula(text, Names(("w", "u", "nu")), side_by_side=True)
    assert caught.value.code == "missing-operator"
    assert parse_formula("w\n* u", Names(("w", "u"))) == parse_formula("w*u", Names(("w", "u")))


def test_what_is_in_brackets_is_not_shown_where_an_exponent_may_end() -> None:
    with pytest.raises(Unreadable, match=r"write \^w\*\(\.\.\.\) or \^\(w\*\(\.\.\.\)\)"):
        parse_formula("2^w (x1 + 1)", NAMES, side_by_side=True)
