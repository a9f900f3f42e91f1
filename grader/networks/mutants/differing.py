"""Mistakes that are written as equations: an author's own, and another network of the exercise.

What such an equation differs in from the right one becomes edits as small as can be, so that these mistakes,
too, go together with others.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.tree import Node, Parameter, Path, Signal, children, with_children
from grader.networks.mutants.edit import Edit, renamed


def differing(equation: str, right: Node, wrong: Node) -> Iterator[Edit]:
    """The edits that make a right side into a wrong one."""
    yield from _differing(equation, (), right, wrong)


def _differing(equation: str, path: Path, right: Node, wrong: Node) -> Iterator[Edit]:
    if right == wrong:
        return
    if isinstance(wrong, Parameter | Signal) and _is_read_alike(right, wrong):
        yield Edit(equation, path, "name", renamed(wrong.name))
    elif _differs_inside(right, wrong):
        for i, (inner, other) in enumerate(zip(children(right), children(wrong), strict=True)):
            yield from _differing(equation, (*path, i), inner, other)
    else:
        yield Edit(equation, path, "replaced", lambda node: wrong)


def _is_read_alike(right: Node, wrong: Parameter | Signal) -> bool:
    """Whether one is read as the other is, by another name."""
    return isinstance(right, Parameter | Signal) and replace(right, name=wrong.name) == wrong


def _differs_inside(right: Node, wrong: Node) -> bool:
    """Whether two nodes differ only in what stands in them."""
    inside = children(wrong)
    return len(inside) == len(children(right)) > 0 and with_children(right, inside) == wrong
