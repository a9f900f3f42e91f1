"""Step 5: what the function returned for each network, decided; the first that fails is shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.describe import describe
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.realisation.question import RealisationParams, RealisedNetwork, instances
from grader.linear.arrangement import weight_names
from grader.linear.decision import Decision
from grader.linear.judge import JudgedNetwork, judge_weights
from grader.linear.marking import credit
from grader.linear.messages import evidence, feedback
from grader.linear.reading import LinearSizes
from grader.model.evidence import (
    COUNTEREXAMPLE,
    LOCATION,
    PROVED,
    PROVED_FOR_ALL_INPUTS,
    Evidence,
    tried_on,
)
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.run import CallReading, Fault
from grader.model.text import counted
from grader.model.value import Fields, Items, Value

# A function that is wrong somewhere is not what was asked for; what it gets right is worth at most half.
PARTLY_RIGHT_SHARE = Fraction(1, 2)


class ReturnedNetwork(NamedTuple):
    """What came back for one network when the function was called on it first.

    Args:
        instance: What it was called on.
        judged: The RNN-A that it returned, decided; None where there is none that can be read.
        unreadable: Why not.
    """

    instance: RealisedNetwork
    judged: JudgedNetwork | None = None
    unreadable: Unreadable | None = None

    @property
    def is_right(self) -> bool:
        """Whether the RNN-A does what the RNN-B does."""
        return self.judged is not None and self.judged.is_right


class RealisationFacts(NamedTuple):
    """What was read and decided.

    Args:
        networks: What came back for each network.
        keeps_state: Whether a second call with the same network gave a wrong one.
    """

    networks: tuple[ReturnedNetwork, ...]
    keeps_state: bool = False


class ShownNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """A network that the function was called on."""

    s0: list[float]
    Wssx: list[list[float]]
    Wox: list[list[float]]


class RealisationEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows; of a network that is wrong it shows `LinearEvidence` as well."""

    network: Annotated[ShownNetwork | UnsetType, COUNTEREXAMPLE] = UNSET
    networks_right: Annotated[int | UnsetType, LOCATION] = UNSET


class FailedNetwork(NamedTuple):
    """Why the function is not right.

    Args:
        message: What is wrong.
        share: What the networks up to here earn, 0 to 1.
        decision: About the network that is wrong; None where there is none.
        more: Messages after it.
        keeps_state: Whether only the second call is wrong.
    """

    message: Feedback
    share: Fraction
    decision: Decision | None = None
    more: tuple[Feedback, ...] = ()
    keeps_state: bool = False


def judge(params: RealisationParams, answer: Answer) -> Judgement[RealisationFacts]:
    """Decide what the function returned for each network, up to the first that fails."""
    pairs = list(zip(instances(params), answer.calls, strict=True))
    networks: list[ReturnedNetwork] = []
    for number, (instance, call) in enumerate(pairs, start=1):
        returned = read_returned(instance, call)
        networks.append(returned)
        failure = _failure(returned, call, is_first=number == 1)
        if failure is not None:
            rest = explained(lambda: [read_returned(*pair) for pair in pairs[len(networks) :]]) or ()
            facts = RealisationFacts((*networks, *rest), failure.keeps_state)
            return Judgement(_wrong(instance, failure), facts)
    decisions = [one.judged.decision for one in networks if one.judged is not None]
    outcome = Outcome(
        verdict=Verdict.CORRECT,
        fraction=Fraction(1),
        basis=tried_on(len(decisions)),
        feedback=feedback(max(decisions, key=lambda decision: decision.tier)),
        evidence=(RealisationEvidence(networks_right=len(decisions)),),
    )
    return Judgement(outcome, RealisationFacts(tuple(networks)))


def read_returned(instance: RealisedNetwork, call: CallReading) -> ReturnedNetwork:
    """What came back from the first call with a network, decided."""
    if not call.results:
        return ReturnedNetwork(instance)
    try:
        return ReturnedNetwork(instance, _judged(call.results[0], instance))
    except Unreadable as unreadable:
        return ReturnedNetwork(instance, unreadable=unreadable)


