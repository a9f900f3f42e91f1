"""Each formula and each condition of a question, marked by itself."""

from __future__ import annotations

from grader.errors import Unreadable
from grader.formula.compare_conditions import compare_conditions
from grader.formula.condition import of_symbol, symbols_of_condition
from grader.formula.marking.growth import judge_growth, right_growth
from grader.formula.marking.judge import (
    JudgedField,
    cannot_be_computed,
    judge_formula,
    judged_each,
    not_right,
    outcome_of,
    undecided,
)
from grader.formula.marking.reading import formula_text, read_back
from grader.kinds.expression.question import (
    ExpressionParams,
    asks,
    condition_names,
    condition_of,
    formula_of,
)
from grader.model.kind import Answer, Judgement
from grader.model.value import Formula, Items, Opaque, Text, Value


def judge(params: ExpressionParams, answer: Answer) -> Judgement[tuple[JudgedField, ...]]:
    """Mark each field by itself; each counts the same.

    Raises:
        Unreadable: If no field that was given can be read.
    """
    fields = judged_each(asks(params).fields, answer.fields, lambda name, value: _judged(params, name, value))
    return Judgement(outcome_of(fields), tuple(fields))


def _judged(params: ExpressionParams, name: str, value: Value) -> JudgedField:
    if name in params.conditions:
        return _judged_condition(params, name, value)
    if name in params.big_o:
        right = right_growth(f"big_o.{name}", params.big_o[name], params.names)
        return judge_growth(name, value, right, params.names)
    return _judged_formula(params, name, value)


def _judged_formula(params: ExpressionParams, name: str, value: Value) -> JudgedField:
    text = formula_text(value, name)
    right = params.right(name)
    judged = judge_formula(params.comparing, name, formula_of(params, text), right, text)
    return judged._replace(feedback=(*read_back(name, text, params.names), *judged.feedback))


def _refuse_several(value: Value, name: str) -> None:
    """Refuse a list or set of conditions: it may mean that all of them hold, or that one of them does."""
    count = 0
    if isinstance(value, Items) and all(isinstance(one, (Text, Formula)) for one in value.items):
        count = len(value.items)
    elif isinstance(value, Opaque):
        count = len(value.members)
    if count > 1:
        message = f"{count} conditions may mean that all of these hold, or that one of them does"
        hint = 'write one text, with "and" or "or": "a > -2 and a < 2"'
        raise Unreadable(message, hint, name, "ambiguous")


def _judged_condition(params: ExpressionParams, name: str, value: Value) -> JudgedField:
    """Mark one condition.

    Raises:
        Unreadable: If it cannot be read, or not be computed where the author's can.
    """
    _refuse_several(value, name)
    right = condition_of(params, params.conditions[name])
    text = of_symbol(formula_text(value, name, "-2 < a"), symbols_of_condition(right))
    given = condition_of(params, text)
    said = read_back(name, text, condition_names(params), is_condition=True)
    found = compare_conditions(given, right, params.where, params.seed)
    if found.is_uncomputable:
        raise cannot_be_computed(name)
    if found.is_unsure:
        if not compare_conditions(right, right, params.where, params.seed).is_unsure:
            raise cannot_be_computed(name)
        return undecided(name, f"only {found.tested} points could be decided of {text}")
    if found.point is None:
        return JudgedField(name, "right", said, found.tested, is_formula=False)
    return JudgedField(name, "wrong", (*said, not_right(name)), is_formula=False, wrong=found)
