"""Step 5: the claim and what backs it, marked apart from each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from grader.answers.claims import read_count, read_flag, read_state_size
from grader.errors import Unreadable
from grader.kinds.feasibility.question import FeasibilityParams
from grader.linear.certificate import Certificate, CertificateEvidence, check_certificate, check_ranks
from grader.linear.judge import judge_answer
from grader.linear.marking import MarkedWeights, mark_weights
from grader.linear.messages import basis
from grader.linear.question import needed_states
from grader.model.evidence import LOCATION, PROVED, Evidence
from grader.model.kind import Answer, Judgement
from grader.model.outcome import Feedback, Outcome, verdict_for
from grader.model.value import Value

# What a wrong claim about the state size costs of the reason beside a right one.
STATE_SIZE_SHARE = Fraction(1, 4)


class Reasons(NamedTuple):
    """The reasons given for "not possible"; None where one was not given or could not be read.

    Args:
        certificate: Sequences or a minor, checked.
        ranks: The two ranks, checked.
        required_rank: The rank that the behaviour needs, as claimed.
        max_rank: The rank that the state allows, as claimed.
        state_size: The least size that can do it, as claimed.
        unread: Messages about reasons that could not be read or do not count.
    """

    certificate: Certificate | None = None
    ranks: Certificate | None = None
    required_rank: int | None = None
    max_rank: int | None = None
    state_size: int | None = None
    unread: tuple[Feedback, ...] = ()

    @property
    def checked(self) -> tuple[Certificate, ...]:
        """The reasons that could be checked."""
        return tuple(one for one in (self.certificate, self.ranks) if one is not None)


class FeasibilityFacts(NamedTuple):
    """What was read and decided.

    Args:
        claim: Whether it is said to be possible, in so many words or by what is handed in.
        weights: The weights that are to show "possible", decided; None where they do not count.
        reasons: Those given for "not possible"; empty where they do not count.
    """

    claim: bool
    weights: MarkedWeights | None = None
    reasons: Reasons = Reasons()


class CheckedClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim and whether it is right."""

    claimed: bool | int
    right: bool


class FeasibilityEvidence(Evidence, frozen=True, kw_only=True):
    """What a report shows; of weights it shows `LinearEvidence` as well."""

    possible: Annotated[CheckedClaim, LOCATION]
    certificate: Annotated[tuple[CertificateEvidence, ...] | UnsetType, LOCATION] = UNSET
    state_size: Annotated[CheckedClaim | UnsetType, LOCATION] = UNSET


class BackedClaim(NamedTuple):
    """What one part of the answer, the reason or the weights, is worth."""

    fraction: Fraction = Fraction(0)
    feedback: tuple[Feedback, ...] = ()


def judge(params: FeasibilityParams, answer: Answer) -> Judgement[FeasibilityFacts]:
    """Mark the claim and what backs it, apart from each other."""
    claim = _read_claim(params, answer)
    return judge_claim(params, answer, claim)


def judge_claim(params: FeasibilityParams, answer: Answer, claim: bool) -> Judgement[FeasibilityFacts]:
    """Mark an answer whose claim is known: True for "possible", False for "not possible".

    Weights that do what is possible earn their share also beside the claim that it is not.
    """
    possible = params.is_possible
    weights, reasons, part = None, Reasons(), BackedClaim()
    if has_weights(params, answer) and (claim or possible):
        weights = mark_weights(params, judge_answer(params, answer.fields))
        part = _weights_part(weights, *_count(answer.fields, "state_size"))
    elif claim and possible:
        text = f"Show it by weights that do it: {', '.join(params.weight_names)}."
        part = BackedClaim(feedback=(Feedback("construction-missing", text),))
    elif not claim and not possible:
        reasons = read_reasons(params, answer.fields)
        part = _reasons_part(params, reasons)
    is_right = claim is possible
    earned = part.fraction if is_right or (weights is not None and possible) else Fraction(0)
    fraction = params.flag_credit * is_right + (1 - params.flag_credit) * earned
    outcome = Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=PROVED if weights is None else basis(weights.judged.decision),
        feedback=(*_about_claim(claim, is_right, weights is not None), *part.feedback),
        evidence=(_evidence(params, claim, reasons), *((weights.evidence,) if weights else ())),
    )
    return Judgement(outcome, FeasibilityFacts(claim, weights, reasons))


def has_weights(params: FeasibilityParams, answer: Answer) -> bool:
    """Whether any matrix is handed in."""
    return any(name in answer.fields for name in params.weight_names[1:])


