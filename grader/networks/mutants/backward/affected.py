"""Which gradients a mistake can change: those that follow from an equation that it changes."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from grader.networks.backward.names import gradient_of
from grader.networks.identity import Identical
from grader.networks.mutants.backward.context import Context, WrongPasses


def affected(context: Context, wrong: WrongPasses) -> frozenset[str]:
    """The parameters whose gradients may be other than the right ones.

    Args:
        context: The right passes.
        wrong: The effect of a mistake.
    """
    right = context.backward.equations
    is_comparable = wrong.forward is context.forward and len(wrong.backward.equations) == len(right)
    if not is_comparable or wrong.is_truncated:
        return frozenset(context.right.asked)
    pairs = zip(right, wrong.backward.equations, strict=True)
    return _from(context, (own.name for own, other in pairs if own is not other))


def _from(context: Context, names: Iterable[str]) -> frozenset[str]:
    reached = _reached(Identical(context))
    return frozenset[str]().union(*map(reached.__getitem__, names))


@functools.lru_cache(maxsize=64)
def _reached(key: Identical[Context]) -> dict[str, frozenset[str]]:
    """From each backward equation to the parameters whose gradients follow from it."""
    context = key.one
    readers: dict[str, set[str]] = {name: set() for name in context.own}
    for equation in context.own.values():
        for read in equation.reads:
            if read.name in readers:
                readers[read.name].add(equation.name)
    gradients = {gradient_of(name): name for name in context.right.asked}
    found = {}
    for name in readers:
        seen, left = {name}, [name]
        while left:
            new = readers[left.pop()] - seen
            seen |= new
            left += new
        found[name] = frozenset(gradients[one] for one in seen if one in gradients)
    return found
