"""Can a network of this structure and size do it at all, and if not, why?

"No" is backed by a certificate that is checked exactly, "yes" by weights that are decided for all inputs of
all lengths. What is true is computed from the target, never typed in.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from grader.answers.flags import read_count, read_flag, read_state_size
from grader.errors import Unreadable
from grader.linear.certificate import Certificate, check_certificate, check_ranks
from grader.linear.credit import credit
from grader.linear.findings import basis
from grader.linear.judged import judge_weights
from grader.linear.question import LinearParams, needed_states
from grader.linear.structure import WEIGHTS
from grader.model.evidence import PROVED, Basis, Untyped
from grader.model.kind import Answer, Asks, Kind, KindExample
from grader.model.outcome import Feedback, Outcome, verdict_for

# What a wrong claim about the state size costs of the reason beside a right one.
STATE_SIZE_SHARE = Fraction(1, 4)
# The right function with another state size than the question fixes.
OTHER_SIZE_SHARE = Fraction(1, 2)

REASONS = ("certificate", "required_rank", "max_rank", "state_size")


class FeasibilityParams(LinearParams, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Parameters of `feasibility`.

    Args:
        flag_credit: Share of the points for the bare yes or no.
    """

    flag_credit: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.flag_credit <= 1:
            raise ValueError(f"flag_credit is {self.flag_credit}; it is a share from 0 to 1")


class Part(NamedTuple):
    """What one part of the answer, the reason or the construction, is worth."""

    fraction: Fraction
    feedback: tuple[Feedback, ...]
    evidence: dict[str, Any]
    basis: Basis = PROVED


def is_possible(params: FeasibilityParams) -> bool:
    """Whether a network of the structure and size exists that does it."""
    return params.state_size is None or params.state_size >= needed_states(params)


def asks(params: FeasibilityParams) -> Asks:
    """Nothing is required by name: weights alone claim "yes", a certificate alone claims "no"."""
    weights = WEIGHTS[params.structure]
    if not is_possible(params):
        return Asks(optional=("possible", *REASONS, *weights, "reason"))
    size = ("state_size",) if params.state_size is None else ()
    return Asks(optional=("possible", *size, *weights, "reason"))


def judge(params: FeasibilityParams, answer: Answer) -> Outcome:
    """Mark the claim and what backs it, apart from each other."""
    claim, truth, has_weights = _claim(params, answer), is_possible(params), _has_weights(params, answer)
    part = Part(Fraction(0), (), {})
    if has_weights and (claim or truth):
        part = _construction(params, answer)
    elif claim and truth:
        part = _missing_construction(params)
    elif not claim and not truth:
        part = _reason(params, answer)
    return _outcome(params, claim, truth, has_weights, part)


def _has_weights(params: FeasibilityParams, answer: Answer) -> bool:
    return any(name in answer.fields for name in WEIGHTS[params.structure][1:])


def _claim(params: FeasibilityParams, answer: Answer) -> bool:
    """The claim made in so many words, else the one that weights or a reason make."""
    if "possible" in answer.fields:
        return read_flag(answer.fields["possible"], "possible")
    if _has_weights(params, answer):
        return True
    if "certificate" in answer.fields or "required_rank" in answer.fields:
        return False
    hint = "say possible = True with weights, or possible = False with a reason"
    raise Unreadable("neither possible nor weights were given", hint, "possible", "missing-field")


def _outcome(params: FeasibilityParams, claim: bool, truth: bool, has_weights: bool, part: Part) -> Outcome:
    right = claim is truth
    earned = part.fraction if (right or (has_weights and truth)) else Fraction(0)
    fraction = params.flag_credit * right + (1 - params.flag_credit) * earned
    word = "possible" if claim else "not possible"
    messages = [
        Feedback("possible-right", f"That it is {word} is right.")
        if right
        else Feedback("possible-wrong", f"That it is {word} is not right.")
    ]
    if not claim and has_weights and truth:
        text = "You say that it is not possible, yet hand in weights for it."
        messages.append(Feedback("contradiction", text))
    return Outcome(
        verdict=verdict_for(fraction),
        fraction=fraction,
        basis=part.basis,
        feedback=(*messages, *part.feedback),
        evidence=(Untyped(table={"possible": {"claimed": claim, "right": right}, **part.evidence}),),
    )


def _construction(params: FeasibilityParams, answer: Answer) -> Part:
    judged = judge_weights(params, answer.fields)
    fraction = Fraction(1) if judged.is_right else credit(judged.decision.rows)
    messages = list(judged.messages)
    n_states = judged.network.system.n_states
    if params.state_size not in (None, n_states):
        fraction *= OTHER_SIZE_SHARE
        text = f"The question fixes the state at {params.state_size}; yours is of size {n_states}."
        messages.insert(0, Feedback("state-size", text))
    claimed = _count(answer, "state_size", messages)
    if claimed not in (None, n_states):
        fraction *= 1 - STATE_SIZE_SHARE
        text = f"You give state_size {claimed}, but your weights have {n_states} states."
        messages.append(Feedback("state-size-wrong", text))
    return Part(fraction, tuple(messages), judged.facts, basis(judged.decision))


def _missing_construction(params: FeasibilityParams) -> Part:
    names = ", ".join(WEIGHTS[params.structure])
    text = f"Show it by weights that do it: {names}."
    return Part(Fraction(0), (Feedback("construction-missing", text),), {})


