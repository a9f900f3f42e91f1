"""Known mistakes in saying whether a network can do it, in the reasons, and in the weights that show it."""

from __future__ import annotations

from collections.abc import Iterator

from grader.answers.flags import read_count, read_flag, read_state_size
from grader.errors import Unreadable
from grader.linear.mistakes.weights import diagnose_weights
from grader.linear.question import LinearParams, needed_states, target_system
from grader.linear.structure import WEIGHTS
from grader.model.kind import Answer
from grader.model.outcome import Diagnosis, Finding, Outcome
from reference.elimination import rank
from reference.linear_system import markov
from reference.minimal_state import minimal_states


def diagnose_answer(params: LinearParams, answer: Answer, outcome: Outcome) -> Finding:
    """The mistakes that explain a claim, its reason or its weights.

    Args:
        params: The question.
        answer: What was handed in.
        outcome: What was decided about it.
    """
    is_possible = params.state_size is None or params.state_size >= needed_states(params)
    has_weights = any(name in answer.fields for name in WEIGHTS[params.structure][1:])
    claims = has_weights if (said := _claim(answer)) is None else said
    if not is_possible:
        # What the weights of an impossible network make it do is no mistake of theirs.
        has_other_size = any(one.code == "state-size" for one in outcome.feedback)
        found = () if claims and has_other_size else tuple(_about_impossible(params, answer, claims))
    elif has_weights:
        found = diagnose_weights(params, answer.fields)
    else:
        found = () if claims or said is None else tuple(_about_possible(params))
    return Finding(diagnoses=found)


def _claim(answer: Answer) -> bool | None:
    try:
        return read_flag(answer.fields["possible"], "possible")
    except (Unreadable, KeyError):
        return None


def _count(answer: Answer, name: str) -> int | None:
    read = read_state_size if name == "state_size" else read_count
    try:
        return read(answer.fields[name], name)
    except (Unreadable, KeyError):
        return None


def _about_possible(params: LinearParams) -> Iterator[Diagnosis]:
    """Why a possible thing was called impossible."""
    if params.has_direct_path:
        limited = minimal_states(target_system(params), has_direct_path=False)
        if params.state_size is not None and limited > params.state_size:
            text = "That would be right for RNN-A; here the output sees more than the state."
            yield Diagnosis("limits-of-rnn-a", text)
    elif params.state_size is None:
        text = "The limit comes from the size of the state, and here you choose that size."
        yield Diagnosis("state-size-is-free", text)


def _about_impossible(params: LinearParams, answer: Answer, claims: bool) -> Iterator[Diagnosis]:
    """Where a reason for an impossibility goes wrong."""
    n, p, m = params.state_size, len(params.target), params.inputs
    if claims:
        if n is not None and n < min(p, needed_states(params)):
            text = f"The {p} outputs cannot be set freely: all of them are read off a state of {n} numbers."
            yield Diagnosis("outputs-taken-for-free", text)
        return
    size, needed = _count(answer, "state_size"), needed_states(params)
    first_rank = rank(markov(target_system(params), 0)[0])
    if size is not None and size == first_rank < needed:
        text = (
            f"A state of {size} is enough for the first step alone; from then on something must be kept, too."
        )
        yield Diagnosis("memory-not-counted", text)
    elif size is not None and size > needed and size == n_stacked(n, m):
        text = "State and input stacked are enough, but not the least: some of it is kept twice."
        yield Diagnosis("stack-is-not-the-least", text)
    required, available = _count(answer, "required_rank"), _count(answer, "max_rank")
    if available is not None and available != n and available in (p, m):
        whose = "outputs" if available == p else "inputs"
        text = f"max_rank {available} is the number of {whose}; what limits the rank is the state in between."
        yield Diagnosis("rank-limit-not-the-state", text)
    if required is not None and required == n and available == n:
        yield Diagnosis(
            "ranks-equal", "Two equal ranks rule nothing out: the required one must be the larger."
        )
    yield from _certificates(params, answer)


def n_stacked(n: int | None, m: int) -> int:
    """Size of state and input in one column."""
    return (n or 0) + m


def _certificates(params: LinearParams, answer: Answer) -> Iterator[Diagnosis]:
    from grader.linear.certificate import check_certificate

    n = params.state_size
    if n is None or "certificate" not in answer.fields:
        return
    try:
        checked = check_certificate(params, n, answer.fields["certificate"])
    except Unreadable:
        return
    if checked.is_valid:
        return
    size = checked.evidence.get("sequences") or min(checked.evidence["size"])
    what = "sequences" if checked.evidence["form"] == "sequences" else "rows and columns"
    if size <= n:
        text = f"{size} {what} never rule out a state of {n}: it takes more of them than there are states."
        yield Diagnosis("certificate-too-few", text)
    elif checked.rank < size and not params.has_direct_path:
        yield Diagnosis("certificate-dependent", _dependent(checked.evidence["form"], size, checked.rank))


def _dependent(form: str, size: int, rank: int) -> str:
    """Why it does not help that there are more sequences, or rows and columns, than states."""
    sequences = form == "sequences"
    whose = (
        f"What is asked after your {size} input sequences" if sequences else "Your part of the Hankel matrix"
    )
    if not rank:
        return f"{whose} is zero throughout: that rules nothing out."
    if sequences:
        kept = "one of them gives the others" if rank == 1 else f"only {rank} of them are independent"
        return f"The outputs asked for after your {size} input sequences depend on each other: {kept}."
    return f"{whose} has only {rank} independent row{'s' if rank > 1 else ''}: the others follow."
