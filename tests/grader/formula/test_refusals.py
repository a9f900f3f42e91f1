"""What is said of a formula or condition that cannot be read, word by word, and where the caret stands."""

from __future__ import annotations

import pytest

from grader.errors import Unreadable
from grader.formula.condition import parse_condition
from grader.formula.names import Names
from grader.formula.parse import parse_formula

NAMES = Names(("w", "x1", "x2", "U"), (("omega_1", "U"),))


def refusal(read, text, **options):
    """The message, the column under which the caret stands, and the code."""
    with pytest.raises(Unreadable) as caught:
        read(text, NAMES, **options)
    message, shown, caret = caught.value.message.split("\n")
    assert shown == f"    {text}"
    return message, len(caret) - 5, caught.value.code


A_SIGN = "a sign is missing; did you mean"
AN_EQUATION = "an equation where a formula was wanted; write only what stands to its right"
TWO = "are these two conditions? write and between them, or the sign of the product"
SIGMOID = "write the derivative of sigmoid out: sigmoid(u)*(1 - sigmoid(u))"
IN_FORMULAS = [
    ("", "an empty formula", 0, "empty"),
    ("w*", "the formula ends too early", 2, "unexpected-end"),
    ("*w", "something is missing before this *", 0, "unexpected"),
    ("w + )", "something is missing before this )", 4, "unexpected"),
    ("w + ]", "something is missing before this ]", 4, "unexpected"),
    ("w + and", "and cannot stand here", 4, "unexpected"),
    ("w + or 2", "or cannot stand here", 4, "unexpected"),
    ("in", "in cannot stand here", 0, "unexpected"),
    ("w )", "this ) closes nothing that was opened", 2, "unexpected"),
    ("w ]", "this ] closes nothing that was opened", 2, "unexpected"),
    ("w < 1", "a formula was wanted here, not a condition", 2, "not-a-formula"),
    ("w in 2", "a formula was wanted here, not a condition", 2, "not-a-formula"),
    ("1,5", "decimals are written with a point; did you mean 1.5?", 1, "comma-decimal"),
    ("w,5", "one formula is wanted here, not a list", 1, "not-a-formula"),
    ("5,w", "one formula is wanted here, not a list", 1, "not-a-formula"),
    ("w and x1", "this cannot follow here", 2, "unexpected"),
    ("w; x1", "this cannot follow here", 1, "unexpected"),
    ("w = 2*x1", AN_EQUATION, 2, "equation"),
    ("w = a = x1", AN_EQUATION, 2, "equation"),
    ("2 = w", AN_EQUATION, 2, "equation"),
    ("w/0", "division by zero", 2, "division-by-zero"),
    ("w/(0)", "division by zero", 2, "division-by-zero"),
    ("(w", "this ( is never closed", 0, "unclosed"),
    ("2*[w", "this [ is never closed", 2, "unclosed"),
    ("(w]", ") was wanted here, to close (", 2, "unclosed"),
    ("[w)", "] was wanted here, to close [", 2, "unclosed"),
    ("(w < 1)", "a formula was wanted here, not a condition", 3, "not-a-formula"),
    ("w^65", "exponents go up to 64", 2, "exponent-too-large"),
    ("w^-65", "exponents go up to 64", 2, "exponent-too-large"),
    ("w^2^x1", "a power in an exponent is not read", 2, "power-tower"),
    ("w^(2)^x1", "a power in an exponent is not read", 2, "power-tower"),
    ("2^(x1^2)", "a power in an exponent is not read", 2, "power-tower"),
    ("tanh", "tanh needs an argument: tanh(...)", 0, "no-argument"),
    ("tanh + 1", "tanh needs an argument: tanh(...)", 0, "no-argument"),
    ("tanh w", "write the argument in brackets: tanh(...)", 5, "no-argument"),
    ("tanh 2", "write the argument in brackets: tanh(...)", 5, "no-argument"),
    ("tanh^2 w", "write the argument in brackets: tanh(...)", 7, "no-argument"),
    ("tanh^1(w)", "write the power after the argument: tanh(...)^n", 5, "unexpected"),
    ("tanh^65(w)", "write the power after the argument: tanh(...)^n", 5, "unexpected"),
    ("tanh^w(w)", "write the power after the argument: tanh(...)^n", 5, "unexpected"),
    ("tanh'(w)", "write the derivative of tanh out: 1 - tanh(u)^2", 0, "derivative-sign"),
    ("1 + sigmoid'(w)", SIGMOID, 4, "derivative-sign"),
    ("exp'(w)", "write the derivative out as a formula", 0, "derivative-sign"),
    ("f'(w)", "write the derivative out as a formula", 0, "derivative-sign"),
    ("w[3]", "w is no function; did you mean w*(...)?", 1, "missing-operator"),
    ("w[3", "w is no function; did you mean w*(...)?", 1, "missing-operator"),
    ("x3", "unknown name x3; the symbols are w, x1, x2, U", 0, "unknown-name"),
    ("x[3]", "unknown name x; the symbols are w, x1, x2, U", 0, "unknown-name"),
    ("2*wx1", "unknown name wx1; did you mean w*x1?", 2, "unknown-name"),
    ("tanhw", "unknown name tanhw; did you mean tanh(w)?", 0, "unknown-name"),
    ("omega_2", "unknown name omega_2; the symbols are w, x1, x2, U", 0, "unknown-name"),
    ("1234567890123", "a number with more than 12 digits", 0, "number-too-long"),
    ("0.1234567890123456789012345", "a number with too many digits", 0, "number-too-long"),
    ("1e1000", "a number with too many digits", 0, "number-too-long"),
    ("w + 1e31", "exponents of ten go up to 30", 4, "number-too-long"),
    ("1e-31", "exponents of ten go up to 30", 0, "number-too-long"),
    ("w⁺⁻", "the exponent +- cannot be read; write it as ^(...)", 1, "unexpected"),
    ("w¹²³⁴", "the exponent 1234 cannot be read; write it as ^(...)", 1, "unexpected"),
    ("_w", "a name starts with a letter", 0, "unexpected"),
    ("√w", "write a root as sqrt(...)", 0, "unexpected"),
    ("w?", "the character ? is not part of a formula", 1, "unexpected"),
    ("w + \u2603", "the character \u2603 (U+2603, snowman) is not part of a formula", 4, "unexpected"),
    ("-w^3x2", "is 3 the whole exponent? write ^3*x2 or ^(3*x2)", 4, "ambiguous"),
    ("w^3(x2)", "is 3 the whole exponent? write ^3*(...) or ^(3*(...))", 3, "ambiguous"),
    ("1/2w", "what is divided by? write a/(b*c) or (a/b)*c", 3, "ambiguous"),
    ("1/2(w)", "what is divided by? write a/(b*c) or (a/b)*c", 3, "ambiguous"),
]  # fmt: skip

