"""Step 6: known mistakes in a claim that a network can or cannot do it, and in what backs the claim."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from grader.errors import Unreadable
from grader.kinds.feasibility.judge import (
    FeasibilityFacts,
    Reasons,
    has_weights,
    judge_claim,
    read_reasons,
)
from grader.kinds.feasibility.question import FeasibilityParams
from grader.linear.certificate import Certificate
from grader.linear.diagnose import diagnose_unreadable_weights, diagnose_weights
from grader.linear.mistakes.output import FITS, Words, fitting
from grader.linear.question import needed_states, target_system
from grader.model.kind import Answer
from grader.model.mistake import Mistake
from grader.model.outcome import Finding
from grader.model.text import counted
from reference.elimination import rank
from reference.linear_system import markov
from reference.minimal_state import minimal_states


def diagnose(params: FeasibilityParams, facts: FeasibilityFacts) -> Finding:
    """The mistakes that explain a claim, its reasons or its weights."""
    weights = facts.weights
    if params.is_possible and weights is not None:
        return Finding(diagnoses=diagnose_weights(params, weights.judged))
    # Where no weights can do it, only the claim is explained, not what the weights do.
    if weights is not None and weights.other_size:
        return Finding()
    mistakes = MISTAKES[facts.claim, params.is_possible]
    return Finding(diagnoses=fitting(mistakes, params, facts.reasons))


def diagnose_unreadable(params: FeasibilityParams, answer: Answer, unreadable: Unreadable) -> Finding:
    """The mistakes in an answer whose weights, or whose yes or no, cannot be read."""
    claim = has_weights(params, answer)
    if claim != params.is_possible:
        # Why the claim is wrong would tell what is right, and what cannot be read costs no attempt.
        return Finding()
    if not claim:
        return diagnose(params, FeasibilityFacts(claim, reasons=read_reasons(params, answer.fields)))
    if unreadable.where == "possible":
        try:
            return diagnose(params, judge_claim(params, answer, claim).facts)
        except Unreadable as error:
            unreadable = error
    return Finding(diagnoses=diagnose_unreadable_weights(params, answer.fields, unreadable))


def limits_of_rnn_a(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """Fewer states than an RNN-A would need, where the output sees the input beside them."""
    if not params.has_direct_path or params.state_size is None:
        return None
    limited = minimal_states(target_system(params), has_direct_path=False)
    return FITS if limited > params.state_size else None


def state_size_is_free(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """The question sets no limit on the state at all."""
    return FITS if params.state_size is None and not params.has_direct_path else None


def outputs_taken_for_free(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """Fewer states than outputs."""
    n, p = _state_size(params), len(params.target)
    return {"outputs": p, "states": n} if n < min(p, needed_states(params)) else None


def memory_not_counted(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """The least size is the rank of M_0."""
    size = reasons.state_size
    first_rank = rank(markov(target_system(params), 0)[0])
    return {"size": size} if size == first_rank < needed_states(params) else None


def stack_is_not_the_least(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """The least size is n + m."""
    stacked = _state_size(params) + params.inputs
    return FITS if reasons.state_size == stacked > needed_states(params) else None


def rank_limit_not_the_state(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """max_rank is p or m, and not n."""
    available, p, m = reasons.max_rank, len(params.target), params.inputs
    if available in (None, _state_size(params)) or available not in (p, m):
        return None
    return {"max_rank": available, "whose": "outputs" if available == p else "inputs"}


def ranks_equal(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """Both ranks are n."""
    return FITS if reasons.required_rank == reasons.max_rank == _state_size(params) else None


def certificate_too_few(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """No more sequences, or rows and columns, than states."""
    certificate, n = reasons.certificate, _state_size(params)
    if certificate is None or certificate.is_valid or certificate.most > n:
        return None
    return {"count": certificate.most, "what": _what(certificate), "states": n}


def certificate_dependent(params: FeasibilityParams, reasons: Reasons) -> Words | None:
    """More of them than states, and of too small a rank all the same."""
    certificate, n = reasons.certificate, _state_size(params)
    if certificate is None or certificate.is_valid or params.has_direct_path:
        return None
    return {"how": _dependent(certificate)} if n < certificate.most > certificate.rank else None


def _state_size(params: FeasibilityParams) -> int:
    assert params.state_size is not None, "with a free state size it is always possible"
    return params.state_size


def _what(certificate: Certificate) -> str:
    return "sequences" if certificate.evidence.form == "sequences" else "rows and columns"


def _dependent(certificate: Certificate) -> str:
    """Why it does not help that there are more sequences, or rows and columns, than states."""
    size, rank = certificate.most, certificate.rank
    sequences = certificate.evidence.form == "sequences"
    whose = (
        f"What is asked after your {size} input sequences" if sequences else "Your part of the Hankel matrix"
    )
    if not rank:
        return f"{whose} is zero throughout: that rules nothing out."
    if sequences:
        kept = "one of them gives the others" if rank == 1 else f"only {rank} of them are independent"
        return f"The outputs asked for after your {size} input sequences depend on each other: {kept}."
    return f"{whose} has only {counted(rank, 'independent row')}: the others follow."


FeasibilityMistake: TypeAlias = Mistake[Callable[[FeasibilityParams, Reasons], Words | None]]

# By what is claimed, and whether it is possible.
MISTAKES: dict[tuple[bool, bool], tuple[FeasibilityMistake, ...]] = {
    (True, True): (),
    (False, True): (
        Mistake(
            "limits-of-rnn-a",
            "That would be right for RNN-A; here the output sees more than the state.",
            limits_of_rnn_a,
        ),
        Mistake(
            "state-size-is-free",
            "The limit comes from the size of the state, and here you choose that size.",
            state_size_is_free,
        ),
    ),
    (True, False): (
        Mistake(
            "outputs-taken-for-free",
            "The {outputs} outputs cannot be set freely: all of them are read off a state of {states} "
            "numbers.",
            outputs_taken_for_free,
        ),
    ),
    (False, False): (
        Mistake(
            "memory-not-counted",
            "A state of {size} is enough for the first step alone; from then on something must be kept, too.",
            memory_not_counted,
        ),
        Mistake(
            "stack-is-not-the-least",
            "State and input stacked are enough, but not the least: some of it is kept twice.",
            stack_is_not_the_least,
        ),
        Mistake(
            "rank-limit-not-the-state",
            "max_rank {max_rank} is the number of {whose}; what limits the rank is the state in between.",
            rank_limit_not_the_state,
        ),
        Mistake(
            "ranks-equal",
            "Two equal ranks rule nothing out: the required one must be the larger.",
            ranks_equal,
        ),
        Mistake(
            "certificate-too-few",
            "{count} {what} never rule out a state of {states}: it takes more of them than there are states.",
            certificate_too_few,
        ),
        Mistake("certificate-dependent", "{how}", certificate_dependent),
    ),
}