def _read_claim(params: FeasibilityParams, answer: Answer) -> bool:
    """The claim as it is stated, else the one that follows from weights or a reason."""
    if "possible" in answer.fields:
        return read_flag(answer.fields["possible"], "possible")
    if has_weights(params, answer):
        return True
    if "certificate" in answer.fields or "required_rank" in answer.fields:
        return False
    hint = "say possible = True with weights, or possible = False with a reason"
    raise Unreadable("neither possible nor weights were given", hint, "possible", "missing-field")


def _about_claim(claim: bool, is_right: bool, has_weights: bool) -> Iterator[Feedback]:
    word = "possible" if claim else "not possible"
    if is_right:
        yield Feedback("possible-right", f"That it is {word} is right.")
    else:
        yield Feedback("possible-wrong", f"That it is {word} is not right.")
    if not claim and has_weights:
        text = "You say that it is not possible, yet hand in weights for it."
        yield Feedback("contradiction", text)


def _weights_part(weights: MarkedWeights, size: int | None, unread: tuple[Feedback, ...]) -> BackedClaim:
    other = (Feedback("state-size", weights.other_size),) if weights.other_size else ()
    messages = (*other, *weights.feedback, *unread)
    n_states = weights.judged.n_states
    if size in (None, n_states):
        return BackedClaim(weights.fraction, messages)
    text = f"You give state_size {size}, but your weights have {n_states} states."
    fraction = weights.fraction * (1 - STATE_SIZE_SHARE)
    return BackedClaim(fraction, (*messages, Feedback("state-size-wrong", text)))


def read_reasons(params: FeasibilityParams, fields: Mapping[str, Value]) -> Reasons:
    """All reasons that are given; one that cannot be read counts as not given, and why is said.

    Args:
        params: A question about something that is not possible.
        fields: The fields by name.
    """
    n_states = params.state_size
    assert n_states is not None, "with a free state size it is always possible"
    (required, why_no_required), (available, why_no_available), (size, why_no_size) = (
        _count(fields, name) for name in ("required_rank", "max_rank", "state_size")
    )
    certificate, ranks, unread = None, None, list[Feedback]()
    if "certificate" in fields:
        try:
            certificate = check_certificate(params, n_states, fields["certificate"])
        except Unreadable as unreadable:
            unread.append(Feedback(unreadable.code, str(unreadable)))
    given = [name for name in ("required_rank", "max_rank") if name in fields]
    if len(given) == 2:
        unread += (*why_no_required, *why_no_available)
        if required is not None and available is not None:
            ranks = check_ranks(params, n_states, required, available)
    elif given:
        other = "max_rank" if given == ["required_rank"] else "required_rank"
        unread.append(Feedback("reason-missing", f"{given[0]} alone proves nothing: give {other} as well."))
    return Reasons(certificate, ranks, required, available, size, (*unread, *why_no_size))


def _count(fields: Mapping[str, Value], name: str) -> tuple[int | None, tuple[Feedback, ...]]:
    """A number that was given, or a message why it cannot be read; neither where it was not given."""
    if name not in fields:
        return None, ()
    read = read_state_size if name == "state_size" else read_count
    try:
        return read(fields[name], name), ()
    except Unreadable as unreadable:
        return None, (Feedback(unreadable.code, str(unreadable)),)


def _reasons_part(params: FeasibilityParams, reasons: Reasons) -> BackedClaim:
    """The share of the best reason given: the right least state size, alone, earns all of it.

    A wrong one costs a little of what another reason earns.
    """
    fraction = Fraction(any(certificate.is_valid for certificate in reasons.checked))
    messages = [
        Feedback("certificate-valid" if one.is_valid else "certificate-too-small", one.message)
        for one in reasons.checked
    ]
    size, needed = reasons.state_size, needed_states(params)
    if size == needed:
        text = f"A state of {size} is indeed the least that can do it."
        messages.append(Feedback("state-size-right", text))
        fraction = Fraction(1)
    elif size is not None:
        direction = "it takes more" if size < needed else "fewer are enough"
        text = f"A state of {size} is not the least that can do it: {direction}."
        messages.append(Feedback("state-size-wrong", text))
        fraction *= 1 - STATE_SIZE_SHARE
    messages += reasons.unread
    if not reasons.checked and size is None and not reasons.unread:
        text = (
            "Say why: as a certificate (input sequences whose outputs need more dimensions than the state "
            "has, or a Hankel minor), or as required_rank and max_rank."
        )
        messages.append(Feedback("reason-missing", text))
    return BackedClaim(fraction, tuple(messages))


def _evidence(params: FeasibilityParams, claim: bool, reasons: Reasons) -> FeasibilityEvidence:
    size = reasons.state_size
    return FeasibilityEvidence(
        possible=CheckedClaim(claimed=claim, right=claim is params.is_possible),
        certificate=tuple(one.evidence for one in reasons.checked) or UNSET,
        state_size=UNSET if size is None else CheckedClaim(claimed=size, right=size == needed_states(params)),
    )
