"""Mistakes in what an equation on the way back reads: a factor, a matrix, a step, another value."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from grader.networks.backward.names import AT_SUM, ON_THE_WAY, gradient_at, gradient_at_sum
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    Constant,
    Function,
    MatrixProduct,
    Node,
    Parameter,
    Product,
    Signal,
    Transpose,
    node_at,
    one_minus,
    reads_of,
    turned,
)
from grader.networks.mutants.backward.context import BackwardPlace, Context, GradientMutant, slug
from grader.networks.mutants.backward.wording import place_of, rendered
from grader.networks.mutants.edit import instead


def reads_on_the_way_back(context: Context) -> Iterator[GradientMutant]:
    """All of them, in the gradients at values."""
    yield from factors(context, ON_THE_WAY)
    yield from _matrices(context)
    yield from _steps(context)
    yield from _other_gradients(context)
    yield from other_values(context, ON_THE_WAY)


def is_number(node: Node) -> bool:
    """Whether a node is a number of the equation."""
    return isinstance(node, Constant)


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
            if is_number(factor) or has_gradient(context, factor):
                continue
            rest = simplified(Product(product.factors[:i] + product.factors[i + 1 :]))
            text = (
                f"In {place_of(place.equation, context.right)}, the factor {rendered(factor, 2)} is left "
                f"out: {rendered(rest)} where {rendered(product)} is meant."
            )
            id = f"{place.equation}-without-factor-{slug(rendered(factor))}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], instead(rest)))
    for place in context.places(lambda node: isinstance(node, Function), names):
        node = place.node
        if (
            isinstance(node, Function)
            and node.name in ("tanh", "sigmoid")
            and not place.equation.startswith(AT_SUM)
        ):
            text = (
                f"In {place_of(place.equation, context.right)}, {node.name} is left out: "
                f"{rendered(node.args[0])} where {rendered(node)} is meant."
            )
            id = f"{place.equation}-without-{node.name}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], instead(node.args[0])))
    yield from _complements(context, names)


def _complements(context: Context, names: tuple[str, ...]) -> Iterator[GradientMutant]:
    """A gate for its complement, at one place."""
    gates = [name for name in context.network.by_name if context.activation(name) == "sigmoid"]
    for place in context.places(lambda node: isinstance(node, Signal) and node.name in gates, names):
        node = place.node
        assert isinstance(node, Signal)
        if place.equation == gradient_at_sum(node.name):
            continue
        parent = BackwardPlace(
            place.equation, place.path[:-1], node_at(context.own[place.equation].right_side, place.path[:-1])
        )
        is_turned = parent.node == one_minus(node)
        at, wrong, meant = (parent, node, parent.node) if is_turned else (place, one_minus(node), place.node)
        where = place_of(place.equation, context.right)
        text = f"In {where}, {rendered(wrong)} stands where {rendered(meant)} is meant."
        id = f"{place.equation}-{node.name}-complement-{_at(place)}"
        yield from context.made(id, text, context.changed([at], instead(wrong)))


def has_gradient(context: Context, node: Node) -> bool:
    """Whether a gradient at a value stands in a node."""
    return any(one.name in context.own for one in reads_of(node))


def _at(place: BackwardPlace) -> str:
    return "-".join(map(str, place.path))


def _matrices(context: Context) -> Iterator[GradientMutant]:
    """A square matrix in its forward direction, one and all in an equation."""
    square = list(context.places(lambda node: _is_square(context, node), ON_THE_WAY))
    for place in square:
        plain = _matrix(place)
        text = (
            f"On the way back {rendered(plain)} is used in its forward direction; gradients go the other "
            "way, so transpose it."
        )
        id = f"{place.equation}-{slug(rendered(plain))}-not-transposed-{_at(place)}"
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
                f"On the way back {rendered(matrix)} is used in its forward direction wherever it stands; "
                "gradients go the other way, so transpose it."
            )
            id = f"{slug(rendered(matrix))}-never-transposed"
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
    return MatrixProduct(turned(node.left), node.right)


def _steps(context: Context) -> Iterator[GradientMutant]:
    """A gradient of the same step, or of two steps later, and one without its slope."""

    def is_later(node: Node) -> bool:
        return isinstance(node, Signal) and node.name in context.own and node.lag != 0

    for place in context.places(is_later, ON_THE_WAY):
        node = place.node
        assert isinstance(node, Signal)
        where = place_of(place.equation, context.right)
        other = replace(node, lag=node.lag + (-1 if node.lag < 0 else 1))
        text = f"In {where}, {rendered(other)} is used where {rendered(node)} is meant."
        id = f"{place.equation}-{node.name}-a-step-further-{_at(place)}"
        yield from context.made(id, text, context.changed([place], instead(other)))
        if node.name.startswith(AT_SUM):
            name = node.name.removeprefix(AT_SUM)
            plain = replace(node, name=gradient_at(name))
            text = (
                f"What {where} gets from the step after is the gradient at {name} before the slope is "
                f"multiplied in: {rendered(plain)} where {rendered(node)} is meant."
            )
            id = f"{place.equation}-carries-d_{name}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], instead(plain)))
    yield from _carried_without_slopes(context, is_later)


def _carried_without_slopes(context: Context, is_later: Callable[[Node], bool]) -> Iterator[GradientMutant]:
    """All that is carried back without its slopes."""
    places = [
        place
        for place in context.places(is_later, ON_THE_WAY)
        if isinstance(place.node, Signal) and place.node.name.startswith(AT_SUM)
    ]
    if len(places) > 1:
        text = "What is carried back has not been multiplied by the slopes of the activations."
        yield from context.made("carries-no-slopes", text, context.changed(places, _without_slope))


def _without_slope(node: Node) -> Node:
    assert isinstance(node, Signal)
    return replace(node, name=gradient_at(node.name.removeprefix(AT_SUM)))


def _other_gradients(context: Context) -> Iterator[GradientMutant]:
    """Within a step: the gradient before the slope, or after it, for the other."""
    for place in context.places(lambda node: isinstance(node, Signal) and node.lag == 0, ON_THE_WAY):
        node = place.node
        assert isinstance(node, Signal)
        name = node.name.removeprefix(AT_SUM)
        if not node.name.startswith(AT_SUM) or place.equation == node.name:
            continue
        text = (
            f"{place_of(place.equation, context.right)} is made of the gradient at {name} before the slope "
            "is multiplied in."
        )
        id = f"{place.equation}-of-d_{name}-{_at(place)}"
        text = text[0].upper() + text[1:]
        yield from context.made(id, text, context.changed([place], _without_slope))


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
        if place.equation == gradient_at_sum(node.name):
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
            text = f"In {where}, {rendered(other)} is used where {rendered(node)} is meant."
            id = f"{place.equation}-{slug(rendered(other))}-for-{slug(rendered(node))}-{_at(place)}"
            yield from context.made(id, text, context.changed([place], instead(other)))
