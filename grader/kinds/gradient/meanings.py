"""The factors that mistakes in a loss lead to in its gradients, and what they mean."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np

from grader.kinds.gradient.probing import Sizes
from grader.networks.backward.loss import Loss
from grader.networks.equations.network import Network
from grader.networks.equations.shapes import infer
from grader.networks.equations.tree import At, Constant, Node, Parameter, Power, Signal, walk
from grader.networks.layout import SEQUENCES, STEPS


class Factor(NamedTuple):
    """A factor and what it means; empty for 1."""

    value: float
    meaning: str


class Counts(NamedTuple):
    """What a loss runs over on an instance.

    Args:
        sequences: How many, or None where there is one only, told by no axis.
        steps: The same; None where the loss is over the final step.
        outputs: Entries of the vector that is held against a target.
        is_mean: Whether sequences and steps are averaged.
        is_mean_of_outputs: Whether entries are.
        square: 2 for a square with its 2 in the derivative, 1/2 for half of one, 0 without.
    """

    sequences: int | None
    steps: int | None
    outputs: int
    is_mean: bool
    is_mean_of_outputs: bool
    square: float


def counts(network: Network, loss: Loss, sizes: Sizes) -> Counts:
    """What the loss runs over; the first of its terms decides."""
    term = loss.terms[0]
    shapes = network.shapes | {name: target.shape for name, target in loss.targets.items()}
    values = [one.name for _, one in walk(term.body) if isinstance(one, Signal | At | Parameter)]
    known = [shapes[name] for name in values if name in network.by_name]
    vector = next((shape for shape in known if shape), ())
    numbers = {one.name for _, one in walk(term.body) if isinstance(one, Parameter)} - set(shapes)
    is_vector = bool(infer(term.body, shapes | dict.fromkeys(numbers, ()), "the loss"))
    return Counts(
        sequences=sizes.get(SEQUENCES),
        steps=sizes[STEPS] if term.each_step else None,
        outputs=int(vector[0].at(sizes)) if vector else 1,
        is_mean=term.is_mean,
        is_mean_of_outputs=(term.is_mean and is_vector) or bool(numbers),
        square=_square(term.body),
    )


def _square(body: Node) -> float:
    nodes = [node for _, node in walk(body)]
    if not any(isinstance(node, Power) and node.exponent == 2 for node in nodes):
        return 0
    numbers = [
        float(node.value) for node in nodes if isinstance(node, Constant) and node.value not in (1, -1)
    ]
    return 2 if not numbers else 0.5 if numbers == [0.5] else 0


def of_all(one: Counts) -> tuple[Factor, ...]:
    """Of all gradients together: the fewest mistakes first."""
    choices = [_square_factors(one), *_numbers(one), [Factor(1, ""), Factor(-1, "the sign is turned round")]]
    found = []
    for parts in itertools.product(*choices):
        texts = [part.meaning for part in parts if part.meaning]
        found.append(Factor(float(np.prod([part.value for part in parts])), ", and ".join(texts)))
    return tuple(sorted(found, key=lambda factor: factor.meaning.count(", and ") + bool(factor.meaning)))


def _square_factors(one: Counts) -> list[Factor]:
    missing = {
        2: [Factor(0.5, "the 2 of the squared error's derivative is missing")],
        0.5: [Factor(2, "the 1/2 of the loss is left out")],
        0: [],
    }
    return [Factor(1, ""), *missing[one.square]]


def _numbers(one: Counts) -> list[list[Factor]]:
    """Sums for means or means for sums, of sequences and steps, and of outputs."""
    wrong, meant = ("summed", "mean") if one.is_mean else ("averaged", "sum")
    axes = {"sequences": one.sequences, "time steps": one.steps}
    known = {name: size for name, size in axes.items() if size}
    sums = [Factor(1, "")]
    for count in range(1, len(known) + 1):
        for names in itertools.combinations(known, count):
            size = float(np.prod([known[name] for name in names]))
            # "sequences and steps", as there is no doubt then.
            text = " and ".join(names) if count == 1 else "sequences and steps"
            value = size if one.is_mean else 1 / size
            sums.append(Factor(value, f"{wrong} over {text} where the {meant} is meant"))
    outputs = [Factor(1, "")]
    if one.outputs > 1:
        if one.is_mean_of_outputs:
            outputs.append(Factor(one.outputs, "summed over outputs where the mean is meant"))
        else:
            outputs.append(Factor(1 / one.outputs, "averaged over outputs where the sum is meant"))
    return [sums, outputs]


def of_one(one: Counts) -> tuple[Factor, ...]:
    """Of one gradient by itself; what they mean follows "is"."""
    found = [
        Factor(1, ""),
        Factor(-1, "of the wrong sign"),
        Factor(0.5, "half as large as asked"),
        Factor(2, "twice as large as asked"),
    ]
    sizes = {
        "number of sequences": one.sequences or 0,
        "number of steps": one.steps or 0,
        "numbers of sequences and steps": (one.sequences or 0) * (one.steps or 0),
    }
    divided = "once more" if one.is_mean else ""
    found += [
        Factor(1 / size, f"divided by the {name} {divided}".rstrip())
        for name, size in sizes.items()
        if size > 1
    ]
    found += [Factor(1 / one.outputs, "divided by the number of outputs")] if one.outputs > 1 else []
    verb = "not divided" if one.is_mean else "multiplied"
    found += [Factor(size, f"{verb} by the {name}") for name, size in sizes.items() if size > 1]
    return (
        *found,
        *([Factor(one.outputs, "multiplied by the number of outputs")] if one.outputs > 1 else []),
    )


def are_distinct(one: Counts) -> bool:
    """Whether no two mistakes of the loss give the same factor."""
    factors = sorted({abs(factor.value) for factor in of_all(one)})
    expected = len(of_all(one)) // 2
    return len(factors) == expected and all(b / a >= 1.01 for a, b in itertools.pairwise(factors))
