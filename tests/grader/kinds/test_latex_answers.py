"""An answer in LaTeX is marked as the same answer in text: right ones, and wrong ones.

The LaTeX is written by sympy from the formula's tree, in several of its styles.
"""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Iterator

import msgspec
import pytest
import sympy

from grader.errors import Unreadable
from grader.formula.tree import Constant, Formula, FunctionCall, Power, Product, Sum, Symbol
from grader.grading.judging import with_finding
from grader.kinds import find_kind, kind_names
from grader.kinds.count.judge import judge as judge_count
from grader.kinds.count.question import CountParams, right_formula
from grader.kinds.expression.diagnose import diagnose
from grader.kinds.expression.judge import judge as judge_expression
from grader.kinds.expression.question import ExpressionParams, formula_of
from grader.model.kind import Answer
from grader.model.value import Text
from grader.specs import Kinds, find_exercise, list_exercises, load_exercise

FUNCTIONS = {
    "tanh": sympy.tanh, "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "cosh": sympy.cosh,
    "abs": sympy.Abs, "sinh": sympy.sinh, "sech": sympy.sech, "sigmoid": sympy.Function("sigma"),
}  # fmt: skip
STYLES = [
    {},
    {"mul_symbol": "dot"},
    {"mul_symbol": "times", "mode": "inline"},
    {"fold_func_brackets": True, "mode": "equation*", "itex": True},
    {"ln_notation": True, "parenthesize_super": False, "mode": "plain"},
    {"root_notation": False, "inv_trig_style": "power"},
]


def in_sympy(formula: Formula) -> sympy.Expr:
    match formula:
        case Constant(value=value):
            return sympy.Rational(value.numerator, value.denominator)
        case Symbol(name=name):
            return sympy.Symbol(name)
        case Sum(terms=terms):
            return functools.reduce(operator.add, map(in_sympy, terms))
        case Product(factors=factors):
            return functools.reduce(operator.mul, map(in_sympy, factors))
        case Power(base=base, exponent=exponent):
            return in_sympy(base) ** in_sympy(exponent)
        case FunctionCall(function=function, argument=argument):
            return FUNCTIONS[function](in_sympy(argument))
    raise TypeError(formula)


def questions(kind: type) -> Iterator[tuple[str, object, tuple[str, ...]]]:
    """Each question of a kind, with the texts that stand in its examples."""
    for listing in list_exercises():
        exercise = load_exercise(
            find_exercise(listing.id).path, Kinds(kind_names(), find_kind), with_examples=True
        )
        for question in exercise.questions:
            if isinstance(question.params, kind):
                texts = [text for example in question.examples for text in strings(example.answer)]
                yield f"{listing.id}/{question.id}", question.params, tuple(texts)


def strings(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


EXPRESSIONS = list(questions(ExpressionParams))
COUNTS = [one for one in questions(CountParams) if one[1].counts]


def outcome(params, field, text):
    """Verdict, fraction, and what wrong formulas are recognised as."""
    try:
        judgement = judge_expression(params, Answer(fields={field: Text(text)}))
    except Unreadable as error:
        return error.code
    found = judgement.outcome
    names = [one.id for one in diagnose(params, judgement.facts).diagnoses] if found.fraction != 1 else []
    return found.verdict, found.fraction, names


@pytest.mark.parametrize(
    ("params", "texts"), [one[1:] for one in EXPRESSIONS], ids=[one[0] for one in EXPRESSIONS]
)
def test_an_expression_in_latex_is_marked_as_in_text(params, texts):
    assert texts
    n_right, n_read = 0, 0
    for text in dict.fromkeys(texts):
        try:
            formula = formula_of(params, text)
        except Unreadable:
            continue
        n_read += 1
        written = in_sympy(formula)
        for field in params.formula_fields:
            wanted = outcome(params, field, str(written))
            n_right += wanted[1] != 0
            for style in STYLES:
                latex = (
                    sympy.latex(written, **style)
                    .replace(r"\begin{equation*}", "$$")
                    .replace(r"\end{equation*}", "$$")
                )
                assert outcome(params, field, latex if "$" in latex else f"\\, {latex}") == wanted, latex
    assert n_read
    assert n_right or not params.formula_fields


@pytest.mark.parametrize("params", [one[1] for one in COUNTS], ids=[one[0] for one in COUNTS])
def test_a_count_in_latex_is_marked_as_in_text(params):
    for field in params.counts:
        written = in_sympy(right_formula(params, field))
        assert count_of(params, field, f"${sympy.latex(written)}$") == "right"
        assert count_of(params, field, f"${sympy.latex(written + 1)}$") == "wrong"


def count_of(params, field, text):
    fields = judge_count(params, Answer(fields={field: Text(text)})).facts
    return {one.name: one.what for one in fields}[field]


@pytest.mark.parametrize(
    ("field", "text", "verdict", "said"),
    [
        ("g", r"\frac{w}{2} + \tanh^2(x_1)", "correct", "g was read as w/2 + tanh(x1)^2"),
        ("g", "\frac{w}{2} + \tanh(x_1)", "incorrect", "g was read as w/2 + tanh(x1)"),
        ("g", "w/2 + tanh(x1)^2", "correct", None),
        ("c", r"\left|w\right| < 1", "correct", "c was read as abs(w) < 1"),
        ("c", r"$w \le 1$", "incorrect", "c was read as w <= 1"),
    ],
)
def test_the_report_shows_what_latex_was_read_as(field, text, verdict, said):
    table = {"g": {"expressions": {"g": "w/2 + tanh(x1)^2"}}, "c": {"conditions": {"c": "|w| < 1"}}}[field]
    params = msgspec.convert({"symbols": ["w", "x1"], **table}, ExpressionParams)
    judgement = judge_expression(params, Answer(fields={field: Text(text)}))
    found = judgement.outcome
    if verdict != "correct":
        found = with_finding(found, diagnose(params, judgement.facts))
    shown = [one.message for one in found.feedback if one.code == "read-as"]
    assert (found.verdict, shown) == (verdict, [said] if said else [])
    # However little is revealed: what was read gives nothing away.
    assert {one.level for one in found.feedback if one.code == "read-as"} <= {"verdict"}
