"""Numbers and matrices may be written in LaTeX; their values are those of the same in plain text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from grader.answers.claims import read_shape
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
