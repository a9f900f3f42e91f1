"""Gradients of every network of the library against torch's autograd, for several losses.

    PYTHONPATH=. /tmp/independent/bin/python benchmarks/independent/gradients.py

Must hold: no error above 1e-10 of a gradient's largest entry. The forward pass is made of torch's tensor
operations, by a slow interpreter of the equations; its values are ours, which `forward.py` holds against
torch's modules. The way back is torch's alone. Networks with a step or without parameters have none.
"""

# ruff: noqa: D102, D103

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from grader.networks.backward.adjoint import backward_pass
from grader.networks.backward.gradients import GradientInstance, gradients, run
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.equations.tree import (
    At,
    Constant,
    Function,
    MatrixProduct,
    Node,
    Over,
    Parameter,
    Power,
    Product,
    Quotient,
    Signal,
    Sum,
    Transpose,
    walk,
)
from grader.networks.library import library_names, library_network

torch.set_default_dtype(torch.float64)
CLOSE = 1e-10
STEPS, SEQUENCES = 6, 3
SIZES = {"n_in": 3, "n_h": 4, "n_out": 2, "n_1": 4, "n_2": 5, "m": 3, "n": 4, "k": 2}
FUNCTIONS = {
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    "softmax": lambda u: torch.softmax(u, -1),
    "exp": torch.exp,
    "log": torch.log,
    "abs": torch.abs,
}
# As text with {y} for the output, the same in torch, and whether the output must be positive.
LOSSES: dict[str, tuple[str, Callable[[Any, Any], Any], bool]] = {
    "squared": ("mean(sum(({y} - goal)**2))", lambda y, d: ((y - d) ** 2).sum(-1).mean(), False),
    "entropy": ("sum(cross_entropy(goal, {y}))", lambda y, d: -(d * torch.log(y)).sum(), True),
    "last": ("mean(({y}(T) - goal)**2) / 2", lambda y, d: ((y[-1] - d) ** 2).mean() / 2, False),
}


class Unrolled:
    """A network's values as torch tensors, worked out one step after another as they are needed."""

    def __init__(self, network: Network, inputs: dict[str, Any], parameters: dict[str, Any]) -> None:
        self.network, self.inputs, self.parameters = network, inputs, parameters
        self.n_steps = len(next(iter(inputs.values())))
        self.known: dict[tuple[str, int | None], Any] = {}

    def whole(self, name: str) -> Any:
        if self.network.by_name[name].is_static:
            return self.at(name, None)
        return torch.stack([self.at(name, t) for t in range(self.n_steps)])

    def at(self, name: str, t: int | None) -> Any:
        if name in self.inputs:
            assert t is not None
            inside = 0 <= t < self.n_steps
            return self.inputs[name][t] if inside else torch.zeros_like(self.inputs[name][0])
        if t is not None and not 0 <= t < self.n_steps:
            start = self.network.start.get(name)
            zeros = torch.zeros(SEQUENCES, size_of(self.network, name))
            return zeros if start is None else zeros + self.value(start, None)
        if (name, t) not in self.known:
            self.known[name, t] = self.value(self.network.by_name[name].right_side, t)
        return self.known[name, t]

    def value(self, node: Node, t: int | None) -> Any:
        def go(one: Node) -> Any:
            return self.value(one, t)

        match node:
            case Constant(number):
                return torch.tensor(float(number))
            case Parameter(name):
                return self.at(name, None) if name in self.network.by_name else self.parameters[name]
            case Signal(name, lag):
                assert t is not None
                return self.at(name, t - lag)
            case At(name, when):
                return self.at(name, self.n_steps - 1 if when == "T" else int(when) - 1)
            case Over(how, arg):
                steps = torch.stack([self.value(arg, step) for step in range(self.n_steps)])
                return {"mean": steps.mean(0), "sum": steps.sum(0), "first": steps[0], "last": steps[-1]}[how]
            case Sum(terms):
                total = torch.tensor(0.0)
                for sign, term in terms:
                    total = total + sign * go(term)
                return total
            case Product(factors):
                made = torch.tensor(1.0)
                for factor in factors:
                    made = made * go(factor)
                return made
            case Quotient(above, below):
                return go(above) / go(below)
            case Power(base, exponent):
                return go(base) ** exponent
            case Transpose(arg):
                return go(arg).mT
            case MatrixProduct(left, right):
                return go(right) @ go(left).mT
            case Function("stack", args):
                return torch.cat([go(arg) for arg in args], -1)
            case Function("part", (arg,), k, n):
                return torch.chunk(go(arg), n, -1)[k - 1]
            case Function(name, (arg,)):
                return FUNCTIONS[name](go(arg))
        raise TypeError(node)


def size_of(network: Network, name: str) -> int:
    shape = network.shapes[name]
    return shape[0].at(SIZES) if shape else 1


def has_gradients(network: Network) -> bool:
    nodes = [node for one in network.equations for _, node in walk(one.right_side)]
    steps = [node for node in nodes if isinstance(node, Function) and node.name in ("step", "sign")]
    return bool(network.parameters) and not steps


def error_of(name: str, text: str, plain: Callable[[Any, Any], Any], rng: np.random.Generator) -> float:
    network = network_of(library_network(name).network)
    y = network.output[0]
    loss = read_loss(network, text.replace("{y}", y))
    inputs = {one: rng.uniform(-1, 1, (STEPS, SEQUENCES, size_of(network, one))) for one in network.inputs}
    parameters = {
        one: np.asarray(rng.uniform(-0.9, 0.9, tuple(size.at(SIZES) for size in shape)))
        for one, shape in network.parameters.items()
    }
    outputs = run(network, inputs, parameters)[y]
    is_whole = loss.targets["goal"].each_step or network.by_name[y].is_static
    goal = rng.uniform(0.1, 0.9, outputs.shape if is_whole else outputs[-1].shape)
    found = gradients(backward_pass(network, loss), GradientInstance(inputs, {"goal": goal}, parameters))
    tensors = {one: torch.tensor(array, requires_grad=True) for one, array in parameters.items()}
    unrolled = Unrolled(network, {one: torch.tensor(array) for one, array in inputs.items()}, tensors)
    values = unrolled.whole(y)
    assert np.abs(values.detach().numpy() - outputs).max() < CLOSE
    plain(values, torch.tensor(goal)).backward()
    errors = []
    for one, tensor in tensors.items():
        wanted = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()
        errors.append(float(np.abs(found[one] - wanted).max() / max(1e-3, np.abs(wanted).max())))
    return max(errors)


def main() -> None:
    """Print each network's and loss's largest error, and fail where one is too large."""
    rng = np.random.default_rng(3)
    worst = 0.0
    for name in library_names():
        network = network_of(library_network(name).network)
        right = network.by_name[network.output[0]].right_side
        is_positive = isinstance(right, Function) and right.name in ("sigmoid", "softmax")
        is_static = network.by_name[network.output[0]].is_static
        for title, (text, plain, wants_positive) in LOSSES.items():
            if (
                not has_gradients(network)
                or (wants_positive and not is_positive)
                or (is_static and title == "last")
            ):
                continue
            error = error_of(name, text, plain, rng)
            worst = max(worst, error)
            print(f"{name.removeprefix('library/'):20} {title:10} {error:.1e}")
    print(f"{'worst':31} {worst:.1e}")
    if not worst <= CLOSE:
        raise SystemExit(f"above {CLOSE:g}")


if __name__ == "__main__":
    main()
