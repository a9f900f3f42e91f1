"""Step 6: where a count differs, and what was counted instead."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence

from grader.formula.marking.explain import explain
from grader.formula.marking.judge import JudgedField
from grader.kinds.count.judge import comparing, known_mistakes
from grader.kinds.count.question import CountParams, counted_in, table_in
from grader.model.mistake import Identifiability
from grader.model.outcome import Finding
from grader.networks.counting.blocks import count_at
from grader.networks.counting.mistakes import telling_sizes
from grader.networks.counting.mistakes.mistake import Blocks
from grader.networks.equations.declaration import network_of
from grader.networks.equations.network import Network


def diagnose(params: CountParams, fields: tuple[JudgedField, ...]) -> Finding:
    """A counterexample for each wrong formula, and the mistakes in counting that give it.

    Args:
        params: The question.
        fields: What the judge read and decided, in the order of the question.
    """
    return explain(comparing(params), fields)


def cannot_tell(params: CountParams) -> Identifiability:
    """Which mistakes in counting give the same for all that is asked, and sizes that tell more of them.

    Args:
        params: The question.
    """
    if params.network is None:
        return Identifiability({}, ())
    network = network_of(params.network)
    sizes = params.lengths or _large(sorted(network.size_names))
    found = _alike(params, network, sizes)
    if not params.lengths or not (found.groups or found.invisible):
        return found
    better = telling_sizes(network)
    other = _alike(params, network, better)
    if other.n_untold >= found.n_untold:
        return found
    return found._replace(better="sizes = { " + ", ".join(f"{k} = {v}" for k, v in better.items()) + " }")


def _large(names: Sequence[str]) -> dict[str, int]:
    """Primes: no two formulas that people count by give the same for them."""
    primes = (n for n in itertools.count(1009, 2) if all(n % d for d in range(3, math.isqrt(n) + 1, 2)))
    return dict(zip(names, itertools.islice(primes, 0, None, 20), strict=False))


def _alike(params: CountParams, network: Network, sizes: Mapping[str, int]) -> Identifiability:
    def counted(change: Callable[[Blocks], Blocks]) -> tuple[int, ...]:
        return tuple(count_at(change(counted_in(network, name)), sizes) for name in params.counts)

    right = counted(lambda blocks: blocks)
    ids: dict[tuple[int, ...], list[str]] = {}
    of: dict[str, list[tuple[int, ...]]] = {}
    for mistake in known_mistakes(table_in(params))[0]:
        count = counted(mistake.effect)
        if mistake.id not in ids.setdefault(count, []):
            ids[count].append(mistake.id)
        of.setdefault(mistake.id, []).append(count)
    alike = {
        id: tuple(dict.fromkeys(other for count in counts for other in ids[count] if other != id))
        for id, counts in of.items()
    }
    invisible = tuple(id for id, counts in of.items() if right in counts)
    return Identifiability(alike, invisible)
