r"""Formulas in LaTeX mean what TeX sets; what could be read in two ways is refused.

The right value of each is the same formula as text, read by the reader that has its own tests.
"""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import Unreadable
from grader.exact.ball import Negative, Undefined, Unsure
from grader.formula.condition import parse_condition
from grader.formula.evaluate import as_ball, evaluate
from grader.formula.latex.pieces import is_latex
from grader.formula.names import Names
from grader.formula.parse import parse_formula
from grader.formula.printing import printed, printed_condition

NAMES = Names(("w", "u", "x1", "x2", "s0", "lambda", "t", "n_in", "Wss", "v"), (("W_r", "w"),))
POINT = {name: Fraction(value) for value, name in enumerate(NAMES.symbols, start=2)}


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\frac{1}{2} w^2 x_1", "1/2*w^2*x1"),
        (r"$\tfrac12 w$", "w/2"),
        (r"\dfrac w2", "w/2"),
        (r"\frac1{2w}", "1/(2*w)"),
        (r"2\frac{w}{3}", "2*(w/3)"),
        (r"w\,x_1", "w*x1"),
        (r"w x_1 \,", "w*x1"),
        (r"$w x_1.$", "w*x1"),
        (r"\(w x_{1}\).", "w*x1"),
        (r"\[ w \left(u x_1 + x_2\right) \]", "w*(u*x1 + x2)"),
        (r"$$w(u x_1 + x_2)$$", "w*(u*x1 + x2)"),
        (r"w \cdot x_1 \times u \div 2", "w*x1*u/2"),
        (r"\bigl(w + u\bigr)^2", "(w + u)^2"),
        (r"\left[w + u\right]\{w - u\}", "(w + u)*(w - u)"),
        (r"wx_1x_2\,", "w*x1*x2"),
        (r"w^2x_1\,", "w^2*x1"),
        (r"w^{2u}\,", "w^(2*u)"),
        (r"w^tx_1\,", "w^t*x1"),
        (r"\lambda^{t}", "lambda^t"),
        (r"\lambda^t x_1", "lambda^t*x1"),
        (r"2^{-1}w\,", "2^(-1)*w"),
        (r"x_1^{2}\,", "x1^2"),
        (r"x^2_1\,", "x1^2"),
        (r"w²\cdot u", "w^2*u"),
        (r"\sqrt{w + 1}u", "sqrt(w + 1)*u"),
        (r"\sqrt2 w", "sqrt(2)*w"),
        (r"\sqrt[3]{w}", "w^(1/3)"),
        (r"\tanh(w x_1)", "tanh(w*x1)"),
        (r"\tanh w", "tanh(w)"),
        (r"\tanh w + 1", "tanh(w) + 1"),
        (r"\tanh 2w", "tanh(2*w)"),
        (r"\tanh w^2", "tanh(w^2)"),
        (r"u\tanh w", "u*tanh(w)"),
        (r"\tanh w \tanh u", "tanh(w)*tanh(u)"),
        (r"\tanh\frac{w}{2}", "tanh(w/2)"),
        (r"\tanh^2(w)", "tanh(w)^2"),
        (r"\tanh^{2}{\left(w u \right)}", "tanh(w*u)^2"),
        (r"\tanh(w)^2", "tanh(w)^2"),
        (r"\tanh(w)(u + 1)", "tanh(w)*(u + 1)"),
        (r"\tanh{w u}", "tanh(w*u)"),
        (r"\mathrm{tanh}(w)", "tanh(w)"),
        (r"\operatorname{sech}\left(w\right)", "sech(w)"),
        (r"tanh(w)\cdot u", "tanh(w)*u"),
        (r"\log\tanh w", "log(tanh(w))"),
        (r"\log^2 w", "log(w)^2"),
        (r"\log_2 w", "log(w)/log(2)"),
        (r"\ln{\left(w \right)}^{2}", "log(w)^2"),
        (r"\sigma(u x_1)", "sigmoid(u*x1)"),
        (r"\sigma\left(u\right)\left(1 - \sigma(u)\right)", "sigmoid(u)*(1 - sigmoid(u))"),
        (r"\mathrm{e}^{-w}", "e^(-w)"),
        (r"\exp\left(-\frac{w}{2}\right)", "exp(-(w/2))"),
        (r"e^{- \frac{w}{2}}", "e^(-(w/2))"),
        (r"\left|w - x_1\right|^2", "|w - x1|^2"),
        (r"\lvert w\rvert u", "|w|*u"),
        (r"2|w|\,", "2*|w|"),
        (r"|w||u|\,", "|w|*|u|"),
        (r"n_{\mathrm{in}}\cdot w", "n_in*w"),
        (r"n_{in} w", "n_in*w"),
        (r"n_in \cdot w", "n_in*w"),
        (r"W_{ss}\cdot u", "Wss*u"),
        (r"W^{ss}\cdot u", "Wss*u"),
        (r"\mathbf{W}_{\mathrm{ss}}\cdot u", "Wss*u"),
        (r"W_{r}\,u", "W_r*u"),
        (r"x_{(1)}\,", "x1"),
        (r"x^{(1)}\,u", "x1*u"),
        (r"x(1)\cdot u + x[2]\,", "x1*u + x2"),
        (r"g_3 = \frac{w}{2}", "w/2"),
        (r"\frac{\partial L}{\partial w} = w", "w"),
        (r"\frac{\mathrm{d} g_3}{\mathrm{d} w} = w + u", "w + u"),
        (r"\dfrac{\mathrm d g_3}{\mathrm d w}=w(u + 1)", "w*(u + 1)"),
        (r"$\mathrm{d}g_3/\mathrm{d}w = w u$", "w*u"),
        (r"\partial L / \partial w_1 = w u", "w*u"),
        (r"s^* = \frac{w}{u}", "w/u"),
        (r"s^{\ast} = \frac{w}{u}", "w/u"),
        (r"s_\infty = \frac{w}{u}", "w/u"),
        (r"n_{\rm in} w", "n_in*w"),
        (r"\hat{y} = w \,", "w"),
        (r"{w}\cdot{u}", "w*u"),
        (r"{w + u} + \lambda", "(w + u) + lambda"),
        ("w^{2} x_{1}", "w^2*x1"),
        ("{w+u}*v", "(w+u)*v"),
        # A text without r before it: Python leaves a tab, a form feed and so on.
        ("\frac{w}{2} + \tanh(u)", "w/2 + tanh(u)"),
        (r"\x0crac{w}{2}", "w/2"),
        ("u*\tanh(w)", "u*tanh(w)"),
    ],
)
def test_latex_means_what_the_same_formula_means_as_text(latex: str, text: str) -> None:
    got, wanted = parse_formula(latex, NAMES), parse_formula(text, NAMES)
    assert str(evaluate(got, POINT)) == str(evaluate(wanted, POINT))


