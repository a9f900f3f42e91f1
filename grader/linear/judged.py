"""Weights decided, whether they are numbers or hold free symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.explaining import explained
from grader.linear.decision import Decision, Tier, decide
from grader.linear.findings import evidence, feedback, plain
from grader.linear.question import LinearParams, target_system
from grader.linear.states import NO_MAP, map_of_state
from grader.linear.structure import Network, read_network
from grader.linear.symbolic.entries import has_formulas, with_written_tables
from grader.model.outcome import Feedback
from grader.model.value import Value

if TYPE_CHECKING:
    from grader.linear.symbolic.decision import Family


class Judged(NamedTuple):
    """A network and what was decided about it.

    Args:
        network: The network; at a sample of its symbols where it has any.
        decision: For all inputs of all lengths, and all values of its symbols.
        messages: What to tell.
        facts: JSON-ready.
        special: For which values of its symbols it is right, where it is not for all; else empty.
    """

    network: Network
    decision: Decision
    messages: tuple[Feedback, ...]
    facts: dict[str, Any]
    special: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it does what is asked."""
        return self.decision.tier is not Tier.WRONG


def judge_weights(params: LinearParams, fields: Mapping[str, Value], starts_at_zero: bool = False) -> Judged:
    """Decide the weights among the fields.

    Args:
        params: The question.
        fields: The weights by name.
        starts_at_zero: Whether the question fixes s0 = 0 and does not ask for it.

    Raises:
        Unreadable: If they are no network, or hold formulas that cannot be read or computed.
    """
    own = with_written_tables({name: value for name, value in fields.items() if name in params.weight_names})
    if has_formulas(own):
        return _judged_family(params, own, starts_at_zero)
    network = read_network(params.structure, params.sizes, own, starts_at_zero)
    decision = decide(network, target_system(params))
    meaning = explained(lambda: map_of_state(params, network, decision)) or NO_MAP
    messages = explained(lambda: feedback(decision)) or ()
    facts = explained(lambda: evidence(decision)) or {}
    return Judged(network, decision, (*messages, *meaning.messages), facts | meaning.facts)


def _judged_family(params: LinearParams, fields: Mapping[str, Value], starts_at_zero: bool) -> Judged:
    # Most answers are numbers: they need not wait for the algebra to be loaded.
    from grader.linear.symbolic.decision import decide_family

    family = decide_family(params.structure, params.sizes, fields, target_system(params), starts_at_zero)
    return explained(lambda: _told(family)) or Judged(family.network, family.decision, (), {})


def _told(family: Family) -> Judged:
    from grader.exact.polynomial import text

    decision = family.decision
    facts = evidence(decision)
    if not family.symbols:
        return Judged(family.network, decision, feedback(decision), facts)
    nonzero = [f"{text(p, family.names)} != 0" for p in family.excluded]
    facts |= {"symbols": list(family.symbols), "excluded": nonzero}
    if decision.tier is not Tier.WRONG:
        but = f" with {' and '.join(nonzero)}" if nonzero else ""
        told = Feedback("right-for-all", f"Right for all values of {_listed(family.symbols)}{but}.")
        proved = () if decision.points else (told,)
        return Judged(family.network, decision, (*proved, *feedback(decision)), facts)
    facts["symbol_values"] = {name: plain(value) for name, value in family.sample.items()}
    at = ", ".join(f"{name} = {plain(value)}" for name, value in family.sample.items())
    first, *rest = feedback(decision)
    shown = f"With {at}: {first.message[:1].lower()}{first.message[1:]}"
    messages = [Feedback(first.code, shown, level=first.level), *rest]
    special = ""
    if family.condition is not None:
        if family.condition.is_never:
            messages.insert(
                0, Feedback("right-for-no-value", f"Right for no value of {_listed(family.symbols)}.")
            )
        elif family.condition.text:
            special = family.condition.phrase
            only = f"Right only {special}: what stands for any number must do for every number."
            messages.insert(0, Feedback("right-for-special-values", only))
            facts["right_only"] = special
    return Judged(family.network, decision, tuple(messages), facts, special)


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
