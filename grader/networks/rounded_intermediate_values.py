"""What comes out where values are rounded on the way: each variable to d places, to d + 1, or in full.

Three ways for every variable that others read make 3^V paths, run all at once: an LSTM has 729. These are
numbers that a person does get. Bounds of a whole run are not: a few steps of a GRU make them ten units wide.

Where that makes more than `MOST_PATHS`, variables that the same others read are kept alike (the gates of a
cell), then all of one loop (a layer), then all.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import At, Function, Parameter, Signal, walk
from grader.networks.running.compiled import Run, Values, compiled
from grader.networks.running.functions import Array

MOST_PATHS = 3**7
# Of all paths together: 32 MB.
MOST_NUMBERS = 4_000_000
Groups: TypeAlias = tuple[tuple[str, ...], ...]


class _RoundedNetwork(NamedTuple):
    """A network with one more parameter for each variable that others read: the places it is kept to."""

    run: Run
    groups: Groups
    scale_of: Mapping[str, str]


def rounded_runs(
    network: Network, inputs: Values, parameters: Values, places: int, n_entries: int
) -> dict[str, Array]:
    """The values of every variable by each of P paths, as they are kept.

    Args:
        network: A checked one.
        inputs: (T, n) by name.
        parameters: By name, start arguments too.
        places: Decimal places asked for.
        n_entries: How many numbers one run gives; where they are thousands, there are fewer paths.

    Returns:
        (T, P, n) for a variable with an equation at every step, (P, n) for the others.
    """
    rounded = _rounded(network, min(MOST_PATHS, MOST_NUMBERS // n_entries))
    scales = dict(_scales(rounded, places))
    signals = {name: np.asarray(value, dtype=np.float64)[:, None] for name, value in inputs.items()}
    # Halves away from zero, as at school, and to the even digit, as computers do.
    away, even = (
        rounded.run(signals, {**parameters, **{name: sign * scale for name, scale in scales.items()}})
        for sign in (1, -1)
    )
    if all(np.array_equal(away[name], even[name], equal_nan=True) for name in away):
        return away
    return {name: np.concatenate([away[name], even[name]], axis=-2) for name in away}


def kept_alike(network: Network, most_paths: int = MOST_PATHS) -> Groups:
    """The variables that others read, in groups of those that a path keeps to the same places.

    Args:
        network: A checked one.
        most_paths: Three to the power of the number of groups is not more, unless there is but one group.
    """
    readers = _readers(network)
    loops = {name: group.names for group in network.groups for name in group.names}

    keys: tuple[Mapping[str, Hashable], ...] = ({name: name for name in readers}, readers, loops)
    for key in keys:
        groups: dict[Hashable, list[str]] = {}
        for name in readers:
            groups.setdefault(key[name], []).append(name)
        if 3 ** len(groups) <= most_paths:
            return tuple(map(tuple, groups.values()))
    return (tuple(readers),) if readers else ()


def _readers(network: Network) -> dict[str, frozenset[str]]:
    """For each variable that others read, or itself later on, which do."""
    # A matrix is computed once, of what is given: its digits are kept.
    vectors = [one.name for one in network.equations if len(network.shapes[one.name]) < 2]
    found: dict[str, set[str]] = {name: set() for name in vectors}
    trees = [(one.name, one.right_side) for one in network.equations] + list(network.start.items())
    for reader, tree in trees:
        for _, node in walk(tree):
            if isinstance(node, Signal | At | Parameter) and node.name in found:
                found[node.name].add(reader)
    return {name: frozenset(readers) for name, readers in found.items() if readers}


def _rounded(network: Network, most_paths: int) -> _RoundedNetwork:
    groups = kept_alike(network, most_paths)
    scale_of = {name: _fresh(f"places_of_{name}", network) for group in groups for name in group}
    equations = tuple(
        replace(one, right_side=Function("rounded-to", (one.right_side, Parameter(scale_of[one.name]))))
        if one.name in scale_of
        else one
        for one in network.equations
    )
    scales: dict[str, tuple[()]] = dict.fromkeys(scale_of.values(), ())
    changed = replace(
        network,
        equations=equations,
        parameters={**network.parameters, **scales},
        shapes={**network.shapes, **scales},
    )
    return _RoundedNetwork(compiled(changed), groups, scale_of)


def _fresh(name: str, network: Network) -> str:
    while name in network.shapes:
        name += "_"
    return name


def _scales(rounded: _RoundedNetwork, places: int) -> Iterator[tuple[str, Array]]:
    """(P, 1) for each variable that others read: the power of ten of its places, 0 where all are kept."""
    ways = (0.0, 10.0**places, 10.0 ** (places + 1))
    paths = np.array(list(itertools.product(ways, repeat=len(rounded.groups)))).reshape(
        -1, len(rounded.groups)
    )
    for group, column in zip(rounded.groups, paths.T, strict=True):
        for name in group:
            yield rounded.scale_of[name], column[:, None]
