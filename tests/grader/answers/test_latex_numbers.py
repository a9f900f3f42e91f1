"""Numbers and matrices may be written in LaTeX; their values are those of the same in plain text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.answers.claims import read_shape
from grader.answers.latex_numbers import number_from_latex, real_space, shape_from_latex, table_from_latex
from grader.answers.matrices import read_matrix, read_vector
from grader.answers.numbers import read_number
from grader.errors import Unreadable
from grader.model.value import Items, Text


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        (r"\frac{1}{3}", Fraction(1, 3)),
        (r"-\frac{1}{3}", Fraction(-1, 3)),
        (r"\frac{-1}{3}", Fraction(-1, 3)),
        (r"-\frac{-1}{3}", Fraction(1, 3)),
        (r"\frac{2}{-4}", Fraction(-1, 2)),
        (r"$\tfrac12$", Fraction(1, 2)),
        (r"\(\dfrac{0.5}{2}\)", Fraction(1, 4)),
        (r"$-0.25$", Fraction(-1, 4)),
        (r"$ 7 $", 7),
        (r"- 2\,", -2),
        (r"1.5 \cdot 10^{-3}", Fraction(3, 2000)),
        (r"2 \times 10^3", 2000),
        ("\frac{1}{3}", Fraction(1, 3)),
        (r"\x0crac{1}{3}", Fraction(1, 3)),
    ],
)
def test_a_number_in_latex_is_the_number(latex, value):
    assert read_number(Text(latex), "y").value == value


@pytest.mark.parametrize(
    "latex",
    [
        r"2\frac{1}{2}",
        r"\frac{1}{0}",
        r"\frac123",
        r"\frac{1}{x}",
        r"\input{x}",
        "$",
        "$$",
        "\\",
        r"2^-3\,",
        r"- -2\,",
        r"1\,000",
        r"\frac{" * 3000,
        "{" * 1_000_000 + "\\",
    ],
)
def test_what_is_no_number_in_latex_is_refused(latex):
    with pytest.raises(Unreadable):
        read_number(Text(latex), "y")


@pytest.mark.parametrize(
    ("latex", "rows"),
    [
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", [[1, 2], [3, 4]]),
        (
            r"$$\begin{bmatrix}1&\frac{1}{3}\\-3&0.5\\\end{bmatrix}$$",
            [[1, Fraction(1, 3)], [-3, Fraction(1, 2)]],
        ),
        (r"W_{ss} = \begin{pmatrix} 0 & 1 \\ 1 & 0 \end{pmatrix}", [[0, 1], [1, 0]]),
        (r"\left(\begin{array}{cc} 1 & 2 \\[2pt] 3 & 4 \end{array}\right)", [[1, 2], [3, 4]]),
        (r"\left[\begin{matrix}1 & 2\\3 & 4\end{matrix}\right]", [[1, 2], [3, 4]]),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^{\top}", [[1, 3], [2, 4]]),
        ("\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", [[1, 2], [3, 4]]),
    ],
)
def test_a_matrix_in_latex_is_the_matrix(latex, rows):
    assert [[one.value for one in row] for row in read_matrix(Text(latex), 2, 2, "W")] == rows


@pytest.mark.parametrize(
    "value",
    [
        Text(r"\begin{pmatrix} 1 \\ \frac{1}{2} \\ -3 \end{pmatrix}"),
        Text(r"\begin{pmatrix} 1 & \frac{1}{2} & -3 \end{pmatrix}^T"),
        Text(r"[1, \frac{1}{2}, -3]"),
        Text(r"[1 \frac{1}{2} -3]"),
        Text(r"(1, \frac{1}{2}, -3)^\top"),
        Text(r"$\left(1, 0.5, -3\right)^{\top}$"),
        Text(r"b = (1, \frac12, -3)^T"),
        Text("(1, 1/2, -3)^T"),
        Text(r"[1,0.5,-3]^{\mathsf T}"),
        Text(r"\begin{pmatrix} 1 \\ 0.5 \\ -3 \end{pmatrix}."),
        Items((Text("1"), Text(r"$\frac{1}{2}$"), Text(r"-\frac{3}{1}"))),
    ],
)
def test_a_vector_in_latex_is_the_vector(value):
    assert [one.value for one in read_vector(value, 3, "b")] == [1, Fraction(1, 2), -3]


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & x \end{pmatrix}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}",
        r"\begin{pmatrix} 1 2 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{pmatrix}" * 500,
        r"\begin{pmatrix} & \\ & \end{pmatrix}",
    ],
)
def test_what_is_no_matrix_in_latex_is_refused(latex):
    with pytest.raises(Unreadable):
        read_matrix(Text(latex), 2, 2, "W")


@pytest.mark.parametrize(
    "latex",
    [
        r"4 \times 3",
        r"$4\times3$",
        r"\(4 \times 3\)",
        r"\mathbb{R}^{4 \times 3}",
        r"W^{sx} \in \mathbb{R}^{4\times 3}",
        r"4{\times}3",
        r"$(4, 3)$",
        r"\left(4, 3\right)",
    ],
)
def test_a_shape_in_latex_is_the_shape(latex):
    assert read_shape(Text(latex), "W") == (4, 3)


@pytest.mark.parametrize("latex", ["$5$", r"\mathbb{R}^5", r"b \in \mathbb{R}^{5}", r"5 \times 1"])
def test_the_length_of_a_vector_may_be_in_latex(latex):
    assert read_shape(Text(latex), "b") in ((5,), (5, 1))


@pytest.mark.parametrize("latex", [r"4 \times", r"\times", r"4 \timesx 3", r"4 \cdot \frac{3}{1} \times x"])
def test_what_is_no_shape_in_latex_is_refused(latex):
    with pytest.raises(Unreadable):
        read_shape(Text(latex), "W")


@pytest.mark.parametrize(
    ("read", "text", "plain"),
    [
        (number_from_latex, r"$\frac{1}{-3}$", "-1/3"),
        (number_from_latex, r"+\frac{+1}{3}", "1/3"),
        (number_from_latex, r"$x$", "x"),
        (table_from_latex, r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "[1, 2; 3, 4]"),
        (table_from_latex, r"A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \\ \end{bmatrix}.", "[1, 2; 3, 4]"),
        (table_from_latex, r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^T", "[1, 3; 2, 4]"),
        (
            table_from_latex,
            r"\left[\begin{array}{c|c} 1 & 2 \\ \hline 3 & 4 \end{array}\right]",
            "[1, 2; 3, 4]",
        ),
        (table_from_latex, r"\begin{pmatrix} a b & \frac{1}{2} \end{pmatrix}", r"[a\!b, 1/2]"),
        (table_from_latex, r"(1, 2)^\top", "[1, 2]'"),
        (table_from_latex, r"$(1, 2)$", "[1, 2]"),
        (table_from_latex, "(1 2)^T", "[1, 2]'"),
        (table_from_latex, r"\left(1, \frac{1}{2}\right)", "[1, 1/2]"),
        (shape_from_latex, r"$4 \times 3$", "4 x 3"),
        (shape_from_latex, r"W \in \mathbb{R}^{4 \times 3}", "4 x 3"),
        (shape_from_latex, r"$(4, 3)$", "(4, 3)"),
        (real_space, "R^{4x3}", "4x3"),
        (real_space, "W in R^(4 x 3)", "4 x 3"),
        (real_space, "R⁴ˣ³", "4x3"),
    ],
)
def test_latex_becomes_the_text_that_says_the_same(read, text, plain):
    assert read(text) == plain


@pytest.mark.parametrize(
    ("read", "text"),
    [
        # No number, and no shape: what stands around them stays, too.
        (number_from_latex, r"$\alpha$"),
        (number_from_latex, r"$\frac{a}{3}$"),
        (number_from_latex, r"\frac{1}{3} + 1"),
        (number_from_latex, "1 / 3"),
        (shape_from_latex, r"$\alpha$"),
        (shape_from_latex, r"$4$ by $3$"),
        (real_space, "R^{}"),
        (real_space, "4x3"),
        # A table has entries of one line each, as many in each row where it is transposed.
        (table_from_latex, r"\begin{pmatrix} 1 & \\ 3 & 4 \end{pmatrix}"),
        (table_from_latex, r"\begin{pmatrix} 1;2 & 2 \\ 3 & 4 \end{pmatrix}"),
        (table_from_latex, r"\begin{pmatrix} 1,5 & 2 \\ 3 & 4 \end{pmatrix}"),
        (table_from_latex, r"\begin{pmatrix} 1 & [2] \\ 3 & 4 \end{pmatrix}"),
        (table_from_latex, r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}^T"),
        (table_from_latex, r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}"),
        (table_from_latex, r"\begin{pmatrix} \begin{pmatrix} 1 \end{pmatrix} \end{pmatrix}"),
        (table_from_latex, r"2 \begin{pmatrix} 1 & 2 \end{pmatrix}"),
        (table_from_latex, "(1, )^T"),
        (table_from_latex, "(1, 2)"),
        (table_from_latex, "x^2"),
    ],
)
def test_what_is_no_number_table_or_shape_in_latex_is_given_back_as_it_is(read, text):
    assert read(text) == text


@pytest.mark.parametrize(("read", "made"), [(number_from_latex, r"$1{}$"), (table_from_latex, r"(1, 2)^T{}")])
def test_ten_thousand_characters_are_looked_at_and_no_more(read, made):
    text = made.replace("{}", " " * (10_000 - len(made) + 2))
    assert len(text) == 10_000
    assert read(text) != text
    longer = made.replace("{}", " " * (10_001 - len(made) + 2))
    assert read(longer) == longer
