"""A function that turns any RNN-B into an RNN-A that does the same.

It is called on networks of growing size; what it returns is decided as a network, for all inputs of all
lengths, so any construction counts. That it is right for every RNN-B is tested, not proved.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec

from grader.answers.arrays import from_numpy
from grader.errors import Unreadable
from grader.explaining import explained
from grader.kinds.realisation.question import Instance, RealisationParams, instances, returned
from grader.linear.credit import credit
from grader.linear.decision import Decision, Tier
from grader.linear.findings import evidence, feedback
from grader.model.evidence import PROVED, PROVED_FOR_ALL_INPUTS, Untyped, tried_on
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, Verdict, verdict_for
from grader.model.probe import Call
from grader.model.run import Fault

# A function that is wrong somewhere is not what was asked for; what it gets right is worth at most half.
PARTLY_RIGHT_SHARE = Fraction(1, 2)


def probes(params: RealisationParams) -> tuple[Call, ...]:
    """One call for each network, made twice to catch state that is kept between calls."""
    return tuple(
        Call(question="", function=(), args=tuple(map(from_numpy, instance[:3])), times=2)
        for instance in instances(params)
    )


def judge(params: RealisationParams, answer: Answer) -> Outcome:
    """Decide what the function returned for each network; the first that fails is told."""
    decisions: list[Decision] = []
    for number, (instance, call) in enumerate(zip(instances(params), answer.calls, strict=True), start=1):
        if call.fault is not None and not call.results:
            stopped = _stopped(call.fault, f"called with {_sizes(instance)}")
            if number == 1:
                raise Unreadable(stopped.message, code=stopped.code)
            return _wrong(decisions, instance, stopped, {})
        for again, result in enumerate(call.results):
            try:
                decision = returned(result, instance).decision
            except Unreadable as unreadable:
                text = f"For an RNN-B of {_sizes(instance)}: {unreadable}"
                if number == 1:
                    raise Unreadable(text, code=unreadable.code) from None
                return _wrong(decisions, instance, Feedback(unreadable.code, text), {})
            if decision.tier is Tier.WRONG:
                return _differs(decisions, instance, decision, is_second_call=bool(again))
        decisions.append(decision)
        if call.fault is not None:
            stopped = _stopped(call.fault, f"called a second time with the same {_sizes(instance)}")
            return _wrong(decisions, instance, stopped, {})
    return Outcome(
        verdict=Verdict.CORRECT,
        fraction=Fraction(1),
        basis=tried_on(len(decisions)),
        feedback=feedback(max(decisions, key=lambda decision: decision.tier)),
        evidence=(Untyped(table={"networks_right": len(decisions)}),),
    )


def _stopped(fault: Fault, when: str) -> Feedback:
    place = f"{fault.where}: " if fault.where else ""
    return Feedback(f"does-not-run-{fault.kind}", f"{place}{fault.message} ({when})")


def _differs(
    decisions: list[Decision], instance: Instance, decision: Decision, is_second_call: bool
) -> Outcome:
    if is_second_call:
        text = (
            "Called a second time with the same network, the function returns another one: it is not right."
        )
        return _wrong(decisions, instance, Feedback("keeps-state", text), evidence(decision))
    text = f"The RNN-A returned for an RNN-B of {_sizes(instance)} does something else."
    first, *rest = explained(lambda: feedback(decision)) or (Feedback("other-network", ""),)
    told = Feedback(first.code, f"{text} {first.message}".rstrip(), level=first.level)
    facts = explained(lambda: evidence(decision)) or {}
    outcome = _wrong([*decisions, decision], instance, told, facts)
    return msgspec.structs.replace(outcome, feedback=(*outcome.feedback, *rest))


def _wrong(
    decisions: list[Decision], instance: Instance, message: Feedback, facts: dict[str, Any]
) -> Outcome:
    share = min((credit(decision.rows) for decision in decisions), default=Fraction(0))
    network = {"s0": instance.s0.tolist(), "Wssx": instance.Wssx.tolist(), "Wox": instance.Wox.tolist()}
    fraction = PARTLY_RIGHT_SHARE * share
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED_FOR_ALL_INPUTS if "deciding_steps" in facts else PROVED,
        feedback=(message,),
        evidence=(Untyped(table={"network": network, **facts}),),
    )


def _sizes(instance: Instance) -> str:
    n, m, p = instance.system.n_states, instance.system.n_inputs, instance.system.n_outputs
    parts = ((n, "state"), (m, "input"), (p, "output"))
    return ", ".join(f"{size} {name}{'s' if size > 1 else ''}" for size, name in parts)


TWO_NETWORKS = {
    "sizes": [{"states": 1, "inputs": 1, "outputs": 1}, {"states": 2, "inputs": 3, "outputs": 4}],
}
STACKED = """
import numpy as np

def to_rnn_a(s0, Wssx, Wox):
    n, m = len(s0), Wssx.shape[1] - len(s0)
    Wss = np.zeros((n + m, n + m))
    Wss[:n, :n] = Wssx[:, :n]
    Wsx = np.vstack([Wssx[:, n:], np.eye(m)])
    return {start}, Wss, Wsx, Wox
"""

CHECK = Kind(
    params=RealisationParams,
    asks=lambda params: Asks(function=params.function),
    probes=probes,
    judge=judge,
    examples=(
        KindExample(
            title="The state is extended by the current input",
            params=TWO_NETWORKS,
            answer=STACKED.format(start="np.concatenate([s0, np.zeros(m)])"),
            verdict="correct",
        ),
        KindExample(
            title="What stands in the extra entries of s0 does not matter: it is never read",
            params=TWO_NETWORKS,
            answer=STACKED.format(start="list(s0) + [7.0] * m"),
            verdict="correct",
        ),
        KindExample(
            title="s0 forgotten",
            params=TWO_NETWORKS,
            answer=STACKED.format(start="np.zeros(n + m)"),
            verdict="partial",
            code="starts-from-nonzero",
        ),
        KindExample(
            title="Right when called once, but not twice",
            params=TWO_NETWORKS,
            answer="calls = iter([1, 0])\n"
            + STACKED.format(start="np.concatenate([s0, np.zeros(m // next(calls))])"),
            verdict="partial",
            code="does-not-run-exception",
        ),
        KindExample(
            title="The direct path dropped",
            params=TWO_NETWORKS,
            answer="""
def to_rnn_a(s0, Wssx, Wox):
    n = len(s0)
    return s0, Wssx[:, :n], Wssx[:, n:], Wox[:, :n]
""",
            verdict="partial",
            code="counterexample",
        ),
        KindExample(
            title="Only three of the four returned",
            params=TWO_NETWORKS,
            answer="def to_rnn_a(s0, Wssx, Wox):\n    return Wssx, Wssx, Wox",
            verdict="invalid",
            code="not-a-network",
        ),
    ),
)
