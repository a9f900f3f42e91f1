"""Mistakes of the forward pass: made in it and in the gradients, in it alone, or in the gradients alone."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from grader.model.mistake import Mistake
from grader.model.text import joined
from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.loss import free_name
from grader.networks.backward.names import AT_SUM, AT_VALUE, gradient_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.sizes import Shape
from grader.networks.equations.tree import (
    ONE,
    ZERO,
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
    turned,
    walk,
)
from grader.networks.mutants.backward.context import (
    ACTIVATIONS,
    Context,
    GradientMutant,
    WrongPasses,
    reading,
    slug,
    with_changes,
    with_sums,
)
from grader.networks.mutants.backward.sums import restricted
from grader.networks.mutants.backward.wording import rendered
from grader.networks.mutants.declared import own_mistakes
from grader.networks.mutants.mutant import apply


def forward(context: Context) -> Iterator[GradientMutant]:
    """All mistakes of the forward pass, with the gradients that people work out beside each."""
    for mutant in own_mistakes(context.network):
        wrong = Mistake(mutant.id, mutant.message, apply(context.network, mutant))
        for one in _of(context, wrong):
            # The author's own id stands for the mistake as one makes it: in both passes.
            is_whole = one.id == f"forward-{mutant.id}-own"
            named = GradientMutant(mutant.id, mutant.message, one.effect, has_kept_name=True)
            yield named if is_whole else one
    for wrong in _networks(context.network):
        yield from _of(context, wrong)
    yield from _late_starts(context)


def _of(context: Context, wrong: Mistake[Network]) -> Iterator[GradientMutant]:
    try:
        passed, sums = with_sums(wrong.effect)
        mine = backward_pass(wrong.effect, context.loss)
    except NetworkError:
        return
    for name, inner in context.sums.items():
        if name not in sums:
            # The right backward pass may read the sum of a value that has no activation now.
            sums[name] = inner
            passed = _with_equation(passed, Equation(inner, Signal(name)), context.forward.shapes[inner])
    backward = reading(mine.network, passed, sums)
    yield GradientMutant(
        f"forward-{wrong.id}-own",
        f"{wrong.message} The gradients are those of that network.",
        WrongPasses(passed, backward),
    )
    yield GradientMutant(
        f"forward-{wrong.id}-only",
        f"{wrong.message} The backward pass does not do so.",
        WrongPasses(passed, context.backward),
    )
    other = replace(
        mine.network,
        inputs=mine.network.inputs | context.backward.inputs,
        shapes=context.backward.shapes | mine.network.shapes,
    )
    yield GradientMutant(
        f"backward-{wrong.id}-only",
        f"The backward pass is that of another network. There: {wrong.message}",
        WrongPasses(context.forward, other),
    )


def _with_equation(network: Network, equation: Equation, shape: Shape) -> Network:
    made = replace(
        network, equations=(*network.equations, equation), shapes=network.shapes | {equation.name: shape}
    )
    return replace(made, groups=order(made))


def _networks(network: Network) -> Iterator[Mistake[Network]]:
    for name, equation in network.by_name.items():
        for id, message, right in _right_sides(network, name, equation.right_side):
            wrong = with_changes(network, {name: simplified(right)})
            try:
                yield Mistake(id, message, replace(wrong, groups=order(wrong)))
            except NetworkError:
                continue


def _right_sides(network: Network, name: str, right: Node) -> Iterator[tuple[str, str, Node]]:
    value = name if network.by_name[name].is_static else f"{name}(t)"
    yield from _activations(network, name, value, right)
    for path, node in walk(right):
        if (
            isinstance(node, Sum)
            and len(node.terms) > 1
            and not any(isinstance(one, Constant) for _, one in node.terms)
        ):
            for i, (_, term) in enumerate(node.terms):
                text = rendered(term, 1)
                yield (
                    f"{name}-without-{slug(text)}",
                    f"The forward pass leaves {text} out of {value}.",
                    replaced_at(right, (*path, i), ZERO),
                )
        if isinstance(node, Product):
            for i, factor in enumerate(node.factors):
                if not isinstance(factor, Constant):
                    text = f"The forward pass leaves the factor {rendered(factor, 2)} out of {value}."
                    rest = Product(node.factors[:i] + node.factors[i + 1 :])
                    yield (
                        f"{name}-without-factor-{slug(rendered(factor))}",
                        text,
                        replaced_at(right, path, rest),
                    )
        if isinstance(node, MatrixProduct) and _is_square(network, node.left):
            matrix = node.left.arg if isinstance(node.left, Transpose) else node.left
            wrong = turned(node.left)
            text = (
                f"The forward pass uses {rendered(wrong)} in {value}, where {rendered(node.left)} is meant."
            )
            yield f"{name}-{slug(rendered(matrix))}-turned", text, replaced_at(right, (*path, 0), wrong)
        if isinstance(node, Signal) and node.name in network.by_name and node.lag != 0:
            further = replace(node, lag=node.lag + (1 if node.lag > 0 else -1))
            text = f"The forward pass uses {rendered(further)} in {value}, where {rendered(node)} is meant."
            yield f"{name}-{node.name}-a-step-further", text, replaced_at(right, path, further)
        if isinstance(node, Sum) and node.terms[:1] == ((1, ONE),) and len(node.terms) == 2:
            _, gate = node.terms[1]
            text = f"The forward pass has {rendered(gate)} in {value}, where {rendered(node)} is meant."
            yield f"{name}-{slug(rendered(gate))}-for-its-complement", text, replaced_at(right, path, gate)


def _activations(network: Network, name: str, value: str, right: Node) -> Iterator[tuple[str, str, Node]]:
    activation = right.name if isinstance(right, Function) else ""
    if activation in ACTIVATIONS:
        assert isinstance(right, Function)
        words = ACTIVATIONS[activation]
        yield (
            f"{name}-linear",
            f"{value} has no activation in the forward pass; it goes through {words}.",
            right.args[0],
        )
        for other in ACTIVATIONS:
            if other != activation:
                wrong = f"{value} goes through {ACTIVATIONS[other]} in the forward pass"
                text = f"{wrong}; its activation is {words}."
                yield f"{name}-{other}", text, Function(other, right.args)
    elif not activation and network.shapes[name] and name in network.output:
        for other in ("sigmoid", "tanh"):
            text = f"{value} goes through {ACTIVATIONS[other]} in the forward pass; it has no activation."
            yield f"{name}-{other}", text, Function(other, (right,))


def _is_square(network: Network, matrix: Node) -> bool:
    if not isinstance(matrix, Parameter | Transpose):
        return False
    shape = infer(matrix, network.shapes, "")
    return shape is not None and len(shape) == 2 and shape[0] == shape[1]


def _late_starts(context: Context) -> Iterator[GradientMutant]:
    """Loops over steps that leave the first one out, forwards, backwards, or both."""
    looped = {name for group in context.network.groups if group.kind == "forward" for name in group.names}
    if not looped:
        return
    hidden = tuple(
        name
        for name in context.right.asked
        if any(
            one.removeprefix(AT_SUM).removeprefix(AT_VALUE) in looped
            for one in context.gradients_in(context.own[gradient_of(name)].right_side)
        )
    )
    late = _starting_late(context, looped)
    remembered = joined([f"{name}(t)" for name in context.network.by_name if name in looped])

    def skipped(one: Signal) -> Node:
        return Sum(((1, one), (-1, replace(one, pick="first-only"))))

    for id, members, what in (
        (
            "starts-at-second-step",
            context.right.asked,
            "The network starts at the second step: the first input is left out.",
        ),
        (
            "starts-at-second-step-hidden",
            hidden,
            f"{remembered} start at the second step, while the first step's error is counted.",
        ),
    ):
        changes = {gradient_of(name): restricted(context, gradient_of(name), skipped) for name in members}
        yield from context.made(id, what, changes, late)


def _starting_late(context: Context, looped: set[str]) -> Network:
    """The forward pass with what is remembered kept as it starts at the first step."""
    network = context.forward
    later = free_name("later_step", network)
    changes = {}
    for name in looped:
        right = network.by_name[name].right_side
        started: Node = Product((Signal(later), right))
        if name in network.start:
            first = Sum(((1, ONE), (-1, Signal(later))))
            started = Sum(((1, started), (1, Product((first, Signal(name, 1))))))
        changes[name] = started
    made = with_changes(network, changes)
    made = replace(made, inputs={**made.inputs, later: ()}, shapes={**made.shapes, later: ()})
    return replace(made, groups=order(made))
