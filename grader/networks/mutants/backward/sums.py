"""Mistakes in the gradients of parameters: what is summed over steps, and how."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence

from msgspec.structs import replace

from grader.model.text import joined
from grader.networks.backward.names import AT_SUM, gradient_at, gradient_at_sum, gradient_of
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    ZERO,
    Function,
    Node,
    Over,
    Product,
    Signal,
    Sum,
    Transpose,
    signals_of,
    transform,
    walk,
)
from grader.networks.mutants.backward.context import (
    ACTIVATIONS,
    BackwardPlace,
    Context,
    GradientMutant,
    at_edge,
    terms_of,
    totals,
)
from grader.networks.mutants.backward.reads import factors, other_values
from grader.networks.mutants.backward.wording import rendered
from grader.networks.mutants.edit import instead


def sums(context: Context) -> Iterator[GradientMutant]:
    """All mistakes in how the gradients of parameters are summed."""
    names = tuple(gradient_of(name) for name in context.right.asked)
    # First: where the gradient of the first step is zero, what is overwritten is, too, and this is no guess.
    for name in context.right.asked:
        yield from _zero(context, name)
    yield from _summed(context)
    yield from _read(context)
    yield from _before_slopes(context)
    for name in context.right.asked:
        yield from _whole(context, name)
        yield from _sources(context, name)
    yield from factors(context, names)
    yield from other_values(context, names)


def groups(context: Context) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sets of parameters whose gradients are summed in one place of a program: a name, and the parameters."""
    asked = context.right.asked
    hidden = tuple(name for name in asked if _comes_from_loop(context, name))
    shapes = context.network.parameters
    yield "all", asked
    yield "hidden", hidden
    yield "biases", tuple(name for name in asked if len(shapes[name]) == 1)
    yield "matrices", tuple(name for name in asked if len(shapes[name]) == 2)
    for name in asked:
        yield gradient_of(name), (name,)


def _comes_from_loop(context: Context, name: str) -> bool:
    """Whether the gradient is made of one that is carried from step to step."""
    looped = {
        one
        for group in context.right.network.groups
        if group.kind in ("forward", "backward")
        for one in group.names
    }
    right = context.own[gradient_of(name)].right_side
    return any(name in looped for name in context.gradients_in(right))


SHARES: dict[str, tuple[Callable[[Signal], Node], str]] = {
    "overwritten": (
        lambda one: replace(one, pick="first-only"),
        "{names} {are} overwritten in the loop over time: = where += is meant.",
    ),
    "final-step-alone": (
        lambda one: replace(one, pick="last-only"),
        "{names} {keep} the final step alone: = where += is meant.",
    ),
    "first-step-skipped": (
        lambda one: Sum(((1, one), (-1, replace(one, pick="first-only")))),
        "{names} {leave} the first step out.",
    ),
    "last-step-skipped": (
        lambda one: Sum(((1, one), (-1, replace(one, pick="last-only")))),
        "{names} {leave} the last step out.",
    ),
}


def _summed(context: Context) -> Iterator[GradientMutant]:
    """Some steps only: = for +=, or a loop that ends too early."""
    for group, members in groups(context):
        if not members:
            continue
        for sort, (change, message) in SHARES.items():
            changes = {gradient_of(name): restricted(context, gradient_of(name), change) for name in members}
            yield from context.made(f"{sort}-{group}", _inflected(message, members), changes)


def restricted(context: Context, equation: str, change: Callable[[Signal], Node]) -> Node:
    """A parameter's gradient with other steps in its sum."""

    def of(node: Node) -> Node:
        return change(node) if isinstance(node, Signal) and node.name in context.own else node

    def total(node: Node) -> Node:
        return (
            replace(node, arg=transform(node.arg, of))
            if isinstance(node, Over) and node.how == "total"
            else node
        )

    return transform(context.own[equation].right_side, total)


def _inflected(message: str, members: Sequence[str]) -> str:
    many = len(members) > 1
    words = {
        "are": "are" if many else "is",
        "keep": "keep" if many else "keeps",
        "leave": "leave" if many else "leaves",
    }
    return message.format(names=joined([gradient_of(name) for name in members]), **words)


def _zero(context: Context, name: str) -> Iterator[GradientMutant]:
    """Not summed at all."""
    equation = gradient_of(name)
    yield from context.made(
        f"{equation}-zero",
        f"{equation} is zero: {name} has a gradient too.",
        {equation: Product((ZERO, context.own[equation].right_side))},
    )


def _whole(context: Context, name: str) -> Iterator[GradientMutant]:
    """Gradients that are transposed as a whole."""
    shape, equation = context.network.parameters[name], gradient_of(name)
    right = context.own[equation].right_side
    if len(shape) == 2 and shape[0] == shape[1]:
        yield from context.made(
            f"{equation}-transposed", f"{equation} is transposed.", {equation: Transpose(right)}
        )


def _sources(context: Context, name: str) -> Iterator[GradientMutant]:
    """Summed from the gradient before the slope, or from what the outputs send back alone; in part only."""
    equation = gradient_of(name)
    right = context.own[equation].right_side
    slopes = [one for one in context.gradients_in(right) if one.startswith(AT_SUM)]
    for variable in dict.fromkeys(one.removeprefix(AT_SUM) for one in slopes):
        words = ACTIVATIONS.get(context.activation(variable), "the activation")
        source = f"the gradient at {variable}(t), before the slope of {words} is multiplied in"
        before = _with_gradient(right, variable, Signal(gradient_at(variable)))
        id = f"{equation}-before-slope-{variable}"
        yield from context.made(id, f"{equation} is summed from {source}.", {equation: before})
        terms = terms_of(context.own[gradient_at(variable)].right_side)
        now = tuple(one for one in terms if not context.is_later(one[1]))
        if now and len(now) < len(terms):
            source = f"what the same step sends back to {variable}(t)"
            source += f", without the slope of {words} and the later steps"
            sent = _with_gradient(right, variable, simplified(Sum(now)))
            id = f"{equation}-of-same-step-{variable}"
            yield from context.made(id, f"{equation} is summed from {source}.", {equation: sent})
    yield from _parts(context, name)


