"""A right answer to a question, made by the program, as it stands in a JSON answer file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from grader.formula.printing import printed
from grader.kinds.choice.question import ChoiceParams, item_labels, option_labels
from grader.kinds.count.question import CountParams, right_formula
from grader.kinds.expression.question import ExpressionParams
from grader.kinds.numeric.question import NumericParams
from grader.kinds.shape.question import ShapeParams, axis_size
from grader.kinds.trace.question import TraceParams, expected
from grader.model.exercise import Question


def reference_answer(question: Question) -> Any:
    """A right answer to a question, as a value of JSON; None where the program cannot make one.

    Args:
        question: The question, of one variant.
    """
    if question.kind in OF_KIND:
        return OF_KIND[question.kind](question.params)
    if question.check.numbers is None:
        return None
    return {name: _plain(value) for name, value in question.check.numbers(question.params).items()} or None


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Fraction) else value


def _numeric(params: NumericParams) -> Any:
    return dict(params.values)


def _choice(params: ChoiceParams) -> Any:
    """The answer by the letters that students see, as they write it."""
    options = option_labels(params)
    if params.style == "true-false":
        return {params.field: [id in params.right for id in params.options]}
    if params.style == "matching":
        items = item_labels(params)
        return {params.field: [options.mark(params.pairs[id]) for id in items.texts]}
    letters = [options.mark(id) for id in params.right]
    return {params.field: letters[0] if params.style == "one" else letters}


def _count(params: CountParams) -> Any:
    return {**{name: printed(right_formula(params, name)) for name in params.counts}, **params.orders}


def _shape(params: ShapeParams) -> Any:
    if params.is_symbolic:
        return {name: " x ".join(axes) for name, axes in params.axes.items()}
    lengths = params.lengths
    return {name: [axis_size(axis, lengths, name) for axis in axes] for name, axes in params.axes.items()}


def _expression(params: ExpressionParams) -> Any:
    formulas = {
        name: params.expressions.get(name) or printed(params.right(name)) for name in params.formula_fields
    }
    return {**formulas, **params.conditions, **params.big_o}


OF_KIND: dict[str, Callable[[Any], Any]] = {
    "numeric": _numeric,
    "choice": _choice,
    "count": _count,
    "shape": _shape,
    "expression": _expression,
}


def intermediate_values(question: Question) -> Iterator[float]:
    """Intermediate values of a question and the numbers of its answer; none where the program makes none.

    Args:
        question: The question, of one variant.
    """
    if isinstance(question.params, TraceParams):
        found: Any = [values.tolist() for values in expected(question.params).values()]
    elif question.check.numbers is not None:
        found = list(question.check.numbers(question.params).values())
    else:
        return
    yield from (float(one) for one in _flat(found))


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value