def _reason(params: FeasibilityParams, answer: Answer) -> Part:
    """The best of the reasons given; a claimed minimum is one, and costs a little where it is wrong."""
    n_states = params.state_size
    assert n_states is not None, "with a free state size it is always possible"
    checked, unread = _checked_reasons(params, n_states, answer)
    fraction = Fraction(any(certificate.is_valid for certificate in checked))
    messages = [
        Feedback("certificate-valid" if one.is_valid else "certificate-too-small", one.message)
        for one in checked
    ]
    facts: dict[str, Any] = {"certificate": [one.evidence for one in checked]} if checked else {}
    claimed, needed = _count(answer, "state_size", unread), needed_states(params)
    if claimed is not None:
        facts["state_size"] = {"claimed": claimed, "right": claimed == needed}
        if claimed == needed:
            text = f"A state of {claimed} is indeed the least that can do it."
            messages.append(Feedback("state-size-right", text))
            fraction = Fraction(1)
        else:
            direction = "it takes more" if claimed < needed else "fewer are enough"
            text = f"A state of {claimed} is not the least that can do it: {direction}."
            messages.append(Feedback("state-size-wrong", text))
            fraction *= 1 - STATE_SIZE_SHARE
    messages.extend(unread)
    if not checked and "state_size" not in answer.fields and not unread:
        text = (
            "Say why: as a certificate (input sequences whose outputs need more dimensions than the state "
            "has, or a Hankel minor), or as required_rank and max_rank."
        )
        messages.append(Feedback("reason-missing", text))
    return Part(fraction, tuple(messages), facts)


def _count(answer: Answer, name: str, unread: list[Feedback]) -> int | None:
    """A number among the reasons; None where there is none, or one that cannot be read, which is told."""
    if name not in answer.fields:
        return None
    read = read_state_size if name == "state_size" else read_count
    try:
        return read(answer.fields[name], name)
    except Unreadable as unreadable:
        unread.append(Feedback(unreadable.code, str(unreadable)))
        return None


def _checked_reasons(
    params: FeasibilityParams, n_states: int, answer: Answer
) -> tuple[list[Certificate], list[Feedback]]:
    checked: list[Certificate] = []
    unread: list[Feedback] = []
    fields = answer.fields
    if "certificate" in fields:
        try:
            checked.append(check_certificate(params, n_states, fields["certificate"]))
        except Unreadable as unreadable:
            # The claim beside it still counts: an unreadable reason is a reason not given.
            unread.append(Feedback(unreadable.code, str(unreadable)))
    ranks = [name for name in ("required_rank", "max_rank") if name in fields]
    if len(ranks) == 2:
        required, available = (_count(answer, name, unread) for name in ranks)
        if required is not None and available is not None:
            checked.append(check_ranks(params, n_states, required, available))
    elif ranks:
        other = "max_rank" if ranks == ["required_rank"] else "required_rank"
        unread.append(Feedback("reason-missing", f"{ranks[0]} alone proves nothing: give {other} as well."))
    return checked, unread


SUM_AND_INPUT = {"inputs": 1, "target": ["x[1]", "cumsum(x[1])"]}
TOO_SMALL = {**SUM_AND_INPUT, "structure": "rnn-a", "state_size": 1}
ENOUGH = {**SUM_AND_INPUT, "structure": "rnn-b", "state_size": 1}

CHECK = Kind(
    params=FeasibilityParams,
    asks=asks,
    judge=judge,
    examples=(
        KindExample(
            title="No, backed by input sequences after which the outputs need two dimensions",
            params=TOO_SMALL,
            answer="q = dict(possible=False, certificate=[[[1]], [[1], [0]]])",
            verdict="correct",
            code="certificate-valid",
        ),
        KindExample(
            title="No, backed by a minor of the Hankel matrix",
            params=TOO_SMALL,
            answer="q = dict(possible='no', certificate=dict(rows=[(0, 1), (0, 2)], cols=[(0, 1), (1, 1)]))",
            verdict="correct",
            code="certificate-valid",
        ),
        KindExample(
            title="No, backed by the two ranks",
            params=TOO_SMALL,
            answer="q = dict(possible=False, required_rank=2, max_rank=1)",
            verdict="correct",
        ),
        KindExample(
            title="No, with a certificate that proves nothing",
            params=TOO_SMALL,
            answer="q = dict(possible=False, certificate=[[[1]], [[2]]])",
            verdict="partial",
            code="certificate-too-small",
        ),
        KindExample(
            title="No, without a reason",
            params=TOO_SMALL,
            answer="q = dict(possible=False)",
            verdict="partial",
            code="reason-missing",
        ),
        KindExample(
            title="No, with a wrong least state size beside a valid reason",
            params=TOO_SMALL,
            answer="q = dict(possible=False, required_rank=2, max_rank=1, state_size=3)",
            verdict="partial",
            code="state-size-wrong",
        ),
        KindExample(
            title="Yes where it is impossible, with weights: the counterexample says why not",
            params=TOO_SMALL,
            answer="q = dict(s0=[0], Wss=[[1]], Wsx=[[1]], Wo=[[1], [1]])",
            verdict="incorrect",
            code="counterexample",
        ),
        KindExample(
            title="Yes, shown by weights; RNN-B passes the input on directly",
            params=ENOUGH,
            answer="q = dict(possible=True, s0=[0], Wssx=[[1, 1]], Wox=[[0, 1], [1, 0]])",
            verdict="correct",
        ),
        KindExample(
            title="Yes, without showing how",
            params=ENOUGH,
            answer="q = dict(possible='yes')",
            verdict="partial",
            code="construction-missing",
        ),
        KindExample(
            title="No where it is possible",
            params=ENOUGH,
            answer="q = dict(possible=False)",
            verdict="incorrect",
            code="possible-wrong",
        ),
    ),
)
