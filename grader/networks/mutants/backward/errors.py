"""Mistakes in what the loss sends back: which errors are counted, and of which loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from grader.networks.backward.adjoint import errors_of
from grader.networks.backward.loss import Loss
from grader.networks.backward.names import ERROR, ON_THE_WAY, error_at, gradient_at, variable_of
from grader.networks.backward.slopes import SLOPES
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import (
    HALF,
    ZERO,
    Function,
    Node,
    Parameter,
    Power,
    Product,
    Signal,
    Sum,
    negative,
    transform,
    walk,
)
from grader.networks.mutants.backward.context import ACTIVATIONS, Context, GradientMutant, is_read, picked
from grader.networks.mutants.backward.wording import rendered
from grader.networks.mutants.edit import Change

PICKS = {
    "loss-at-last-step": (
        "last-only",
        "Only the error of the final step is counted; the loss is over all steps.",
    ),
    "time-reversed": ("reversed", "The errors are taken in reversed order of time."),
    "first-sequence-only": ("first-sequence", "Only the first sequence is counted."),
    "first-output-only": ("first-entry", "Only the first output's error is counted."),
}

SHIFTED_TARGETS = {
    "target-a-step-later": (-1, "", "the next step, and zero after the last one"),
    "target-a-step-earlier": (1, "", "the step before, and zero before the first one"),
    "target-a-step-earlier-wrapped": (1, "wrap", "the step before, and the last one at the first step"),
}


def errors(context: Context) -> Iterator[GradientMutant]:
    """All mistakes in which error of the loss goes back."""
    yield from _picked(context)
    yield from _targets(context)
    yield from _squared_errors(context)
    yield from _other_losses(context)
    yield from _slopes_at_outputs(context)
    yield from _paths(context)


def _picked(context: Context) -> Iterator[GradientMutant]:
    each_step = [name for name in context.own if name.startswith(ERROR) and not context.own[name].is_static]
    places = list(context.places(lambda node: isinstance(node, Signal) and node.name in each_step))
    for id, (pick, message) in PICKS.items():
        yield from context.made(id, message, context.changed(places, picked(pick)))
    for step, pick in (("last", "last-only"), ("first", "first-only")):
        message = f"The error of the {step} step is not counted."
        changes = context.changed(places, _without(pick))
        yield from context.made(f"loss-without-{step}-step", message, changes)


def _without(pick: str) -> Callable[[Node], Node]:
    return lambda node: Sum(((1, node), (-1, picked(pick)(node))))


def _targets(context: Context) -> Iterator[GradientMutant]:
    targets = context.loss.targets

    def without(node: Node) -> Node:
        return ZERO if isinstance(node, Signal | Parameter) and node.name in targets else node

    changes = {
        name: simplified(transform(one.right_side, without))
        for name, one in context.own.items()
        if name.startswith(ERROR)
    }
    message = "The error is the output itself: the target is not subtracted."
    if changes and all(node != ZERO for node in changes.values()):
        yield from context.made("target-forgotten", message, changes)
    yield from _other_targets(context)


def _other_targets(context: Context) -> Iterator[GradientMutant]:
    """The target added, or that of another step."""
    targets = context.loss.targets

    def is_target(node: Node) -> bool:
        return isinstance(node, Signal | Parameter) and node.name in targets

    places = list(context.places(is_target, (ERROR,)))
    message = "The target is added in the error; it is to be subtracted."
    yield from context.made("target-added", message, context.changed(places, negative))
    steps = [place for place in places if isinstance(place.node, Signal)]
    for id, (step, edge, words) in SHIFTED_TARGETS.items():
        message = f"The error at each step is taken to the target of {words}."
        yield from context.made(id, message, context.changed(steps, _moved(step, edge)))


def _moved(step: int, edge: str) -> Change:
    return lambda node: replace(node, lag=node.lag + step, edge=edge)


def _squared_errors(context: Context) -> Iterator[GradientMutant]:
    """The square of the difference where its derivative is meant."""
    differences = [
        node.base
        for term in context.loss.terms
        for _, node in walk(term.body)
        if isinstance(node, Power) and node.exponent == 2
    ]
    changes: dict[str, Node] = {}
    for name, equation in context.own.items():
        read = [one for one in differences if is_read(one, variable_of(name))]
        if name.startswith(ERROR) and len(read) == 1:
            changes[name] = Product((equation.right_side, read[0]))
    if changes:
        message = "The error is the square of the difference; its derivative is the difference itself."
        whole = {name: simplified(one) for name, one in changes.items()}
        yield from context.made("error-squared", message, whole)
        message = "The error is the loss itself where its derivative is meant."
        halves = {name: simplified(Product((HALF, one))) for name, one in changes.items()}
        yield from context.made("loss-for-its-derivative", message, halves)


def _other_losses(context: Context) -> Iterator[GradientMutant]:
    """The absolute error for the squared one, the squared one for cross entropy, half the squared one."""
    yield from _of_loss(
        context,
        "absolute-error",
        "These are the gradients of the absolute error; the cost is the squared error.",
        lambda node: (
            Function("abs", (node.base,)) if isinstance(node, Power) and node.exponent == 2 else node
        ),
    )
    yield from _of_loss(
        context,
        "squared-error",
        "These are the gradients of the squared error; the loss is the cross entropy.",
        _squared,
    )

    yield from _of_loss(
        context,
        "square-without-2",
        "All gradients are half of what they are: the 2 that comes down from the square is left out.",
        lambda node: Product((HALF, node)) if isinstance(node, Power) and node.exponent == 2 else node,
    )


def _squared(node: Node) -> Node:
    """Half the square of target minus value for target * log(value)."""
    match node:
        case Product((target, Function("log", (value,)))):
            difference = Sum(((1, target), (-1, value)))
            return Sum(((-1, Product((Power(difference, 2),))),))
    return node


def _of_loss(
    context: Context, id: str, message: str, change: Callable[[Node], Node]
) -> Iterator[GradientMutant]:
    terms = tuple(one._replace(body=transform(one.body, change)) for one in context.loss.terms)
    if terms == context.loss.terms:
        return
    try:
        changes = errors_of(context.network, Loss(terms, context.loss.targets))
    except NetworkError:
        return
    if set(changes) <= set(context.own):
        yield from context.made(id, message, changes)


def _slopes_at_outputs(context: Context) -> Iterator[GradientMutant]:
    """A slope at a value of the loss that has no activation."""
    for name in [one.removeprefix(ERROR) for one in context.own if one.startswith(ERROR)]:
        if context.activation(name) or not context.network.shapes[name]:
            continue
        value = Parameter(name) if context.own[gradient_at(name)].is_static else Signal(name)
        for activation, words in ACTIVATIONS.items():
            if activation == "relu":
                continue
            slope = SLOPES[activation](value, value)
            message = (
                f"The error is multiplied by {rendered(slope, 1)}, the slope of {words}; "
                f"{rendered(value)} has no activation."
            )
            right = context.own[error_at(name)].right_side
            changes = {error_at(name): simplified(Product((right, slope)))}
            yield from context.made(f"{activation}-slope-at-{name}", message, changes)


def _paths(context: Context) -> Iterator[GradientMutant]:
    """Only the final step's gradient of a value goes on to another."""
    for place in context.places(lambda node: isinstance(node, Signal), ON_THE_WAY):
        node = place.node
        assert isinstance(node, Signal)
        comes, goes = (variable_of(name) for name in (node.name, place.equation))
        if node.name in context.own and node.lag == 0 and not node.name.startswith(ERROR) and comes != goes:
            text = f"Only the final step's gradient of {comes} goes back to {goes}"
            message = f"{text}; each step's own belongs there too."
            changes = context.changed([place], picked("last-only"))
            yield from context.made(f"final-{comes}-only-to-{goes}", message, changes)
