# mypy: ignore-errors
"""Mistakes that are written as equations: an author's own, and another network of the exercise.

What such an equation differs in from the right one becomes edits as small as can be, so that these mistakes,
too, go together with others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from grader.networks.equations.tree import Function, Node, Parameter, Power, Signal, Sum, children
from grader.networks.mutants.edit import Edit, Path, renamed


def differing(equation: str, right: Node, wrong: Node) -> Iterator[Edit]:
    """The edits that make a right side into a wrong one."""
    yield from _differing(equation, (), right, wrong)


def _differing(equation: str, path: Path, right: Node, wrong: Node) -> Iterator[Edit]:
    if right == wrong:
        return
    if _is_another_name(right, wrong):
        yield Edit(equation, path, "name", renamed(wrong.name))
    elif _is_one_form(right, wrong):
        for i, (inner, other) in enumerate(zip(children(right), children(wrong), strict=True)):
            yield from _differing(equation, (*path, i), inner, other)
    else:
        yield Edit(equation, path, "replaced", lambda node: wrong)


def _is_another_name(right: Node, wrong: Node) -> bool:
    """Whether another parameter or variable is read in the same way."""
    if not isinstance(right, Parameter | Signal) or type(right) is not type(wrong):
        return False
    return bool(replace(right, name=wrong.name) == wrong)


def _is_one_form(right: Node, wrong: Node) -> bool:
    """Whether two nodes differ in what stands in them alone."""
    if type(right) is not type(wrong) or len(children(right)) != len(children(wrong)) or not children(right):
        return False
    match right:
        case Sum():
            return [sign for sign, _ in right.terms] == [sign for sign, _ in wrong.terms]
        case Function():
            return (right.name, right.part, right.of) == (wrong.name, wrong.part, wrong.of)
        case Power():
            return right.exponent == wrong.exponent
    return True
