"""Known mistakes of a function that turns an RNN-B into an RNN-A, matched over all its calls."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

from grader.errors import Unreadable
from grader.kinds.realisation.constructions import CONSTRUCTIONS
from grader.kinds.realisation.question import Instance, RealisationParams, instances, returned
from grader.linear.decision import Tier, decide
from grader.linear.structure import Network
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis, Finding, Outcome
from grader.model.value import Items

# Networks that differ in the other sizes: of a single one nobody knows which size it is.
FEWEST_RIGHT = 2


class Returned(NamedTuple):
    """What came back for one network: an RNN-A, or None where there is none that can be read."""

    instance: Instance
    network: Network | None
    is_right: bool


def diagnose_answer(params: RealisationParams, answer: Answer, outcome: Outcome) -> Finding:
    """The mistaken constructions that would have returned the same networks.

    Args:
        params: The question.
        answer: What the calls gave.
        outcome: What was decided about them.
    """
    if _has_three_parts(answer):
        text = (
            "Only the three matrices are returned: the start state of the new network is part of the answer."
        )
        return Finding(diagnoses=(Diagnosis("start-state-not-returned", text),))
    found = tuple(_read(params, answer))
    read = [one for one in found if one.network is not None]
    wrong = [one for one in found if not one.is_right]
    if not read or not wrong:
        return Finding()
    # A mistake may do no harm to some sizes: transposing a 1 x 1 matrix does none. One must show it.
    if any(not one.is_right for one in read) and (told := tuple(_constructions(read))):
        return Finding(diagnoses=told)
    keeps_state = any(one.code == "keeps-state" for one in outcome.feedback)
    return Finding(diagnoses=() if keeps_state else _sizes_written_in(found))


def _constructions(read: list[Returned]) -> Iterator[Diagnosis]:
    """The mistakes that fit all networks; more than one where these cannot tell them apart."""
    fits = [
        mistake
        for mistake in CONSTRUCTIONS
        if all(
            one.network and decide(one.network, mistake.behaves(one.instance.system)).tier is not Tier.WRONG
            for one in read
        )
    ]
    for number, mistake in enumerate(fits):
        start = "Or, which gives the same here: " if number else ""
        yield Diagnosis(mistake.id, start + mistake.message)


def _sizes_written_in(found: tuple[Returned, ...]) -> tuple[Diagnosis, ...]:
    """Right for all networks of some sizes and for none of any others.

    Only where the sizes decide it alone: a mistake that some numbers hide would be wrong for another network
    of the same sizes, and one that returns a network of other behaviour is no mistake of sizes.
    """
    right = {_sizes_of(one) for one in found if one.is_right}
    wrong = {_sizes_of(one) for one in found if not one.is_right}
    behaves_otherwise = any(one.network is not None and not one.is_right for one in found)
    if not right or right & wrong or behaves_otherwise:
        return ()
    for axis, name in enumerate(("state", "input", "output")):
        sizes = {size[axis] for size in right}
        if len(sizes) == 1 and not sizes & {size[axis] for size in wrong} and len(right) >= FEWEST_RIGHT:
            (size,) = sizes
            names = f"{name}s" if size > 1 else name
            text = f"It works with {size} {names} only: is that number written into it?"
            return (Diagnosis("sizes-written-in", text),)
    return (
        Diagnosis("sizes-written-in", "It works for networks of some sizes only: it must read them off."),
    )


def _sizes_of(one: Returned) -> tuple[int, int, int]:
    system = one.instance.system
    return system.n_states, system.n_inputs, system.n_outputs


def _read(params: RealisationParams, answer: Answer) -> Iterator[Returned]:
    for instance, call in zip(instances(params), answer.calls, strict=True):
        found = Returned(instance, None, is_right=False)
        if call.results:
            with contextlib.suppress(Unreadable):
                network, decision = returned(call.results[0], instance)
                found = Returned(instance, network, decision.tier is not Tier.WRONG)
        yield found


def _has_three_parts(answer: Answer) -> bool:
    results = [call.results[0] for call in answer.calls if call.results]
    return bool(results) and all(isinstance(one, Items) and len(one.items) == 3 for one in results)
