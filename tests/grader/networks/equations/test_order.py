"""What is computed in which order, beside the graph of all values at all steps."""

from __future__ import annotations

import random
from graphlib import CycleError, TopologicalSorter

import pytest

from grader.networks.equations.declaration import NetworkTable, network_of
from grader.networks.equations.faults import NetworkError
from grader.networks.equations.network import Network
from grader.networks.library import library_network

STEPS = 12


def groups_of(network: Network) -> list[tuple[str, ...]]:
    return [(group.kind, *group.names) for group in network.groups]


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("elman", [("forward", "h"), ("map", "y")]),
        ("jordan", [("forward", "h", "y")]),
        ("lstm", [("forward", "i", "f", "o", "g", "c", "h")]),
        ("lstm-peephole", [("forward", "i", "f", "g", "c", "o", "h")]),
        ("bidirectional", [("forward", "hf"), ("backward", "hb"), ("map", "y")]),
        ("stacked", [("forward", "h1"), ("forward", "h2"), ("map", "y")]),
        ("last-step", [("forward", "h"), ("static", "y")]),
        ("encoder-decoder", [("forward", "e"), ("forward", "s"), ("map", "y")]),
    ],
)
def test_known_networks(name: str, groups: list[tuple[str, ...]]):
    assert groups_of(network_of(library_network(f"library/{name}").network)) == groups


def unrolled(needs: dict[str, list[tuple[str, object]]]) -> dict[tuple[str, int], set[tuple[str, int]]]:
    """Which value at which step needs which."""
    steps = range(STEPS)
    return {
        (name, t): {
            (other, s) for other, lag in found for s in (steps if lag == "all" else [t - lag]) if s in steps
        }
        for name, found in needs.items()
        for t in steps
    }


def can_be_computed(needs: dict[str, list[tuple[str, object]]]) -> bool:
    try:
        list(TopologicalSorter(unrolled(needs)).static_order())
    except CycleError:
        return False
    return True


def drawn(rng: random.Random) -> dict[str, list[tuple[str, object]]]:
    names = "pqrs"[: rng.randint(1, 4)]
    return {
        name: [(rng.choice(names), rng.choice((0, 0, 1, 1, 2, -1))) for _ in range(rng.randint(0, 2))]
        for name in names
    }


def table_of(needs: dict[str, list[tuple[str, object]]]) -> NetworkTable:
    def read(name: str, lag: int) -> str:
        return f"{name}(t{-lag:+d})" if lag else f"{name}(t)"

    equations = [
        f"{name}(t) = " + " + ".join(["x(t)", *(read(*need) for need in found)])
        for name, found in needs.items()
    ]
    return NetworkTable(inputs={"x": "n"}, equations=tuple(equations), sizes=dict.fromkeys(needs, "n"))


@pytest.mark.parametrize("seed", range(10))
def test_what_is_accepted_can_be_computed_and_the_rest_not_or_runs_both_ways(seed: int):
    rng = random.Random(seed)
    accepted = 0
    for _ in range(100):
        needs = drawn(rng)
        network = accepted_network(needs)
        if isinstance(network, str):
            assert not can_be_computed(needs) or "forwards or backwards" in network
        else:
            accepted += 1
            assert can_be_computed(needs)
            require_sound(network, needs)
    assert 20 < accepted < 90


def accepted_network(needs: dict[str, list[tuple[str, object]]]) -> Network | str:
    try:
        return network_of(table_of(needs))
    except NetworkError as error:
        return error.message


def require_sound(network: Network, needs: dict[str, list[tuple[str, object]]]) -> None:
    """Every value is there when it is needed, if groups and names are taken in their order."""
    done: set[tuple[str, int]] = set()
    for group in network.groups:
        for t in reversed(range(STEPS)) if group.kind == "backward" else range(STEPS):
            for name in group.names:
                wanted = {(other, t - lag) for other, lag in needs[name] if 0 <= t - lag < STEPS}
                assert wanted <= done
                done.add((name, t))


@pytest.mark.parametrize("over", ["mean(h(t))", "h(T)", "h(2)"])
def test_what_needs_all_steps_of_what_needs_it_is_named_first(over: str):
    table = NetworkTable(inputs={"x": "n"}, equations=(f"m = {over}", "h(t) = tanh(x(t) + m)"))
    with pytest.raises(NetworkError, match="m needs h of all steps, and h needs m: that cannot be computed"):
        network_of(table)