@pytest.mark.parametrize(
    ("latex", "code", "told"),
    [
        (r"x_1^12\,", "ambiguous", r"^{12} or ^1 \cdot 2"),
        (r"x_12\,u", "ambiguous", r"_{12} or _1 \cdot 2"),
        (r"w^-1\,", "ambiguous", "^{-...}"),
        (r"\frac123", "ambiguous", r"\cdot 3"),
        (r"2 3\,w", "ambiguous", "side by side"),
        (r"2\frac{1}{2}", "ambiguous", "mixed number"),
        (r"1/2w\,", "ambiguous", "divided by"),
        (r"1/w(u)\,", "ambiguous", "divided by"),
        (r"\frac{w}{u}^2", "ambiguous", "what is raised"),
        (r"\tanh w u", "ambiguous", "argument"),
        (r"\tanh w \cdot u", "ambiguous", "argument"),
        (r"\tanh w(u + 1)", "ambiguous", "argument"),
        (r"\tanh wu", "ambiguous", "how much"),
        (r"\tanh w / 2", "ambiguous", "argument"),
        (r"\tanh{w + u}", "ambiguous", "not seen"),
        (r"\tanh^{-1} w", "ambiguous", "inverse"),
        (r"{w + u}\cdot v", "ambiguous", "not seen"),
        (r"{w + u}v\,", "ambiguous", "not seen"),
        (r"v{w + u}\,", "ambiguous", "not seen"),
        (r"-{w + u}\,", "ambiguous", "not seen"),
        (r"{w + u}^2\,", "ambiguous", "not seen"),
        (r"{w^2}^3\,", "ambiguous", "not seen"),
        (r"{w u}^2\,", "ambiguous", "not seen"),
        (r"|w|u|v|\,", "ambiguous", "open or close"),
        (r"2e-3\,w", "ambiguous", "10^{...}"),
        (r"w(1)\,", "ambiguous", r"w_{1} or w \cdot 1"),
        (r"\tanh -w", "no-argument", "brackets"),
        (r"w^2^3\,", "power-tower", "power"),
        (r"\tanh'(w)", "derivative-sign", "1 - tanh(u)^2"),
        (r"\frac{w}{u", "unclosed", "never closed"),
        (r"\frac{w}{u}}", "unexpected", "closes nothing"),
        (r"\left(w", "unclosed", "never closed"),
        (r"w)\,", "unexpected", "closes nothing"),
        (r"\sin w", "unknown-name", "sin"),
        (r"w_{t-1}\,", "unknown-name", "w_{t-1}"),
        (r"z \cdot w", "unknown-name", "z"),
        (r"wu" * 31 + r"\,", "unknown-name", "wuwu"),
        (r"\sum w", "latex", "terms out"),
        (r"\\frac{w}{2}", "latex", "before the name of a command"),
        (r"\def\x{\x\x}\x", "latex", r"\def is not read"),
        (r"w\cdotu", "latex", r"did you mean \cdot u?"),
        (r"\input{/etc/passwd}", "latex", r"\input is not read"),
        (r"\begin{cases}1\end{cases}", "latex", r"\begin is not read"),
        (r"\left.w\right|", "latex", "not seen"),
        ("\\", "latex", ""),
        ("$$", "empty", "empty"),
        (r"\,", "empty", "empty"),
        (r"\frac{}{w}", "unexpected", "missing"),
        (r"\frac", "latex", "braces"),
        (r"\sqrt", "latex", "braces"),
        ("{" * 2000 + "\\", "too-long", "2000"),
        ("{" * 500 + r"\,", "too-deep", "40"),
        (r"\frac" * 200, "latex", "braces"),
        (r"\sqrt{" * 60, "too-deep", "40"),
        (r"w^{" * 60, "too-deep", "40"),
        ("\\" * 1_000_000, "too-long", "2000"),
        (r"\left(" * 60, "too-deep", "40"),
        (r"\tanh" * 200, "too-deep", "40"),
        (r"w\,w " * 330 + "w", "too-many-parts", "500"),
    ],
)
def test_latex_that_is_none_or_could_be_two_things_is_refused(latex: str, code: str, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        parse_formula(latex, NAMES)
    assert (caught.value.code, told in caught.value.message) == (code, True), caught.value.message
    assert caught.value.message.split("\n")[2].strip() == "^"


@pytest.mark.parametrize(
    ("symbols", "latex", "told"),
    [
        (("x", "y", "xy"), r"xy\,", r"x \cdot y or xy"),
        (("W", "s", "Wss"), r"W^{ss}\,", "index or an exponent"),
        (("x", "x2"), r"x^{(2)}\,", "index or an exponent"),
        (("x", "x1", "x12"), r"x_12\,", "_{12}"),
        (("t", "a", "n", "h", "x"), r"tanh(x)\,", r"t \cdot a \cdot n \cdot h or tanh"),
    ],
)
def test_names_that_can_be_cut_in_two_ways_are_refused(symbols, latex, told):
    with pytest.raises(Unreadable) as caught:
        parse_formula(latex, Names(symbols))
    assert caught.value.code == "ambiguous"
    assert told in caught.value.message


@pytest.mark.parametrize(
    ("symbols", "latex", "value"),
    [
        (("x", "y"), r"xy\,", 6),
        (("xy",), r"xy\,", 2),
        (("x", "y", "xy"), r"x y\,", 6),
        (("x", "y", "xy"), r"\mathrm{xy}", 4),
        (("sigma", "x"), r"\sigma x", 6),
        (("sigma", "x"), r"\sigma(x + 1)", 8),
        (("f",), r"f^{-1}\,", Fraction(1, 2)),
        (("e", "x"), r"e^{x}\,", 8),
        (("W", "Wss"), r"W^{ss}\,", 3),
    ],
)
def test_names_are_those_of_the_question(symbols, latex, value):
    point = {name: Fraction(place) for place, name in enumerate(symbols, start=2)}
    assert evaluate(parse_formula(latex, Names(symbols)), point) == value


@pytest.mark.parametrize(
    "latex",
    [
        r"w s^* = \frac{w}{u}",
        r"2 + s_\infty = w\,",
        r"w^2 = u\,",
        r"s^* = w = u\,",
    ],
)
def test_an_equation_is_no_formula_with_a_name_in_front(latex):
    with pytest.raises(Unreadable):
        parse_formula(latex, NAMES)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\left|w\right| < 1", "|w| < 1"),
        (r"-1 < w \leq \frac{1}{2}", "-1 < w <= (1)/(2)"),
        (r"w \in (-1, 1]\,", "w in (-1, 1]"),
        (r"w \in \left]-1, 1\right[", "w in (-1, 1)"),
        (r"w\in]-1,1]\,", "w in (-1, 1]"),
        (r"w \in [-1; 1[\,", "w in [-1, 1)"),
        ("w in ]-1, 1[", "w in (-1, 1)"),
        (r"$w \in \left(-1, 1\right)$", "w in (-1, 1)"),
        (r"w > -1 \wedge w < 1", "w > -1 and w < 1"),
        (r"w > 1 \lor w < -1", "w > 1 or w < -1"),
        (r"w > 1 \text{ or } w < -1", "w > 1 or w < -1"),
        (r"\text{if } w \ge 1, u \ne 0", "w >= 1, u != 0"),
        (r"\lnot (w < 1)", "not (w < 1)"),
        (r"\left(w < 1\right) \text{ and } \left(u < 1\right)", "(w < 1) and (u < 1)"),
    ],
)
def test_conditions_may_be_latex(latex, text):
    assert parse_condition(latex, NAMES) == parse_condition(text, NAMES)
    assert parse_condition(printed_condition(parse_condition(latex, NAMES)), NAMES) == parse_condition(
        text, NAMES
    )


