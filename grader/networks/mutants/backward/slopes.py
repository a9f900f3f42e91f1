"""Mistakes in the slope of an activation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.networks.backward.names import AT_SUM, gradient_at, gradient_at_sum
from grader.networks.backward.slopes import SLOPES
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    ONE,
    Function,
    Node,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    one_minus,
)
from grader.networks.mutants.backward.context import ACTIVATIONS, Context, GradientMutant
from grader.networks.mutants.backward.wording import rendered


def slopes(context: Context) -> Iterator[GradientMutant]:
    """All of them, of one variable and of all with the same activation."""
    alike: dict[tuple[str, str], list[tuple[str, Mapping[str, Node]]]] = {}
    for equation in context.own:
        if not equation.startswith(AT_SUM):
            continue
        name = equation.removeprefix(AT_SUM)
        activation = context.activation(name)
        for sort, message, slope in _wrong(context, name, activation):
            changes = {equation: slope}
            yield from context.made(f"{sort}-{name}", message, changes)
            alike.setdefault((activation, sort), []).append((name, changes))
    for (activation, sort), members in alike.items():
        if len(members) > 1:
            names = [name for name, _ in members]
            changes = {equation: node for _, one in members for equation, node in one.items()}
            message = f"{_same(sort, activation)}, at {', '.join(f'{name}(t)' for name in names)}."
            yield from context.made(f"{sort}-all-{activation}", message, changes)
    every = [member for (_, sort), members in alike.items() if sort == "no-slope" for member in members]
    if len({activation for activation, sort in alike if sort == "no-slope"}) > 1:
        changes = {equation: node for _, one in every for equation, node in one.items()}
        yield from context.made("no-slopes", "The slopes of all activations are left out.", changes)


def _same(sort: str, activation: str) -> str:
    words = ACTIVATIONS.get(activation, activation)
    return {
        "no-slope": f"The slope of {words} is left out",
        "slope-not-squared": f"The slope of {words} lacks its square",
        "slope-of-sum": f"The slope of {words} is taken of the sum inside it, not of its value",
        "slope-twice": f"The slope of {words} is taken of a value that went through it once more",
        "slope-of-previous-step": f"The slope of {words} is taken at the previous step",
    }.get(sort, f"The slope is not that of {words}")


def _wrong(context: Context, name: str, activation: str) -> Iterator[tuple[str, str, Node]]:
    """The sort of mistake, its message, and the right side of dz."""
    is_static = context.own[gradient_at_sum(name)].is_static
    value: Node = Parameter(name) if is_static else Signal(name)
    gradient: Node = Parameter(gradient_at(name)) if is_static else Signal(gradient_at(name))
    right, words = SLOPES[activation], ACTIVATIONS.get(activation, activation)

    def times(slope: Node) -> Node:
        return simplified(Product((gradient, slope)))

    slope = right(value, value)
    slope_text = rendered(slope, 1)
    if activation in ACTIVATIONS:
        text = f"The gradient at {rendered(value)} is divided by the slope of {words}, not multiplied by it."
        yield "divided-by-slope", text, Quotient(gradient, slope)
        again = Function(activation, (value,))
        text = f"In the place of the slope of {words}, {slope_text}, stands {rendered(again)}."
        yield "activation-for-slope", text, times(again)
    yield "no-slope", f"The slope of {words} at {rendered(value)} is left out.", gradient
    for other, other_words in ACTIVATIONS.items():
        if other != activation and not (other == "relu" and is_static):
            slope = SLOPES[other](value, value)
            text = (
                f"The slope {rendered(slope, 1)} belongs to {other_words}; "
                f"{rendered(value)} goes through {words}."
            )
            yield f"{other}-slope-at", text, times(slope)
    if activation == "tanh":
        text = f"The slope of tanh at {rendered(value)} is {slope_text}; the square is missing."
        yield "slope-not-squared", text, times(one_minus(value))
        for sort, wrong in (
            ("slope-with-plus", Sum(((1, ONE), (1, Power(value, 2))))),
            ("slope-squared-whole", Power(one_minus(value), 2)),
        ):
            text = f"The slope of tanh at {rendered(value)} is {slope_text}, not {rendered(wrong, 1)}."
            yield sort, text, times(wrong)
    if activation in ("tanh", "sigmoid") and not is_static:
        yield from _of_another_value(context, name, activation)


def _of_another_value(context: Context, name: str, activation: str) -> Iterator[tuple[str, str, Node]]:
    """The slope of the sum, of a value that went through the activation again, or of the step before."""
    value, words, right = Signal(name), ACTIVATIONS.get(activation, activation), SLOPES[activation]
    slope_text = rendered(right(value, value), 1)

    def times(slope: Node) -> Node:
        return simplified(Product((Signal(gradient_at(name)), slope)))

    inner = Signal(context.sums[name])
    text = f"The slope of {words} is taken of the sum inside it; it is {slope_text}, of the value."
    yield "slope-of-sum", text, times(right(inner, inner))
    twice = Function(activation, (value,))
    text = f"{rendered(value)} goes through {words} twice: the slope is {slope_text} of the value itself."
    yield "slope-twice", text, times(right(twice, twice))
    before = Signal(name, 1)
    text = (
        f"The slope of {words} is taken at {rendered(before)}, the previous step, "
        f"where {rendered(value)} is meant."
    )
    yield "slope-of-previous-step", text, times(right(before, before))
