"""What the state of a right network means: the matrix from it to a state that is made of outputs."""

from __future__ import annotations

from grader.linear.decision import Tier
from grader.linear.judge import JudgedNetwork
from grader.linear.messages import ShownStateMap, json_number
from grader.linear.question import LinearParams, state_meaning
from grader.model.outcome import Feedback
from grader.model.text import joined
from reference.linear_system import Matrix
from reference.state_map import Meaning, state_map

# A larger map, or a longer one, is not shown: nobody looks at it.
MAX_STATES = 8
MAX_CHARACTERS = 120


def map_of_state(
    params: LinearParams, judged: JudgedNetwork
) -> tuple[ShownStateMap | None, tuple[Feedback, ...]]:
    """What the state of a right network means: the map T to a state that is made of outputs.

    Returns:
        The map as evidence, None where there is none; and a sentence about it, left out where each entry of
        that state is one of the student's entries as it is.
    """
    if judged.symbolic or judged.decision.tier > Tier.RATIONALISED or judged.n_states > MAX_STATES:
        return None, ()
    if judged.has_biases:
        # A state may then be off by a constant, which no matrix takes away.
        return None, ()
    meaning = state_meaning(params)
    T = None if meaning is None else state_map(judged.network.nearby, meaning)
    if meaning is None or T is None:
        return None, ()
    names = _names(meaning, params.has_direct_path)
    shown = ShownStateMap(to=names, matrix=[list(map(json_number, row)) for row in T])
    return shown, () if _is_plain(T) else _message(shown, judged.n_states)


def _message(shown: ShownStateMap, n_states: int) -> tuple[Feedback, ...]:
    matrix = "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in shown.matrix) + "]"
    if len(matrix) > MAX_CHARACTERS:
        return ()
    more = n_states - len(shown.matrix)
    spare = f"; {more} of its {n_states} dimensions {'is' if more == 1 else 'are'} never seen" if more else ""
    basis = f"Your state keeps {joined(shown.to)} in a basis of its own"
    text = f"{basis}: T s_t gives {_them(shown.to)}, with T = {matrix}{spare}."
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
