"""Whether a network does what is asked, output by output, and how that was decided.

Compared are what both do in the steps that decide for all lengths: the entries of the Markov parameters
and of the response to the start state (the theorem stands in `reference.equivalence`).

Three tiers are tried in turn, and the report says which one accepted the answer: exact (every number as
written), rationalised (3.3333333333333335 read as 10/3), rounded (off by no more than rounding of the
handed-in numbers can do; borderline, where that is much). The last is open only to answers with a number that
may be rounded: whole numbers and short decimals mean what they say.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.explaining import explained
from grader.linear.reading import LinearNetwork
from reference.equivalence import (
    Counterexample,
    Place,
    deciding_steps,
    markov_entries,
    shortest_counterexample,
)
from reference.linear_system import LinearSystem, absolute, bits

# Largest errors that count as rounded and as borderline, relative to the Markov parameters of the absolute
# values, with which rounding errors grow. A rotated basis in floats is off by 5e-17, eight typed
# decimals by 1e-9, float32 by 1.5e-8, 0.333333 for a third by 1e-6, a weight of 1.0001 by 4e-4.
ROUNDED = Fraction(1, 10**12)
BORDERLINE = Fraction(1, 10**5)
# Floats of 32 bits in a basis of condition 30 are off by 2e-5, in one of condition 100 by 3e-4.
BORDERLINE_OF_SINGLE = Fraction(1, 10**3)
NOTHING = Fraction(0)
# A borderline answer must also stay close for long: the error of a growing state shows only late.
LONG_RUN_STEPS = 100
LONG_RUN_ERROR = Fraction(1, 10**3)
# The most that entries that stand for zero may do to an output in LONG_RUN_STEPS steps.
DUST_EFFECT = Fraction(1, 10**9)
# A hundred exact steps grow numbers a hundredfold; a matrix of floats has 200 bits over one denominator.
MAX_DUST_BITS, MAX_DUST_WORK = 400, 200_000

Entries: TypeAlias = Mapping[Place, Fraction]
"""Markov parameters M_k and the response r_t to the initial state, entry by entry."""


class Tier(enum.IntEnum):
    """How an output was found right; the largest over all outputs is the answer's."""

    EXACT = 0
    RATIONALISED = 1
    ROUNDED = 2
    BORDERLINE = 3
    WRONG = 4


class OutputDecision(NamedTuple):
    """What was decided about one output.

    Args:
        tier: How it is right, or WRONG.
        first_right: Whether its response to the current input, M_0, is right.
        later_right: Whether its response to all earlier inputs, M_k for k >= 1, is right.
        start_right: Whether the initial state adds nothing wrong to it.
        is_silent: Whether the student's output is zero whatever comes in.
        is_zero_wanted: Whether it is asked to be zero always.
        is_start_wanted: Whether it is asked to show something without any input.
    """

    tier: Tier
    first_right: bool
    later_right: bool
    start_right: bool
    is_silent: bool
    is_zero_wanted: bool
    is_start_wanted: bool


class Decision(NamedTuple):
    """What was decided about a network.

    Args:
        outputs: One decision for each output.
        counterexample: The shortest input on which it goes wrong; None if it is right or none was found.
        steps: How many steps decide for all lengths.
        got_nearby: What the network shows in these steps, with decimals read as short fractions (`nearby`).
        wanted: What is asked in these steps.
        points: Number of values of its free symbols at which it was decided, where algebra did not decide it
            for all; else 0.
    """

    outputs: tuple[OutputDecision, ...]
    counterexample: Counterexample | None
    steps: int
    got_nearby: Entries
    wanted: Entries
    points: int = 0

    @property
    def tier(self) -> Tier:
        """The weakest tier that any output needed; WRONG if one is wrong."""
        return max(output.tier for output in self.outputs)


class _Compared(NamedTuple):
    """What a network shows in the deciding steps, as written and by its `nearby`, and what is asked."""

    steps: int
    got: Entries
    nearby: Entries
    wanted: Entries
    tiers: dict[Place, Tier]


