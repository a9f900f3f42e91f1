"""Mistakes on the way back: terms of gradients left out, turned round, piled up or exchanged."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from msgspec.structs import replace

from grader.model.text import joined
from grader.networks.backward.names import AT_SUM, AT_VALUE, ON_THE_WAY, gradient_at, gradient_at_sum
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    ZERO,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    replaced_at,
    transform,
    walk,
)
from grader.networks.mutants.backward.context import BackwardPlace, Context, GradientMutant, slug, terms_of
from grader.networks.mutants.backward.reads import has_gradient, is_number, reads_on_the_way_back
from grader.networks.mutants.backward.wording import place_of, rendered, value_of
from grader.networks.mutants.edit import renamed


def paths(context: Context) -> Iterator[GradientMutant]:
    """All mistakes in the paths on which errors go back."""
    for name, equation in context.own.items():
        if name.startswith(ON_THE_WAY):
            yield from _terms(context, name, equation.right_side)
            yield from _later_terms(context, name, equation.right_side)
            yield from _sign(context, name, equation.right_side)
            if name.startswith(AT_VALUE):
                yield from _piled_up(context, name, equation.right_side)
        if name.startswith(AT_VALUE):
            yield from _on_the_whole(context, name, equation.right_side)
            yield from _after_the_slope(context, name, equation.right_side)
    yield from _forwards(context)
    yield from reads_on_the_way_back(context)


def _terms(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """A term left out, or with the other sign."""
    for path, node in walk(right):
        # 1 - z^2 is a slope, with mistakes of its own.
        if not isinstance(node, Sum) or len(node.terms) < 2 or any(is_number(one) for _, one in node.terms):
            continue
        for i, (sign, term) in enumerate(node.terms):
            text = rendered(term, 1)
            yield from context.made(
                f"{name}-without-{slug(text)}",
                f"{text} is left out of {place_of(name, context.right)}.",
                {name: simplified(replaced_at(right, (*path, i), ZERO))},
            )
            turned = simplified(replaced_at(right, (*path, i), Sum(((-1, term),))))
            wrong, meant = ("subtracted", "added") if sign > 0 else ("added", "subtracted")
            yield from context.made(
                f"{name}-{slug(text)}-sign",
                f"In {place_of(name, context.right)}, {text} is {wrong}; it is to be {meant}.",
                {name: turned},
            )


def _sign(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """The whole with the other sign."""
    if name.startswith(AT_VALUE) and right != ZERO:
        text = f"{place_of(name, context.right)} has the wrong sign."
        turned = simplified(Sum(((-1, right),)))
        yield from context.made(f"{name}-sign", text[0].upper() + text[1:], {name: turned})


def _later_terms(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """All that comes from another step left out, or all of it but one."""
    terms = terms_of(right)
    later = [i for i, (_, term) in enumerate(terms) if context.is_later(term)]
    place = place_of(name, context.right)
    if later and len(later) < len(terms):
        rest = tuple(one for i, one in enumerate(terms) if i not in later)
        text = f"Nothing of the step after it reaches {place}."
        yield from context.made(f"{name}-nothing-later", text, {name: simplified(Sum(rest))})
    for kept in later if len(later) > 2 else ():
        some = tuple(one for i, one in enumerate(terms) if i not in later or i == kept)
        text = f"Of the step after it only {rendered(terms[kept][1], 1)} reaches {place}."
        id = f"{name}-later-only-{slug(rendered(terms[kept][1], 1))}"
        yield from context.made(id, text, {name: simplified(Sum(some))})

    gates = [i for i in later if _comes_by_gates(context, terms[i][1])]
    if 1 < len(gates) < len(later) - 1:
        some = tuple(one for i, one in enumerate(terms) if i not in gates)
        lost = joined(rendered(terms[i][1], 1) for i in gates)
        text = f"Of the step after it nothing reaches {place} by {lost}."
        yield from context.made(f"{name}-nothing-by-gates", text, {name: simplified(Sum(some))})


def _comes_by_gates(context: Context, node: Node) -> bool:
    """Whether all gradients in a term are those at sums inside sigmoids."""
    return all(
        name.startswith(AT_SUM) and context.activation(name.removeprefix(AT_SUM)) == "sigmoid"
        for name in context.gradients_in(node)
    )


def _on_the_whole(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """A factor of one term multiplies what comes from the step after, too, and the other way round."""
    terms = terms_of(right)
    later = [context.is_later(term) for _, term in terms]
    if all(later) or not any(later):
        return
    for i, (sign, term) in enumerate(terms):
        factors = term.factors if isinstance(term, Product) else ()
        own = [one for one in factors if not is_number(one) and not has_gradient(context, one)]
        for some in [[one] for one in own] + [own] * (len(own) > 1):
            rest = Product(tuple(one for one in factors if one not in some))
            whole = Sum((*terms[:i], (sign, rest), *terms[i + 1 :]))
            factor = rendered(simplified(Product(tuple(some))), 1)
            text = (
                f"In {place_of(name, context.right)}, {factor} multiplies the whole sum; it belongs to "
                f"{rendered(term, 1)} alone."
            )
            wrong = simplified(Product((whole, *some)))
            yield from context.made(f"{name}-{slug(factor)}-on-whole-sum-{i}", text, {name: wrong})


def _after_the_slope(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """What comes from the step after is added once the slope is multiplied in."""
    equation, arrives = gradient_at_sum(name.removeprefix(AT_VALUE)), Signal(name)
    terms = terms_of(right)
    later = tuple(one for one in terms if context.is_later(one[1]))
    if equation not in context.own or not 0 < len(later) < len(terms):
        return
    now = simplified(Sum(tuple(one for one in terms if one not in later)))
    first = transform(context.own[equation].right_side, lambda node: now if node == arrives else node)
    text = (
        f"What {place_of(name, context.right)} gets from the step after it is added once the slope is "
        "multiplied in; it goes through the slope too."
    )
    yield from context.made(
        f"{name}-carry-past-slope", text, {equation: simplified(Sum(((1, first), *later)))}
    )


def _forwards(context: Context) -> Iterator[GradientMutant]:
    """The loop over time runs as in the forward pass."""
    if not any(group.kind == "backward" for group in context.right.network.groups):
        return
    places = list(context.places(lambda node: isinstance(node, Signal) and node.lag < 0, ON_THE_WAY))
    text = "Errors are carried from the first step to the last; they go from the last step to the first."
    yield from context.made("carried-forwards", text, context.changed(places, _turned_round))


def _turned_round(node: Node) -> Node:
    assert isinstance(node, Signal)
    return replace(node, lag=-node.lag)


def _piled_up(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """What is carried back is never reset: += where = is meant."""
    terms = terms_of(right)
    now = tuple(one for one in terms if not context.is_later(one[1]))
    is_one_step = all(
        one.lag in (0, -1) for _, one in walk(right) if isinstance(one, Signal) and one.name in context.own
    )
    if not is_one_step or len(now) == len(terms):
        return

    # All that was carried to the step after is what arrived there without what was its own.
    own = tuple((-sign, _a_step_after(term)) for sign, term in now)
    text = f"What {place_of(name, context.right)} gets from the steps after it piles up: += where = is meant."
    piled = Sum((*terms, (1, Signal(name, -1)), *own))
    yield from context.made(f"{name}-carry-piles-up", text, {name: piled})
    text = f"{place_of(name, context.right)} piles up: what it was at the step after is added to it whole."
    yield from context.made(f"{name}-piles-up", text, {name: Sum((*terms, (1, Signal(name, -1))))})
    yield from _slope_of_its_own_step(context, name.removeprefix(AT_VALUE), now)


def _slope_of_its_own_step(
    context: Context, variable: str, now: tuple[tuple[int, Node], ...]
) -> Iterator[GradientMutant]:
    """What is carried back is multiplied by the slope of the step that it comes from."""
    equation, arrives = gradient_at_sum(variable), Signal(gradient_at(variable))
    if equation not in context.own or context.activation(variable) not in ("tanh", "sigmoid"):
        return
    right = context.own[equation].right_side
    carried = Sum(((1, arrives), *((-sign, term) for sign, term in now)))
    late = transform(right, lambda node: carried if node == arrives else _moved_value(context, node))
    first = transform(right, lambda node: simplified(Sum(now)) if node == arrives else node)
    value = Signal(variable)
    text = (
        f"What is carried back to {rendered(value)} is multiplied by the slope at "
        f"{rendered(_a_step_after(value))}, the step that it comes from; that at {rendered(value)} is meant."
    )
    both = Sum(((1, first), (1, late)))
    yield from context.made(f"{equation}-slope-of-step-after", text, {equation: both})


def _a_step_after(tree: Node) -> Node:
    return transform(tree, lambda node: replace(node, lag=node.lag - 1) if isinstance(node, Signal) else node)


def _moved_value(context: Context, node: Node) -> Node:
    is_value = isinstance(node, Signal) and node.name in context.network.by_name
    return _a_step_after(node) if is_value else node


def exchanges(context: Context) -> Iterator[GradientMutant]:
    """All mistakes in which two gradients, or two values, take each other's place."""
    yield from _exchanged_gradients(context)
    yield from _exchanged_values(context)