WITH_SIGNS_LEFT_OUT = [
    ("w x1", f"{A_SIGN} w*x1?", 2),
    ("w 2", f"{A_SIGN} w*2?", 2),
    ("2 3", f"{A_SIGN} 2*3?", 2),
    ("(w) 3", f"{A_SIGN} (...)*3?", 4),
    ("(w) x1", f"{A_SIGN} (...)*x1?", 4),
    ("[w] x1", f"{A_SIGN} (...)*x1?", 4),
    ("w (x1)", "w is no function; did you mean w*(...)?", 2),
    ("2 |w| x1", f"{A_SIGN} |...|*x1?", 6),
    ("w\nx1", "a sign or word is missing that joins this line to the one above", 2),
]


@pytest.mark.parametrize(("text", "message", "column", "code"), IN_FORMULAS)
def test_a_formula_that_cannot_be_read_is_told_word_by_word(text, message, column, code):
    assert refusal(parse_formula, text) == (message, column, code)


@pytest.mark.parametrize(("text", "message", "column"), WITH_SIGNS_LEFT_OUT)
def test_a_sign_that_is_left_out_is_offered(text, message, column):
    if "\n" in text:
        with pytest.raises(Unreadable, match=message):
            parse_formula(text, NAMES)
    else:
        assert refusal(parse_formula, text) == (message, column, "missing-operator")


