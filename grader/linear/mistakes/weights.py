"""Step 6 for weights: from what was handed in to the mistakes that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from grader.answers.numbers import read_number
from grader.answers.tables import read_table
from grader.errors import Unreadable
from grader.linear.judged import Judged, judge_weights
from grader.linear.mistakes.case import look_at
from grader.linear.mistakes.explain import explain
from grader.linear.mistakes.repairs import find_repair, repair_told
from grader.linear.question import LinearParams, needed_states, target_system
from grader.linear.structure import WEIGHTS, Network
from grader.model.outcome import Diagnosis
from grader.model.value import Array, Items, Value

# Larger states are no homework; exact arithmetic on them takes long, and it has already decided.
MOST_STATES = 12


def diagnose_weights(
    params: LinearParams, fields: Mapping[str, Value], starts_at_zero: bool = False
) -> tuple[Diagnosis, ...]:
    """The known mistakes that would have produced these weights; none where they are right.

    Args:
        params: The question.
        fields: The weights by name, as handed in, readable or not.
        starts_at_zero: Whether the question fixes s0 = 0 and does not ask for it.
    """
    names = WEIGHTS[params.structure][1:]
    if _all_ones(fields, names):
        text = "All weights are 1, as in the question about sizes: here they are to be chosen."
        return (Diagnosis("all-ones", text),)
    if _count_of_rows(fields.get(names[0])) > MOST_STATES:
        return ()
    try:
        judged = judge_weights(params, fields, starts_at_zero)
    except Unreadable as unreadable:
        if unreadable.code != "shape":
            return ()
        return _repaired(params, fields, starts_at_zero) or _misshapen(params, fields)
    network = judged.network
    if judged.is_right:
        return _of_right(params, network)
    if judged.special:
        text = f"A free symbol stands for any number; here it is right only {judged.special}."
        return (Diagnosis("parameter-must-be-special", text),)
    if "symbols" in judged.facts:
        return ()
    return (*_of_size(params, network), *_of_behaviour(params, judged, fields, starts_at_zero))


def _misshapen(params: LinearParams, fields: Mapping[str, Value]) -> tuple[Diagnosis, ...]:
    names = WEIGHTS[params.structure][1:]
    try:
        shapes = {name: read_table(fields[name], name).shape for name in names}
    except (Unreadable, KeyError):
        return ()
    if any(len(shape) != 2 for shape in shapes.values()):
        return ()
    if params.has_direct_path:
        n = shapes["Wssx"][0]
        narrow = [name for name in names if shapes[name][1] == n]
        if narrow:
            text = f"{' and '.join(narrow)} has columns for the state only: below it stands the input."
            return (Diagnosis("input-columns-missing", text),)
        return ()
    sizes = {"Wss": shapes["Wss"][0], "Wsx": shapes["Wsx"][0], "Wo": shapes["Wo"][1]}
    if len(set(sizes.values())) > 1 and shapes["Wss"][0] == shapes["Wss"][1]:
        told = ", ".join(f"{name} for {size}" for name, size in sizes.items())
        text = f"The matrices are for states of different sizes: {told}."
        return (Diagnosis("two-state-sizes", text),)
    return ()


def _of_right(params: LinearParams, network: Network) -> tuple[Diagnosis, ...]:
    n = network.system.n_states
    if params.state_size in (None, n):
        return ()
    text = f"The function is right, but the question fixes the state at {params.state_size}; yours has {n}."
    return (Diagnosis("wrong-state-size", text),)


def _of_behaviour(
    params: LinearParams, judged: Judged, fields: Mapping[str, Value], starts_at_zero: bool
) -> tuple[Diagnosis, ...]:
    repaired = _repaired(params, fields, starts_at_zero)
    if len(repaired) == 1:
        return repaired
    case = look_at(judged.network, target_system(params), judged.decision.counterexample)
    explanation = explain(case)
    # Two repairs at once may fit by accident; a mistake that explains every output is the simpler story.
    return explanation.diagnoses if explanation.is_whole or not repaired else repaired


def _repaired(
    params: LinearParams, fields: Mapping[str, Value], starts_at_zero: bool
) -> tuple[Diagnosis, ...]:
    repair = find_repair(params.structure, target_system(params), fields, starts_at_zero)
    return () if repair is None else repair_told(repair, WEIGHTS[params.structure][1:])


def _of_size(params: LinearParams, network: Network) -> tuple[Diagnosis, ...]:
    n, needed = network.system.n_states, needed_states(params)
    if n < needed <= (params.state_size or needed):
        text = f"A state of {n} is too small: it cannot keep apart all that the outputs need."
        return (Diagnosis("too-few-states", text),)
    return ()


def _count_of_rows(value: Value | None) -> int:
    match value:
        case Items(items=items):
            return len(items)
        case Array(shape=(n, *_)):
            return n
    return 1


def _all_ones(fields: Mapping[str, Value], names: tuple[str, ...]) -> bool:
    try:
        tables = [read_table(fields[name], name) for name in names]
        return all(
            len(table.entries) > 1
            and all(read_number(entry, "").value == Fraction(1) for entry in table.entries)
            for table in tables
        )
    except (Unreadable, KeyError):
        return False