def _exchanged_gradients(context: Context) -> Iterator[GradientMutant]:
    """Two gradients of one shape, each for the other, wherever they are used."""
    names = [name for name in context.own if name.startswith(AT_SUM)]
    for one, other in itertools.combinations(names, 2):
        if context.backward.shapes[one] != context.backward.shapes[other]:
            continue
        places = list(
            context.places(
                lambda node: isinstance(node, Signal | Parameter) and node.name in (one, other)  # noqa: B023
            )
        )
        first, second = (value_of(context.right, name.removeprefix(AT_SUM)) for name in (one, other))
        text = f"The gradients at the sums inside {first} and {second} are exchanged."

        def change(node: Node, one: str = one, other: str = other) -> Node:
            assert isinstance(node, Signal | Parameter)
            return replace(node, name=other if node.name == one else one)

        yield from context.made(f"{one}-{other}-exchanged", text, context.changed(places, change))


def _exchanged_values(context: Context) -> Iterator[GradientMutant]:
    """D_i reads i and d_g reads g, where d_i reads g and d_g reads i."""
    for one, other in itertools.combinations(context.network.by_name, 2):
        if context.network.shapes[one] != context.network.shapes[other]:
            continue
        places = [list(_reading(context, gradient_at(a), b)) for a, b in ((one, other), (other, one))]
        if all(places):
            changes = context.changed(places[0], renamed(one)) | context.changed(places[1], renamed(other))
            first, second = (value_of(context.right, name) for name in (one, other))
            text = (
                f"In the gradients at {first} and {second} the two are exchanged: {first} stands in that at "
                f"{first}, and {second} in that at {second}."
            )
            yield from context.made(f"{one}-{other}-by-themselves", text, changes)


def _reading(context: Context, equation: str, name: str) -> Iterator[BackwardPlace]:
    """Where an equation reads a variable at its own step."""
    read = Signal(name)
    places = context.places(lambda node: node == read, (equation,))
    return (place for place in places if place.equation == equation)