def _before_slopes(context: Context) -> Iterator[GradientMutant]:
    """Several summed from the gradients before the slopes of the activations."""

    def before(node: Node) -> Node:
        if isinstance(node, Signal) and node.name in context.own and node.name.startswith(AT_SUM):
            return replace(node, name=gradient_at(node.name.removeprefix(AT_SUM)))
        return node

    for group, members in groups(context):
        if len(members) > 1:
            changes = {
                gradient_of(name): transform(context.own[gradient_of(name)].right_side, before)
                for name in members
            }
            text = f"{joined(changes)} are summed from the gradients before the slopes are multiplied in."
            yield from context.made(f"before-slopes-{group}", text, changes)


def _with_gradient(right: Node, variable: str, other: Node) -> Node:
    def change(node: Node) -> Node:
        return other if isinstance(node, Signal) and node.name == gradient_at_sum(variable) else node

    return transform(right, change)


def _parts(context: Context, name: str) -> Iterator[GradientMutant]:
    equation = gradient_of(name)
    parts = terms_of(context.own[equation].right_side)
    if len(parts) > 1:
        for i in range(len(parts)):
            rest = simplified(Sum(parts[:i] + parts[i + 1 :]))
            text = f"{name} is used in more than one place; {equation} counts only some of them."
            yield from context.made(f"{equation}-without-part-{i + 1}", text, {equation: rest})


def _read(context: Context) -> Iterator[GradientMutant]:
    """A value of another step in the products that are summed: of one parameter, and of all that read it."""
    found: dict[Signal, list[BackwardPlace]] = {}
    known = {**context.network.inputs, **context.network.by_name}
    for name in context.right.asked:
        for path, total in totals(context.own[gradient_of(name)].right_side):
            for place in _values_in(gradient_of(name), path, total, known):
                assert isinstance(place.node, Signal)
                found.setdefault(place.node, []).append(place)
    for node, places in found.items():
        spots = [[place] for place in places] + ([places] if len(places) > 1 else [])
        for some in spots:
            yield from _moved(context, node, some)


def _values_in(
    equation: str, path: tuple[int, ...], total: Over, known: Container[str]
) -> Iterator[BackwardPlace]:
    for inner, node in walk(total):
        if isinstance(node, Signal) and node.name in known:
            yield BackwardPlace(equation, (*path, *inner), node)


def _moved(context: Context, node: Signal, places: list[BackwardPlace]) -> Iterator[GradientMutant]:
    names = list(dict.fromkeys(place.equation for place in places))
    text, end = joined(names), "-".join(names) if len(names) == 1 else "all"
    verb, meant = ("is" if len(names) == 1 else "are"), f"{rendered(node)} belongs there."
    for change, sort in ((-1, "a-step-later"), (1, "a-step-earlier")):
        other = replace(node, lag=node.lag + change)
        yield from context.made(
            f"{end}-with-{node.name}-{sort}",
            f"{text} {verb} summed with {rendered(other)}; {meant}",
            context.changed(places, instead(other)),
        )
    for name in _carried_like(context, node) if len(names) > 1 else ():
        other = replace(node, name=name)
        yield from context.made(
            f"{end}-with-{name}-for-{node.name}",
            f"{text} {verb} summed with {rendered(other)}; {meant}",
            context.changed(places, instead(other)),
        )
    yield from _before_the_first(context, node, places)
    if node.name in context.sums:
        words = ACTIVATIONS.get(context.activation(node.name), "the activation")
        inner = replace(node, name=context.sums[node.name])
        yield from context.made(
            f"{end}-with-sum-of-{node.name}",
            f"{text} {verb} summed with the values before {words}; {meant}",
            context.changed(places, instead(inner)),
        )
        activation = context.activation(node.name)
        yield from context.made(
            f"{end}-with-{node.name}-twice-through",
            f"{text} {verb} summed with {node.name} once more through {words}; {meant}",
            context.changed(places, instead(Function(activation, (node,)))),
        )


def _before_the_first(
    context: Context, node: Signal, places: list[BackwardPlace]
) -> Iterator[GradientMutant]:
    """The first value, or the last, in the place of what comes before the first step."""
    names = list(dict.fromkeys(place.equation for place in places))
    text, end = joined(names), "-".join(names) if len(names) == 1 else "all"
    if node.lag > 0:
        count = "counts" if len(names) == 1 else "count"
        for edge, place in (("hold", "1"), ("wrap", "T")):
            why = "" if edge == "hold" else ": index -1 is the last entry"
            yield from context.made(
                f"{end}-{node.name}0-is-{node.name}{place}",
                f"{text} {count} {node.name}({place}) before the first step{why}.",
                context.changed(places, at_edge(edge)),
            )


def _carried_like(context: Context, node: Signal) -> list[str]:
    """Other variables of its shape that are carried from step to step."""
    network = context.network
    carried = {
        one.name
        for equation in network.equations
        for one in signals_of(equation.right_side)
        if one.lag != 0 and one.name in network.by_name
    }
    shape = network.shapes[node.name]
    return [
        name for name in network.by_name if name in carried - {node.name} and network.shapes[name] == shape
    ]