def decide(network: LinearNetwork, target: LinearSystem) -> Decision:
    """Decide for all inputs of all lengths whether a network does what the target does."""
    steps, got, nearby, wanted, tiers = _compare(network, target)
    wrong = [place for place, tier in tiers.items() if tier is Tier.WRONG]
    shown = explained(lambda: shortest_counterexample(network.system, target, min(wrong))) if wrong else None
    return Decision(_outputs(tiers, got, wanted), shown, steps, nearby, wanted)


def is_right(network: LinearNetwork, target: LinearSystem) -> bool:
    """Whether a network does what is asked; where it goes wrong is not looked for."""
    return Tier.WRONG not in _compare(network, target).tiers.values()


def _compare(network: LinearNetwork, target: LinearSystem) -> _Compared:
    steps = deciding_steps(network.system, target)
    got, wanted = markov_entries(network.system, steps), _wanted(target, steps)
    nearby = _nearby(network, got, steps) if got != wanted else got
    tiers = _place_tiers(network, target, got, nearby, wanted)
    if network.dusted is not None and Tier.WRONG in tiers.values():
        _forgive_dust(network.system, network.dusted, target, tiers)
    return _Compared(steps, got, nearby, wanted, tiers)


def _nearby(network: LinearNetwork, got: Entries, steps: int) -> Entries:
    return got if network.nearby == network.system else markov_entries(network.nearby, steps)


@functools.lru_cache(maxsize=256)
def _wanted(target: LinearSystem, steps: int) -> Mapping[Place, Fraction]:
    return markov_entries(target, steps)


def decision_by_places(
    network: LinearNetwork,
    target: LinearSystem,
    wrong: Set[Place],
    shown: Set[Place],
    right: Tier,
    noise: Fraction,
) -> Decision:
    """The decision about a network with free symbols, of which algebra says which places are wrong.

    Args:
        network: The network at one value of each symbol: counterexample and shown values come from it.
        target: What is asked.
        wrong: Places that are wrong for some values of the symbols.
        shown: Those of them that are wrong in this network.
        right: The tier of all other places.
        noise: Values of this size and below count as zero.
    """
    steps = deciding_steps(network.system, target)
    wanted, exact = _wanted(target, steps), markov_entries(network.system, steps)
    got = {place: value if abs(value) > noise else NOTHING for place, value in exact.items()}
    tiers = {place: Tier.WRONG if place in wrong else right for place in wanted}
    example = (
        explained(lambda: shortest_counterexample(network.system, target, min(shown))) if shown else None
    )
    return Decision(_outputs(tiers, got, wanted), example, steps, _nearby(network, exact, steps), wanted)


def _outputs(tiers: Mapping[Place, Tier], got: Entries, wanted: Entries) -> tuple[OutputDecision, ...]:
    by_output: dict[int, list[Place]] = {}
    for place in tiers:
        by_output.setdefault(place.row, []).append(place)
    return tuple(_output(by_output[i], tiers, got, wanted) for i in sorted(by_output))


def _output(
    places: Sequence[Place], tiers: Mapping[Place, Tier], got: Entries, wanted: Entries
) -> OutputDecision:
    wrong = [place for place in places if tiers[place] is Tier.WRONG]
    return OutputDecision(
        tier=max(tiers[place] for place in places),
        first_right=not any(place.cause and place.step == 1 for place in wrong),
        later_right=not any(place.cause and place.step > 1 for place in wrong),
        start_right=all(place.cause for place in wrong),
        is_silent=not any(got[place] for place in places),
        is_zero_wanted=not any(wanted[place] for place in places),
        is_start_wanted=any(wanted[place] for place in places if not place.cause),
    )


