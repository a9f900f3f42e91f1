"""What known mistakes give on a question's own numbers, and which of them fit an answer."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from grader.networks.equations.network import Network
from grader.networks.equations.tree import At, Parameter, Signal, walk
from grader.networks.mutants.catalogue import variants
from grader.networks.mutants.combination import Combination, Mask
from grader.networks.mutants.declared import Other
from grader.networks.mutants.evidence import MARGIN, depends_on_inputs
from grader.networks.mutants.mutant import Mutant, Work, go_together
from grader.networks.running.compiled import Values
from grader.networks.running.functions import Array
from grader.networks.running.merged import run_merged
from grader.networks.running.merged_given import IN_FULL, Path

# Of an LSTM there are 14,000 pairs, which would take seconds. All of an Elman network's are among so many.
MOST_PAIRS = 1800
# So many variables are rounded in every way, one by one and together; of more, each alone and all.
MOST_IN_EVERY_WAY = 2


class CombinationTable(NamedTuple):
    """Combinations of mistakes with what they give.

    Args:
        combinations: K of them.
        values: (K, P, T, n) of each variable of the network, by each of P paths; T is 1 for a value without
            steps.
    """

    combinations: tuple[Combination, ...]
    values: Mapping[str, Array]


def singles(
    network: Network,
    work: Work,
    places: int,
    others: Sequence[Other] = (),
    *,
    sizes: Mapping[str, int] | None = None,
    only_digits: bool = False,
) -> tuple[Combination, ...]:
    """Every known mistake by itself, as `mutants.catalogue` lists them.

    Args:
        network: The right network; its output is what is asked for.
        work: Whether numbers are worked out by hand, or a function is written.
        places: Decimal places that are asked for, or that a function may round to.
        others: Other networks that this one may be mistaken for.
        sizes: The number of each named size, where there is one only.
        only_digits: Only those about rounding.
    """
    found = variants(network, work, places, others, sizes=sizes, only_digits=only_digits)
    return tuple(Combination((one.mutant,), [(network, one.network)]) for one in found)


def in_pairs(known: Sequence[Combination]) -> tuple[Combination, ...]:
    """Known mistakes two by two.

    Rare ones are in no pair. There are at most `MOST_PAIRS`: where there would be more, they are made of
    mistakes of every kind, and rather of those made throughout the network.

    Args:
        known: All that can be made in a network, each by itself.
    """
    often = [one for one in known if not one.mistakes[0].is_rare]
    count = len(often)
    while count * (count - 1) // 2 > MOST_PAIRS:
        count -= 1
    chosen = _of_every_kind([one.mistakes[0] for one in often], count)
    return tuple(
        Combination((first.mistakes[0], second.mistakes[0]), parts=(first, second))
        for first, second in itertools.combinations([often[k] for k in chosen], 2)
        if go_together(first.mistakes[0], second.mistakes[0])
    )


def table_of(
    network: Network,
    known: Sequence[Combination],
    inputs: Values,
    parameters: Values,
    paths: Sequence[Path] = (IN_FULL,),
) -> CombinationTable:
    """What combinations give; left out are those that cannot be run, or do not depend on the inputs.

    Args:
        network: The right network; its output is what is asked for.
        known: Combinations of mistakes in it.
        inputs: (T, n) by name; in full, several sequences (T, N, n), which then stand for paths.
        parameters: By name, those too that only mistakes have.
        paths: Ways to round on the way.
    """
    made = [
        (one, changed)
        for one in known
        for changed in [one.made_in(network)]
        if changed is not None and depends_on_inputs(changed)
    ]
    run = run_merged(network, [changed for _, changed in made], inputs, parameters, paths)
    for one, _ in made:
        one.forget_pair()
    runs = np.flatnonzero(run.runs)
    return CombinationTable(
        tuple(made[k][0] for k in runs.tolist()), {name: run.values[name][runs] for name in run.values}
    )


def right_table_of(
    network: Network, inputs: Values, parameters: Values, paths: Sequence[Path] = (IN_FULL,)
) -> CombinationTable:
    """The right answer by the same paths, as one without mistakes."""
    return CombinationTable(
        (Combination(()),), run_merged(network, [network], inputs, parameters, paths).values
    )


def paths_of_mistakes(network: Network, places: int) -> tuple[Path, ...]:
    """The ways to round on the way by which mistakes are worked out.

    In full; and with what is used again rounded to the asked places: up to two variables in every way, of
    more each alone; and all together, to these and to one place more.

    Args:
        network: The right network.
        places: Decimal places asked for.
    """
    read = _read(network)
    again = [one.name for one in network.equations if one.name in read and len(network.shapes[one.name]) < 2]
    every = [dict.fromkeys(again, kept) for kept in (places, places + 1)] if again else []
    most = MOST_IN_EVERY_WAY if len(again) <= MOST_IN_EVERY_WAY else 1
    some = [
        dict.fromkeys(names, places)
        for size in range(1, most + 1)
        for names in itertools.combinations(again, size)
    ]
    found: list[Path] = [IN_FULL]
    for path in (*some, *every):
        if path not in found:
            found.append(path)
    return tuple(found)


def matching(table: Array, values: Array, places: int) -> Mask:
    """Which of K combinations may give an answer: each of its entries is a rounding of theirs on some path.

    Args:
        table: (K, P, T, n), of `CombinationTable`.
        values: (T, n) as handed in; NaN where an entry is no number, which matches nothing.
        places: Decimal places asked for.
    """
    near: Mask = np.asarray(np.abs(table - values) <= 0.5 * 10.0**-places + MARGIN)
    return np.asarray(np.all(np.any(near, axis=1), axis=(1, 2)))


def sharing(table: Array, one: Array, places: int) -> Mask:
    """Which of K combinations share an answer with one: at every entry some paths are within a unit.

    Args:
        table: (K, P, T, n), of `CombinationTable`.
        one: (Q, T, n), the paths of one.
        places: Decimal places asked for.
    """
    unit = 10.0**-places + 2 * MARGIN
    near: Mask = np.asarray(np.abs(table[:, :, None] - one[None, None]) <= unit)
    return np.asarray(np.all(np.any(near, axis=(1, 2)), axis=(1, 2)))


def _of_every_kind(known: Sequence[Mutant], count: int) -> list[int]:
    """The places of so many mistakes: of each kind in turn the one with most edits, such kinds first."""
    kinds: dict[str, list[int]] = {}
    for k, mutant in enumerate(known):
        kinds.setdefault(mutant.kind, []).append(k)
    for members in kinds.values():
        members.sort(key=lambda k: -len(known[k].effect))
    throughout = sorted(kinds.values(), key=lambda members: -len(known[members[0]].effect))
    turns = itertools.chain.from_iterable(itertools.zip_longest(*throughout))
    return sorted(itertools.islice((k for k in turns if k is not None), count))


def _read(network: Network) -> set[str]:
    """The names that some equation or start value reads."""
    trees = (*(one.right_side for one in network.equations), *network.start.values())
    return {
        node.name for tree in trees for _, node in walk(tree) if isinstance(node, Signal | At | Parameter)
    }
