"""What the state of a right network means, told to its author."""

from __future__ import annotations

from typing import Any, NamedTuple

from grader.linear.decision import Decision, Tier
from grader.linear.findings import plain
from grader.linear.question import LinearParams, state_meaning
from grader.linear.structure import Network
from grader.model.outcome import Feedback
from reference.linear_system import Matrix
from reference.state_map import Meaning, state_map

# A map that a person can look at.
MAX_STATES = 8
MAX_TOLD = 120


class StateMap(NamedTuple):
    """The map as facts and, where the basis is not the plain one, in a sentence."""

    facts: dict[str, Any]
    messages: tuple[Feedback, ...]


NO_MAP = StateMap({}, ())


def map_of_state(params: LinearParams, network: Network, decision: Decision) -> StateMap:
    """How the state of a right network leads to one that is made of outputs; empty where no matrix does.

    Args:
        params: The question.
        network: A network.
        decision: What was decided about it.
    """
    if decision.tier > Tier.RATIONALISED or network.system.n_states > MAX_STATES:
        return NO_MAP
    meaning = state_meaning(params)
    T = None if meaning is None else state_map(network.nearby, meaning)
    if meaning is None or T is None:
        return NO_MAP
    names = _names(meaning, params.has_direct_path)
    rows = [[plain(value) for value in row] for row in T]
    facts = {"state_map": {"to": names, "matrix": rows}}
    return StateMap(facts, () if _is_plain(T) else _told(names, rows, network.system.n_states))


def _told(names: list[str], rows: list[list[Any]], n_states: int) -> tuple[Feedback, ...]:
    matrix = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in rows) + "]"
    if len(matrix) > MAX_TOLD:
        return ()
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    more = n_states - len(rows)
    spare = (
        "" if not more else f"; {more} of its {n_states} dimensions {'is' if more == 1 else 'are'} never seen"
    )
    kept = f"Your state keeps {listed} in a basis of its own"
    text = f"{kept}: T s_t gives {_them(names)}, with T = {matrix}{spare}."
    return (Feedback("state-map", text),)


def _them(names: list[str]) -> str:
    return "it" if len(names) == 1 else "them in this order"


def _names(meaning: Meaning, has_direct_path: bool) -> list[str]:
    names = []
    for delay, output in meaning.places:
        name = f"g_t[{output + 1}]" if not delay else f"g_t+{delay}[{output + 1}] if no input follows"
        names.append(f"the state's part of {name}" if has_direct_path else name)
    return names


def _is_plain(T: Matrix) -> bool:
    """Whether each entry of the reference state is one of the student's states, as it is."""
    return all(sorted(row)[-1:] == [1] and sum(map(bool, row)) == 1 for row in T)
