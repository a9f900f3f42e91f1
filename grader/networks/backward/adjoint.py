"""The backward pass of a network, itself written as equations.

d_h(t) is the gradient of the loss at h(t), dz_h(t) the same at the sum inside the activation of h(t), e_y(t)
what the loss itself sends to y(t), and dW the gradient of a parameter or start value, summed over steps and
sequences. Where a start value has a gradient, too, back_h(t) is what goes back to h(t-1). So all that can be
done to equations (running, printing, making known mistakes) can be done to backpropagation through time.
"""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from grader.networks.backward.chain import Chain, added
from grader.networks.backward.loss import Loss, Term, count_of
from grader.networks.backward.names import (
    AT_SUM,
    AT_VALUE,
    ERROR,
    error_at,
    gradient_at,
    gradient_at_sum,
    gradient_of,
)
from grader.networks.backward.slopes import SLOPES
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Equation, Network
from grader.networks.equations.order import order
from grader.networks.equations.shapes import infer
from grader.networks.equations.simplifying import simplified
from grader.networks.equations.tree import ONE, ZERO, Function, Node, Parameter, Product, Quotient, Sum, walk


class BackwardPass(msgspec.Struct, frozen=True):
    """The backward pass of a network under a loss.

    Args:
        network: Its equations. It reads inputs, parameters, targets and all values of the forward pass, the
            numbers of steps, sequences and entries, and marks: 1 at one step and 0 elsewhere.
        forward: The network that it belongs to.
        loss: What it is the gradient of.
        asked: Parameters and start values that have a gradient, in the network's order.
        n_steps: Name of the number of steps; `n_seqs` that of sequences.
        marks: Names of the marks with their steps, "T" or from 1.
        per_sequence: Those among them with a gradient for each sequence: start values.
    """

    network: Network
    forward: Network
    loss: Loss
    asked: tuple[str, ...]
    n_steps: str
    n_seqs: str
    marks: dict[str, str | int]
    per_sequence: frozenset[str]


def backward_pass(network: Network, loss: Loss) -> BackwardPass:
    """The equations of the gradients.

    Raises:
        NetworkError: If the gradient of something in the network is not known here, or names collide.
    """
    return _WayBack(network, loss).backward()


def errors_of(network: Network, loss: Loss) -> dict[str, Node]:
    """The equations of what the loss itself sends to each value, by name: e_y.

    Raises:
        NetworkError: If the gradient of something in the loss is not known here.
    """
    return {one.name: one.right_side for one in _WayBack(network, loss).errors()}


class _WayBack(Chain):
    """All equations from the loss back to the parameters."""

    def backward(self) -> BackwardPass:
        equations = self.errors()
        slopes = {}
        for equation in self.network.equations:
            name, right, at = equation.name, equation.right_side, self.value(equation.name, AT_VALUE)
            if isinstance(right, Function) and right.name in SLOPES:
                slope = SLOPES[right.name](self.value(name), right.args[0])
                slopes[name] = simplified(Product((at, slope)))
                self.send(right.args[0], self.value(name, AT_SUM), equation.is_static)
            else:
                self.send(right, at, equation.is_static, self.value(name))
        self.send_to_starts()
        equations += self.extra
        for equation in self.network.equations:
            name, is_static = equation.name, equation.is_static
            equations.append(Equation(gradient_at(name), added(self.arrived.get(name, [])), is_static))
            if name in slopes:
                equations.append(Equation(gradient_at_sum(name), slopes[name], is_static))
        asked = tuple(self.network.parameters)
        for name in asked:
            equations.append(Equation(gradient_of(name), added(self.gradients.get(name, [])), True))
            self.shapes[gradient_of(name)] = self.shapes[name]
        return self.finished(equations, asked)

    def finished(self, equations: list[Equation], asked: tuple[str, ...]) -> BackwardPass:
        network, targets = self.network, self.loss.targets
        signals = {name: one.shape for name, one in targets.items() if one.each_step}
        inputs = {**network.inputs, **signals, **dict.fromkeys(self.marks, ())}
        inputs |= {name: self.shapes[name] for name, one in self.own.items() if not one.is_static}
        numbers = {x.name for one in equations for _, x in walk(one.right_side) if isinstance(x, Parameter)}
        sizes = {name for name in numbers if name not in self.shapes and name not in self.counts}
        parameters = network.parameters | dict.fromkeys((*self.counts, *sorted(sizes)), ())
        parameters |= {name: self.shapes[name] for name, one in self.own.items() if one.is_static}
        parameters |= {name: one.shape for name, one in targets.items() if not one.each_step}
        names = [one.name for one in equations]
        taken = {*inputs, *parameters}
        for name in names:
            if name in taken or names.count(name) > 1:
                raise NetworkError(f"{name} names a gradient of the backward pass; take another name")
        shapes = self.shapes | dict.fromkeys((*self.counts, *sizes), ())
        made = Network(
            inputs=inputs,
            parameters=parameters,
            equations=tuple(equations),
            start=dict(network.start),
            output=tuple(gradient_of(name) for name in asked),
            words=network.words,
            shapes=shapes,
        )
        return BackwardPass(
            network=replace(made, groups=order(made)),
            forward=network,
            loss=self.loss,
            asked=asked,
            n_steps=self.n_steps,
            n_seqs=self.n_seqs,
            marks=self.marks,
            per_sequence=frozenset(self.per_sequence),
        )

    def errors(self) -> list[Equation]:
        """What the loss sends to each value, e_y, divided by what it is the mean over."""
        sent: dict[str, list[Node]] = {}
        for term in self.loss.terms:
            for name, contributions in self.sent_by(term).items():
                sent.setdefault(name, []).append(self.averaged(added(contributions), term))
        equations = []
        for name, contributions in sent.items():
            right = added(contributions)
            if self.rank(right) == 0 and self.shapes[name]:
                # A number for all entries needs as many as there are.
                right = Sum(((1, right), (1, Product((ZERO, self.value(name))))))
            equations.append(Equation(error_at(name), right, self.own[name].is_static))
            self.arrived[name] = [self.value(name, ERROR)]
        return equations

    def sent_by(self, term: Term) -> dict[str, list[Node]]:
        self.arrived = {}
        self.send(term.body, ONE, not term.each_step)
        found, self.arrived = self.arrived, {}
        if self.gradients:
            raise NetworkError("the loss is over the network's values; a parameter cannot stand in it")
        return found

    def averaged(self, error: Node, term: Term) -> Node:
        if not term.is_mean:
            return error
        body = term.body
        counts: list[Node] = [Parameter(self.n_seqs)]
        if term.each_step:
            counts.append(Parameter(self.n_steps))
        shape = infer(body, self.shapes | dict.fromkeys(self.sizes_in(body), ()), "the loss")
        if shape:
            counts.append(count_of(shape[0], self.network))
        return simplified(Quotient(error, counts[0] if len(counts) == 1 else Product(tuple(counts))))
