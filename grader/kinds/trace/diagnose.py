"""Step 6: a wrong trace compared with what known mistakes give on the question's own numbers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from grader.kinds.trace.judge import TraceFacts
from grader.kinds.trace.question import TraceParams, asked_of, instance_of, other_instance
from grader.model.mistake import Identifiability
from grader.model.outcome import Finding
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network
from grader.networks.mutants.combination import (
    MOST_TOGETHER,
    Combination,
    Mask,
    finding,
    identifiability,
)
from grader.networks.mutants.declared import Other
from grader.networks.mutants.evidence import least_wrong_entries, may_be_guessed, wrong_entries
from grader.networks.mutants.explaining import (
    CombinationTable,
    in_pairs,
    matching,
    paths_of_mistakes,
    right_table_of,
    sharing,
    singles,
    table_of,
)
from grader.networks.running.functions import Array


def diagnose(params: TraceParams, facts: TraceFacts) -> Finding:
    """The fewest known mistakes that give every value that is asked.

    An answer that may be guessed gets no diagnosis, nor one with so few wrong entries that slips of another
    sort would be named as often.

    Args:
        params: The question.
        facts: What its judge read; intermediate values, where they were handed in, narrow the choice.
    """
    asked = [facts.asked[name] for name in asked_of(params)]
    n_wrong = _n_wrong(params, facts.asked)
    for size in range(1, MOST_TOGETHER + 1):
        if n_wrong < least_wrong(params) + size - 1 or may_be_guessed(asked, params.places, size):
            break
        found = _explaining(params, size, facts)
        if found:
            return finding(found, params.slip_credit**size, facts.fraction, asked_network(params))
    return Finding()


@functools.lru_cache(maxsize=16)
def cannot_tell(params: TraceParams, size: int = 1) -> Identifiability:
    """Which combinations share an answer to the asked places, by the asked values alone.

    Args:
        params: The question.
        size: How many mistakes a combination has, 1 or 2.
    """
    table = variants_of(params, size)

    def like(one: Mapping[str, Array]) -> Mask:
        return _in_all(params, lambda name: sharing(table.values[name], one[name], params.places))

    return identifiability(
        table.combinations,
        lambda k: like({name: values[k] for name, values in table.values.items()}),
        like({name: values[0] for name, values in _right(params).values.items()}),
    )


@functools.lru_cache(maxsize=64)
def variants_of(params: TraceParams, size: int) -> CombinationTable:
    """What `size` known mistakes made together (1 or 2) give; computed once for a question."""
    network = asked_network(params)
    instance = instance_of(params)
    known = _known(params)
    return table_of(
        network,
        known if size == 1 else in_pairs(known),
        instance.inputs,
        {**instance.parameters, **_own_parameters(params)},
        paths_of_mistakes(network, params.places),
    )


@functools.lru_cache(maxsize=64)
def _known(params: TraceParams) -> tuple[Combination, ...]:
    """Every known mistake by itself, and the network with it."""
    others = [_other(params, k) for k in range(len(params.others))]
    sizes = instance_of(params).sizes
    return singles(asked_network(params), "by-hand", params.places, others, sizes=sizes)


@functools.lru_cache(maxsize=64)
def least_wrong(params: TraceParams) -> int:
    """The least number of wrong entries with which a mistake may be named."""
    instance = instance_of(params)
    return least_wrong_entries(
        asked_network(params),
        variants_of(params, 1).values,
        {name: values[0] for name, values in _right(params).values.items()},
        instance.inputs,
        instance.parameters,
        params.places,
    )


@functools.lru_cache(maxsize=64)
def _right(params: TraceParams) -> CombinationTable:
    """The right answer by the same paths as the mistakes."""
    network, instance = asked_network(params), instance_of(params)
    paths = paths_of_mistakes(network, params.places)
    return right_table_of(network, instance.inputs, instance.parameters, paths)


def asked_network(params: TraceParams) -> Network:
    """The network with what is asked for as its output: what its mistakes are listed for."""
    return replace(network_of(params.network), output=asked_of(params))


def _other(params: TraceParams, number: int) -> Other:
    other = params.others[number]
    return Other(other.name, network_of(other.network), frozenset(other.values))


def _own_parameters(params: TraceParams) -> dict[str, Array]:
    """Values of parameters that only another network has, by their names among those of the question."""
    own = {}
    for number, one in enumerate(params.others):
        other = _other(params, number)
        for name, value in other_instance(params, one).parameters.items():
            own[other.called(name)] = value
    return own


def _n_wrong(params: TraceParams, asked: Mapping[str, Array]) -> int:
    """How many entries no way of rounding right intermediate values explains."""
    right = _right(params).values
    return sum(int(wrong_entries(right[name][0], asked[name], params.places)) for name in asked)


def _explaining(params: TraceParams, size: int, facts: TraceFacts) -> Sequence[Combination]:
    table = variants_of(params, size)
    by_asked = _matching(params, table, facts.asked)
    by_all = by_asked & _matching(params, table, facts.intermediate)
    # Where no mistake fits the asked and the intermediate values, the asked ones alone decide.
    chosen = by_all if by_all.any() else by_asked
    return [table.combinations[k] for k in np.flatnonzero(chosen)]


def _matching(params: TraceParams, table: CombinationTable, values: Mapping[str, Array]) -> Mask:
    found = np.ones(len(table.combinations), dtype=bool)
    for name, own in values.items():
        found &= matching(table.values[name], own, params.places)
    return found


def _in_all(params: TraceParams, shares: Callable[[str], Mask]) -> Mask:
    """Which combinations share every variable that is asked."""
    return functools.reduce(np.logical_and, map(shares, asked_of(params)))
