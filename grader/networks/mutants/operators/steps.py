"""Steps: what is carried is read of another step, or runs in the wrong direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from grader.networks.equations.network import Network
from grader.networks.equations.tree import Signal
from grader.networks.mutants.edit import Change, edits_at
from grader.networks.mutants.mutant import Mutant
from grader.networks.mutants.reading import NodePlace, reads, remembered, spots
from grader.networks.mutants.wording import at, called, term, where

LOOPS = ("forward", "backward")


def another_step(network: Network) -> Iterator[Mutant]:
    """h(t-2) or h(t) for h(t-1), everywhere or in one equation."""
    for read, found in fed_back_reads(network):
        away = 1 if read.lag > 0 else -1
        for some, tail in spots(network, found):
            for step, word in ((away, "late"), (-away, "early")):
                yield Mutant(
                    f"{read.name}-a-step-{word}{tail}",
                    f"{at(read.name, read.lag + step)} is used{read_in(network, found, some)} where "
                    f"{term(read)} is meant.",
                    edits_at(some, "step", moved_by(step)),
                    kind="lag",
                    is_rare=bool(tail),
                )


def before_its_update(network: Network) -> Iterator[Mutant]:
    """h(t-1) where h(t) is meant: an output that is computed before the state is updated."""
    known = remembered(network)
    in_loops = {name: group.kind for group in network.groups if group.kind in LOOPS for name in group.names}
    for read, found in reads(network, lambda signal: signal.lag == 0 and signal.name in in_loops).items():
        before = 1 if in_loops[read.name] == "forward" else -1
        for place in found:
            is_carried = read.name in known or place.equation in network.output
            if is_carried and not network.by_name[place.equation].is_static and network.shapes[read.name]:
                yield Mutant(
                    f"{read.name}-a-step-late-in-{place.equation}",
                    f"{at(read.name, before)} is used in {called(network, place.equation)} where "
                    f"{term(read)} is meant.",
                    edits_at([place], "step", moved_by(before)),
                    kind="lag",
                )


def wrong_direction(network: Network) -> Iterator[Mutant]:
    """A variable that is to run from the last step to the first runs forwards, or the other way round."""
    for read, found in fed_back_reads(network):
        way = "from the first step to the last" if read.lag > 0 else "from the last step to the first"
        yield Mutant(
            f"{read.name}-in-the-wrong-direction",
            f"{at(read.name, -read.lag)} is used{read_in(network, found, found)} where {term(read)} is "
            f"meant: it is to run {way}.",
            edits_at(found, "step", lambda node: replace(node, lag=-node.lag)),
            kind="direction",
        )


def not_turned_back(network: Network) -> Iterator[Mutant]:
    """What has run from the last step to the first is read in that order."""
    backwards = {name for group in network.groups if group.kind == "backward" for name in group.names}
    for read, found in reads(network, lambda signal: signal.lag == 0 and signal.name in backwards).items():
        outside = [place for place in found if place.equation not in backwards]
        if outside:
            yield Mutant(
                f"{read.name}-not-turned-back",
                f"{read.name} is read from the last step to the first{read_in(network, found, outside)}; "
                f"{term(read)} belongs at step t.",
                edits_at(outside, "step", lambda node: replace(node, pick="reversed")),
                kind="order",
            )


def fed_back_reads(network: Network) -> Iterator[tuple[Signal, list[NodePlace]]]:
    """Reads of variables at other steps than their own."""
    yield from reads(network, lambda signal: bool(signal.lag) and signal.name in network.by_name).items()


def read_in(network: Network, found: Sequence[NodePlace], some: Sequence[NodePlace]) -> str:
    """Where something is read, if there are several places."""
    if len({place.equation for place in found}) == 1:
        return ""
    return f" in {where(network, [place.equation for place in some])}"


def moved_by(steps: int) -> Change:
    """The change to another step, so many before."""
    return lambda node: replace(node, lag=node.lag + steps)


OPERATORS = (another_step, before_its_update, wrong_direction, not_turned_back)
