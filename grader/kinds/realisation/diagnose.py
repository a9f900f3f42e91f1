"""Step 6: known mistakes of a function that turns an RNN-B into an RNN-A, matched over all its calls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.errors import Unreadable
from grader.kinds.realisation.constructions import CONSTRUCTIONS
from grader.kinds.realisation.judge import RealisationFacts, ReturnedNetwork, read_returned
from grader.kinds.realisation.question import RealisationParams, instances
from grader.linear.decision import is_right
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis, Finding
from grader.model.text import counted
from grader.model.value import Items

# Networks that differ in the other sizes: of a single one nobody knows which size it is.
FEWEST_RIGHT = 2


def diagnose(params: RealisationParams, facts: RealisationFacts) -> Finding:
    """The mistaken constructions that would have returned the same networks."""
    read = [one for one in facts.networks if one.judged is not None]
    if not read or all(one.is_right for one in facts.networks):
        return Finding()
    # A mistake may do no harm to some sizes: transposing a 1 x 1 matrix does none. One must show it.
    if not all(one.is_right for one in read) and (found := tuple(_constructions(read))):
        return Finding(diagnoses=found)
    return Finding(diagnoses=() if facts.keeps_state else _sizes_written_in(facts.networks))


def diagnose_unreadable(params: RealisationParams, answer: Answer, unreadable: Unreadable) -> Finding:
    """The mistakes of a function that returns no network for the first one it is called on."""
    if _has_three_parts(answer):
        text = (
            "Only the three matrices are returned: the start state of the new network is part of the answer."
        )
        return Finding(diagnoses=(Diagnosis("start-state-not-returned", text),))
    pairs = zip(instances(params), answer.calls, strict=True)
    return diagnose(params, RealisationFacts(tuple(read_returned(*pair) for pair in pairs)))


def _constructions(read: Sequence[ReturnedNetwork]) -> Iterator[Diagnosis]:
    """The mistakes that fit all networks; more than one where these cannot tell them apart."""
    fits = [
        mistake
        for mistake in CONSTRUCTIONS
        if all(
            one.judged and is_right(one.judged.network, mistake.effect.behaves(one.instance.system))
            for one in read
        )
    ]
    for number, mistake in enumerate(fits):
        start = "Or, which gives the same here: " if number else ""
        yield Diagnosis(mistake.id, start + mistake.message)


def _sizes_written_in(found: tuple[ReturnedNetwork, ...]) -> tuple[Diagnosis, ...]:
    """The mistake of a function that is right for all networks of some sizes, and for none of other sizes.

    Only where the sizes decide it alone: a mistake that some numbers hide would be wrong for another network
    of the same sizes, and one that returns a network of other behaviour is no mistake of sizes.
    """
    right = {_sizes_of(one) for one in found if one.is_right}
    wrong = {_sizes_of(one) for one in found if not one.is_right}
    behaves_otherwise = any(one.judged is not None and not one.is_right for one in found)
    if not right or right & wrong or behaves_otherwise:
        return ()
    for axis, name in enumerate(("state", "input", "output")):
        sizes = {size[axis] for size in right}
        if len(sizes) == 1 and not sizes & {size[axis] for size in wrong} and len(right) >= FEWEST_RIGHT:
            (size,) = sizes
            text = f"It works with {counted(size, name)} only: is that number written into it?"
            return (Diagnosis("sizes-written-in", text),)
    return (
        Diagnosis("sizes-written-in", "It works for networks of some sizes only: it must read them off."),
    )


def _sizes_of(one: ReturnedNetwork) -> tuple[int, int, int]:
    system = one.instance.system
    return system.n_states, system.n_inputs, system.n_outputs


def _has_three_parts(answer: Answer) -> bool:
    results = [call.results[0] for call in answer.calls if call.results]
    return bool(results) and all(isinstance(one, Items) and len(one.items) == 3 for one in results)