def _judged(value: Value, instance: RealisedNetwork) -> JudgedNetwork:
    """The RNN-A that a value is, decided; s0, Wss, Wsx, Wo in this order, or by name."""
    sizes = LinearSizes(None, instance.system.n_inputs, instance.system.n_outputs)
    return judge_weights("rnn-a", sizes, _weights(value), instance.system)


def _weights(value: Value) -> dict[str, Value]:
    names = weight_names("rnn-a")
    match value:
        case Items(items=items) if len(items) == len(names):
            return dict(zip(names, items, strict=True))
        case Fields(fields=fields):
            return {name: fields[key] for name in names if (key := _key_of(name, fields)) is not None}
    hint = f"return ({', '.join(names)})"
    raise Unreadable(f"the function returned {describe(value)}", hint, code="not-a-network")


def _key_of(name: str, fields: Collection[str]) -> str | None:
    """Where a weight stands: Wss, or W_ss where there is no other such name."""
    alike = [key for key in fields if key.replace("_", "") == name]
    return name if name in fields else alike[0] if len(alike) == 1 else None


def _failure(returned: ReturnedNetwork, call: CallReading, is_first: bool) -> FailedNetwork | None:
    """What is wrong with what a network gave; None where all is right.

    Raises:
        Unreadable: If it is the first, and no network.
    """
    instance, before = returned.instance, Fraction(not is_first)
    if not call.results:
        fault = call.fault or Fault(kind="protocol", message="nothing came back")
        stopped = Feedback(fault.code, f"{fault.text} (called with {_sizes(instance)})")
        if is_first:
            raise Unreadable(stopped.message, code=stopped.code)
        return FailedNetwork(stopped, before)
    try:
        if returned.unreadable is not None:
            raise returned.unreadable
        if returned.judged is not None and not returned.is_right:
            return _differs(instance, returned.judged.decision)
        # The same value again is decided already.
        for again in (value for value in call.results[1:] if value != call.results[0]):
            judged = _judged(again, instance)
            if not judged.is_right:
                return _keeps_state(judged.decision, before)
    except Unreadable as unreadable:
        text = f"For an RNN-B of {_sizes(instance)}: {unreadable}"
        if is_first:
            raise Unreadable(text, code=unreadable.code) from None
        return FailedNetwork(Feedback(unreadable.code, text), before)
    if call.fault is not None:
        stopped = Feedback(
            call.fault.code, f"{call.fault.text} (called a second time with the same {_sizes(instance)})"
        )
        return FailedNetwork(stopped, Fraction(1))
    return None


def _keeps_state(decision: Decision, share: Fraction) -> FailedNetwork:
    text = "Called a second time with the same network, the function returns another one: it is not right."
    return FailedNetwork(Feedback("keeps-state", text), share, decision, keeps_state=True)


def _differs(instance: RealisedNetwork, decision: Decision) -> FailedNetwork:
    text = f"The RNN-A returned for an RNN-B of {_sizes(instance)} does something else."
    first, *rest = explained(lambda: feedback(decision)) or (Feedback("other-network", ""),)
    message = Feedback(first.code, f"{text} {first.message}".rstrip(), level=first.level)
    return FailedNetwork(message, credit(decision.outputs), decision, tuple(rest))


def _wrong(instance: RealisedNetwork, failure: FailedNetwork) -> Outcome:
    fraction = PARTLY_RIGHT_SHARE * failure.share
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED if failure.decision is None else PROVED_FOR_ALL_INPUTS,
        feedback=(failure.message, *failure.more),
        evidence=tuple(_evidence(instance, failure.decision)),
    )


def _evidence(instance: RealisedNetwork, decision: Decision | None) -> Iterable[Evidence]:
    shown_network = ShownNetwork(
        s0=list(instance.s0),
        Wssx=[list(row) for row in instance.Wssx],
        Wox=[list(row) for row in instance.Wox],
    )
    yield RealisationEvidence(network=shown_network)
    if decision is not None and (shown := explained(lambda: evidence(decision))):
        yield shown


def _sizes(instance: RealisedNetwork) -> str:
    system = instance.system
    parts = ((system.n_states, "state"), (system.n_inputs, "input"), (system.n_outputs, "output"))
    return ", ".join(counted(size, name) for size, name in parts)
