"""Mistakes on the way back: terms, factors, matrices and steps of the gradients at values."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from grader.networks.backward.slopes import ZERO, one_minus
from grader.networks.equations.network import infer
from grader.networks.equations.tree import (
    Constant,
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Sum,
    Transpose,
    replaced_at,
    simplified,
    transform,
    walk,
)
from grader.networks.mutants.backward.context import (
    BackwardPlace,
    Context,
    GradientMutant,
    always,
    slug,
    terms_of,
)
from grader.networks.mutants.backward.wording import place_of, told, value_of

VALUES = ("d_", "dz_", "back_")


def paths(context: Context) -> Iterator[GradientMutant]:
    """All of them."""
    for name, equation in context.own.items():
        if name.startswith(VALUES):
            yield from _terms(context, name, equation.right_side)
            yield from _later_terms(context, name, equation.right_side)
            yield from _sign(context, name, equation.right_side)
            if name.startswith("d_"):
                yield from _piled_up(context, name, equation.right_side)
    yield from factors(context, VALUES)
    yield from _matrices(context)
    yield from _steps(context)
    yield from _other_gradients(context)
    yield from _exchanged(context)
    yield from other_values(context, VALUES)


def _terms(context: Context, name: str, right: Node) -> Iterator[GradientMutant]:
    """A term left out, or with the other sign."""
    for path, node in walk(right):
        # 1 - z^2 is a slope, with mistakes of its own.
        if not isinstance(node, Sum) or len(node.terms) < 2 or any(_is_number(one) for _, one in node.terms):
            continue
        for i, (sign, term) in enumerate(node.terms):
            text = told(term, 1)
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
    if name.startswith("d_") and right != ZERO:
        text = f"{place_of(name, context.right)} has the wrong sign."
        turned = simplified(Sum(((-1, right),)))
        yield from context.made(f"{name}-sign", text[0].upper() + text[1:], {name: turned})


def _is_number(node: Node) -> bool:
    return isinstance(node, Constant)


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
        text = f"Of the step after it only {told(terms[kept][1], 1)} reaches {place}."
        id = f"{name}-later-only-{slug(told(terms[kept][1], 1))}"
        yield from context.made(id, text, {name: simplified(Sum(some))})


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
    yield from _slope_of_its_own_step(context, name.removeprefix("d_"), now)


def _slope_of_its_own_step(
    context: Context, variable: str, now: tuple[tuple[int, Node], ...]
) -> Iterator[GradientMutant]:
    """What is carried back is multiplied by the slope of the step that it comes from."""
    equation, arrives = f"dz_{variable}", Signal(f"d_{variable}")
    if equation not in context.own or context.activation(variable) not in ("tanh", "sigmoid"):
        return
    right = context.own[equation].right_side
    carried = Sum(((1, arrives), *((-sign, term) for sign, term in now)))
    late = transform(right, lambda node: carried if node == arrives else _moved_value(context, node))
    first = transform(right, lambda node: simplified(Sum(now)) if node == arrives else node)
    value = Signal(variable)
    text = (
        f"What is carried back to {told(value)} is multiplied by the slope at {told(_a_step_after(value))}, "
        f"the step that it comes from; that at {told(value)} is meant."
    )
    both = Sum(((1, first), (1, late)))
    yield from context.made(f"{equation}-slope-of-step-after", text, {equation: both})


def _a_step_after(tree: Node) -> Node:
    return transform(tree, lambda node: replace(node, lag=node.lag - 1) if isinstance(node, Signal) else node)


def _moved_value(context: Context, node: Node) -> Node:
    is_value = isinstance(node, Signal) and node.name in context.network.by_name
    return _a_step_after(node) if is_value else node


def factors(context: Context, names: tuple[str, ...]) -> Iterator[GradientMutant]:
    """A factor left out, a function left out, z for 1 - z and 1 - z for z.

    Args:
        context: The right passes.
        names: How the equations begin.
    """
    for place in context.places(lambda node: isinstance(node, Product), names):
        product = place.node
        assert isinstance(product, Product)
        for i, factor in enumerate(product.factors):
            if _is_number(factor) or _has_gradient(context, factor):
                continue
            rest = simplified(Product(product.factors[:i] + product.factors[i + 1 :]))
            text = (
                f"In {place_of(place.equation, context.right)}, the factor {told(factor, 2)} is left out: "
                f"{told(rest)} where {told(product)} is meant."
            )
            id = f"{place.equation}-without-factor-{slug(told(factor))}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], always(rest)))
    for place in context.places(lambda node: isinstance(node, Function), names):
        node = place.node
        if isinstance(node, Function) and node.name in ("tanh", "sigmoid") and not _in_slope(context, place):
            text = (
                f"In {place_of(place.equation, context.right)}, {node.name} is left out: "
                f"{told(node.args[0])} where {told(node)} is meant."
            )
            id = f"{place.equation}-without-{node.name}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], always(node.args[0])))
    yield from _complements(context, names)


def _complements(context: Context, names: tuple[str, ...]) -> Iterator[GradientMutant]:
    """A gate for its complement, at one place."""
    gates = [name for name in context.network.by_name if context.activation(name) == "sigmoid"]
    for place in context.places(lambda node: isinstance(node, Signal) and node.name in gates, names):
        node = place.node
        assert isinstance(node, Signal)
        if place.equation == f"dz_{node.name}":
            continue
        parent = BackwardPlace(
            place.equation, place.path[:-1], _node_at(context, place.equation, place.path[:-1])
        )
        is_turned = parent.node == one_minus(node)
        at, wrong, meant = (parent, node, parent.node) if is_turned else (place, one_minus(node), place.node)
        where = place_of(place.equation, context.right)
        text = f"In {where}, {told(wrong)} stands where {told(meant)} is meant."
        id = f"{place.equation}-{node.name}-complement-{_at(place)}"
        yield from context.made(id, text, context.changed([at], always(wrong)))


def _node_at(context: Context, equation: str, path: tuple[int, ...]) -> Node:
    return next(node for at, node in walk(context.own[equation].right_side) if at == path)


def _has_gradient(context: Context, node: Node) -> bool:
    return any(isinstance(one, Signal | Parameter) and one.name in context.own for _, one in walk(node))


def _in_slope(context: Context, place: BackwardPlace) -> bool:
    return place.equation.startswith("dz_")


def _at(place: BackwardPlace) -> str:
    return "-".join(map(str, place.path))


def _matrices(context: Context) -> Iterator[GradientMutant]:
    """A square matrix in its forward direction, one and all in an equation."""
    square = list(context.places(lambda node: _is_square(context, node), VALUES))
    for place in square:
        plain = _matrix(place)
        text = (
            f"On the way back {told(plain)} is used in its forward direction; gradients go the other way, "
            "so transpose it."
        )
        id = f"{place.equation}-{slug(told(plain))}-not-transposed-{_at(place)}"
        yield from context.made(id, text, context.changed([place], _turned))
    for equation in dict.fromkeys(place.equation for place in square):
        members = [place for place in square if place.equation == equation]
        if len(members) > 1:
            text = (
                f"The matrices in {place_of(equation, context.right)} are used in their forward direction; "
                "on the way back they are transposed."
            )
            yield from context.made(f"{equation}-none-transposed", text, context.changed(members, _turned))
    for matrix in dict.fromkeys(_matrix(place) for place in square):
        members = [place for place in square if _matrix(place) == matrix]
        if len(members) > 1:
            text = (
                f"On the way back {told(matrix)} is used in its forward direction wherever it stands; "
                "gradients go the other way, so transpose it."
            )
            id = f"{slug(told(matrix))}-never-transposed"
            yield from context.made(id, text, context.changed(members, _turned))
    if len(square) > 1:
        text = "No matrix is transposed on the way back; gradients go through the transpose of each."
        yield from context.made("none-transposed", text, context.changed(square, _turned))


def _matrix(place: BackwardPlace) -> Node:
    assert isinstance(place.node, MatrixProduct)
    left = place.node.left
    return left.arg if isinstance(left, Transpose) else left


def _is_square(context: Context, node: Node) -> bool:
    if not isinstance(node, MatrixProduct) or not isinstance(node.left, Parameter | Transpose):
        return False
    shape = infer(node.left, context.backward.shapes, "")
    return shape is not None and len(shape) == 2 and shape[0] == shape[1]


def _turned(node: Node) -> Node:
    assert isinstance(node, MatrixProduct)
    left = node.left.arg if isinstance(node.left, Transpose) else Transpose(node.left)
    return MatrixProduct(left, node.right)


def _steps(context: Context) -> Iterator[GradientMutant]:
    """A gradient of the same step, or of two steps later, and one without its slope."""

    def is_later(node: Node) -> bool:
        return isinstance(node, Signal) and node.name in context.own and node.lag != 0

    for place in context.places(is_later, VALUES):
        node = place.node
        assert isinstance(node, Signal)
        where = place_of(place.equation, context.right)
        other = replace(node, lag=node.lag + (-1 if node.lag < 0 else 1))
        text = f"In {where}, {told(other)} is used where {told(node)} is meant."
        id = f"{place.equation}-{node.name}-a-step-further-{_at(place)}"
        yield from context.made(id, text, context.changed([place], always(other)))
        if node.name.startswith("dz_"):
            name = node.name.removeprefix("dz_")
            plain = replace(node, name=f"d_{name}")
            text = (
                f"What {where} gets from the step after is the gradient at {name} before the slope is "
                f"multiplied in: {told(plain)} where {told(node)} is meant."
            )
            id = f"{place.equation}-carries-d_{name}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], always(plain)))
    yield from _carried_without_slopes(context, is_later)


def _carried_without_slopes(context: Context, is_later: Callable[[Node], bool]) -> Iterator[GradientMutant]:
    """All that is carried back without its slopes."""
    places = [
        place
        for place in context.places(is_later, VALUES)
        if isinstance(place.node, Signal) and place.node.name.startswith("dz_")
    ]
    if len(places) > 1:
        text = "What is carried back has not been multiplied by the slopes of the activations."
        yield from context.made("carries-no-slopes", text, context.changed(places, _without_slope))


def _without_slope(node: Node) -> Node:
    assert isinstance(node, Signal)
    return replace(node, name="d_" + node.name.removeprefix("dz_"))


def _other_gradients(context: Context) -> Iterator[GradientMutant]:
    """Within a step: the gradient before the slope, or after it, for the other."""
    for place in context.places(lambda node: isinstance(node, Signal) and node.lag == 0, VALUES):
        node = place.node
        assert isinstance(node, Signal)
        name = node.name.removeprefix("dz_")
        if not node.name.startswith("dz_") or place.equation == node.name:
            continue
        text = (
            f"{place_of(place.equation, context.right)} is made of the gradient at {name} before the slope "
            "is multiplied in."
        )
        id = f"{place.equation}-of-d_{name}-{_at(place)}"
        text = text[0].upper() + text[1:]
        yield from context.made(id, text, context.changed([place], _without_slope))


def _exchanged(context: Context) -> Iterator[GradientMutant]:
    """Two gradients of one shape, each for the other, wherever they are used."""
    names = [name for name in context.own if name.startswith("dz_")]
    for one, other in itertools.combinations(names, 2):
        if context.backward.shapes[one] != context.backward.shapes[other]:
            continue
        places = list(
            context.places(
                lambda node: isinstance(node, Signal | Parameter) and node.name in (one, other)  # noqa: B023
            )
        )
        first, second = (value_of(context.right, name.removeprefix("dz_")) for name in (one, other))
        text = f"The gradients at the sums inside {first} and {second} are exchanged."

        def change(node: Node, one: str = one, other: str = other) -> Node:
            assert isinstance(node, Signal | Parameter)
            return replace(node, name=other if node.name == one else one)

        yield from context.made(f"{one}-{other}-exchanged", text, context.changed(places, change))


def other_values(context: Context, names: tuple[str, ...]) -> Iterator[GradientMutant]:
    """Another variable, or another step of it, in a backward equation.

    Args:
        context: The right passes.
        names: How the equations begin.
    """
    own = context.network.by_name
    for place in context.places(lambda node: isinstance(node, Signal) and node.name in own, names):
        node = place.node
        assert isinstance(node, Signal)
        if place.equation == f"dz_{node.name}":
            continue
        where = place_of(place.equation, context.right)
        others = [
            replace(node, name=name)
            for name in own
            if name != node.name
            and not own[name].is_static
            and context.network.shapes[name] == context.network.shapes[node.name]
        ]
        others += [replace(node, lag=node.lag + change) for change in (-1, 1)]
        for other in others:
            text = f"In {where}, {told(other)} is used where {told(node)} is meant."
            id = f"{place.equation}-{slug(told(other))}-for-{slug(told(node))}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], always(other)))