# Trees as pairs of the same formula as text with all its brackets, and as LaTeX in some style.
def atoms():
    names = st.sampled_from(
        [
            *[("w", one) for one in ("w", "w ", "{w}", r"\mathrm{w}")],
            *[("x1", one) for one in ("x_1", "x_{1}", "{x_1}", "x1")],
            *[("lambda", one) for one in (r"\lambda ", r"{\lambda}", "λ")],
            *[("n_in", one) for one in ("n_{in}", r"n_{\mathrm{in}}", r"n_{\text{in}}")],
        ]
    )
    numbers = st.integers(0, 99).map(lambda n: (str(n), rf"\left({n}\right)"))
    return names | numbers


@st.composite
def grown(draw, inner):
    (a, latex_a), (b, latex_b) = draw(inner), draw(inner)
    opening, closing = draw(
        st.sampled_from([("(", ")"), (r"\left(", r"\right)"), (r"\bigl[", r"\bigr]"), (r"\{", r"\}")])
    )

    def wrap(latex: str) -> str:
        return f"{opening}{latex}{closing}"

    space = draw(st.sampled_from(["", " ", r"\,", r"\!", "\n ", r"\;", "~"]))
    sign = draw(st.sampled_from([r"\cdot ", r"\times ", "*", "·", ""]))
    function = draw(st.sampled_from(["tanh", "exp", "cosh", "log"]))
    style = draw(st.sampled_from(["frac", "tfrac", "dfrac"]))
    bars = draw(st.sampled_from([(r"\left|", r"\right|"), (r"\lvert ", r"\rvert "), (r"\bigl|", r"\bigr|")]))
    return draw(
        st.sampled_from(
            [
                (f"({a}) + ({b})", f"{wrap(latex_a)}{space}+{wrap(latex_b)}"),
                (f"({a}) - ({b})", f"{wrap(latex_a)}{space}-{space}{wrap(latex_b)}"),
                (f"({a})*({b})", f"{wrap(latex_a)}{space}{sign}{wrap(latex_b)}"),
                (f"-({a})", f"-{space}{wrap(latex_a)}"),
                (f"(({a})/({b}))", rf"\{style}{space}{{{latex_a}}}{{{latex_b}}}"),
                (f"({a})^(2)", f"{wrap(latex_a)}^2"),
                (f"({a})^(-3)", f"{wrap(latex_a)}^{{-3}}"),
                (f"sqrt({a})", rf"\sqrt{{{latex_a}}}"),
                (f"{function}({a})", rf"\{function}{space}{wrap(latex_a)}"),
                (f"{function}({a})", rf"\{function}{{{wrap(latex_a)}}}"),
                (f"{function}^2({a})", rf"\{function}^2{space}{wrap(latex_a)}"),
                (f"sigmoid({a})", rf"\sigma{wrap(latex_a)}"),
                (f"|{a}|", f"{bars[0]}{latex_a}{bars[1]}"),
                (f"exp({a})", rf"\operatorname{{exp}}{wrap(latex_a)}"),
            ]
        )
    )


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(atoms(), grown, max_leaves=12),
    st.sampled_from([("$", "$"), ("$$", "$$"), (r"\(", r"\)"), (r"\[", r"\].")]),
)
@example(("w", "w"), ("$", "$"))
def test_a_tree_in_any_style_of_latex_is_read_back_as_it_is_as_text(pair, around):
    text, latex = pair
    if len(text) > 400:
        return
    try:
        wanted = parse_formula(text, NAMES)
    except Unreadable:
        return
    got = parse_formula(f"{around[0]}{latex}{around[1]}", NAMES)
    assert got == wanted
    assert value_of(parse_formula(printed(got), NAMES)) == value_of(wanted), printed(got)


def value_of(formula):
    """At a point, to thirty digits; what keeps it from having one, by name."""
    try:
        value = evaluate(formula, POINT)
    except (Undefined, Unsure, Negative) as error:
        return type(error)
    return f"{as_ball(value).value:.30g}"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="\\{}^_$wux12 +-*/()|[]frac,tanh.\t\n~&%#'", max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (parse_formula, parse_condition):
        # Whatever else is raised fails the test.
        with contextlib.suppress(Unreadable):
            read("\\" + text, NAMES)


@pytest.mark.parametrize("text", ["w*x1", "tanh(w)^2", "w\n+ u", r"\x00", r"\u202e", "x_{1}^(2)"])
def test_plain_text_is_no_latex(text):
    assert not is_latex(text)