@pytest.mark.parametrize(
    ("text", "message", "column", "code"),
    [
        ("w[3]", "w is no function; did you mean w*(...)?", 1, "missing-operator"),
        ("w(3)", f"{A_SIGN} w*(...)?", 1, "missing-operator"),
        ("w 3", f"{A_SIGN} w*3?", 2, "missing-operator"),
        ("e x1", f"{A_SIGN} e*x1?", 2, "missing-operator"),
        ("e(x1)", f"{A_SIGN} e*(...)?", 1, "missing-operator"),
        ("w^2 x1", None, 0, ""),
        ("2^w x1", "is w the whole exponent? write ^w*x1 or ^(w*x1)", 4, "ambiguous"),
        ("2^-w x1", "is -w the whole exponent? write ^-w*x1 or ^(-w*x1)", 5, "ambiguous"),
        ("1/w x1", "what is divided by? write a/(b*c) or (a/b)*c", 4, "ambiguous"),
    ],
)
def test_where_one_formula_is_asked_names_side_by_side_are_refused_for_what_they_may_mean(
    text, message, column, code
):
    if message is None:
        parse_formula(text, NAMES, side_by_side=True)
    else:
        assert refusal(parse_formula, text, side_by_side=True) == (message, column, code)


@pytest.mark.parametrize(
    ("text", "message", "column", "code"),
    [
        ("w", "a condition was wanted, such as a < 1", 0, "not-a-condition"),
        ("2*w", "a condition was wanted, such as a < 1", 0, "not-a-condition"),
        ("w )", "a condition was wanted, such as a < 1", 2, "not-a-condition"),
        ("w = 1", "a condition such as a < 1 was wanted, not an equation", 2, "equation"),
        ("w < 1 = x1", "a condition such as a < 1 was wanted, not an equation", 6, "equation"),
        ("-1 < w > x1", "are these two conditions? write and between them", 0, "ambiguous"),
        ("|w| < 1 |x1| < 2", TWO, 8, "ambiguous"),
        ("w < 1 x1 < 2", TWO, 6, "ambiguous"),
        ("0 < w < 1 x1 < 2", TWO, 10, "ambiguous"),
        ("w < 1 (x1) < 2", TWO, 6, "ambiguous"),
        ("w < 2 (x1) < 2", TWO, 6, "ambiguous"),
        ("|w|<1|x1|<1", TWO, 5, "ambiguous"),
        ("w>0x1>0", TWO, 3, "ambiguous"),
        (r"|w|<1\quad|x1|<1", TWO, 10, "ambiguous"),
        (r"w \le 2 x1 \le 2", TWO, 8, "ambiguous"),
        ("0 < w in (1, 2)", "a condition is either a < b < c or a in (b, c)", 6, "unexpected"),
        ("w in 3", "an interval such as (-1, 1) was wanted here", 5, "unexpected"),
        ("w in (1)", "an interval has two ends: (-1, 1)", 7, "unexpected"),
        ("w in (1, 2", "this interval is never closed", 5, "unclosed"),
        ("not w != 1", "write it without not", 0, "not-a-condition"),
        ("w < 1)", "this ) closes nothing that was opened", 5, "unexpected"),
        ("(w < 1", "this ( is never closed", 0, "unclosed"),
        ("w < 1 and", "the formula ends too early", 9, "unexpected-end"),
    ],
)
def test_a_condition_that_cannot_be_read_is_told_word_by_word(text, message, column, code):
    assert refusal(parse_condition, text) == (message, column, code)


@pytest.mark.parametrize(
    ("column", "start", "left", "right"),
    [(0, 0, "", "..."), (28, 0, "", "..."), (29, 1, "...", "..."), (72, 44, "...", ""), (99, 44, "...", "")],
)
def test_of_a_long_text_a_window_of_56_characters_around_the_place_is_shown(column, start, left, right):
    text = "w" * column + "?" + "x" * (99 - column)
    with pytest.raises(Unreadable) as caught:
        parse_formula(text, NAMES)
    message, shown, caret = caught.value.message.split("\n")
    assert message == "the character ? is not part of a formula"
    assert shown == f"    {left}{text[start : start + 56]}{right}"
    assert len(caret) - 1 == 4 + len(left) + column - start
