"""A network as one function over numpy arrays.

Signals are (T, ..., n), time first: what stands between is sequences, or variants. Parameters are as
declared, (n,) and (n, m). Axes in front of their own make them differ from sequence to sequence: those of a
vector are the middle axes of a signal, those of a matrix all of these but the last.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from grader.networks.equations.network import Network
from grader.networks.equations.sizes import bind
from grader.networks.running.expressions import VOCABULARY
from grader.networks.running.functions import Array
from grader.networks.running.source import source

Values: TypeAlias = Mapping[str, npt.ArrayLike]
Axes: TypeAlias = tuple[int, ...]


class Run(Protocol):
    """A network as a function: what `compiled` gives."""

    def __call__(self, inputs: Values, parameters: Values) -> dict[str, Array]:
        """The values of every variable.

        Args:
            inputs: (T, ..., n) by name; (T, ..., 1) for a number.
            parameters: By name, start arguments too. A network without inputs finds the number
                of steps as "T".

        Returns:
            (T, ..., n) for a variable with an equation at every step, (..., n) for the others; n is 1 for a
            number.

        Raises:
            ValueError: If the sizes do not fit; names the axis.
        """


def compiled(network: Network, by_row: bool = False) -> Run:
    """The network as a function; of one text it is made once.

    Args:
        network: A checked one, right or with mistakes in it.
        by_row: Whether a signal is (T, rows, P, n), and a sum over all steps is of each row: (rows, 1, n).
    """
    function = executed(source(network, by_row), "run")
    axes_of = functools.lru_cache(maxsize=64)(functools.partial(variable_axes, network))

    def run(inputs: Values, parameters: Values) -> dict[str, Array]:
        x = [np.asarray(inputs[name], dtype=np.float64) for name in network.inputs]
        p = [np.asarray(parameters[name], dtype=np.float64) for name in network.parameters]
        n_steps = len(x[0]) if x else int(np.asarray(parameters["T"]))
        axes = axes_of(tuple(v.shape for v in x), tuple(v.shape for v in p))
        with np.errstate(all="ignore"):
            return dict(function(x, p, n_steps, axes))

    return run


@functools.lru_cache(maxsize=512)
def executed(text: str, name: str) -> Callable[..., Any]:
    """The function of this name in a text that was made by this package."""
    made: dict[str, Callable[..., Any]] = {}
    exec(compile(text, "<network>", "exec"), _GLOBALS, made)
    return made[name]


def variable_axes(
    network: Network, input_axes: tuple[Axes, ...], parameter_axes: tuple[Axes, ...]
) -> dict[str, Axes]:
    """The axes that each variable has at one step.

    Args:
        network: A checked one.
        input_axes: Of the inputs, in their order.
        parameter_axes: Of the parameters, in theirs.

    Raises:
        ValueError: If the sizes do not fit.
    """
    lead = leading_axes(network, input_axes, parameter_axes)
    sizes = size_values(network, input_axes, parameter_axes)
    return {
        one.name: (*lead, network.shapes[one.name][0].at(sizes) if network.shapes[one.name] else 1)
        for one in network.equations
        if len(network.shapes[one.name]) < 2
    }


def leading_axes(network: Network, input_axes: tuple[Axes, ...], parameter_axes: tuple[Axes, ...]) -> Axes:
    """The middle axes of a signal.

    Args:
        network: A checked one.
        input_axes: Of the inputs, in their order.
        parameter_axes: Of the parameters, in theirs.

    Raises:
        ValueError: If they do not go together.
    """
    ranks = map(len, network.parameters.values())
    return np.broadcast_shapes(*(axes[1:-1] for axes in input_axes), *map(_leading, parameter_axes, ranks))


def size_values(
    network: Network, input_axes: tuple[Axes, ...], parameter_axes: tuple[Axes, ...]
) -> dict[str, int]:
    """What each named size is.

    Args:
        network: A checked one.
        input_axes: Of the inputs, in their order.
        parameter_axes: Of the parameters, in theirs.

    Raises:
        ValueError: If the sizes do not fit; names the axis.
    """
    shapes = {**network.inputs, **network.parameters}
    axes = dict(zip(shapes, (*input_axes, *parameter_axes), strict=True))
    sized = {name: shape for name, shape in shapes.items() if shape}
    return dict(bind(sized, {name: axes[name][-len(shape) :] for name, shape in sized.items()}))


def _leading(axes: Axes, rank: int) -> Axes:
    """The middle axes of a signal that a parameter's own leading axes make."""
    if rank == 2:
        return (*axes[:-2], 1) if len(axes) > 2 else ()
    return axes[:-1]


def _start(value: Array | float, axes: Axes) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), axes)


def _stacked(steps: list[Array], axes: Axes) -> Array:
    return np.array(steps) if steps else np.zeros((0, *axes))


# One for all functions: of a course's networks with their mistakes there are thousands.
_GLOBALS: dict[str, Any] = {"np": np, **VOCABULARY, "start": _start, "stacked": _stacked}
