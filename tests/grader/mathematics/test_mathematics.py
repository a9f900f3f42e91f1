"""Every formula of the exercises on every face, and what is refused."""

from __future__ import annotations

import functools
import random
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.kinds import find_kind, kind_names
from grader.mathematics.mathml import mathml
from grader.mathematics.one_line import one_line
from grader.mathematics.prose import FormulaInText, paragraphs_of, pieces, problems, readable
from grader.mathematics.tree import MathError
from grader.model.exercise import Exercise
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise

# Read through by eye, line by line: TeX, Unicode and ASCII of each formula.
GOLDEN = Path(__file__).parent / "formulas.toml"


def texts(exercise: Exercise) -> Iterator[str]:
    """All texts that people read of an exercise, options among them; of one that draws its sample's."""
    yield from (exercise.introduction, *exercise.errata)
    for question in exercise.questions:
        yield from (question.prompt, *question.fields.values(), *question.hints, *question.errata)


@functools.cache
def formulas_of_exercises() -> dict[str, FormulaInText]:
    kinds, found = Kinds(kind_names(), find_kind), {}
    for listing in list_exercises():
        for text in texts(load_exercise(find_exercise(listing.id).path, kinds)):
            found |= {one.tex: one for one in pieces(text) if isinstance(one, FormulaInText)}
    return found


def golden() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = tomllib.loads(GOLDEN.read_text(encoding="utf-8"))["formula"]
    return rows


def test_every_formula_of_every_exercise_stands_in_the_golden_file_and_looks_as_there() -> None:
    wanted = {row["tex"]: (row["unicode"], row["ascii"]) for row in golden()}
    shown = {tex: (one_line(tex), one_line(tex, is_ascii=True)) for tex in formulas_of_exercises()}
    missing = {tex: lines for tex, lines in shown.items() if tex not in wanted}
    assert not missing, "read these through by eye, then put them into formulas.toml"
    assert {tex: wanted[tex] for tex in shown} == shown


def test_every_formula_is_well_formed_mathml_with_its_digits() -> None:
    for tex, formula in formulas_of_exercises().items():
        root = ET.fromstring(mathml(tex, formula.is_display))
        assert root.get("display") == ("block" if formula.is_display else "inline")
        assert re.findall(r"\d", "".join(root.itertext())) == re.findall(r"\d", tex), tex


@pytest.mark.parametrize(
    ("tex", "unicode", "plain"),
    [
        (
            r"z_t^1 = W^{ss} s_{t-1} + W^{sx} x_t",
            "zₜ¹ = Wˢˢ sₜ₋₁ + Wˢˣ xₜ",
            "z_t^1 = W^ss s_(t-1) + W^sx x_t",
        ),
        (r"\frac{1}{N T} \sum_{t} e_t", "1/(N T) ∑ₜ eₜ", "1/(N T) sum_t e_t"),
        (r"\frac{a+b}{2}", "(a + b)/2", "(a + b)/2"),
        (r"2w(x-1)", "2w(x-1)", "2w(x-1)"),
        (r"-a - -b", "-a - -b", "-a - -b"),
        (r"x_{i,j}^{(2)}", "x_(i,j)⁽²⁾", "x_(i,j)^((2))"),
        (r"\sqrt{x+1}\,y", "√(x+1) y", "sqrt(x+1) y"),
        (r"a\odot b \le c \in \mathbb{R}^n", "a ⊙ b ≤ c ∈ ℝⁿ", "a (.) b <= c in R^n"),
        (r"\mathbf{W}\mathbf{x}", "W x", "W x"),
        (r"\text{if } x<0", "if x < 0", "if x < 0"),
        (r"\lVert x \rVert^2 + |y|", "‖x‖² + |y|", "||x||^2 + |y|"),
        (r"f'(x)", "f′(x)", "f'(x)"),
    ],
)
def test_a_formula_reads_as_one_would_type_it(tex: str, unicode: str, plain: str) -> None:
    assert (one_line(tex), one_line(tex, is_ascii=True)) == (unicode, plain)


REFUSED = [
    *(r"\text{<script>alert(1)</script>}", r"\text{<b>x</b>}", r"\text{a & b}", "a & b"),
    *(r"\href{javascript:alert(1)}{x}", r"\style{color:red}{x}", r"\class{a}{x}", r"\color{red}{x}"),
    *(r"\foo x", "{", "x_1_2", r"\left(a", r"\frac{1}"),
    *("{" * 300 + "}" * 300, "x" * 2001),
]


@pytest.mark.parametrize("tex", REFUSED)
def test_what_is_not_allowed_is_refused(tex: str) -> None:
    with pytest.raises(MathError):
        mathml(tex)


PARTS = [
    *(r"\text{", "}", "{", "<script>", "</script>", "&amp;", "&", "<", ">", '"', "x", "_", "^", r"\frac"),
    *(
        r"\left(",
        r"\right)",
        r"\href",
        r"\\",
        "1",
        r"\begin{matrix}",
        r"\end{matrix}",
        "\x00",
        "é",
        "%",
        "]]>",
    ),
]


def test_no_random_text_crashes_or_gets_another_element_through() -> None:
    rng = random.Random(7)
    for _ in range(3000):
        tex = "".join(rng.choices(PARTS, k=rng.randint(1, 12)))
        try:
            text = mathml(tex)
            one_line(tex)
        except MathError:
            continue
        assert "<script" not in text
        ET.fromstring(text)


def test_words_stay_and_a_formula_that_cannot_be_read_stands_as_written() -> None:
    text = "Costs 5 dollars; $s_0$ and\n$$g_t = 1$$ but $\\foo$."
    assert readable(text) == "Costs 5 dollars; s₀ and\ngₜ = 1 but $\\foo$."
    assert [(one.tex, why) for one, why in problems(text)] == [("\\foo", "\\foo is not known")]


@pytest.mark.parametrize("gap", ["\n\n", "\n \t\n", "\n\n \n\n"])
def test_an_empty_line_parts_paragraphs_even_with_blanks_in_it(gap: str) -> None:
    assert paragraphs_of(f"\none\nand{gap}  two\n") == ["one\nand", "  two"]
