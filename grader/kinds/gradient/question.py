"""A question about the gradients of a network's loss: as a function, or by hand for given numbers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.answers.arrays import from_numpy
from grader.answers.drawing import instance_seed
from grader.kinds.gradient.meanings import are_distinct, counts
from grader.kinds.gradient.probing import GradientSignature, Probing, Sizes, signature
from grader.kinds.gradient.trials import (
    N_CHOSEN,
    GradientTrial,
    check_sizes,
    chosen,
    drawn_trials,
    how_many,
)
from grader.model.kind import Asks, Params
from grader.model.run import Call, DrawnArguments
from grader.model.value import Number, Value
from grader.networks.backward.adjoint import BackwardPass, backward_pass
from grader.networks.backward.gradients import FloatArray, GradientInstance, sizes_of
from grader.networks.backward.loss import read_loss
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.identity import Identical


class GradientParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `gradient`.

    Args:
        network: Whose loss it is.
        loss: The loss as text, such as "mean((y - h)**2)"; names that the network does not have are targets.
        asked: Parameters and start values whose gradients are asked; left out, all.
        function: Name of the function that returns them; left out, they are worked out by hand.
        arguments: How what it takes is laid out, such as "N x T x n_in", by name in the order of the call;
            what is not listed follows as declared: inputs, targets, start arguments, parameters.
        sizes: Of the random instances, all different; left out, sensible ones.
        seed: Of the random instances.
        values: By hand: inputs, targets, start values and parameters, as they are declared.
        places: By hand: decimal places that are asked.
    """

    network: NetworkTable
    loss: str
    asked: tuple[str, ...] = ()
    function: str = ""
    arguments: dict[str, str] = msgspec.field(default_factory=dict)
    sizes: tuple[dict[str, int], ...] = ()
    seed: int = 0
    values: dict[str, Any] = msgspec.field(default_factory=dict)
    places: int = 3

    def __hash__(self) -> int:
        return hash(msgspec.json.encode(self))

    def __post_init__(self) -> None:
        if bool(self.function) == bool(self.values):
            raise ValueError("wanted either function, or values for work by hand")
        if self.function and not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        one = backward(self)
        if not one.asked:
            raise ValueError("network: it has no parameter whose gradient could be asked")
        if unknown := [name for name in self.asked if name not in one.asked]:
            raise ValueError(f"asked: {unknown[0]} has no gradient; {', '.join(one.asked)} have")
        if self.values:
            given_instance(one, self.values)
            if not 1 <= self.places <= 8:
                raise ValueError(f"places is {self.places}; wanted 1 to 8")
            return
        axes = called_as(self).axes
        check_sizes(self.sizes, axes)
        for sizes in self.sizes:
            if not are_distinct(counts(one.forward, one.loss, sizes)):
                raise ValueError(
                    f"sizes are {tuple(sizes.values())}: two slips in the cost would give the same factor; "
                    "with N = 3, T = 7 and n_out = 5 all differ"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters and start values whose gradients are asked, in order."""
        return self.asked or backward(self).asked

    @property
    def signature(self) -> str:
        """How the function is called, for messages: "bptt(x, y, U, W, V, b, c)"."""
        return f"{self.function}({', '.join(called_as(self).arguments)})"

    @property
    def instance_seed(self) -> int:
        """The seed of what the function is tried on; with a secret of the course nobody else can draw it."""
        return instance_seed(f"gradient/{self.function}", self.seed)


def asks(params: GradientParams) -> Asks:
    """The function, or a field for each gradient."""
    if params.function:
        return Asks(function=params.function)
    return Asks(fields=tuple(f"d{name}" for name in params.names))


def probes(params: GradientParams) -> tuple[Call, ...]:
    """Two calls on each trial; the second shows kept state."""
    return _probes(Identical(params), params.instance_seed) if params.function else ()


@functools.lru_cache(maxsize=16)
def _probes(key: Identical[GradientParams], seed: int) -> tuple[Call, ...]:
    params = key.one

    def arguments(place: int) -> tuple[Value, ...]:
        return tuple(map(_argument, arguments_of(params, _trials(params, seed)[place]).values()))

    count = len(called_as(params).arguments)
    return tuple(
        Call(
            question="",
            function=(),
            args=DrawnArguments(count, functools.partial(arguments, place)),
            times=2,
        )
        for place in range(how_many(_probing(params), len(params.sizes) or N_CHOSEN))
    )


def _argument(array: FloatArray) -> Value:
    return from_numpy(array) if array.ndim else Number(repr(float(array)), "float")


def arguments_of(params: GradientParams, trial: GradientTrial) -> dict[str, FloatArray]:
    """What the function is called with, by name, in the course's layout."""
    instance = trial.instance
    arrays = {**instance.inputs, **instance.targets, **instance.parameters}
    layouts = called_as(params).arguments
    return {name: layout.laid_out(arrays[name], trial.sizes) for name, layout in layouts.items()}


def laid_out(params: GradientParams, trial: GradientTrial, name: str, gradient: FloatArray) -> FloatArray:
    """A gradient in the layout of its parameter."""
    return called_as(params).arguments[name].laid_out(gradient, trial.sizes)


def in_standard_order(
    params: GradientParams, trial: GradientTrial, name: str, gradient: FloatArray
) -> FloatArray:
    """A gradient in a course's layout as its parameter is declared."""
    return called_as(params).arguments[name].in_standard_order(gradient, trial.sizes)


def trials(params: GradientParams) -> tuple[GradientTrial, ...]:
    """All calls, the smallest first."""
    return _trials(params, params.instance_seed)


def instance_by_hand(params: GradientParams) -> GradientInstance:
    """The numbers that are worked with by hand."""
    return given_instance(backward(params), params.values)


def instance_sizes(params: GradientParams) -> tuple[dict[str, int], ...]:
    """The sizes of the exercise's own instances."""
    one = backward(params)

    def tells_apart(sizes: Sizes) -> bool:
        return are_distinct(counts(one.forward, one.loss, sizes))

    return tuple(map(dict, params.sizes or chosen(called_as(params).axes, tells_apart)))


def backward(params: GradientParams) -> BackwardPass:
    """The right backward pass."""
    return _backward(params.network, params.loss)


def called_as(params: GradientParams) -> GradientSignature:
    """How the function is called."""
    return _called_as(Identical(params))


@functools.lru_cache(maxsize=64)
def _backward(network: NetworkTable, loss: str) -> BackwardPass:
    made = network_of(network)
    return backward_pass(made, read_loss(made, loss))


@functools.lru_cache(maxsize=64)
def _called_as(key: Identical[GradientParams]) -> GradientSignature:
    one = backward(key.one)
    return signature(one.forward, one.loss, key.one.arguments)


@functools.lru_cache(maxsize=16)
def _trials(params: GradientParams, seed: int) -> tuple[GradientTrial, ...]:
    return drawn_trials(_probing(params), instance_sizes(params), seed)


def _probing(params: GradientParams) -> Probing:
    return Probing(backward(params), called_as(params), params.names)


def given_instance(one: BackwardPass, values: Mapping[str, Any]) -> GradientInstance:
    """The instance; a sequence of one-entry vectors may be written as numbers.

    Raises:
        ValueError: If something is missing, unknown or of another shape.
    """
    network, targets = one.forward, one.loss.targets
    names = (*network.inputs, *targets, *network.parameters)
    if wrong := [name for name in (*values, *names) if (name in values) != (name in names)]:
        fault = "unknown" if wrong[0] in values else "missing"
        raise ValueError(f"values.{wrong[0]} is {fault}; they are {', '.join(names)}")
    arrays = {name: _read(values[name], name) for name in names}
    inputs = {name: _signal(arrays[name], name, bool(shape)) for name, shape in network.inputs.items()}
    instance = GradientInstance(
        inputs=inputs,
        targets={
            name: _signal(arrays[name], name, bool(target.shape))
            if target.each_step
            else arrays[name].reshape(1, -1)
            for name, target in targets.items()
        },
        parameters={name: arrays[name] for name in network.parameters},
    )
    for name, shape in network.parameters.items():
        if arrays[name].ndim != len(shape):
            raise ValueError(f"values.{name} has {arrays[name].ndim} axes; wanted {len(shape)}")
    if len({len(array) for array in inputs.values()}) > 1:
        raise ValueError("values: all inputs have as many steps")
    sizes = sizes_of(network, instance)
    for name, target in targets.items():
        wanted = (
            *((instance.n_steps,) if target.each_step else ()),
            1,
            *(one.at(sizes) for one in target.shape),
        )
        if instance.targets[name].shape != (wanted if target.shape else (*wanted, 1)):
            raise ValueError(f"values.{name} has shape {arrays[name].shape}, which is not that of its value")
    return instance


def _read(value: Any, name: str) -> FloatArray:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"values.{name} is no table of numbers") from None


def _signal(array: FloatArray, name: str, is_vector: bool) -> FloatArray:
    """(T, 1, n) of a table with a row a step, or of a list of numbers."""
    if array.ndim not in (1, 2) or (array.ndim == 2 and not is_vector):
        raise ValueError(f"values.{name}: wanted one row a step")
    return array.reshape(len(array), 1, -1)
