"""What is said of an array of another shape than was asked."""

from __future__ import annotations

import itertools

from grader.kinds.code.returned import Shape, Wanted
from grader.kinds.code.signature import Signature
from grader.networks.layout import SEQUENCES, STEPS, Axes

ROW = {STEPS: "a step", SEQUENCES: "a sequence"}


def misshapen(made: Signature, wanted: Wanted, got: tuple[Shape, ...]) -> tuple[str, str]:
    """The feedback code and what it says, naming axes only where the sizes leave no doubt.

    Args:
        made: What is to be returned.
        wanted: The same on one instance.
        got: The shapes that came back.
    """
    names = [one.name for one in made.returns]
    if len(got) < len(names):
        each = "one array" if len(got) == 1 else f"{len(got)} arrays"
        return "wrong-shape", f"it returns {each}, wanted {len(names)}: {', '.join(names)}"
    pairs = zip(made.returns, got, wanted.shapes, strict=False)
    for place, (one, shape, right) in enumerate(pairs):
        if not wanted.fits(place, shape):
            subject = "it returns" if len(names) == 1 else f"{one.name} has"
            return _of_one(subject, one.name, one.layout.own, shape, right)
    if len(names) == 1:
        return "wrong-shape", f"it returns {len(got)} arrays, wanted {names[0]} alone"
    extra = ", ".join(str(shape) for shape in got[len(names) :])
    return (
        "wrong-shape",
        f"it returns {len(got)} arrays, wanted {len(names)}: {', '.join(names)}; beyond them {extra}",
    )


def _of_one(subject: str, name: str, axes: Axes, shape: Shape, right: Shape) -> tuple[str, str]:
    wanted = f"({', '.join(axes)}{',' * (len(axes) == 1)}) = {right}"
    plain = f"{subject} shape {shape}, wanted {wanted}"
    if shape == right or len(shape) != len(right) or sorted(shape) != sorted(right):
        return "wrong-shape", plain
    orders = [
        order for order in itertools.permutations(range(len(axes))) if tuple(right[k] for k in order) == shape
    ]
    if len({order[0] for order in orders}) > 1:
        return "transposed", plain
    found = tuple(axes[place] for place in orders[0])
    if found[0] != axes[0]:
        rows = [ROW.get(axis, f"an entry of {name}") for axis in (found[0], axes[0])]
        return "transposed", f"{subject} shape {shape}, one row {rows[0]}; wanted one row {rows[1]}, {wanted}"
    if len(orders) > 1:
        return "transposed", plain
    return "transposed", f"{subject} ({', '.join(found)}) = {shape}, wanted {wanted}"
