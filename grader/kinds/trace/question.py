"""What a hand trace is given, what it asks for, and what is right in it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np

from grader.model.kind import Asks, Params
from grader.model.text import joined
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.network import Network
from grader.networks.equations.tree import Function, Quotient, walk
from grader.networks.hand_trace import HandTrace
from grader.networks.rounded_intermediate_values import rounded_runs
from grader.networks.running.compiled import compiled
from grader.networks.running.functions import Array
from grader.networks.written_values import Written, WrittenInstance, read_values

MAX_PLACES = 8
# In these nothing is rounded: whole numbers give whole numbers.
EXACT_FUNCTIONS = frozenset({"relu", "step", "sign", "abs", "max", "min", "mod", "stack", "part"})


class MistakenFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network that this one may be mistaken for.

    Args:
        network: Its equations.
        name: What people call it, such as "jordan".
        values: Those that differ, or that only it has.
    """

    network: NetworkTable
    name: str = "another"
    values: dict[str, Written] = {}


class TraceParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `trace`.

    Args:
        network: Its equations, or its name.
        values: Inputs, step by step, parameters and start arguments, by name. A vector of one entry may be
            written as a number. For a network without inputs, the number of steps as T.
        asked: The variables that are marked; all others may be handed in as well. Left out, the network's
            output.
        places: Decimal places asked for.
        others: Networks that this one may be mistaken for; an answer to one of them earns no slip credit.
        slip_credit: Least share for an answer that one known mistake explains; its square for two mistakes.
    """

    network: NetworkTable
    values: dict[str, Written]
    asked: tuple[str, ...] = ()
    places: int = 2
    others: tuple[MistakenFor, ...] = ()
    slip_credit: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        if not 0 <= self.places <= MAX_PLACES:
            raise ValueError(f"places is {self.places}; wanted 0 to {MAX_PLACES}")
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        network = network_of(self.network)
        _require_asked(self.asked, network)
        instance = read_values(network, self.values, "values")
        for name, values in _run(network, instance).items():
            if not np.isfinite(values).all():
                raise ValueError(f"values: they give {name} a number that is not finite")
        for number, other in enumerate(self.others):
            own = network_of(other.network)
            read_values(own, {**_known(own, self.values), **other.values}, f"others[{number}].values")

    def __hash__(self) -> int:
        return hash(msgspec.json.encode(self, enc_hook=str))


def asks(params: TraceParams) -> Asks:
    """The asked variables; all others are intermediate values."""
    asked = asked_of(params)
    every = [one.name for one in network_of(params.network).equations]
    intermediate = tuple(name for name in every if name not in asked)
    return Asks(fields=asked, optional=intermediate, undescribed=intermediate)


def asked_of(params: TraceParams) -> tuple[str, ...]:
    """The variables that are marked, in the order in which the question names them."""
    return params.asked or network_of(params.network).output


def numbers(params: TraceParams) -> dict[str, Any]:
    """What is right for each marked variable, at full precision: a row a step."""
    return {name: expected(params)[name].tolist() for name in asked_of(params)}


def other_instance(params: TraceParams, other: MistakenFor) -> WrittenInstance:
    """What another network is given: the question's values where it has none of its own.

    Args:
        params: The question.
        other: One of its `others`.
    """
    network = network_of(other.network)
    return read_values(network, {**_known(network, params.values), **other.values}, "values")


@functools.lru_cache(maxsize=64)
def instance_of(params: TraceParams) -> WrittenInstance:
    """Inputs and parameters as arrays."""
    return read_values(network_of(params.network), params.values, "values")


@functools.lru_cache(maxsize=64)
def expected(params: TraceParams) -> Mapping[str, Array]:
    """(T, n) of every variable at full precision; (1, n) where it has one value after all steps."""
    return _run(network_of(params.network), instance_of(params))


@functools.lru_cache(maxsize=64)
def by_rounded_intermediate_values(params: TraceParams) -> Mapping[str, Array]:
    """(T, P, n) of every variable by P ways of rounding it and others on the way."""
    network, instance = network_of(params.network), instance_of(params)
    n_entries = sum(values.size for values in expected(params).values())
    runs = rounded_runs(network, instance.inputs, instance.parameters, params.places, n_entries)
    return {name: run.reshape(-1, *run.shape[-2:]) for name, run in runs.items() if name in expected(params)}


@functools.lru_cache(maxsize=64)
def hand_trace(params: TraceParams) -> HandTrace:
    """What later values follow from: the network with its values."""
    network, instance, right = network_of(params.network), instance_of(params), expected(params)
    is_exact = _is_exact(network) and all(_has_places(values, params.places) for values in right.values())
    return HandTrace(
        network=network,
        inputs=instance.inputs,
        parameters=instance.parameters,
        n_steps=instance.n_steps,
        widths={name: values.shape[-1] for name, values in right.items()},
        asked=asked_of(params),
        reach=0.0 if is_exact else 0.5 * 10.0**-params.places,
    )


def _run(network: Network, instance: WrittenInstance) -> dict[str, Array]:
    given = (
        instance.parameters if network.inputs else {**instance.parameters, "T": np.array(instance.n_steps)}
    )
    values = compiled(network)(instance.inputs, given)
    return {name: np.atleast_2d(array) for name, array in values.items() if len(network.shapes[name]) < 2}


def _require_asked(asked: tuple[str, ...], network: Network) -> None:
    names = [one.name for one in network.equations]
    for name in asked:
        if name not in names:
            raise ValueError(f"asked: {name} has no equation; the variables are {joined(names)}")
        if len(network.shapes[name]) > 1:
            raise ValueError(f"asked: {name} is a matrix; vectors and numbers can be asked")
    if len(set(asked)) < len(asked):
        raise ValueError("asked: a variable is named twice")


def _known(network: Network, values: Mapping[str, Written]) -> dict[str, Written]:
    wanted = {*network.inputs, *network.parameters} if network.inputs else {*network.parameters, "T"}
    return {name: value for name, value in values.items() if name in wanted}


def _is_exact(network: Network) -> bool:
    """Whether the equations have no function that leaves the decimals."""
    return not any(
        isinstance(node, Quotient) or (isinstance(node, Function) and node.name not in EXACT_FUNCTIONS)
        for one in network.equations
        for _, node in walk(one.right_side)
    )


def _has_places(values: Array, places: int) -> bool:
    """Whether no value has more decimals."""
    scaled = values * 10.0**places
    return bool((np.abs(scaled - np.rint(scaled)) <= 1e-9).all())
