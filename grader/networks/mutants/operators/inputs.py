"""Inputs: of another step, the first throughout, or from the last to the first."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Signal
from grader.networks.mutants.edit import edits_at
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.operators.steps import moved_by, read_in
from grader.networks.mutants.reading import NodePlace, reads, spots
from grader.networks.mutants.wording import at, term


def another_step(network: Network) -> Iterator[Mutant]:
    """x(t+1) or x(t-1) for x(t), everywhere or in one equation."""
    for read, found in _inputs(network):
        for some, tail in spots(network, found):
            for step, word, edge in (
                (-1, "early", "after the last step"),
                (1, "late", "before the first step"),
            ):
                yield Mutant(
                    f"{read.name}-one-step-{word}{tail}",
                    f"{at(read.name, read.lag + step)} is used{read_in(network, found, some)} where "
                    f"{term(read)} is meant, and zero {edge}.",
                    edits_at(some, "step", moved_by(step)),
                    kind="lag",
                    is_rare=bool(tail),
                )


def next_wrapped(network: Network) -> Iterator[Mutant]:
    """x(t+1) for x(t), and x(1) at the end: a roll in the wrong direction."""
    for read, found in _inputs(network):
        yield Mutant(
            f"{read.name}-one-step-early-wrapped",
            f"{at(read.name, read.lag - 1)} is used{read_in(network, found, found)} where {term(read)} is "
            f"meant, and {read.name}(1) after the last step.",
            edits_at(found, "step", lambda node: replace(node, lag=node.lag - 1, edge="wrap")),
            kind="lag",
        )


def previous_wrapped(network: Network) -> Iterator[Mutant]:
    """x[t - 1] in a loop that counts from 0: the last input at the first step."""
    for read, found in _inputs(network):
        yield Mutant(
            f"{read.name}-one-step-late-wrapped",
            f"{at(read.name, read.lag + 1)} is used{read_in(network, found, found)} where {term(read)} is "
            f"meant, and {read.name}(T), the last one, at the first step.",
            edits_at(found, "step", lambda node: replace(node, lag=node.lag + 1, edge="wrap")),
            kind="lag",
            is_rare=True,
            work=frozenset({"as-code"}),
        )


def first_throughout(network: Network) -> Iterator[Mutant]:
    """x(1) at every step."""
    for read, found in _inputs(network):
        yield Mutant(
            f"{read.name}-first-throughout",
            f"{read.name}(1) is used at every step; {term(read)} belongs at step t.",
            edits_at(found, "step", lambda node: replace(node, pick="first", lag=0)),
            kind="order",
        )


def reversed_in_time(network: Network) -> Iterator[Mutant]:
    """x(T), ..., x(1)."""
    for read, found in _inputs(network):
        yield Mutant(
            f"{read.name}-reversed",
            f"The inputs {read.name} are used from the last to the first.",
            edits_at(found, "step", lambda node: replace(node, pick="reversed")),
            kind="order",
        )


def _inputs(network: Network) -> Iterator[tuple[Signal, list[NodePlace]]]:
    yield from reads(network, lambda signal: signal.name in network.inputs).items()


OPERATORS = (another_step, next_wrapped, previous_wrapped, first_throughout, reversed_in_time)