def _place_tiers(
    network: LinearNetwork, target: LinearSystem, got: Entries, nearby: Entries, wanted: Entries
) -> dict[Place, Tier]:
    """For each place the first tier by which it is right; later tiers are computed only where needed."""
    tiers = {place: Tier.EXACT if got[place] == wanted[place] else Tier.WRONG for place in wanted}
    if not network.is_rounded or Tier.WRONG not in tiers.values():
        return tiers
    steps = max(place.step for place in wanted)
    bound = BORDERLINE_OF_SINGLE if network.is_single else BORDERLINE
    # Costs as much as the decision itself, and most wrong answers are wrong by more than any rounding.
    is_close = any(
        tier is Tier.WRONG and _is_close(got[place], wanted[place], bound) for place, tier in tiers.items()
    )
    scale = markov_entries(absolute(network.system), steps) if is_close else got
    widest = markov_entries(network.widest, steps) if is_close else got
    for place, tier in tiers.items():
        if tier is not Tier.WRONG:
            continue
        if nearby[place] == wanted[place]:
            tiers[place] = Tier.RATIONALISED
        else:
            tiers[place] = _tier_of_rounded(got[place], wanted[place], scale[place], widest[place], bound)
    if Tier.BORDERLINE in tiers.values():
        _hold_for_long(network.system, target, tiers)
    return tiers


def _forgive_dust(
    system: LinearSystem, dusted: LinearNetwork, target: LinearSystem, tiers: dict[Place, Tier]
) -> None:
    """Accept as rounded, in `tiers`, the outputs that are right once tiny entries ("dust") are zero.

    Only where the dust has no visible effect: the error stays below a billionth for a hundred steps.
    """
    steps = max(place.step for place in tiers)
    got = markov_entries(dusted.system, steps)
    clean = _place_tiers(dusted, target, got, _nearby(dusted, got, steps), _wanted(target, steps))
    wrong = {place.row for place, tier in clean.items() if tier is Tier.WRONG}
    rows = {place.row for place, tier in tiers.items() if tier is Tier.WRONG} - wrong
    length = bits(system, MAX_DUST_BITS)
    if not rows or length > MAX_DUST_BITS or length * system.n_states**2 > MAX_DUST_WORK:
        return
    got, wanted = markov_entries(system, LONG_RUN_STEPS), markov_entries(target, LONG_RUN_STEPS)
    rows -= {p.row for p in wanted if not _is_close(got[p], wanted[p], DUST_EFFECT)}
    tiers.update((place, max(clean[place], Tier.ROUNDED)) for place in tiers if place.row in rows)


def _tier_of_rounded(
    got: Fraction, wanted: Fraction, scale: Fraction, widest: Fraction, borderline: Fraction
) -> Tier:
    """The tier of a place where the network as written is off: rounded or borderline if rounding explains it.

    |M(meant) - M(written)| <= M(|written| + radius) - M(|written|), entry by entry: rounding does not explain
    a larger error.

    Args:
        got: What the network shows there.
        wanted: What is asked.
        scale: M(|written|).
        widest: M(|written| + radius).
        borderline: Largest relative error that is accepted.
    """
    if not _is_close(got, wanted, borderline) or abs(got - wanted) > widest - scale:
        return Tier.WRONG
    error = abs(got - wanted)
    for tier, bound in ((Tier.ROUNDED, ROUNDED), (Tier.BORDERLINE, borderline)):
        if error <= bound * max(Fraction(1), scale):
            return tier
    return Tier.WRONG


def _is_close(got: Fraction, wanted: Fraction, bound: Fraction) -> bool:
    # Large entries that cancel have a large scale: the error must be small beside what is wanted, too.
    return abs(got - wanted) <= bound * max(Fraction(1), abs(wanted))


def _hold_for_long(system: LinearSystem, target: LinearSystem, tiers: dict[Place, Tier]) -> None:
    """Make borderline outputs wrong that drift away from what is asked within `LONG_RUN_STEPS` steps."""
    got, wanted = markov_entries(system, LONG_RUN_STEPS), markov_entries(target, LONG_RUN_STEPS)
    # In an output that is wrong already, the other errors may be rounding: they are not to be shown.
    wrong = {place.row for place, tier in tiers.items() if tier is Tier.WRONG}
    drifted = {
        place.row
        for place in wanted
        if place.row not in wrong
        and abs(got[place] - wanted[place]) > LONG_RUN_ERROR * max(Fraction(1), abs(wanted[place]))
    }
    for place, tier in tiers.items():
        if place.row in drifted and tier is Tier.BORDERLINE:
            tiers[place] = Tier.WRONG
