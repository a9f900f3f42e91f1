"""What a question about a network's code is given and asks for, and what the function is tried on."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import msgspec

from grader.answers.arrays import from_numpy
from grader.answers.drawing import instance_seed
from grader.kinds.code.instances import Instance, how_many, instances
from grader.kinds.code.own_numbers import own_numbers
from grader.kinds.code.returned import wanted
from grader.kinds.code.signature import Runner, Signature, signature
from grader.kinds.code.sizes import check_sizes
from grader.kinds.code.trial import TriedInstance
from grader.model.kind import Asks, Params
from grader.model.run import Call, DrawnArguments
from grader.model.value import Number, Value
from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.identity import Identical
from grader.networks.running.compiled import compiled


class SimilarNetwork(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network that this one may be mistaken for.

    Args:
        name: What people call it: "jordan".
        network: Its equations, with parameters of the same names.
    """

    name: str
    network: NetworkTable


class CodeParams(Params, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `code`.

    Args:
        function: Name of the function.
        network: What it computes.
        arguments: How what it takes is laid out, such as "N x T x n_in", by name and in the order of the
            call; what is not listed follows as it is declared: inputs, start arguments, parameters. Where
            inputs are without T, a call is one step.
        returns: What it returns, in order, such as "h: N x T x n_h" and "c: N x n_h last"; left out, the
            network's outputs.
        sizes: Of the random instances; left out, sensible ones.
        values: The sheet's own instance, as the network declares it; its result is never shown.
        others: Networks that this one may be mistaken for; computing one of them earns no slip credit.
        atol: Largest absolute error of numbers up to 1, relative beyond; NaN is wrong.
        seed: Of the random instances.
        slip_credit: Share for a function that one known mistake explains; its square for two mistakes.
    """

    function: str
    network: NetworkTable
    arguments: dict[str, str] = msgspec.field(default_factory=dict)
    returns: tuple[str, ...] = ()
    sizes: tuple[dict[str, int], ...] = ()
    values: dict[str, Any] = msgspec.field(default_factory=dict)
    others: tuple[SimilarNetwork, ...] = ()
    atol: float = 1e-6
    seed: int = 0
    slip_credit: Fraction = Fraction(0)

    def __hash__(self) -> int:
        return hash(msgspec.json.encode(self, enc_hook=str))

    def __post_init__(self) -> None:
        if not self.function.isidentifier():
            raise ValueError(f"function is {self.function!r}, which is no name")
        if not (0 < self.atol < 1):
            raise ValueError(f"atol is {self.atol}; wanted a number between 0 and 1")
        if not 0 <= self.slip_credit < 1:
            raise ValueError(f"slip_credit is {self.slip_credit}; it is a share from 0 to below 1")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; wanted 0 or more")
        made = signature(network_of(self.network), self.arguments, self.returns)
        if self.sizes:
            check_sizes(self.sizes, made.axes)
        if self.values:
            own_numbers(runner(self), self.values)


def asks(params: CodeParams) -> Asks:
    """What a question wants handed in: the function, by its name."""
    return Asks(function=params.function)


def probes(params: CodeParams) -> tuple[Call, ...]:
    """Two calls on each instance, smallest inputs first; the second shows kept state."""
    return _probes(Identical(params), instances_seed(params))


def trials(params: CodeParams) -> tuple[TriedInstance, ...]:
    """What the function is tried on, the exercise's own numbers last; computed once for an exercise."""
    return _trials(Identical(params), instances_seed(params))


def instances_seed(params: CodeParams) -> int:
    """The seed of the random instances."""
    # So the kind was called when a course's secret first gave seeds; they stay.
    return instance_seed(f"behaviour/{params.function}", params.seed)


def runner(params: CodeParams) -> Runner:
    """The network, the signature and the right function."""
    return _runner(Identical(params))


@functools.lru_cache(maxsize=64)
def _runner(key: Identical[CodeParams]) -> Runner:
    params = key.one
    network = network_of(params.network)
    made = signature(network, params.arguments, params.returns)
    return Runner(network, made, compiled(network))


@functools.lru_cache(maxsize=64)
def _trials(key: Identical[CodeParams], seed: int) -> tuple[TriedInstance, ...]:
    params = key.one
    run = runner(params)

    def tried(one: Instance, is_secret: bool = False) -> TriedInstance:
        asked = wanted(run.network, run.signature, one.sizes)
        return TriedInstance(one, run.returned(one.arrays), asked, is_secret)

    # The sheet's own comes last and keeps its result to itself: that is the answer to another question.
    own = [tried(own_numbers(run, params.values), is_secret=True)] if params.values else []
    return (*map(tried, instances(run, params.sizes, seed)), *own)


@functools.lru_cache(maxsize=64)
def _probes(key: Identical[CodeParams], seed: int) -> tuple[Call, ...]:
    params, run = key.one, runner(key.one)

    def arguments(place: int) -> tuple[Value, ...]:
        return arguments_of(run.signature, _trials(key, seed)[place].instance)

    count = len(run.signature.arguments)
    return tuple(
        Call(
            question="",
            function=(),
            args=DrawnArguments(count, functools.partial(arguments, place)),
            times=2,
            is_independent=True,
        )
        for place in range(how_many(run, params.sizes) + bool(params.values))
    )


def arguments_of(made: Signature, instance: Instance) -> tuple[Value, ...]:
    """The arguments of a call, in the course's layout; a number is no array.

    Args:
        made: What the function takes.
        instance: The numbers.
    """
    laid_out = (
        layout.laid_out(instance.arrays[name], instance.sizes) for name, layout in made.arguments.items()
    )
    return tuple(from_numpy(one) if one.ndim else Number(repr(float(one)), "float") for one in laid_out)
