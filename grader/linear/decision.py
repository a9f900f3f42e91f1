"""Whether a network does what is asked, output by output, and how that was decided.

Three tiers, tried in turn; the report says which one accepted: exact (every number as written), rationalised
(3.3333333333333335 read as 10/3), rounded (within what rounding of the handed-in numbers can do). The last is
open only to answers with a number that may be rounded: whole numbers and short decimals mean what they say.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Set
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from grader.explaining import explained
from grader.linear.structure import Network
from reference.equivalence import Counterexample, Place, deciding_steps, reactions, shortest_counterexample
from reference.linear_system import LinearSystem, absolute, bits

# Relative to what forward rounding errors scale with. A rotated basis in floats is off by 5e-17, eight typed
# decimals by 1e-9, float32 by 1.5e-8, 0.333333 for a third by 1e-6, a weight of 1.0001 by 4e-4.
ROUNDED = Fraction(1, 10**12)
BORDERLINE = Fraction(1, 10**5)
# Floats of 32 bits in a basis of condition 30 are off by 2e-5, in one of condition 100 by 3e-4.
BORDERLINE_OF_SINGLE = Fraction(1, 10**3)
NOTHING = Fraction(0)
# A borderline answer must also stay close for long: the error of a growing state shows only late.
LONG_RUN_STEPS = 100
LONG_RUN_ERROR = Fraction(1, 10**3)
# What entries that stand for zero may do to an output in as many steps.
DUST_EFFECT = Fraction(1, 10**9)
# A hundred exact steps grow numbers a hundredfold; a matrix of floats has 200 bits over one denominator.
MAX_DUST_BITS, MAX_DUST_WORK = 400, 200_000


_Reactions: TypeAlias = Mapping[Place, Fraction]


class Tier(enum.IntEnum):
    """How an output was found right; the largest over all outputs is the answer's."""

    EXACT = 0
    RATIONALISED = 1
    ROUNDED = 2
    BORDERLINE = 3
    WRONG = 4


class Row(NamedTuple):
    """What was found about one output.

    Args:
        tier: How it is right, or WRONG.
        first_right: Whether its reaction to the current input, M_0, is right.
        later_right: Whether its reaction to all earlier inputs, M_k for k >= 1, is right.
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
        rows: One finding for each output.
        counterexample: The shortest input on which it goes wrong; None if it is right or none was found.
        steps: How many steps decide for all lengths.
        points: At how many values of its free symbols it was decided, where that is all; else 0.
    """

    rows: tuple[Row, ...]
    counterexample: Counterexample | None
    steps: int
    points: int = 0

    @property
    def tier(self) -> Tier:
        """The weakest tier that any output needed; WRONG if one is wrong."""
        return max(row.tier for row in self.rows)


def decide(network: Network, target: LinearSystem) -> Decision:
    """Compare a network with the target for all inputs of all lengths."""
    steps = deciding_steps(network.system, target)
    ours, wanted = reactions(network.system, steps), _wanted(target, steps)
    tiers = _place_tiers(network, target, ours, wanted)
    if network.dusted is not None and Tier.WRONG in tiers.values():
        _forgive_dust(network.system, network.dusted, target, tiers)
    wrong = [place for place, tier in tiers.items() if tier is Tier.WRONG]
    rows = tuple(_row(i, tiers, ours, wanted) for i in range(target.n_outputs))
    shown = explained(lambda: shortest_counterexample(network.system, target, min(wrong))) if wrong else None
    return Decision(rows, shown, steps)


@functools.lru_cache(maxsize=256)
def _wanted(target: LinearSystem, steps: int) -> Mapping[Place, Fraction]:
    return reactions(target, steps)


def decision_by_places(
    system: LinearSystem,
    target: LinearSystem,
    wrong: Set[Place],
    shown: Set[Place],
    right: Tier,
    noise: Fraction,
) -> Decision:
    """The decision where it is known exactly which places are wrong, and the system is one instance.

    Args:
        system: The instance.
        target: What is asked.
        wrong: Places that are wrong in general.
        shown: Those of them that are wrong in the instance.
        right: How the others were found right.
        noise: What counts as zero in the instance.
    """
    steps = deciding_steps(system, target)
    wanted = reactions(target, steps)
    ours = {
        place: value if abs(value) > noise else NOTHING for place, value in reactions(system, steps).items()
    }
    tiers = {place: Tier.WRONG if place in wrong else right for place in wanted}
    rows = tuple(_row(i, tiers, ours, wanted) for i in range(target.n_outputs))
    example = explained(lambda: shortest_counterexample(system, target, min(shown))) if shown else None
    return Decision(rows, example, steps)


