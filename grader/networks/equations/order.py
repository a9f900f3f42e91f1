"""The order in which the equations of a network can be computed, and which have none."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import msgspec

from grader.networks.equations.faults import NetworkError
from grader.networks.equations.printing import step_text
from grader.networks.equations.tree import Signal, reads_of

if TYPE_CHECKING:
    from grader.networks.equations.network import Equation, Network

Lag: TypeAlias = int | Literal["all"]
"""How many steps back something is needed; "all" where it is needed over all steps."""


class Dependency(NamedTuple):
    """A need of one variable for another, and of which step."""

    name: str
    needed: str
    lag: Lag


class VariableGroup(msgspec.Struct, frozen=True):
    """Variables that are computed together.

    Args:
        kind: "static" once; "map" at every step without memory; "forward" or "backward" in a loop over steps.
        names: In the order in which they are computed within a step.
    """

    kind: Literal["static", "map", "forward", "backward"]
    names: tuple[str, ...]


def order(network: Network) -> tuple[VariableGroup, ...]:
    """The groups of a network, each after those that it needs.

    Raises:
        NetworkError: If nothing can be computed first: a circle in one step, or memory in both directions.
    """
    return _ordered(
        tuple([Needing(one.name, one.is_static, tuple(_needs(network, one))) for one in network.equations])
    )


class Needing(NamedTuple):
    """A variable and what it needs of others.

    Args:
        name: The variable.
        is_static: Whether it has one value, not one for each step.
        needs: All of it, in the order in which it stands.
    """

    name: str
    is_static: bool
    needs: tuple[Dependency, ...]


# Of a network with mistakes there are thousands, and few orders.
@functools.lru_cache(maxsize=1024)
def _ordered(variables: tuple[Needing, ...]) -> tuple[VariableGroup, ...]:
    by_name = {one.name: one for one in variables}
    graph = {one.name: [need.needed for need in one.needs] for one in variables}
    return tuple(
        _group([by_name[name] for name in by_name if name in members]) for members in _components(graph)
    )


def _needs(network: Network, equation: Equation) -> Iterator[Dependency]:
    """What an equation needs of the network's variables."""
    own = network.by_name
    for read in equation.reads:
        name = read.name
        if not isinstance(read, Signal):
            if name in own:
                yield Dependency(equation.name, name, "all")
            continue
        if name in own:
            is_whole = equation.is_static or bool(read.pick) or read.edge == "wrap"
            yield Dependency(equation.name, name, "all" if is_whole else read.lag)
        if read.lag and name in network.start:
            yield from (
                Dependency(equation.name, one.name, "all")
                for one in reads_of(network.start[name])
                if one.name in own
            )


def _group(members: list[Needing]) -> VariableGroup:
    names = [one.name for one in members]
    inside = [need for one in members for need in one.needs if need.needed in names]
    if not inside:
        return VariableGroup("static" if members[0].is_static else "map", tuple(names))
    _require_one_direction(inside)
    kind: Literal["forward", "backward"] = (
        "backward" if any(need.lag != "all" and need.lag < 0 for need in inside) else "forward"
    )
    return VariableGroup(kind, tuple(_within_a_step(names, inside)))


def _require_one_direction(inside: list[Dependency]) -> None:
    for need in inside:
        if need.lag == "all":
            raise NetworkError(
                f"{need.name} needs {need.needed} of all steps, and {need.needed} needs {need.name}:"
                " that cannot be computed"
            )
    back = [need for need in inside if need.lag != "all" and need.lag > 0]
    ahead = [need for need in inside if need.lag != "all" and need.lag < 0]
    if back and ahead:
        raise NetworkError(
            f"{_need_text(back[0])} and {_need_text(ahead[0])}: nothing can be computed first."
            " A network runs forwards or backwards in time"
        )


def _need_text(need: Dependency) -> str:
    assert need.lag != "all"
    return f"{need.name} needs {need.needed}({step_text(need.lag)})"


def _within_a_step(names: list[str], inside: Iterable[Dependency]) -> list[str]:
    now = {name: {need.needed for need in inside if need.name == name and need.lag == 0} for name in names}
    done: list[str] = []
    while len(done) < len(names):
        free = [name for name in names if name not in done and now[name] <= set(done)]
        if not free:
            circle = _circle(now, next(name for name in names if name not in done), set(done))
            steps = zip(circle, circle[1:] + circle[:1], strict=True)
            needs_text = ", ".join(f"{name}(t) needs {needed}(t)" for name, needed in steps)
            raise NetworkError(
                f"at one and the same step {needs_text}: write t-1 where the step before is meant"
            )
        done.append(free[0])
    return done


def _circle(now: Mapping[str, set[str]], name: str, done: set[str]) -> list[str]:
    seen: list[str] = []
    while name not in seen:
        seen.append(name)
        name = min(now[name] - done)
    return seen[seen.index(name) :]


def _components(graph: Mapping[str, list[str]]) -> list[set[str]]:
    """Strongly connected components, each after those that it points to.

    Source: Tarjan (1972), Depth-first search and linear graph algorithms.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for needed in graph[name]:
            if needed not in index:
                visit(needed)
                low[name] = min(low[name], low[needed])
            elif needed in stack:
                low[name] = min(low[name], index[needed])
        if low[name] == index[name]:
            start = stack.index(name)
            found.append(set(stack[start:]))
            del stack[start:]

    for name in graph:
        if name not in index:
            visit(name)
    return found