def _row(row: int, tiers: Mapping[Place, Tier], ours: _Reactions, wanted: _Reactions) -> Row:
    places = [place for place in tiers if place.row == row]
    wrong = [place for place in places if tiers[place] is Tier.WRONG]
    return Row(
        tier=max(tiers[place] for place in places),
        first_right=not any(place.cause and place.step == 1 for place in wrong),
        later_right=not any(place.cause and place.step > 1 for place in wrong),
        start_right=all(place.cause for place in wrong),
        is_silent=not any(ours[place] for place in places),
        is_zero_wanted=not any(wanted[place] for place in places),
        is_start_wanted=any(wanted[place] for place in places if not place.cause),
    )


def _place_tiers(
    network: Network, target: LinearSystem, ours: _Reactions, wanted: _Reactions
) -> dict[Place, Tier]:
    tiers = {place: Tier.EXACT if ours[place] == wanted[place] else Tier.WRONG for place in wanted}
    if not network.is_rounded or all(tier is Tier.EXACT for tier in tiers.values()):
        return tiers
    steps = max(place.step for place in wanted)
    nearby = ours if network.nearby == network.system else reactions(network.nearby, steps)
    bound = BORDERLINE_OF_SINGLE if network.is_single else BORDERLINE
    # Costs as much as the decision itself, and most wrong answers are wrong by more than any rounding.
    is_close = any(
        tier is Tier.WRONG and _is_close(ours[place], wanted[place], bound) for place, tier in tiers.items()
    )
    scale = reactions(absolute(network.system), steps) if is_close else ours
    widest = reactions(network.widest, steps) if is_close else ours
    for place, tier in tiers.items():
        if tier is not Tier.WRONG:
            continue
        if nearby[place] == wanted[place]:
            tiers[place] = Tier.RATIONALISED
        else:
            tiers[place] = _rounding(ours[place], wanted[place], scale[place], widest[place], bound)
    if Tier.BORDERLINE in tiers.values():
        _hold_for_long(network.system, target, tiers)
    return tiers


def _forgive_dust(
    system: LinearSystem, dusted: Network, target: LinearSystem, tiers: dict[Place, Tier]
) -> None:
    """Take an output as rounded that is right once tiny entries are zero, if these stay without effect.

    So nothing is let through that anybody could see: the error is at most a billionth for a hundred steps.
    """
    steps = max(place.step for place in tiers)
    clean = _place_tiers(dusted, target, reactions(dusted.system, steps), _wanted(target, steps))
    wrong = {place.row for place, tier in clean.items() if tier is Tier.WRONG}
    rows = {place.row for place, tier in tiers.items() if tier is Tier.WRONG} - wrong
    length = bits(system, MAX_DUST_BITS)
    if not rows or length > MAX_DUST_BITS or length * system.n_states**2 > MAX_DUST_WORK:
        return
    ours, wanted = reactions(system, LONG_RUN_STEPS), reactions(target, LONG_RUN_STEPS)
    rows -= {p.row for p in wanted if not _is_close(ours[p], wanted[p], DUST_EFFECT)}
    tiers.update((place, max(clean[place], Tier.ROUNDED)) for place in tiers if place.row in rows)


def _rounding(
    ours: Fraction, wanted: Fraction, scale: Fraction, widest: Fraction, borderline: Fraction
) -> Tier:
    """How an error is to be seen that rounding the numbers may have caused.

    |M(meant) - M(written)| <= M(|written| + radius) - M(|written|), entry by entry: a larger error is none of
    rounding.
    """
    if not _is_close(ours, wanted, borderline) or abs(ours - wanted) > widest - scale:
        return Tier.WRONG
    error = abs(ours - wanted)
    for tier, bound in ((Tier.ROUNDED, ROUNDED), (Tier.BORDERLINE, borderline)):
        if error <= bound * max(Fraction(1), scale):
            return tier
    return Tier.WRONG


def _is_close(ours: Fraction, wanted: Fraction, bound: Fraction) -> bool:
    # Large entries that cancel have a large scale: the error must be small beside what is wanted, too.
    return abs(ours - wanted) <= bound * max(Fraction(1), abs(wanted))


def _hold_for_long(system: LinearSystem, target: LinearSystem, tiers: dict[Place, Tier]) -> None:
    ours, wanted = reactions(system, LONG_RUN_STEPS), reactions(target, LONG_RUN_STEPS)
    # An output that is wrong already is shown where it is: the other errors are of rounding.
    wrong = {place.row for place, tier in tiers.items() if tier is Tier.WRONG}
    drifted = {
        place.row
        for place in wanted
        if place.row not in wrong
        and abs(ours[place] - wanted[place]) > LONG_RUN_ERROR * max(Fraction(1), abs(wanted[place]))
    }
    for place, tier in tiers.items():
        if place.row in drifted and tier is Tier.BORDERLINE:
            tiers[place] = Tier.WRONG
